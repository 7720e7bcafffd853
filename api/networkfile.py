"""A network as a file in one of the formats of other tools; the same for the command line and the web."""

from __future__ import annotations

import networkx as nx

from api.csvtext import to_csv
from viz.exports import Sheet, find_format


def network_file(graph: nx.Graph[str], form: str) -> bytes:
    """Return the bytes of a network in a format; raise UsageError for an unknown one."""
    content = find_format(form).write(graph)
    if isinstance(content, Sheet):
        return to_csv(content.columns, content.rows).encode()
    return content
