"""The gap report as a file, CSV or Excel: the same for the command line and the web."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from api.files.csvtext import to_csv
from graph.release import OpenRelease
from graph.tables.workbook import write_workbook
from queries.gap_report.history import Key
from queries.gap_report.report import ReportGap
from queries.gap_report.table import FIELDS, report_row, report_sheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def gaps_csv(gaps: Sequence[ReportGap], since: dict[Key, int]) -> str:
    """Return a row for each gap, with machine-readable names above the columns."""
    return to_csv(FIELDS, [report_row(gap, since) for gap in gaps])


def gaps_workbook(
    release: OpenRelease,
    gaps: Sequence[ReportGap],
    since: dict[Key, int],
    address: Callable[[str], str] = lambda iri: iri,
) -> bytes:
    """Return a workbook with a row for each gap; links lead to the IRIs, or to what `address` makes of them."""
    title = f"Hiaten, uitgave {release.info.number}"
    sheets = report_sheets(gaps, since, address)
    return write_workbook(sheets, title, date.fromisoformat(release.info.date))
