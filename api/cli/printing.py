"""How the command line prints: tables, JSON, CSV, findings, progress."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.options import TableFormat
from api.files.csvtext import to_csv
from graph.checks.findings import ChecksFailed, Finding
from ontology.errors import RegiograafError

_NO_COMMAND = re.compile(r"No such command '([^']*)'\.(?: Did you mean '([^']*)')?")
# Beyond this a screen is no place to read findings; the count says how many there are.
MAX_FINDINGS = 200

# What goes to a file or a pipe is not folded at the 80 columns of a screen that is not there.
WIDE = None if sys.stdout.isatty() else 200

out = Console(highlight=False, width=WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_rows(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], form: TableFormat
) -> None:
    """Print rows as a table, as JSON objects or as CSV."""
    rows = list(rows)
    if form is TableFormat.JSON:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif form is TableFormat.CSV:
        print_csv(columns, rows)
    else:
        table = Table(title=escape(title) or None, title_justify="left", header_style="bold")
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        out.print(table)


def print_json(content: object) -> None:
    """Print JSON with sorted keys left as given, in UTF-8."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print CSV that is safe to open in a spreadsheet."""
    sys.stdout.write(to_csv(columns, rows))


def print_findings(findings: Iterable[Finding]) -> None:
    """Print findings one to a line on the error stream, the first 200 of them."""
    findings = list(findings)
    for finding in findings[:MAX_FINDINGS]:
        err.print(escape(str(finding)))
    if len(findings) > MAX_FINDINGS:
        err.print(f"... en nog {len(findings) - MAX_FINDINGS} bevindingen")


def print_error(error: RegiograafError) -> None:
    """Print an error as one message on the error stream, with its findings if it has any."""
    if isinstance(error, ChecksFailed):
        print_findings(error.findings)
    err.print(f"[bold red]Fout:[/] {escape(str(error))}")


def print_usage(error: Exception) -> None:
    """Print in Dutch what is wrong with a call, and how to get help."""
    message = str(getattr(error, "message", error))
    parameter = getattr(error, "param", None)
    label = next(iter(getattr(parameter, "opts", [])), None)
    possible = ", ".join(getattr(error, "possibilities", None) or [])
    command = _NO_COMMAND.match(message)
    match type(error).__name__:
        case "NoSuchOption":
            what = f"de optie {getattr(error, 'option_name', '')} bestaat niet"
        case "MissingParameter":
            what = f"{getattr(parameter, 'metavar', None) or label} ontbreekt"
        case "BadParameter":
            what = f"de waarde voor {label} klopt niet: {message}"
        case _ if command:
            what, possible = f"de opdracht '{command[1]}' bestaat niet", command[2] or ""
        case _:
            what = message
    hint = f"; bedoelde u {possible}?" if possible else ""
    err.print(f"[bold red]Fout:[/] {escape(what + hint)}")
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", None) or "regiograaf"
    err.print(f"Hulp: {escape(path)} --help")


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Show what is going on while it lasts; on a terminal only, so logs and pipes stay clean."""
    if not err.is_terminal:
        yield
        return
    with err.status(escape(what)):
        yield
