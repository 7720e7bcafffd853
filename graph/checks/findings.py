"""A finding: one thing wrong in data handed in, with its place and what to do, in Dutch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from ontology.errors import InputError


@dataclass(frozen=True, order=True)
class Finding:
    """One complaint; `row` counts from 1 with the heading as row 1, 0 when it concerns the whole file."""

    file: str
    sheet: str
    row: int
    column: str
    got: str
    expected: str
    nearest: str = ""

    def __str__(self) -> str:
        """Return the complaint as one Dutch sentence: where, got, expected, nearest."""
        place = [self.file]
        if self.sheet and not self.file.startswith(f"{self.sheet}."):
            place.append(f"blad '{self.sheet}'")
        if self.row:
            place.append(f"rij {self.row}")
        if self.column:
            place.append(f"kolom '{self.column}'")
        got = f"{self.got}; " if self.got else ""
        hint = f" Bedoelde u '{self.nearest}'?" if self.nearest else ""
        return f"{', '.join(place)}: {got}{self.expected}.{hint}"


class ChecksFailed(InputError):
    """Data did not pass the checks; nothing was changed. The findings are sorted by place."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings, sorted."""
        self.findings = sorted(set(findings))
        count = len(self.findings)
        noun = "bevinding" if count == 1 else "bevindingen"
        super().__init__(f"{count} {noun}; er is niets gewijzigd")


def nearest(got: str, candidates: Iterable[str]) -> str:
    """Return the candidate most like what was given, or '' if none is at least 70% alike (Jaro-Winkler)."""
    best = process.extractOne(
        got.lower(),
        sorted(set(candidates)),
        scorer=JaroWinkler.normalized_similarity,
        score_cutoff=0.7,
    )
    return best[0] if best else ""
