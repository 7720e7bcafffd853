"""What templates may do with a value; each wraps a function that is also used outside templates."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from api.pages import wording
from api.pages.menu import FULL_MENU, MAIN_MENU
from api.pages.texts import Texts, texts_in
from queries.measures.answers import cell_text
from queries.names import Passage
from viz.links import clean, page_path, shorten_label, thing_key
from viz.style import mark_of
from viz.svg import polygon

# More values of one property than this are folded away.
LINE_LIMIT = 6


def finalize(value: Any) -> Any:
    """Take control characters and marks of direction out of everything that reaches a page."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@pass_context
def property_label(context: Context, iri: str, outgoing: bool = True) -> str:
    """Return what a property is called, read from the thing or towards it."""
    return wording.property_words(iri, _texts(context), outgoing=outgoing)


@pass_context
def kind_label(context: Context, kind: str) -> str:
    """Return what a kind of thing is called."""
    return wording.kind_words(kind, _texts(context))


@pass_context
def date_words(context: Context, text: str) -> str:
    """Return a date as words."""
    return wording.date_words(text, _texts(context))


@pass_context
def euro(context: Context, amount: float | None) -> str:
    """Return an amount in euro, '' for None."""
    return "" if amount is None else wording.euro_words(amount, _texts(context))


@pass_context
def decimal(context: Context, number: float) -> str:
    """Return a number with three decimals."""
    return wording.decimal_words(number, _texts(context))


@pass_context
def decimal_short(context: Context, number: float) -> str:
    """Return a number with only the decimals it has."""
    return wording.number_words(number, _texts(context))


@pass_context
def literal(context: Context, text: str, datatype: str, name: str) -> str:
    """Return the value of a property as a reader writes it."""
    return wording.literal_words(text, datatype, name, _texts(context))


@pass_context
def size(context: Context, number: int) -> str:
    """Return a number of bytes in the unit that fits."""
    return wording.size_words(number, _texts(context))


@pass_context
def lines(context: Context, passage: Passage) -> str:
    """Return the lines of a passage in words."""
    return wording.line_words(passage, _texts(context))


@pass_context
def passage_link(context: Context, passage: Passage) -> Markup:
    """Return a link to the lines of a passage, with its document and date."""
    return _passage(passage, _texts(context).language, is_link=True)


@pass_context
def passage_text(context: Context, passage: Passage) -> Markup:
    """Return document, date and lines of a passage."""
    return _passage(passage, _texts(context).language, is_link=False)


@lru_cache(maxsize=20_000)
def _passage(passage: Passage, language: str, *, is_link: bool) -> Markup:
    """Return a passage as a page shows it; large pages show the same ones hundreds of times."""
    texts = texts_in(language)
    title = Markup('<span lang="nl">{}</span>').format(shorten_label(passage.title, 48))
    date = wording.date_words(passage.date, texts)
    day = Markup(' <span class="rg-passage__date">({})</span>').format(date) if date else ""
    shown = Markup("{}{}, {}").format(title, day, wording.line_words(passage, texts))
    if not is_link:
        return shown
    return Markup('<a class="rg-passage" href="{}">{}</a>').format(page_path(passage.iri), shown)


def _texts(context: Context) -> Texts:
    texts = context["t"]
    if not isinstance(texts, Texts):
        raise TypeError("a page is rendered with its texts as 't'")
    return texts


FILTERS: dict[str, Callable[..., Any]] = {
    "date_words": date_words,
    "decimal": decimal,
    "decimal_short": decimal_short,
    "euro": euro,
    "kind_label": kind_label,
    "lines": lines,
    "literal": literal,
    "page_path": page_path,
    "passage_link": passage_link,
    "passage_text": passage_text,
    "property_label": property_label,
    "quoted": lambda text: quote(text, safe=""),
    "short": shorten_label,
    "size": size,
    "thing_key": thing_key,
}
# The forms in which the whole network is offered to people; programs find the others in the API.
EXPORTS = (
    ("GEXF (Gephi)", "gexf"),
    ("GraphML", "graphml"),
    ("Cytoscape", "cytoscape"),
    ("CSV (Kumu) 1", "kumu-elements"),
    ("CSV (Kumu) 2", "kumu-connections"),
)
GLOBALS: dict[str, Any] = {
    "EXPORTS": EXPORTS,
    "cell_text": cell_text,
    "FULL_MENU": FULL_MENU,
    "LINE_LIMIT": LINE_LIMIT,
    "MAIN_MENU": MAIN_MENU,
    "mark_of": mark_of,
    "polygon": polygon,
}
