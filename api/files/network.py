"""A network as a file in one of the formats of other tools; the same for the command line and the web."""

from __future__ import annotations

from api.files.csvtext import to_csv
from graph.release import OpenRelease
from queries.measures.relations import RELATIONS, exportable_graph
from viz.exports import Sheet, find_format


def network_file(
    release: OpenRelease, form: str, view: str = RELATIONS, around: str = "", depth: int = 1
) -> bytes:
    """Return a network of a release, or what is near one thing in it, in a format.

    Raise UsageError for an unknown format, UnknownThing for a network or thing that is not there.
    """
    content = find_format(form).write(exportable_graph(release, view, around, depth))
    if isinstance(content, Sheet):
        return to_csv(content.columns, content.rows).encode()
    return content
