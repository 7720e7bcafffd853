"""The same query as code: curl, Python and R, ready to paste into a terminal or notebook."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass

from queries.examples import query_form

_GRAPH_FORMS = ("construct", "describe")


@dataclass(frozen=True)
class Snippet:
    """Code that asks a query: its name, and its text."""

    name: str
    text: str


def snippets(endpoint: str, query: str, release: int) -> list[Snippet]:
    """Return the code to ask a release a query; it needs no more than it imports."""
    query = query.strip() + "\n"
    is_graph = query_form(query) in _GRAPH_FORMS
    accept = "text/turtle" if is_graph else "text/csv"
    python = _python_graph if is_graph else _python_table
    found = [
        Snippet("curl", _curl(endpoint, query, release, accept)),
        Snippet("python", _python_head(endpoint, query, release, accept) + python),
    ]
    if not is_graph:
        pandas = _python_head(endpoint, query, release, accept) + _pandas
        found.append(Snippet("pandas", "import io\n\nimport pandas\n" + pandas))
        found.append(Snippet("r", _r(endpoint, query, release)))
    return found


def _curl(endpoint: str, query: str, release: int, accept: str) -> str:
    mark = _unused("VRAAG", query)
    return (
        f"curl -sS --fail-with-body {shlex.quote(endpoint)} \\\n"
        f"  -H 'Accept: {accept}' \\\n"
        f"  --data-urlencode 'release={release}' \\\n"
        f"  --data-urlencode 'query@-' <<'{mark}'\n"
        f"{query}{mark}\n"
    )


def _python_head(endpoint: str, query: str, release: int, accept: str) -> str:
    return (
        "import requests\n\n"
        f"VRAAG = {_python_text(query)}\n\n"
        "antwoord = requests.post(\n"
        f"    {json.dumps(endpoint)},\n"
        f'    data={{"query": VRAAG, "release": {release}}},\n'
        f'    headers={{"Accept": "{accept}"}},\n'
        "    timeout=60,\n"
        ")\n"
        "if not antwoord.ok:\n"
        "    raise SystemExit(antwoord.text)\n"
    )


_python_table = (
    "import csv\n\n"
    'rijen = list(csv.DictReader(antwoord.content.decode("utf-8").splitlines(True)))\n'
    "for rij in rijen:\n"
    "    print(rij)\n"
)
_python_graph = 'print(antwoord.content.decode("utf-8"))\n'
_pandas = 'tabel = pandas.read_csv(io.StringIO(antwoord.content.decode("utf-8")))\nprint(tabel)\n'


def _r(endpoint: str, query: str, release: int) -> str:
    dashes = "-" * (max((len(m) for m in re.findall(r"\)(-*)\"", query)), default=-1) + 1)
    return (
        "library(httr)\n\n"
        f'vraag <- r"{dashes}({query}){dashes}"\n\n'
        "antwoord <- POST(\n"
        f"  {json.dumps(endpoint)},\n"
        f'  body = list(query = vraag, release = "{release}"),\n'
        '  encode = "form",\n'
        '  accept("text/csv")\n'
        ")\n"
        "stop_for_status(antwoord)\n"
        'tabel <- read.csv(text = content(antwoord, "text", encoding = "UTF-8"))\n'
        "print(tabel)\n"
    )


def _python_text(query: str) -> str:
    """Return the query as a string of Python, over several lines where that can be read back."""
    if "\\" in query or '"""' in query or not query.isprintable() and _has_control(query):
        return repr(query)
    return f'"""\n{query}"""'


def _has_control(text: str) -> bool:
    return any(not c.isprintable() and c != "\n" for c in text)


def _unused(mark: str, query: str) -> str:
    while mark in query.split("\n"):
        mark += "_"
    return mark
