"""Read the queries of a norm pack: each .rq file in the folder 'normen' is a row of the sheet normvragen."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import yaml

from graph.checks.findings import Finding, nearest
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
    cells = {heading: str(front[key]) for key, heading in KEYS.items() if key in front}
    body = "\n".join(line for line in lines if not line.startswith(_MARK)).strip()
    return {**cells, "tekst": unicodedata.normalize("NFC", body)}, unknown


def _finding(file: Path, key: str, got: str, expected: str, similar: str = "") -> Finding:
    hint = nearest(similar, KEYS) if similar else ""
    return Finding(_name(file), SHEET, 0, key, got, expected, hint)


def _name(file: Path) -> str:
    return f"{FOLDER}/{file.name}"
