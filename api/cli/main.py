"""The command `regiograaf`: its verbs, and errors as one Dutch message with the right exit code."""

from __future__ import annotations

import sys

import typer

from api.cli import analysis, ask, data, gaps, keep, report, seats, service, sources, tables
from api.cli.printing import print_error, print_usage
from ontology.errors import RegiograafError

app = typer.Typer(
    name="regiograaf",
    help="De kennisgraaf van een regionaal zorgnetwerk: laden, controleren, publiceren, vragen en tonen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    epilog="Uitgangscode: 0 gedaan, 1 er zijn bevindingen, 2 verkeerd gebruik.",
)

app.command("serve")(service.serve)
app.command("template")(tables.template)
app.command("check")(tables.check)
app.command("load")(tables.load)
app.command("publish")(data.publish)
app.command("query")(ask.query)
app.command("gaps")(gaps.gaps)
app.command("representation")(seats.representation)
app.command("analyse")(analysis.analyse)
app.command("coverage")(sources.coverage)
app.command("doubles")(sources.doubles)
app.command("report")(report.report)
app.command("export")(data.export)
app.command("backup")(keep.backup)
app.command("restore")(keep.restore)
app.command("reason")(service.reason)

# Typer carries its parser inside and exports only this leaf of its errors; the parent is what all share.
_WrongUse: type[Exception] = next(
    c for c in typer.BadParameter.__mro__ if c.__name__ == "UsageError"
)


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with 0 for done, 1 for findings, 2 for wrong use."""
    try:
        code = app(arguments, standalone_mode=False)
    except RegiograafError as error:
        print_error(error)
        sys.exit(error.exit_code)
    except _WrongUse as error:
        print_usage(error)
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    run()
