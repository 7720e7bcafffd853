"""Releases as people and programs get them: what changed, files, checksums, DCAT, citation."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from fastapi.testclient import TestClient
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse
from rdflib import RDF, Graph, Namespace, URIRef

from api.app import create_app
from api.downloads.forms import FORMS, Source, file_name, write_form
from api.downloads.maker import PACKED, make_files
from api.files.citations import citation_bibtex, citation_cff
from api.settings import Settings
from graph.comparison import compare_releases
from graph.dataset import Variant
from graph.dumps import graph_of
from graph.release import OpenRelease, open_release, release_file
from queries.changes import by_kind
from queries.names import names_of
from queries.tables import SEPARATOR

ROOT = Path(__file__).parent.parent
DCAT = Namespace("http://www.w3.org/ns/dcat#")
# What DCAT-AP-NL 3.0, with the DCAT-AP 3.0.1 that it builds on, requires of each class; the second
# column are those of which there may be only one.
REQUIRED = {
    "dcat:Catalog": ("dct:title dct:description dct:publisher dcat:contactPoint dcat:dataset", "dcat:contactPoint"),
    "dcat:Dataset": (
        "dct:title dct:description dct:accessRights dcat:contactPoint dct:creator dct:identifier dct:publisher dcat:theme",
        "dct:identifier dcat:version",
    ),
    "dcat:Distribution": ("dcat:accessURL dct:license", "dcat:accessURL dcat:downloadURL dcat:accessService"),
    "dcat:DataService": (
        "dct:title dct:description dct:accessRights dcat:contactPoint dcat:endpointDescription dcat:endpointURL dct:identifier dct:license dct:publisher dcat:theme",
        "dcat:endpointDescription dcat:endpointURL dct:identifier dct:publisher dct:creator",
    ),
    "foaf:Agent": ("foaf:name", ""),
    "spdx:Checksum": ("spdx:algorithm spdx:checksumValue", ""),
}  # fmt: skip


@pytest.fixture(scope="module")
def data(two_releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases with the files of the second made, as the process for it makes them."""
    folder = tmp_path_factory.mktemp("files")
    shutil.copytree(two_releases / "releases", folder / "releases")
    app = create_app(Settings(data=folder), open_release(folder))
    shelf, info = app.state.service.shelf, open_release(folder).info
    source = Source(release_file(folder, 2, Variant.PUBLIC), lambda: open_release(folder))
    make_files(source, 2, shelf._folder(info))
    return folder


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[TestClient]:
    app = create_app(Settings(data=data), open_release(data))
    yield TestClient(app, base_url="http://hier.nl")
    app.state.service.shelf.close()


def quads(content: bytes, form: RdfFormat) -> set[object]:
    return set(parse(content, format=form))


def test_every_file_has_the_checksum_that_is_stated(client: TestClient) -> None:
    files = client.get("/api/v1/releases/2").json()["files"]
    assert [file["name"] for file in files] == [file_name(2, form) for form in FORMS.values()]
    for file in files:
        for coding in ("identity", "gzip"):
            answer = client.get(file["url"], headers={"accept-encoding": coding})
            assert answer.headers.get("content-encoding", "identity") == coding
            assert hashlib.sha256(answer.content).hexdigest() == file["sha256"]
            assert len(answer.content) == file["bytes"]
    sums = client.get("/uitgaven/2/SHA256SUMS").text
    assert sums == "".join(f"{file['sha256']}  {file['name']}\n" for file in files)


def test_nquads_are_canonical_and_the_other_forms_say_the_same(
    client: TestClient, data: Path
) -> None:
    lines = client.get("/uitgaven/2/regiograaf-2.nq").content
    assert lines == release_file(data, 2, Variant.PUBLIC).read_bytes()
    found = Dataset(parse(lines, format=RdfFormat.N_QUADS))
    assert b"_:" not in lines
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert b"".join(sorted(f"{quad} .\n".encode() for quad in found)) == lines
    whole = set(found)
    for ending, form in (("trig", RdfFormat.TRIG), ("jsonld", RdfFormat.JSON_LD)):
        assert quads(client.get(f"/uitgaven/2/regiograaf-2.{ending}").content, form) == whole
    merged = {quad for quad in whole if str(quad.graph_name) == "DEFAULT"}
    assert quads(client.get("/uitgaven/2/regiograaf-2.ttl").content, RdfFormat.TURTLE) == merged


def test_the_same_release_gives_the_same_bytes(data: Path, client: TestClient) -> None:
    source = Source(release_file(data, 2, Variant.PUBLIC), lambda: open_release(data))
    for form in FORMS.values():
        again = client.get(f"/uitgaven/2/{file_name(2, form)}").content
        assert write_form(form, source) == again, form.name


