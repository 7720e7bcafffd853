"""The built-in region: every passage inside its document, nothing orphaned, only what the vocabulary knows."""

from __future__ import annotations

import csv
import re
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from api.region import load_path, publish_release
from graph.coverage import cover
from graph.dataset import Variant, to_nquads
from graph.evaluate import select
from graph.release import OpenRelease, open_release
from graph.tables.reader import RawRow, read_tables
from graph.tables.rows import check_rows
from ontology.schema import load_schema
from ontology.terms import RG
from queries.search import search
from tests.conftest import HERE

SOURCES = HERE.parent.parent / "shared" / "sources"
TABLES = Path(str(files("graph").joinpath("data", "flevoland")))

P = """PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX id: <https://w3id.org/regiograaf/id/>
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flevoland")
    with as_file(files("graph").joinpath("data", "flevoland")) as tables:
        load_path(folder, tables)
    publish_release(folder)
    return folder


@pytest.fixture(scope="module")
def public(data: Path) -> OpenRelease:
    return open_release(data)


@pytest.fixture(scope="module")
def internal(data: Path) -> OpenRelease:
    return open_release(data, Variant.INTERNAL)


def rows(release: OpenRelease, query: str) -> list[dict[str, str]]:
    return list(select(release.store, P + query).dicts())


def test_tables_have_no_findings() -> None:
    raw, findings = read_tables(TABLES)
    assert findings == []
    assert check_rows(raw)[1] == []


def test_every_passage_lies_inside_its_document(internal: OpenRelease) -> None:
    outside = rows(
        internal,
        """SELECT ?p WHERE { ?p a rg:Passage ; rg:passageOf ?d ; rg:firstLine ?a ; rg:lastLine ?b .
        ?d rg:lineCount ?n FILTER(?a < 1 || ?b < ?a || ?b > ?n) } ORDER BY ?p""",
    )
    assert outside == []


def test_every_passage_belongs_to_a_known_document(internal: OpenRelease) -> None:
    query = (
        "SELECT ?p WHERE { ?p rg:passageOf ?d FILTER NOT EXISTS { ?d a rg:Document } } ORDER BY ?p"
    )
    assert rows(internal, query) == []


def test_every_statement_uses_a_property_and_class_of_the_vocabulary(internal: OpenRelease) -> None:
    schema = load_schema()
    known = (
        schema.object_properties.keys() | schema.datatype_properties.keys() | {f"{RG}memberClass"}
    )
    used = {r["p"] for r in rows(internal, "SELECT DISTINCT ?p WHERE { ?s ?p ?o } ORDER BY ?p")}
    assert {p for p in used if p.startswith(RG)} - known - {f"{RG}impliedByRole"} == set()
    classes = {r["c"] for r in rows(internal, "SELECT DISTINCT ?c WHERE { ?s a ?c } ORDER BY ?c")}
    assert {c for c in classes if c.startswith(RG)} <= schema.classes.keys()


def test_nothing_refers_to_a_thing_that_is_not_described(internal: OpenRelease) -> None:
    query = """SELECT DISTINCT ?o WHERE { ?s ?p ?o .
      FILTER(isIRI(?o) && STRSTARTS(STR(?o), "https://w3id.org/regiograaf/id/"))
      FILTER NOT EXISTS { ?o skos:prefLabel ?l } } ORDER BY ?o"""
    assert rows(internal, query) == []


def test_no_thing_stands_alone(internal: OpenRelease) -> None:
    """A party or collaboration that nothing else mentions would be a name without a fact."""
    query = """SELECT ?s ?l WHERE { ?s a ?c ; skos:prefLabel ?l . VALUES ?c { rg:Organization rg:Collaboration rg:Person }
      FILTER NOT EXISTS { ?other ?p ?s FILTER(?other != ?s) }
      FILTER NOT EXISTS { ?s rg:relatedTo|rg:hasTask ?thing } } ORDER BY ?s"""
    assert rows(internal, query) == []


def test_no_name_of_a_person_leaves_in_the_public_release(
    public: OpenRelease, internal: OpenRelease
) -> None:
    names = {
        r["l"]
        for r in rows(
            internal, "SELECT ?l WHERE { ?s a rg:Person ; skos:prefLabel ?l } ORDER BY ?l"
        )
    }
    assert names
    text = to_nquads(public.store).decode()
    assert [name for name in names if name in text] == []
    surnames = {name.split()[-1] for name in names if len(name.split()[-1]) > 4}
    assert surnames & set(re.findall(r"\w+", text)) == set()


def test_no_address_of_a_person_is_in_the_data(internal: OpenRelease) -> None:
    text = to_nquads(internal.store).decode()
    # One character before the sign is enough to see one, and a tenth of the time.
    assert re.findall(r"[\w.]@[\w-]+\.[a-z]{2,}", text) == []
    assert re.findall(r"\b0\d{1,3}[- ]\d{6,8}\b", text) == []


def test_no_line_is_unaccounted_for(internal: OpenRelease) -> None:
    assert {
        d.label: d.ranges["unaccounted"] for d in cover(internal.store) if d.ranges["unaccounted"]
    } == {}


def source_lines(row: RawRow) -> list[str]:
    """The lines a row cites, joined where the source broke a word."""
    found = []
    for part in row.cells["bron"].split(";"):
        match = re.fullmatch(r"\s*(\d{3}):(\d+)(?:-(\d+))?\s*", part)
        if match:
            text = next(SOURCES.glob(f"{match[1]}-*.txt")).read_text("utf-8").splitlines()
            first, last = int(match[2]), int(match[3] or match[2])
            found.append("\n".join(text[max(0, first - 1) : last]))
    return found


def squeezed(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source documents are not beside the project")
def test_printed_spellings_stand_in_the_lines_they_cite() -> None:
    raw, _ = read_tables(TABLES)
    checked = [
        r
        for r in raw
        if (r.sheet == "deelnames" and r.cells.get("letterlijk")) or r.sheet == "namen"
    ]
    assert len(checked) > 250
    wrong = []
    for row in checked:
        spelling = row.cells.get("letterlijk") or row.cells.get("schrijfwijze", "")
        lines = [squeezed(text) for text in source_lines(row)]
        if lines and not any(squeezed(spelling) in text for text in lines):
            wrong.append(f"{row.sheet} rij {row.number}: {spelling!r}")
    assert wrong == []


def test_appendix_of_networks_is_complete(public: OpenRelease) -> None:
    """Counted by hand in the source: 24 entries, one of them twice, so 23 networks."""
    listed = rows(
        public,
        """SELECT DISTINCT ?n ?l WHERE { ?n a rg:Collaboration ; skos:prefLabel ?l ; rg:statedIn ?p .
        ?p rg:passageOf <https://w3id.org/regiograaf/bron/004-jaarplan-flever-2024> ; rg:firstLine ?a ; rg:lastLine ?b .
        FILTER(?a >= 2878 && ?b <= 3201) FILTER(LANG(?l) = "nl") } ORDER BY ?l""",
    )
    assert len({r["n"] for r in listed}) >= 23


@pytest.mark.parametrize(
    ("network", "named"),
    [
        ("oco-almere", 14),
        ("convenant-informele-zorg-lelystad", 17),
        ("zorgtafel-flevoland", 24),
        ("netwerk-dementie-noordoost-flevoland", 24),
    ],
)
def test_longest_lists_of_participants_are_whole(
    public: OpenRelease, network: str, named: int
) -> None:
    query = f"""SELECT DISTINCT ?who WHERE {{ ?i rg:involvedIn id:samenwerking\\/{network} ; rg:involvee ?who ;
      rg:statedIn ?p . ?p rg:firstLine ?a FILTER(?a >= 2878 && ?a <= 3201) }} ORDER BY ?who"""
    assert len(rows(public, query)) >= named


def test_seed_rows_are_reachable(internal: OpenRelease) -> None:
    """Every place the documents describe has at least one passage with a fact that overlaps its lines."""
    spans: dict[str, list[tuple[int, int]]] = {}
    query = """SELECT DISTINCT ?d ?a ?b WHERE { ?t rg:statedIn ?p . FILTER NOT EXISTS { ?t a rg:Coverage }
      ?p rg:passageOf ?d ; rg:firstLine ?a ; rg:lastLine ?b } ORDER BY ?d ?a ?b"""
    for row in rows(internal, query):
        number = row["d"].rsplit("/", 1)[1][:3]
        spans.setdefault(number, []).append((int(row["a"]), int(row["b"])))
    with (HERE / "data" / "seed-rows.csv").open(encoding="utf-8", newline="") as file:
        seeds = list(csv.DictReader(file))
    assert len({seed["row"] for seed in seeds}) == 322
    reached = {
        seed["row"]
        for seed in seeds
        if any(
            a <= int(seed["last"]) and int(seed["first"]) <= b
            for a, b in spans.get(seed["document"], [])
        )
    }
    assert sorted({seed["row"] for seed in seeds} - reached, key=int) == []


# As people typed them: spelling variants, abbreviations, halves, words the other way round, errors.
MISSPELLED = {
    "flevr": "Flever", "windeshijm": "Windesheim", "wodzorg flevoland": "Woonzorg Flevoland",
    "zilverren kruis": "Zilveren Kruis", "zorgtaffel": "Zorgtafel Flevoland",
    "zorg tafel": "Zorgtafel Flevoland", "ggd flevolant": "GGD Flevoland",
    "gzz centraal": "GGZ Centraal", "provinsie flevoland": "Provincie Flevoland",
    "gemente almere": "Gemeente Almere", "gemeente lelijstad": "Gemeente Lelystad",
    "noordoost polder": "Noordoostpolder", "NOP": "Gemeente Noordoostpolder",
    "zeewolde gemeente": "Gemeente Zeewolde", "positieve gezondhied": "Positieve Gezondheid",
    "verbindende coalietie": "Verbindende Coalitie Flevoland",
    "netwerk anders organizeren": "Netwerk Anders Organiseren", "netwerkburo": "Netwerkbureau",
    "icaren": "Icare", "coloriët": "Coloriet", "medrie": "Medrie",
    "patientenfederatie": "Flevolandse Patiëntenfederatie", "OZO verbindzorg": "OZOverbindzorg",
    "wel in flevolant": "WEL in Flevoland",
    "VWS": "Ministerie van Volksgezondheid, Welzijn en Sport", "IZA": "Integraal Zorgakkoord",
    "GALA": "Gezond en Actief Leven Akkoord", "samen kansrijk gezond": "FNO Samen Kansrijk en Gezond",
    "regieplan flevoland": "Regioplan Flevoland", "whitepaper netwerkregi": "Whitepaper netwerkregie",
    "contouren schets": "Contourenschets Krachtige Samenleving",
    "HCA ZWF": "Human Capital Agenda Zorg en Welzijn Flevoland",
}  # fmt: skip


def test_what_people_mistype_is_found_among_the_first_three(public: OpenRelease) -> None:
    found = {text: [hit.ref.label for hit in search(public, text, 3)] for text in MISSPELLED}
    missed = {text: labels for text, labels in found.items() if MISSPELLED[text] not in labels}
    assert missed == {}
