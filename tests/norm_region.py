"""A small region made for the norms: every query of the pack meets each status in it."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from pyoxigraph import RdfFormat, serialize

from graph.dataset import Variant, build_dataset
from graph.release import OpenRelease, ReleaseInfo
from graph.tables.reader import read_tables
from graph.tables.rows import check_rows
from graph.tables.statements import to_quads

Tables = dict[str, list[dict[str, str]]]
SOURCE = {"bron": "900:1-9"}
STATUS_OF_GAP = {"none": "geen", "open": "open", "unreadable": "onleesbaar"}

DOCUMENTS = [
    {"id": "900-plan-2020", "naam": "Plan 2020", "datum": "2020", "soort": "document", "regels": "99"},
    {"id": "901-plan-2024", "naam": "Plan 2024", "datum": "2024", "soort": "document", "regels": "99"},
    {"id": "redactie-2026", "naam": "Redactie", "soort": "redactioneel", "regels": "11"},
]  # fmt: skip


def gap(thing: str, prop: str, status: str) -> dict[str, str]:
    said = f"De bron zegt {status}."
    row = {"onderwerp": thing, "eigenschap": prop, "status": STATUS_OF_GAP[status]}
    return {**row, "toelichting": said, "bron": "900:50-50"}


def seat(who: str, where: str, role: str = "deelnemer", **more: str) -> dict[str, str]:
    return {"wie": f"actor/{who}" if who else "", "waarin": where, "rol": role, **SOURCE, **more}


def check(norm: str, query: str, kind: str, **more: str) -> dict[str, str]:
    return {
        "norm": norm, "naam": f"Zin over {norm}", "naam_en": f"Sentence on {norm}",
        "geldt_voor": "deze regio", "onderwerp": kind, "gegevens": "Wat er nodig is.",
        "vraag": query, "remedie": f"Herstel {norm}.", "wie": "netwerkcoordinator",
        "bron": "redactie-2026:10-10", **more,
    }  # fmt: skip


def norm(slug: str, severity: str = "moet") -> dict[str, str]:
    about = {"id": slug, "naam": slug, "soort": "spelregel", "omschrijving": slug}
    return {**about, "ernst": severity, "bron": "900:2-2", "modaliteit": "norm"}


def named(slug: str, **more: str) -> dict[str, str]:
    return {"id": slug, "naam": slug.capitalize(), **SOURCE, **more}


def tables() -> Tables:
    """Return the rows of the region by sheet; things are named after the status they should get."""
    result: Tables = {"documenten": DOCUMENTS}
    for part in (_common(), _facts(), _seats(), _meetings(), _fulfilments()):
        for sheet, rows in part.items():
            result.setdefault(sheet, []).extend(rows)
    return result


def _common() -> Tables:
    kinds = {"alfa": "zorgverzekering", "beta": "overheid", "gamma": "overheid",
             "delta": "welzijn", "inwoners": "inwoners-en-patienten"}  # fmt: skip
    return {
        "actoren": [named(slug, soort="groep", sector=sector) for slug, sector in kinds.items()],
        "regios": [named("dorp", soort="subregio"), named("elders", soort="land")],
        "begrippenlijsten": [
            named("thema-plan", klasse="Thema"),
            named("eenheid", klasse="Begrip"),
        ],
    }


def _facts() -> Tables:
    things = ("met", "none", "open", "unreadable", "unknown", "exempt")
    themes = ("met", "none", "open", "unreadable", "unknown")
    return {
        "activiteiten": [
            *(named(f"act-{one}", soort="activiteit", bouwstenen="") for one in things),
            named("act-voorbeeld", soort="activiteit", modaliteit="voorbeeld"),
            named("act-thema", soort="activiteit", themas="thema-plan/thema-met"),
        ],
        "begrippen": [
            *(named(f"thema-{one}", lijst="thema-plan") for one in themes),
            *(named(f"eenheid-{one}", lijst="eenheid") for one in ("regie", "leeg")),
        ],
        "deelnames": [
            seat("alfa", "activiteit/act-met", "trekker"),
            seat("beta", "activiteit/act-met", "trekker"),
            seat("alfa", "activiteit/act-thema"),
            seat("beta", "activiteit/act-thema"),
        ],
        "hiaten": [
            *(gap(f"activiteit/act-{s}", "trekker", s) for s in STATUS_OF_GAP),
            *(gap(f"thema-plan/thema-{s}", "hasParticipant", s) for s in STATUS_OF_GAP),
        ],
        "normen": [norm("trekker"), norm("partijen", "hoort")],
        "toetsen": [
            check("trekker", "heeft-gegeven", "Activity", eigenschap="trekker",
                  niet_voor="activiteit/act-exempt", bouwstenen="bouwsteen-whitepaper/eigenaarschap"),
            check("partijen", "thema-heeft-partijen", "Theme", minimum="2"),
        ],
    }  # fmt: skip


def _seats() -> Tables:
    bodies = ("met", "none", "absent", "planned", "open", "unreadable", "unknown", "abroad")
    names = {one: f"samenwerking/tafel-{one}" for one in bodies}
    sector = {"namens_sector": "overheid"}
    return {
        "samenwerkingen": [
            *(named(f"tafel-{one}", soort="overlegorgaan",
                    regio="elders" if one == "abroad" else "dorp",
                    aantal_leden="3" if one == "absent" else "") for one in bodies),
            named("sectoren", soort="coalitie"), named("stil", soort="coalitie"),
        ],
        "deelnames": [
            seat("inwoners", names["met"], "adviseur", bron="900:3-3"),
            seat("inwoners", names["met"], "lid", bron="901:3-3"),
            seat("inwoners", names["planned"], modaliteit="voornemen"),
            seat("inwoners", names["unknown"], "doelgroep"),
            *(seat(who, names["absent"]) for who in ("alfa", "beta", "gamma")),
            seat("alfa", "samenwerking/sectoren", namens_sector="zorgverzekering", namens="delta"),
            seat("beta", "samenwerking/sectoren", **sector),
            seat("gamma", "samenwerking/sectoren", **sector),
            seat("inwoners", "samenwerking/sectoren", namens_sector="welzijn", modaliteit="voornemen"),
        ],
        "hiaten": [
            *(gap(names[s], "hasParticipant", s) for s in STATUS_OF_GAP),
            gap("samenwerking/stil", "hasParticipant", "unreadable"),
            gap("actor/beta", "onBehalfOf", "none"),
            gap("actor/gamma", "onBehalfOf", "open"),
        ],
        "normen": [norm("inwoners"), norm("sector"), norm("sector-stil"), norm("mandaat")],
        "toetsen": [
            check("inwoners", "partijen-aan-tafel", "GovernanceBody",
                  maatstaf="sector/inwoners-en-patienten",
                  bouwstenen="bouwsteen-whitepaper/collectieve-actie"),
            check("sector", "een-partij-per-sector", "Sector", betreft="samenwerking/sectoren",
                  maatstaf="sector/zorgverzekering; sector/overheid; sector/welzijn; sector/ggz"),
            check("sector-stil", "een-partij-per-sector", "Sector", betreft="samenwerking/stil",
                  maatstaf="sector/ggz"),
            check("mandaat", "partij-heeft-mandaat", "Organization", betreft="samenwerking/sectoren"),
        ],
    }  # fmt: skip


def _meetings() -> Tables:
    bodies = ("met", "none", "open", "unreadable", "unknown", "planned", "vague", "yearly")
    often = {"met": "vier keer per jaar", "yearly": "jaarlijks", "vague": "af en toe"}
    every = "; ".join(f"samenwerking/raad-{one}" for one in bodies)
    return {
        "samenwerkingen": [
            named(f"raad-{one}", soort="netwerk", frequentie=often.get(one, "")) for one in bodies
        ],
        "gebeurtenissen": [
            named(f"{body}-{n}", soort="bijeenkomst", door=f"samenwerking/raad-{body}", modaliteit=how)
            for body, how in (("met", ""), ("planned", "voornemen"))
            for n in (1, 2)
        ],
        "hiaten": [gap(f"samenwerking/raad-{s}", "frequency", s) for s in STATUS_OF_GAP],
        "normen": [norm("momenten"), norm("vaak", "kan")],
        "toetsen": [
            check("momenten", "genoeg-momenten", "Network", betreft=every, minimum="2"),
            check("vaak", "vaak-genoeg", "Network", betreft=every, minimum="2"),
        ],
    }  # fmt: skip


def _fulfilments() -> Tables:
    norms = [f"vul-{one}" for one in ("met", "none", "open", "planned", "unreadable", "unknown")]
    regie = "eenheid/eenheid-regie; norm/vul-met"
    return {
        "normen": [*map(norm, norms), norm("niet-na-te-gaan")],
        "toetsen": [
            *(check(one, "norm-is-ingevuld", "Concept", betreft="eenheid/eenheid-regie")
              for one in norms),
            check("niet-na-te-gaan", "", "Concept", ontbreekt="Een lijst die niemand heeft."),
        ],
        "invulling": [
            {"ding": "samenwerking/tafel-met", "waaraan": regie, "bron": "redactie-2026:11-11"},
            {"ding": "gebeurtenis/planned-1", "waaraan": "norm/vul-met; norm/vul-planned",
             "bron": "redactie-2026:11-11"},
        ],
        "hiaten": [gap(f"norm/vul-{s}", "status", s) for s in STATUS_OF_GAP],
        "aanvaard": [
            {"norm": "trekker", "onderwerp": "activiteit/act-unknown", "reden": "Loopt vanzelf.",
             "wie": "netwerkcoordinator", "datum": "2026-02-01", "bron": "redactie-2026:1-1"},
        ],
    }  # fmt: skip


def write_region(folder: Path, rows: Tables) -> None:
    """Write the tables as CSV, with the queries of the built-in norm pack beside them."""
    for sheet, records in rows.items():
        headers = list(dict.fromkeys(key for record in records for key in record))
        with (folder / f"{sheet}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headers, restval="")
            writer.writeheader()
            writer.writerows(records)
    (folder / "normen").mkdir()
    with as_file(files("graph").joinpath("data", "flevoland", "normen")) as pack:
        for query in pack.glob("*.rq"):
            (folder / "normen" / query.name).write_bytes(query.read_bytes())


def release_of(folder: Path, number: int = 1) -> OpenRelease:
    """Return a public release in memory of the tables in a folder, without the measures of the network."""
    raw, findings = read_tables(folder)
    rows, more, directory = check_rows(raw)
    assert [str(one) for one in (*findings, *more)] == []
    stated = serialize(to_quads(rows, directory), format=RdfFormat.N_QUADS)
    assert stated
    store = build_dataset(stated, Variant.PUBLIC, (), ())
    digest = hashlib.sha256(stated + str(number).encode()).hexdigest()
    info = ReleaseInfo(number, "2026-01-01", {}, {}, {}, {"public": digest})
    return OpenRelease(info, Variant.PUBLIC, store)


@cache
def norm_region() -> OpenRelease:
    """Return the region as a release; made once."""
    with tempfile.TemporaryDirectory() as name:
        write_region(Path(name), tables())
        return release_of(Path(name))
