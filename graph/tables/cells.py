"""Read one cell by the kind its column declares: text to an RDF term, or a complaint in Dutch."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from graph.checks.findings import nearest
from graph.checks.packs import wrong_with
from graph.identity import SLUG, slugify
from ontology.schema import Column
from ontology.terms import PREFIXES

XSD = PREFIXES["xsd"]
TRUE = Literal("true", datatype=NamedNode(f"{XSD}boolean"))

Term = NamedNode | Literal


@dataclass(frozen=True)
class Wrong:
    """Why a cell cannot be read: what was expected, and the nearest valid value or ''."""

    expected: str
    nearest: str = ""


def read_cell(text: str, column: Column) -> Term | Wrong:
    """Return the term for one value of a cell; references, passages and properties are read elsewhere."""
    return _READERS[column.cells](text, column)


def _text(text: str, _: Column) -> Term:
    return Literal(text)


def _dutch(text: str, _: Column) -> Term:
    return Literal(text, language="nl")


def _english(text: str, _: Column) -> Term:
    return Literal(text, language="en")


def _sparql(text: str, _: Column) -> Term | Wrong:
    problem = wrong_with(text)
    return Wrong(problem) if problem else Literal(text)


def _slug(text: str, _: Column) -> Term | Wrong:
    if SLUG.fullmatch(text):
        return Literal(text)
    return Wrong("verwacht kleine letters, cijfers en losse streepjes", slugify(text))


def _integer(text: str, _: Column) -> Term | Wrong:
    if re.fullmatch(r"-?[0-9]{1,15}", text):
        return Literal(str(int(text)), datatype=NamedNode(f"{XSD}integer"))
    digits = re.sub(r"[^0-9]", "", text)
    return Wrong("verwacht een geheel getal, zoals 2024", digits[:15])


def _decimal(text: str, _: Column) -> Term | Wrong:
    if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", text):
        return Literal(text, datatype=NamedNode(f"{XSD}decimal"))
    plain = re.sub(r"[^0-9,.-]", "", text).replace(".", "").replace(",", ".").rstrip(".-")
    hint = plain if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", plain) else ""
    return Wrong("verwacht een getal zonder punten voor duizendtallen, zoals 750000 of 28.5", hint)


def _date(text: str, _: Column) -> Term | Wrong:
    kinds = {4: "gYear", 7: "gYearMonth", 10: "date"}
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", text) and _is_date(text):
        return Literal(text, datatype=NamedNode(XSD + kinds[len(text)]))
    return Wrong("verwacht een datum als 2024-06-01, 2024-06 of 2024", _date_hint(text))


def _is_date(text: str) -> bool:
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    try:
        return 1900 <= date(year, month, day).year <= 2100
    except ValueError:
        return False


def _date_hint(text: str) -> str:
    match = re.fullmatch(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", text)
    if match:
        turned = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}"
        if _is_date(turned):
            return turned
    year = re.search(r"(?:19|20)[0-9]{2}", text)
    return year[0] if year else ""


def _flag(text: str, _: Column) -> Term | Wrong:
    answers = {"ja": "true", "nee": "false"}
    if text.lower() in answers:
        return Literal(answers[text.lower()], datatype=NamedNode(f"{XSD}boolean"))
    return Wrong("verwacht ja of nee", nearest(text, answers))


def _iri(text: str, _: Column) -> Term | Wrong:
    try:
        parts = urlsplit(text)
        if parts.scheme in {"http", "https"} and parts.netloc:
            return NamedNode(text)
    except ValueError:
        pass
    return Wrong("verwacht een volledig webadres dat met https:// begint")


def _choice(text: str, column: Column) -> Term | Wrong:
    if text not in column.choices:
        choices = ", ".join(column.choices)
        return Wrong(f"verwacht één van: {choices}", nearest(text, column.choices))
    means = column.choices[text]
    return NamedNode(means) if "://" in means else Literal(means)


_READERS: dict[str, Callable[[str, Column], Term | Wrong]] = {
    "id": _slug,
    "text": _text,
    "label": _dutch,
    "langtext": _dutch,
    "english": _english,
    "sparql": _sparql,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "flag": _flag,
    "iri": _iri,
    "choice": _choice,
    "namekind": _choice,
}