def test_tables_have_each_thing_once_and_say_what_columns_mean(
    client: TestClient, data: Path
) -> None:
    archive = zipfile.ZipFile(io.BytesIO(client.get("/uitgaven/2/regiograaf-2.csv.zip").content))
    tables = {
        name: list(csv.DictReader(io.StringIO(archive.read(name).decode())))
        for name in archive.namelist()
        if name.endswith(".csv")
    }
    things = [row["iri"] for name, rows in tables.items() if name != "kolommen.csv" for row in rows]
    assert len(things) == len(set(things))
    iri = "https://w3id.org/regiograaf/id/samenwerking/brede-tafel"
    kind = names_of(open_release(data)).kind(iri)
    table = next(row for row in tables[f"{kind}.csv"] if row["iri"] == iri)
    assert table["skos:prefLabel@nl"] == "Brede Tafel"
    assert len(table["rg:hasParticipant"].split(SEPARATOR)) > 1
    meant = {(row["tabel"], row["kolom"]): row["betekenis"] for row in tables["kolommen.csv"]}
    assert meant[kind, "rg:hasParticipant"]
    assert "uitgave 2" in archive.read("LEESMIJ.txt").decode()


def test_network_files_are_well_formed(client: TestClient) -> None:
    for ending in ("gexf", "graphml"):
        content = client.get(f"/uitgaven/2/regiograaf-2.{ending}").content
        assert ElementTree.fromstring(content).tag.lower().endswith(ending)


