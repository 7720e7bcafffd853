"""The gap report as one table: the same rows for a CSV file, a workbook and a test that counts them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from graph.tables.workbook import CellValue, Link, Sheet
from queries.gap_report.history import Key
from queries.gap_report.report import STATUS_WORDS, ReportGap, count_gaps
from queries.names import Passage
from queries.overview import SEVERITIES

SEVERITY_WORDS = {"must": "moet", "should": "zou moeten", "may": "kan"}


@dataclass(frozen=True)
class Column:
    """A column: name in CSV, heading in a workbook, width there in characters."""

    name: str
    heading: str
    width: int


COLUMNS = (
    Column("query", "Kenmerk", 14),
    Column("severity", "Ernst", 12),
    Column("title", "Norm of vraag", 38),
    Column("subject", "IRI", 14),
    Column("label", "Onderwerp", 34),
    Column("status", "Status", 22),
    Column("detail", "Wat de bronnen zeggen", 48),
    Column("passage", "Bron", 40),
    Column("remedy", "Wat u kunt doen", 44),
    Column("owner", "Wie dat kan doen", 22),
    Column("since", "Sinds uitgave", 9),
    Column("accepted", "Geaccepteerd, omdat", 34),
    Column("accepted_by", "Geaccepteerd door", 20),
    Column("accepted_on", "Geaccepteerd op", 13),
    Column("sentence", "In één zin", 60),
)
FIELDS = tuple(column.name for column in COLUMNS)
Row = tuple[str, ...]


def report_row(gap: ReportGap, since: dict[Key, int]) -> Row:
    """Return a gap as text by column; passages and things as whole IRIs, '' for what there is not."""
    accepted = gap.accepted
    return (
        gap.rule.id,
        gap.rule.severity,
        gap.rule.label,
        gap.subject.iri,
        gap.subject.label,
        gap.status,
        gap.detail,
        gap.passage.iri if gap.passage else "",
        gap.rule.remedy,
        "; ".join(owner.label for owner in gap.rule.owners),
        str(since.get(gap.key, "")),
        accepted.reason if accepted else "",
        accepted.role.label if accepted else "",
        accepted.day if accepted else "",
        gap.sentence,
    )


def report_sheets(
    gaps: Sequence[ReportGap], since: dict[Key, int], address: Callable[[str], str]
) -> list[Sheet]:
    """Return the report as sheets for people: every gap, and how many there are.

    `address` turns the IRI of a thing or passage into the address a link leads to.
    """
    rows = [_for_people(gap, report_row(gap, since), address) for gap in gaps]
    columns = tuple((column.heading, column.width) for column in COLUMNS)
    return [Sheet("Hiaten", columns, rows), _counts(gaps)]


def _for_people(gap: ReportGap, row: Row, address: Callable[[str], str]) -> list[CellValue]:
    cells: dict[str, CellValue] = dict(zip(FIELDS, row, strict=True))
    cells["severity"] = SEVERITY_WORDS[gap.rule.severity]
    cells["status"] = STATUS_WORDS[gap.status]
    cells["label"] = Link(gap.subject.label, address(gap.subject.iri))
    if gap.passage:
        cells["passage"] = Link(_place(gap.passage), address(gap.passage.iri))
    if number := row[FIELDS.index("since")]:
        cells["since"] = int(number)
    return list(cells.values())


def _place(passage: Passage) -> str:
    when = f" ({passage.date})" if passage.date else ""
    return f"{passage.title}{when}, regels {passage.first}-{passage.last}"


def _counts(gaps: Sequence[ReportGap]) -> Sheet:
    counts = count_gaps(gaps)
    statuses = tuple(counts[SEVERITIES[0]])
    columns = (("Ernst", 14), *((STATUS_WORDS[s], 20) for s in statuses), ("Samen", 10))
    rows: list[list[CellValue]] = [
        [SEVERITY_WORDS[severity], *same.values(), sum(same.values())]
        for severity, same in counts.items()
    ]
    totals = [sum(counts[severity][status] for severity in SEVERITIES) for status in statuses]
    return Sheet("Aantallen", columns, [*rows, ["samen", *totals, sum(totals)]])
