"""The forms in which a whole release can be had, each with its name, media type and writer."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from api.files.csvtext import to_csv
from graph.dumps import DUMPS
from graph.release import OpenRelease
from queries.measures.relations import RELATIONS, exportable_graph
from queries.tables import describe_columns, tables_of
from viz.exports import FORMATS, Sheet

# A zip file holds a time for each of its files: always the same one, the first it can hold.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_README = """Regiograaf, uitgave {number} van {date}: elk ding één keer, in de tabel van zijn soort.
Kolommen heten naar de eigenschap; kolommen.csv zegt wat zij betekenen. Staan er meer waarden in een
cel, dan staat er ' | ' tussen. Begint een cel met een apostrof, dan hoort die er niet bij: zij
voorkomt dat een rekenblad de cel als formule leest. Licentie: CC BY 4.0. Adres: {iri}
"""


@dataclass(frozen=True)
class Source:
    """A release to write: its file of sorted N-Quads, how to open it, and whether anyone may read it."""

    file: Path
    open: Callable[[], OpenRelease]
    is_public: bool = False


@dataclass(frozen=True)
class Form:
    """A form of a release: its name, the ending of its file, its media type, and who writes it."""

    name: str
    ending: str
    media_type: str
    write: Callable[[Source, IO[bytes]], None]


def file_name(number: int, form: Form) -> str:
    """Return the name of the file with a release in a form."""
    return f"regiograaf-{number}.{form.ending}"


def find_form(number: int, name: str) -> Form | None:
    """Return the form of a file by its name, or None if no file is called that."""
    return next((form for form in FORMS.values() if file_name(number, form) == name), None)


def _write_dump(name: str, source: Source, target: IO[bytes]) -> None:
    DUMPS[name](source.file, target)


def _write_network(name: str, source: Source, target: IO[bytes]) -> None:
    content = FORMATS[name].write(exportable_graph(source.open(), RELATIONS))
    if isinstance(content, Sheet):
        raise TypeError(f"{name} is a table, not a file")
    target.write(content)


def _write_tables(source: Source, target: IO[bytes]) -> None:
    release = source.open()
    columns: list[tuple[str, str, str]] = []
    # In memory first: a zip file that is written to a stream has other bytes.
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables_of(release):
            columns += describe_columns(table)
            _add(archive, f"{table.name}.csv", to_csv(table.columns, table.rows))
        _add(archive, "kolommen.csv", to_csv(("tabel", "kolom", "betekenis"), columns))
        info = release.info
        readme = _README.format(number=info.number, date=info.date, iri=info.iri)
        _add(archive, "LEESMIJ.txt", readme)
    target.write(whole.getvalue())


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.encode())


def _dump(name: str, ending: str, media_type: str) -> Form:
    return Form(name, ending, media_type, partial(_write_dump, name))


def _network(name: str) -> Form:
    form = FORMATS[name]
    return Form(name, form.ending, form.media_type, partial(_write_network, name))


FORMS: Mapping[str, Form] = {
    form.name: form
    for form in (
        _dump("nquads", "nq", "application/n-quads"),
        _dump("turtle", "ttl", "text/turtle"),
        _dump("trig", "trig", "application/trig"),
        _dump("jsonld", "jsonld", "application/ld+json"),
        Form("tables", "csv.zip", "application/zip", _write_tables),
        _network("gexf"),
        _network("graphml"),
    )
}


def write_form(form: Form, source: Source) -> bytes:
    """Return a release in a form, whole; for the command line, where one person waits."""
    target = io.BytesIO()
    form.write(source, target)
    return target.getvalue()
