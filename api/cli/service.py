"""Verbs that start something: serve, reason."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.options import DataOption, InternalOption
from api.cli.printing import busy, err, out
from api.settings import Settings
from ontology.errors import UsageError
from ontology.reasoner import check_ontology


def serve(
    data: DataOption = None,
    host: Annotated[
        str | None, typer.Option("--host", help="Adres; anders 127.0.0.1.", show_default=False)
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", min=0, max=65535, help="Poort; 0 kiest een vrije.", show_default=False
        ),
    ] = None,
    internal: InternalOption = False,
    empty: Annotated[
        bool,
        typer.Option("--empty", help="Een lege voorraad in het geheugen, om naar te schrijven."),
    ] = False,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Met --empty: zonder controle tegen de ontologie.")
    ] = False,
    token: Annotated[
        str | None,
        typer.Option(
            "--token",
            help="Wie dit als bearer geeft, mag wijzigen; veiliger is REGIOGRAAF_TOKEN_FILE.",
            show_default=False,
        ),
    ] = None,
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--endpoint",
            metavar="URL",
            help="Een andere SPARQL-server die de vragen beantwoordt.",
            show_default=False,
        ),
    ] = None,
) -> int:
    """Start de dienst: pagina's, SPARQL en REST op één adres."""
    # The server and everything it needs takes a second to import; other verbs should not wait for it.
    from api.server import run_server

    _check_writing(empty, unchecked, token)
    if endpoint and empty:
        raise UsageError("--endpoint en --empty gaan niet samen: kies één voorraad")
    chosen = {
        "data": data,
        "host": host,
        "port": port,
        "internal": internal or None,
        "empty": empty or None,
        "unchecked": unchecked or None,
        "token": token,
        "endpoint": endpoint,
    }
    settings = Settings(**{k: v for k, v in chosen.items() if v is not None})  # type: ignore[arg-type]
    run_server(
        settings,
        announce=lambda url: out.print(f"Regiograaf draait op {url} (stoppen met Ctrl+C)"),
        progress=err.print,
    )
    return 0


def _check_writing(empty: bool, unchecked: bool, token: str | None) -> None:
    """Only an empty store can be written to unchecked, by who says so and names a token."""
    if empty and not (unchecked and token):
        raise UsageError(
            "--empty gaat samen met --unchecked en --token: wat u schrijft, wordt niet gecontroleerd"
        )
    if unchecked and not empty:
        raise UsageError("--unchecked gaat alleen samen met --empty")


def reason() -> int:
    """Controleer de ontologie: is zij samenhangend en kan elke klasse leden hebben."""
    with busy("HermiT redeneert"):
        report = check_ontology()
    if not report.consistent:
        err.print("De ontologie spreekt zichzelf tegen.")
        return 1
    for iri in report.unsatisfiable:
        err.print(f"Onmogelijke klasse: {iri}")
    if report.sound:
        out.print(f"De ontologie is consistent; alle {report.classes} klassen kunnen leden hebben.")
    return 0 if report.sound else 1
