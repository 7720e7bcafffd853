"""A scenario as people write it down, and as the statements it takes away and adds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graph.dataset import Fact
from graph.evaluate import Value
from graph.identity import passage_iri, slugify
from graph.release import OpenRelease
from graph.scenario import Changes
from ontology.errors import UsageError
from ontology.schema import load_schema
from ontology.terms import BEGRIP, ID, expand, rg
from queries.measures.answers import find_thing
from queries.names import Ref, names_of
from queries.selection import COLLABORATIONS

# Kinds that can be made up, with their classes; the rest of a region is not a matter of what if.
KINDS: Mapping[str, tuple[str, ...]] = {
    "partij": ("Actor", "Organization"),
    "verband": ("Collaboration",),
    "thema": ("Theme",),
    "geld": ("FundingStream",),
}
_REMOVABLE = frozenset({
    "Organization", "Actor", "Person", "Collaboration", "Network", "Coalition", "GovernanceBody",
    "Theme", "FundingStream", "FundingApplication",
})  # fmt: skip
_PARTIES = frozenset({"Actor", "Organization", "Person"})
_BODIES = frozenset({*COLLABORATIONS, "Activity", "Programme", "ProgrammeLine"})
_MONEY = frozenset({"FundingStream", "FundingApplication"})


@dataclass(frozen=True)
class Place:
    """What can stand in one place of a change: kinds of things, and how people call them."""

    kinds: frozenset[str]
    words: str


PLACES: Mapping[str, Place] = {
    "into": Place(_REMOVABLE, "een partij, verband, thema of geldstroom"),
    "party": Place(_PARTIES, "een partij"),
    "to": Place(_BODIES | {"Theme", "Agreement"}, "een verband, activiteit, programma of thema"),
    "what": Place(_BODIES | _PARTIES | {"Theme"}, "een partij, verband, activiteit of programma"),
    "theme": Place(frozenset({"Theme"}), "een thema"),
    "source": Place(_MONEY, "een geldstroom"),
}
MAX_CHANGES = 200
_ROLES = f"{BEGRIP}rol/"
_PASSAGE = passage_iri("scenario", 1, 1)
_GRAPH = ""

Thing = Annotated[str, Field(min_length=1, max_length=300, description="IRI, sleutel of naam")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Merge(_Part):
    """One thing that goes up in another: `source` disappears, `into` takes over all it had."""

    source: Thing
    into: Thing


class New(_Part):
    """A thing that is made up: partij, verband, thema or geld; other changes name it by its label."""

    kind: str
    label: Thing


class Join(_Part):
    """A party that joins something, in a role of the scheme 'rol'."""

    party: Thing
    to: Thing
    role: str = "deelnemer"


class Work(_Part):
    """A collaboration, programme or activity that takes up a theme."""

    what: Thing
    theme: Thing


class Fund(_Part):
    """Money, in euro, for something, from a funding stream."""

    to: Thing
    source: Thing
    amount: Annotated[float, Field(gt=0, lt=1e12)]


class Scenario(_Part):
    """What would change; in this order: made up, removed, merged, joined, worked on, funded."""

    new: Annotated[tuple[New, ...], Field(max_length=MAX_CHANGES)] = ()
    remove: Annotated[tuple[Thing, ...], Field(max_length=MAX_CHANGES)] = ()
    merge: Annotated[tuple[Merge, ...], Field(max_length=MAX_CHANGES)] = ()
    join: Annotated[tuple[Join, ...], Field(max_length=MAX_CHANGES)] = ()
    work: Annotated[tuple[Work, ...], Field(max_length=MAX_CHANGES)] = ()
    fund: Annotated[tuple[Fund, ...], Field(max_length=MAX_CHANGES)] = ()


def read_scenario(text: str | bytes) -> Scenario:
    """Return the scenario that JSON describes; raise UsageError that says where it is wrong."""
    try:
        return Scenario.model_validate_json(text)
    except ValidationError as exc:
        places = "; ".join(
            f"{'.'.join(map(str, error['loc'])) or 'begin'}: {error['msg']}"
            for error in exc.errors()
        )
        raise UsageError(f"het scenario klopt niet: {places}") from exc


def to_changes(release: OpenRelease, scenario: Scenario) -> Changes:
    """Return the statements that a scenario takes away and adds.

    Raise UnknownThing for what is not in the release, UsageError for what cannot be changed.
    """
    find = _Finder(release, scenario)
    gone = [find.existing(text) for text in scenario.remove]
    merged = [(find.existing(one.source), find(one.into, "into")) for one in scenario.merge]
    for source, into in merged:
        if source == into:
            raise UsageError("een ding kan niet in zichzelf opgaan; noem een ander bij 'into'")
    find.gone = {*gone, *(source for source, _ in merged)}
    joined = [
        _joined(n, find(j.party, "party"), find(j.to, "to"), _role(release, j.role))
        for n, j in enumerate(scenario.join)
    ]
    facts = [
        *(fact for new in scenario.new for fact in _new(new)),
        *(fact for found in joined for fact in found),
        *(_link(find(w.what, "what"), "worksOnTheme", find(w.theme, "theme")) for w in scenario.work),
        *(fact for n, f in enumerate(scenario.fund)
          for fact in _funded(n, find(f.to, "what"), find(f.source, "source"), f)),
    ]  # fmt: skip
    return Changes(tuple(gone), tuple(merged), tuple(facts))


def roles_of_scenario(release: OpenRelease) -> dict[str, str]:
    """Return the roles a party can join in, by label: slug in the scheme 'rol' and label."""
    found = names_of(release).of_kind("Role")
    return {ref.iri.removeprefix(_ROLES): ref.label for ref in found if ref.iri.startswith(_ROLES)}


class _Finder:
    """Things of a release or made up in a scenario, by name; each place takes only some kinds."""

    def __init__(self, release: OpenRelease, scenario: Scenario) -> None:
        self.release = release
        self.made = {new.label: Ref(new.label, _kind(new), _made_up(new)) for new in scenario.new}
        self.gone: set[str] = set()

    def existing(self, text: str) -> str:
        """A thing that can be taken away."""
        return _changeable(find_thing(self.release, text))

    def __call__(self, text: str, place: str) -> str:
        ref = self.made[text] if text in self.made else find_thing(self.release, text)
        if ref.kind not in PLACES[place].kinds:
            raise UsageError(f"{ref.label} kan hier niet; noem {PLACES[place].words}")
        if ref.iri in self.gone:
            raise UsageError(f"{ref.label} valt in dit scenario weg; noem een ander")
        return ref.iri


def _made_up(new: New) -> str:
    if new.kind not in KINDS:
        raise UsageError(f"soort '{new.kind}' kan niet verzonnen worden; wel: {', '.join(KINDS)}")
    base = f"{BEGRIP}scenario/" if new.kind == "thema" else f"{ID}scenario/{new.kind}-"
    return base + slugify(new.label)


def _kind(new: New) -> str:
    return KINDS.get(new.kind, ("",))[-1]


def _role(release: OpenRelease, slug: str) -> str:
    known = roles_of_scenario(release)
    if slug not in known:
        raise UsageError(f"de rol '{slug}' bestaat niet; bekend: {', '.join(known)}")
    return slug


def _changeable(ref: Ref) -> str:
    if ref.kind not in _REMOVABLE:
        raise UsageError(
            f"{ref.label} is geen partij, verband, thema of geld: dat kan een scenario niet wegnemen"
        )
    return ref.iri


def _new(new: New) -> Iterator[Fact]:
    iri = _made_up(new)
    for name in KINDS[new.kind]:
        yield Fact(iri, expand("rdf:type"), Value(rg(name), "iri"), _GRAPH)
    yield Fact(iri, expand("skos:prefLabel"), Value(new.label, language="nl"), _GRAPH)


def _joined(number: int, party: str, what: str, role: str) -> list[Fact]:
    """A participation with what follows from it: inference is not run on a scenario."""
    node = f"{ID}scenario/deelname-{number}"
    role_iri = f"{_ROLES}{role}"
    implied = [name for name, concept in load_schema().axioms.roles if concept == role_iri]
    return [
        Fact(node, expand("rdf:type"), Value(rg("Involvement"), "iri"), _GRAPH),
        Fact(node, rg("modality"), Value("fact"), _GRAPH),
        _link(node, "involvee", party),
        _link(node, "involvedIn", what),
        _link(node, "role", role_iri),
        _link(node, "statedIn", _PASSAGE),
        _link(party, "participatesIn", what),
        _link(what, "hasParticipant", party),
        *(Fact(what, name, Value(party, "iri"), _GRAPH) for name in implied),
    ]


def _funded(number: int, what: str, source: str, fund: Fund) -> list[Fact]:
    node = f"{ID}scenario/post-{number}"
    amount = Value(f"{fund.amount:.2f}", datatype=expand("xsd:decimal"))
    return [
        Fact(node, expand("rdf:type"), Value(rg("BudgetLine"), "iri"), _GRAPH),
        Fact(node, rg("amount"), amount, _GRAPH),
        _link(node, "budgetFor", what),
        _link(node, "budgetSource", source),
        _link(what, "fundedBy", source),
    ]


def _link(subject: str, name: str, value: str) -> Fact:
    return Fact(subject, rg(name), Value(value, "iri"), _GRAPH)