def test_a_file_is_not_sent_again_to_who_has_it(client: TestClient) -> None:
    for coding in ("identity", "gzip"):
        headers = {"accept-encoding": coding}
        etag = client.get("/uitgaven/2/regiograaf-2.ttl", headers=headers).headers["etag"]
        headers["if-none-match"] = etag
        assert client.get("/uitgaven/2/regiograaf-2.ttl", headers=headers).status_code == 304
    head = client.head("/uitgaven/2/regiograaf-2.nq", headers={"accept-encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 100_000


def test_a_file_that_was_not_made_yet_is_made_when_asked(client: TestClient, data: Path) -> None:
    answer = client.get("/uitgaven/1/regiograaf-1.graphml")
    assert answer.status_code == 200
    assert answer.headers["x-checksum-sha256"] == hashlib.sha256(answer.content).hexdigest()
    packed = next((data / "downloads").glob(f"0001-public-*/regiograaf-1.graphml{PACKED}"))
    assert gzip.decompress(packed.read_bytes()) == answer.content


@pytest.mark.parametrize(
    "path", ["/uitgaven/9", "/uitgaven/2/regiograaf-1.nq", "/uitgaven/2/%2e%2e", "/uitgaven/x/a"]
)
def test_what_does_not_exist_is_not_found_and_says_what_does(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "1, 2" in answer.json()["detail"] or "regiograaf-2.nq" in answer.json()["detail"]


def test_changes_name_the_thing_that_came_and_count_by_group(data: Path) -> None:
    found = compare_releases(data, 1, 2, Variant.PUBLIC)
    regions = next(one for one in by_kind(found) if one.kind == "Region")
    assert [thing.label for thing in regions.added] == ["Eiland"]
    assert (regions.removed, regions.changed) == ((), ())
    old, new = (set(release_file(data, n, Variant.PUBLIC).read_bytes().splitlines(True)) for n in (1, 2))  # fmt: skip
    merged = next(one for one in found.statements if one.group == "merged")
    assert merged.added == sum(1 for line in new - old if not graph_of(line))
    assert merged.removed == sum(1 for line in old - new if not graph_of(line))
    back = compare_releases(data, 2, 1, Variant.PUBLIC)
    assert [t.label for one in by_kind(back) for t in one.removed if one.kind == "Region"] == [
        "Eiland"
    ]
    assert compare_releases(data, 2, 2, Variant.PUBLIC).statements == ()


def test_changes_are_on_the_page_and_in_the_resource(client: TestClient) -> None:
    page = client.get("/uitgaven/2", headers={"accept": "text/html"}).text
    assert '<a class="utrecht-link utrecht-link--html-a" href="/doc/regio/eiland">' in page
    assert "Dit is de eerste uitgave" in client.get("/uitgaven/1").text
    summary = client.get("/api/v1/releases/2").json()["changes"]
    assert summary["things"]["Region"] == {"added": 1, "removed": 0, "changed": 0}
    assert client.get("/api/v1/releases/1").json()["changes"] is None
    things = client.get("/api/v1/releases/1/changes", params={"since": 2}).json()["things"]
    assert [t["how"] for t in things if t["label"] == "Eiland"] == ["removed"]
    assert client.get("/api/v1/releases/2/changes", params={"since": 7}).status_code == 404


@pytest.mark.parametrize(
    "line",
    [
        b"<a:s> <a:p> <a:o> .\n",
        b'<a:s> <a:p> "x <y> z" .\n',
        b'<a:s> <a:p> "x"^^<a:t> .\n',
        b'<a:s> <a:p> "a \\" <b>"@nl-nl .\n',
    ],
)
def test_the_graph_of_a_line_is_its_fourth_term(line: bytes) -> None:
    assert graph_of(line) == b""
    assert graph_of(line.removesuffix(b".\n") + b"<a:g> .\n") == b"<a:g>"


def test_the_catalogue_has_what_the_dutch_profile_requires(client: TestClient) -> None:
    answer = client.get("/dcat")
    graph = Graph().parse(data=answer.content, format="turtle")
    names = dict(graph.namespaces())
    for kind, (required, single) in REQUIRED.items():
        found = set(graph.subjects(RDF.type, _iri(names, kind)))
        assert found, kind
        for subject in found:
            for name in required.split():
                assert list(graph.objects(subject, _iri(names, name))), (subject, name)
            for name in single.split():
                assert len(list(graph.objects(subject, _iri(names, name)))) <= 1, (subject, name)
    datasets = set(graph.objects(URIRef("http://hier.nl/dcat"), DCAT.dataset))
    assert datasets == {URIRef(f"https://w3id.org/regiograaf/id/uitgave/{n}") for n in (1, 2)}
    for address in graph.objects(None, DCAT.downloadURL):
        assert client.get(str(address).removeprefix("http://hier.nl")).status_code == 200


def _iri(names: dict[str, URIRef], name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return URIRef(str(names[prefix]) + local)


def test_a_release_describes_itself_under_its_permanent_address(client: TestClient) -> None:
    answer = client.get("/id/uitgave/1", headers={"accept": "text/turtle"})
    graph = Graph().parse(data=answer.content, format="turtle")
    one = URIRef("https://w3id.org/regiograaf/id/uitgave/1")
    assert (one, RDF.type, DCAT.Dataset) in graph
    assert client.get("/id/uitgave/1", headers={"accept": "text/html"}).url.path == "/uitgaven/1"
    assert client.get("/uitgaven/nieuwste").url.path == "/uitgaven/2"


def test_contact_and_publisher_come_from_the_settings_and_are_never_made_up(data: Path) -> None:
    plain = TestClient(create_app(Settings(data=data), open_release(data)))
    text = plain.get("/dcat").text
    assert "mailto:" not in text
    assert "REGIOGRAAF_CONTACT_EMAIL" in plain.get("/uitgaven/2").text
    settings = Settings(
        data=data, publisher_name='Bureau "Noord" & co', contact_email="vragen@voorbeeld.nl"
    )
    told = TestClient(create_app(settings, open_release(data)))
    assert "<mailto:vragen@voorbeeld.nl>" in told.get("/dcat").text
    assert "REGIOGRAAF_CONTACT_EMAIL" not in told.get("/uitgaven/2").text
    info = open_release(data).info
    assert yaml.safe_load(citation_cff(info, settings))["authors"][0]["name"] == settings.publisher_name  # fmt: skip
    assert r"\& co" in citation_bibtex(info, settings)


def test_the_publisher_without_settings_is_who_the_project_says_it_is() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    name = Settings.model_fields["publisher_name"].default
    assert name == citation["authors"][0]["name"] == code["maintenance"]["contacts"][0]["name"]


def test_a_release_is_cited_in_three_formats(client: TestClient) -> None:
    about = client.get("/api/v1/releases/2").json()
    assert "uitgave 2" in about["citation"]["text"]
    cff = yaml.safe_load(about["citation"]["cff"])
    assert (cff["type"], cff["version"], cff["date-released"]) == ("dataset", "2", "2026-02-01")
    assert cff["url"] == about["iri"]
    ris = about["citation"]["ris"].splitlines()
    assert (ris[0], ris[-1]) == ("TY  - DATA", "ER  - ")
    assert all(line[2:6] == "  - " for line in ris)
    for ending in ("cff", "bib", "ris"):
        answer = client.get(f"/uitgaven/2/regiograaf-2.{ending}")
        assert answer.text == about["citation"][ending]


def test_the_internal_release_is_offered_only_where_it_is_shown(
    data: Path, mini_internal: OpenRelease
) -> None:
    public = TestClient(create_app(Settings(data=data), open_release(data)))
    assert "internal" not in json.dumps(public.get("/api/v1/releases/2").json())
    settings = Settings(data=data, internal=True)
    app = create_app(settings, open_release(data, Variant.INTERNAL))
    about = TestClient(app).get("/api/v1/releases/2").json()
    app.state.service.shelf.close()
    assert about["sha256"] == open_release(data, Variant.INTERNAL).info.sha256["internal"]
    assert "access-right/RESTRICTED" in TestClient(app).get("/dcat").text
