"""A scenario as steps, each one line of text: how it stands in an address, and how a page builds one up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.release import OpenRelease
from ontology.errors import UsageError
from ontology.terms import BASE, ID
from queries.measures.answers import find_thing
from queries.measures.scenario import (
    KINDS,
    PLACES,
    Fund,
    Join,
    Merge,
    New,
    Scenario,
    Work,
    roles_of_scenario,
    to_changes,
)
from queries.names import names_of
from queries.search import search

MAX_STEPS = 20
_LONGEST = 200
_BETWEEN = "~"
# A point before one or two digits stands before cents; elsewhere it parts thousands.
_POINTS = re.compile(r"\d+\.\d{1,2}")
# What each kind of step is told, in order; `things` of them are names of things.
FIELDS: dict[str, tuple[str, ...]] = {
    "remove": ("thing",),
    "merge": ("thing", "into"),
    "new": ("kind", "label"),
    "join": ("party", "body", "role"),
    "work": ("body", "theme"),
    "fund": ("body", "money", "amount"),
}
# The fields that name a thing, and the place in a scenario that each fills.
_PLACE_OF = {
    "thing": "into", "into": "into", "party": "party",
    "body": "to", "theme": "theme", "money": "source",
}  # fmt: skip
# Hits that are looked through for one of the right kind.
_TRIED = 20


@dataclass(frozen=True)
class Step:
    """One change: its kind and its values in the order of `FIELDS`; things are keys, such as actor/flever."""

    kind: str
    values: tuple[str, ...]

    def __str__(self) -> str:
        """Return the step as text that `read_step` reads."""
        return _BETWEEN.join((self.kind, *self.values))


def read_step(text: str) -> Step:
    """Return the step that a text holds; raise UsageError when it is no step."""
    kind, *values = text.split(_BETWEEN)
    fits = kind in FIELDS and len(values) == len(FIELDS[kind])
    if not fits or not all(0 < len(value.strip()) <= _LONGEST for value in values):
        known = ", ".join(_BETWEEN.join((name, *fields)) for name, fields in FIELDS.items())
        raise UsageError(f"'{text[:80]}' is geen stap van een scenario; verwacht: {known}")
    return Step(kind, tuple(values))


def make_step(
    release: OpenRelease, kind: str, told: dict[str, str], earlier: Sequence[Step]
) -> Step:
    """Return the step that people mean by names of things, typing errors forgiven.

    Raise UsageError for an empty value, UnknownThing for a name that nothing comes near.
    """
    if kind not in FIELDS:
        raise UsageError(f"'{kind[:40]}' is geen soort stap; wel: {', '.join(FIELDS)}")
    made = {step.values[1].casefold(): step.values[1] for step in earlier if step.kind == "new"}
    values = []
    for name in FIELDS[kind]:
        text = " ".join(told.get(name, "").replace(_BETWEEN, " ").split())[:_LONGEST]
        if not text:
            raise UsageError("deze stap is niet af: vul elk vak in")
        if name in _PLACE_OF:
            text = made.get(text.casefold()) or key_of(_meant(release, text, _PLACE_OF[name]))
        values.append(text)
    return Step(kind, tuple(values))


def to_scenario(steps: Sequence[Step]) -> Scenario:
    """Return the scenario that some steps make together; raise UsageError for an amount that is no number."""
    if len(steps) > MAX_STEPS:
        raise UsageError(f"een scenario heeft hier hoogstens {MAX_STEPS} stappen")
    of = {kind: [step.values for step in steps if step.kind == kind] for kind in FIELDS}
    return Scenario(
        remove=tuple(thing for (thing,) in of["remove"]),
        merge=tuple(Merge(source=thing, into=into) for thing, into in of["merge"]),
        new=tuple(New(kind=kind, label=label) for kind, label in of["new"]),
        join=tuple(Join(party=party, to=body, role=role) for party, body, role in of["join"]),
        work=tuple(Work(what=body, theme=theme) for body, theme in of["work"]),
        fund=tuple(
            Fund(to=body, source=money, amount=_euros(amount)) for body, money, amount in of["fund"]
        ),
    )


def check_steps(release: OpenRelease, steps: Sequence[Step]) -> None:
    """Raise UsageError or UnknownThing when these steps do not go together on this release."""
    to_changes(release, to_scenario(steps))


def named_values(release: OpenRelease, step: Step) -> dict[str, str]:
    """Return the values of a step by field, things by their label."""
    names, made = names_of(release), {}
    for name, value in zip(FIELDS[step.kind], step.values, strict=True):
        known = next((iri for iri in (ID + value, BASE + value) if iri in names), None)
        made[name] = names.label(known) if known and name in _PLACE_OF else value
    if "role" in made:
        made["role"] = roles_of_scenario(release).get(made["role"], made["role"])
    return made


def key_of(iri: str) -> str:
    """Return an IRI of a release as short as it is still understood."""
    return iri.removeprefix(ID).removeprefix(BASE)


def kinds_of_new() -> tuple[str, ...]:
    """Return what can be made up."""
    return tuple(KINDS)


def _meant(release: OpenRelease, text: str, place: str) -> str:
    """What a name stands for, of all that fits the place: its key, its label, or what comes nearest."""
    names, kinds = names_of(release), PLACES[place].kinds
    for iri in (text, ID + text, BASE + text):
        if iri in names:
            return iri
    same = [ref for ref in names.of_kind(*kinds) if ref.label.casefold() == text.casefold()]
    if len(same) == 1:
        return same[0].iri
    if not same:
        hits = search(release, text, limit=_TRIED)
        near = [hit.ref for hit in hits if hit.ref.kind in kinds]
        if near:
            return near[0].iri
    # More than one of that name, or none that comes near: this says which, or what else there is.
    return find_thing(release, text).iri


def _euros(text: str) -> float:
    """An amount as people write it: 25.000 or 25000,50; with a point before cents too."""
    plain = text.replace("€", "").replace(" ", "")
    if not _POINTS.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    try:
        amount = float(plain)
    except ValueError as exc:
        raise UsageError(f"'{text}' is geen bedrag; schrijf bijvoorbeeld 25.000") from exc
    if not 0 < amount < 1e12:
        raise UsageError(f"'{text}' kan geen bedrag zijn; schrijf een bedrag boven nul")
    return amount
