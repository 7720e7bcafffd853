"""Dutch words for dates, amounts and short lists in the meeting pack, in short sentences (B1)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from queries.names import Passage, Ref

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
# The kinds whose coming and going a board wants to know, with one and more of them in words.
KIND_WORDS = {
    "Coalition": ("coalitie", "coalities"),
    "GovernanceBody": ("overleg", "overleggen"),
    "Network": ("netwerk", "netwerken"),
    "Collaboration": ("verband", "verbanden"),
    "Organization": ("organisatie", "organisaties"),
    "Actor": ("partij", "partijen"),
    "Programme": ("programma", "programma's"),
    "ProgrammeLine": ("programmalijn", "programmalijnen"),
    "Activity": ("activiteit", "activiteiten"),
    "Agreement": ("afspraak of plan", "afspraken en plannen"),
    "FundingStream": ("regeling of geldbron", "regelingen en geldbronnen"),
    "FundingApplication": ("aanvraag om geld", "aanvragen om geld"),
    "Goal": ("doel", "doelen"),
    "Theme": ("thema", "thema's"),
    "Event": ("moment", "momenten"),
}
# Things named of those that something is missing of.
NAMED = 3
SEVERITY_WORDS = {"must": "moet", "should": "hoort", "may": "helpt"}
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
# A name longer than this is cut in a sentence; the page about the thing has all of it.
MAX_NAME = 90


def date_words(text: str) -> str:
    """Return '22 november 2026', 'november 2026' or '2026' for a date; another text as it is."""
    match = _DATE.fullmatch(text)
    if not match:
        return text
    year, month, day = match[1], match[2], match[3]
    name = MONTHS[int(month) - 1] if month and 1 <= int(month) <= 12 else ""
    return " ".join(part for part in (day.lstrip("0") if day else "", name, year) if part)


def euro_words(amount: float) -> str:
    """Return an amount in whole euros: '€ 12.500'."""
    return f"€ {amount:,.0f}".replace(",", ".")


def name_words(ref: Ref) -> str:
    """Return the label of a thing, cut at a word when it is very long."""
    return cut(ref.label, MAX_NAME)


def names_words(refs: Sequence[Ref], limit: int = 3) -> str:
    """Return labels as running text: 'A, B en 4 andere'; '' for none. Equal labels are named once."""
    known = list(dict.fromkeys(name_words(ref) for ref in refs))
    names = known[:limit]
    if len(known) > limit:
        names.append(f"{len(known) - limit} andere")
    return f"{', '.join(names[:-1])} en {names[-1]}" if len(names) > 1 else "".join(names)


def sentence(text: str) -> str:
    """Return text as a sentence: a capital first and a full stop last; '' stays ''."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…" else ".")


def cut(text: str, limit: int) -> str:
    """Return text of at most `limit` characters, cut at a word where that can be."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    place = head.rfind(" ", limit // 2)
    return (head[:place] if place > 0 else head).rstrip(" ,;:.") + "…"


def year_words(passages: Sequence[Passage]) -> str:
    """Return the year of the youngest of some passages, '' when none has a date."""
    return max((passage.date[:4] for passage in passages), default="")


def passage_words(passage: Passage) -> str:
    """Return title, date and lines of a passage: 'Jaarplan (2024), regels 5–8'."""
    dated = f" ({date_words(passage.date)})" if passage.date else ""
    is_one = passage.first == passage.last
    lines = f"regel {passage.first}" if is_one else f"regels {passage.first}–{passage.last}"
    return f"{passage.title}{dated}, {lines}"
