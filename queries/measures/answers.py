"""The one shape of an answer about the network: sentences, and a table in which things can be pointed at."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.release import OpenRelease
from ontology.errors import UnknownThing, UsageError
from ontology.terms import BASE, BEGRIP, ID
from queries.measures.definitions import LIMITS
from queries.names import Names, Ref, names_of

Cell = str | int | float | Ref | tuple[Ref, ...] | None
_DIGITS = 3


@dataclass(frozen=True)
class Answer:
    """An answer in Dutch: what was asked, sentences that say what was found, and the rows behind them.

    A cell is text, a number, a thing or several things; None is no value (n.v.t.). `limits` says how
    far the answer reaches.
    """

    question: str
    title: str
    sentences: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    limits: str = LIMITS

    def first(self, top: int | None) -> Answer:
        """Return the answer with at most `top` rows; all of them for None."""
        rows = self.rows if top is None else self.rows[:top]
        return Answer(self.question, self.title, self.sentences, self.columns, rows, self.limits)


def cell_text(cell: Cell, limit: int | None = None) -> str:
    """Return a cell as text: labels, numbers with a comma, 'n.v.t.' for no value.

    Of more than `limit` things the first are named and all are counted.
    """
    match cell:
        case None:
            return "n.v.t."
        case Ref():
            return cell.label
        case tuple():
            tail = [f"… ({len(cell)})"] if limit is not None and len(cell) > limit else []
            return "; ".join([*(ref.label for ref in cell[:limit]), *tail])
        case float():
            return f"{cell:.{_DIGITS}f}".rstrip("0").rstrip(".").replace(".", ",")
        case _:
            return str(cell)


def list_labels(refs: Sequence[Ref], limit: int = 5) -> str:
    """Return labels as Dutch running text; beyond `limit` the rest is counted."""
    labels = [ref.label for ref in refs[:limit]]
    if len(refs) > limit:
        labels.append(f"{len(refs) - limit} andere")
    if len(labels) < 2:
        return "".join(labels)
    return f"{', '.join(labels[:-1])} en {labels[-1]}"


def count_words(number: int, one: str, more: str) -> str:
    """Return a number with its noun: 'geen partijen', '1 partij', '4 partijen'."""
    return f"1 {one}" if number == 1 else f"{number or 'geen'} {more}"


def refs(release: OpenRelease, iris: Iterable[str]) -> tuple[Ref, ...]:
    """Return things to point at, by label."""
    names = names_of(release)
    return tuple(sorted(names.ref(iri) for iri in iris))


def find_thing(release: OpenRelease, text: str) -> Ref:
    """Return the thing that an IRI, a key such as 'actor/flever' or a label stands for.

    Raise UsageError for no text, UnknownThing with the nearest names when there is no such thing.
    """
    if not text.strip():
        raise UsageError("noem een ding: een IRI, een sleutel zoals actor/flever, of de naam")
    names = names_of(release)
    for iri in (text, ID + text, BASE + text, BEGRIP + text):
        if iri in names:
            return names.ref(iri)
    named = _by_label(names).get(text.strip().casefold(), [])
    if len(named) > 1:
        keys = ", ".join(iri.removeprefix(ID).removeprefix(BASE) for iri in named)
        raise UsageError(f"'{text}' is de naam van meer dingen; kies uit: {keys}")
    if not named:
        raise UnknownThing(_unknown(names, text))
    return names.ref(named[0])


def _by_label(names: Names) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for iri, label in sorted(names.labels.items()):
        if names.kind(iri) != "Measurement":
            found.setdefault(label.casefold(), []).append(iri)
    return found


def _unknown(names: Names, text: str) -> str:
    labels = {label for iri, label in names.labels.items() if iri.startswith(f"{ID}actor/")} | {
        label for iri, label in names.labels.items() if iri.startswith(f"{ID}samenwerking/")
    }
    near = difflib.get_close_matches(text, sorted(labels), n=3)
    hint = f"; bedoelde u {' of '.join(near)}?" if near else ""
    return f"'{text}' komt in deze uitgave niet voor{hint}"
