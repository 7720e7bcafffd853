"""What kinds, properties, passages and dates are called in a language; texts first, then the ontology."""

from __future__ import annotations

import re

from api.pages.texts import Texts
from ontology.schema import load_schema
from ontology.terms import BEGRIP, RG
from queries.names import Passage
from viz.links import shorten_label

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def property_words(iri: str, texts: Texts, *, outgoing: bool = True) -> str:
    """Return what a property or role is called, read from the thing or towards it."""
    schema = load_schema()
    name = iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
    if outgoing or iri.startswith(BEGRIP):
        own = texts.entries.get(f"property.{name}")
        return schema.label(iri, texts.language) or own or name.replace("-", " ")
    term = schema.object_properties.get(iri)
    inverse = schema.label(term.inverse, texts.language) if term and term.inverse else None
    default = inverse or f"{property_words(iri, texts)} ({texts('thing.reversed')})"
    return texts.known(f"inverse.{name}", default)


def kind_words(kind: str, texts: Texts) -> str:
    """Return what a kind of thing is called."""
    return load_schema().label(RG + kind, texts.language) or texts.known(f"kind.{kind}", kind)


def date_words(text: str, texts: Texts) -> str:
    """Return a date to the day, month or year as words; another text as it is."""
    match = _DATE.fullmatch(text)
    if not match:
        return text
    year, month, day = match[1], match[2], match[3]
    name = texts(f"month.{int(month)}") if month and 1 <= int(month) <= 12 else ""
    return " ".join(part for part in (day.lstrip("0") if day else "", name, year) if part)


def line_words(passage: Passage, texts: Texts) -> str:
    """Return 'regel 5' or 'regels 5–8' of a passage."""
    if passage.first == passage.last:
        return texts("passage.line", first=passage.first)
    return texts("passage.lines", first=passage.first, last=passage.last)


def passage_words(passage: Passage, texts: Texts) -> str:
    """Return document, date and lines of a passage."""
    title = shorten_label(passage.title)
    if passage.date:
        title = f"{title} ({date_words(passage.date, texts)})"
    return f"{title}, {line_words(passage, texts)}"


def euro_words(amount: float, texts: Texts) -> str:
    """Return an amount in euro with the separators of the language."""
    text = f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"
    if texts.language == "nl":
        text = text.replace(",", "\0").replace(".", ",").replace("\0", ".")
    return f"€\u00a0{text}"


def number_words(number: float, texts: Texts) -> str:
    """Return a number with the marks of the language and only the decimals it has."""
    return euro_words(number, texts).removeprefix("€\u00a0")


def decimal_words(number: float, texts: Texts, digits: int = 3) -> str:
    """Return a number with the decimal mark of the language."""
    text = f"{number:.{digits}f}"
    return text.replace(".", ",") if texts.language == "nl" else text


def size_words(number: int, texts: Texts) -> str:
    """Return a number of bytes as bytes, kB or MB."""
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if number >= factor:
            return f"{decimal_words(number / factor, texts, 1)} {unit}"
    return f"{number} bytes"


def literal_words(text: str, datatype: str, name: str, texts: Texts) -> str:
    """Return the value of a property as a reader writes it: dates, euros and words that are known."""
    local = name.rsplit("#", 1)[-1]
    if datatype.endswith(("#date", "#gYear", "#gYearMonth")) or name.endswith("/issued"):
        return date_words(text, texts)
    if local in {"amount", "minAmount", "maxAmount"}:
        return euro_words(float(text), texts)
    return texts.known(f"value.{local}.{text}", text)
