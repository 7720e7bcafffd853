"""What templates may do with a value: name it, point at it, write dates and amounts as people do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from api.pages.menu import FULL_MENU, MAIN_MENU
from api.pages.texts import Texts
from ontology.schema import load_schema
from queries.names import Passage
from viz.links import clean, page_path, shorten_label, thing_key
from viz.style import mark_of
from viz.svg import polygon

# More values of one property than this are folded away.
LINE_LIMIT = 12
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def finalize(value: Any) -> Any:
    """Take control characters and marks of direction out of everything that reaches a page."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@pass_context
def property_label(context: Context, iri: str, outgoing: bool = True) -> str:
    """Return what a property is called, read from the thing or towards it."""
    texts = _texts(context)
    schema = load_schema()
    name = iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
    if not outgoing:
        term = schema.object_properties.get(iri)
        inverse = schema.label(term.inverse, texts.language) if term and term.inverse else None
        default = inverse or f"{property_label(context, iri)} ({texts('thing.reversed')})"
        return texts.known(f"inverse.{name}", default)
    return schema.label(iri, texts.language) or texts.known(f"property.{name}", name)


@pass_context
def kind_label(context: Context, kind: str) -> str:
    """Return what a kind of thing is called."""
    texts = _texts(context)
    label = load_schema().label(f"https://w3id.org/regiograaf/def#{kind}", texts.language)
    return label or texts.known(f"kind.{kind}", kind)


@pass_context
def date_words(context: Context, text: str) -> str:
    """Return a date to the day, month or year as words; another text as it is."""
    match = _DATE.fullmatch(text)
    if not match:
        return text
    texts = _texts(context)
    year, month, day = match[1], match[2], match[3]
    name = texts(f"month.{int(month)}") if month and 1 <= int(month) <= 12 else ""
    return " ".join(part for part in (day.lstrip("0") if day else "", name, year) if part)


@pass_context
def euro(context: Context, amount: float | str | None) -> str:
    """Return an amount in euro with the separators of the language, '' for None."""
    if amount is None:
        return ""
    number = float(amount)
    text = f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"
    if _texts(context).language == "nl":
        text = text.replace(",", "\0").replace(".", ",").replace("\0", ".")
    return f"€\u00a0{text}"


@pass_context
def decimal(context: Context, number: float, digits: int = 3) -> str:
    """Return a number with the decimal mark of the language."""
    text = f"{number:.{digits}f}"
    return text.replace(".", ",") if _texts(context).language == "nl" else text


@pass_context
def literal(context: Context, text: str, datatype: str, name: str) -> str:
    """Return the value of a property as a reader writes it: dates, euros, yes and no, known words."""
    texts = _texts(context)
    local = name.rsplit("#", 1)[-1]
    if datatype.endswith(("#date", "#gYear", "#gYearMonth")) or name.endswith("/issued"):
        return str(date_words(context, text))
    if local in {"amount", "minAmount", "maxAmount"}:
        return str(euro(context, text))
    return texts.known(f"value.{local}.{text}", text)


@pass_context
def lines(context: Context, passage: Passage) -> str:
    """Return 'regel 5' or 'regels 5–8' of a passage."""
    texts = _texts(context)
    if passage.first == passage.last:
        return texts("passage.line", first=passage.first)
    return texts("passage.lines", first=passage.first, last=passage.last)


def query_string(current: dict[str, str], **changes: str | None) -> str:
    """Return '?a=b...' of the current choices with some changed; None takes a choice away."""
    merged = {**current, **changes}
    kept = [(key, value) for key, value in sorted(merged.items()) if value]
    return f"?{urlencode(kept)}" if kept else "?"


def _texts(context: Context) -> Texts:
    texts = context["t"]
    if not isinstance(texts, Texts):
        raise TypeError("a page is rendered with its texts as 't'")
    return texts


FILTERS: dict[str, Callable[..., Any]] = {
    "date_words": date_words,
    "decimal": decimal,
    "euro": euro,
    "kind_label": kind_label,
    "lines": lines,
    "literal": literal,
    "page_path": page_path,
    "property_label": property_label,
    "quoted": lambda text: quote(text, safe=""),
    "short": shorten_label,
    "thing_key": thing_key,
}
GLOBALS: dict[str, Any] = {
    "FULL_MENU": FULL_MENU,
    "LINE_LIMIT": LINE_LIMIT,
    "MAIN_MENU": MAIN_MENU,
    "mark_of": mark_of,
    "polygon": polygon,
    "query_string": query_string,
}
