"""Read the queries of a norm pack: each .rq file in the folder 'normen' is a row of the sheet normvragen."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import yaml

from graph.checks.findings import Finding, nearest
from graph.checks.packs import find_fault
from graph.tables.raw import RawRow

FOLDER = "normen"
SHEET = "normvragen"
# Key of the front matter to the heading it fills; the file name is the id, the rest is the text.
KEYS = {
    "title": "naam",
    "title_en": "naam_en",
    "summary": "omschrijving",
    "source": "bron",
}
REQUIRED = ("title", "source")
_MARK = "#+"


def read_queries(region: Path) -> tuple[list[RawRow], list[Finding]]:
    """Return a row for each sound .rq file of a region's folder, in order of name, and what is wrong with others."""
    rows: list[RawRow] = []
    findings: list[Finding] = []
    for file in sorted((region / FOLDER).glob("*.rq")):
        cells, complaints = _read(file)
        findings.extend(complaints)
        if not complaints:
            rows.append(RawRow(SHEET, _name(file), 0, {"id": file.stem, **cells}))
    return rows, findings


def _read(file: Path) -> tuple[dict[str, str], list[Finding]]:
    try:
        lines = file.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return {}, [_finding(file, "", "geen UTF-8", "sla het bestand op als UTF-8")]
    head = "\n".join(line.removeprefix(_MARK) for line in lines if line.startswith(_MARK))
    try:
        front = yaml.safe_load(head) or {}
    except yaml.YAMLError:
        front = None
    if not isinstance(front, dict):
        expected = f'begin met regels als {_MARK} title: "...", tekst tussen aanhalingstekens'
        return {}, [_finding(file, "", "de kop is niet te lezen", expected)]
    unknown = [
        _finding(file, str(key), "onbekende sleutel", f"bekend: {', '.join(KEYS)}", str(key))
        for key in front
        if key not in KEYS
    ]
    absent = [
        Finding(_name(file), "", 0, "", "", f'zet bovenaan een regel: {_MARK} {key}: "..."')
        for key in REQUIRED
        if not front.get(key)
    ]
    cells = {heading: str(front[key]) for key, heading in KEYS.items() if key in front}
    body = "\n".join(line for line in lines if not line.startswith(_MARK)).strip()
    text = unicodedata.normalize("NFC", body)
    return {**cells, "tekst": text}, [*unknown, *absent, *_faults(file, text)]


def _faults(file: Path, text: str) -> list[Finding]:
    """Say what is wrong with the query, at the line of the file as its maker sees it."""
    fault = find_fault(text)
    if fault is None:
        return []
    if fault.line is None:
        return [Finding(_name(file), "", 0, "", "", fault.message)]
    line = text.split("\n")[fault.line - 1].strip()
    source = file.read_text("utf-8-sig").splitlines()
    places = [number for number, own in enumerate(source, 1) if not own.startswith(_MARK)]
    blank = next(n for n, number in enumerate(places) if source[number - 1].strip())
    number = places[blank + fault.line - 1]
    return [Finding(_name(file), "", 0, "", f"regel {number} «{line}»", fault.message)]


def _finding(file: Path, key: str, got: str, expected: str, similar: str = "") -> Finding:
    hint = nearest(similar, KEYS) if similar else ""
    told = f"{got} '{key}'" if key else got
    return Finding(_name(file), "", 0, "", told, expected, hint)


def _name(file: Path) -> str:
    return f"{FOLDER}/{file.name}"
