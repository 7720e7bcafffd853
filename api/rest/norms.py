"""Norms with their answers, the mirror, who sits for whom, and the scorecard."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.files.gaps_json import norm_report, one_norm
from api.files.norms_json import mirror_json, representation_json, scorecard_json
from api.state import service_of
from queries.gap_report.groups import Grouping
from queries.gap_report.report import NORM, Wanted, choose_gaps
from queries.norms.evaluation import find_result
from queries.norms.representation import find_representation, representations
from queries.norms.scorecard import scorecard
from queries.norms.spiegel import Mirror, goal_mirror, mirror, mirror_row

router = APIRouter(prefix="/api/v1", tags=["norms"])


class Against(StrEnum):
    """What the mirror is held against."""

    BOUWSTENEN = "bouwstenen"
    GOALS = "goals"


@router.get("/norms")
def list_norms(
    request: Request,
    group: Annotated[Grouping | None, Query(description="Group the gaps as well")] = None,
) -> dict[str, Any]:
    """Return every norm of the pack: severity, passage, things evaluated, counts that add up, gaps."""
    release = service_of(request).release
    return {"release": release.info.number, **norm_report(release, group)}


@router.get("/norms/{norm}")
def show_norm(request: Request, norm: str) -> dict[str, Any]:
    """Return one norm by its id."""
    release = service_of(request).release
    result = find_result(release, norm)
    gaps = choose_gaps(release, Wanted(rule=NORM + norm))
    return {"release": release.info.number, **one_norm(result, gaps)}


@router.get("/mirror")
def show_mirror(
    request: Request,
    against: Annotated[Against, Query(description="Bouwstenen or goals of the plan")] = (
        Against.BOUWSTENEN
    ),
    thing: Annotated[str | None, Query(description="Only the row of this IRI")] = None,
) -> dict[str, Any]:
    """Return collaborations, programmes and activities against the bouwstenen or goals, with evidence."""
    release = service_of(request).release
    held = goal_mirror(release) if against is Against.GOALS else mirror(release)
    if thing:
        held = Mirror(held.columns, (mirror_row(held, thing),))
    return {"release": release.info.number, **mirror_json(held)}


@router.get("/representation")
def show_representation(
    request: Request, body: Annotated[str | None, Query(description="Only this body")] = None
) -> dict[str, Any]:
    """Return who sits in which body, for which sector and with which mandate."""
    release = service_of(request).release
    found = [find_representation(release, body)] if body else list(representations(release))
    return {"release": release.info.number, "bodies": [representation_json(one) for one in found]}


@router.get("/scorecard")
def show_scorecard(request: Request) -> dict[str, Any]:
    """Return minimal governance in counts."""
    release = service_of(request).release
    return {"release": release.info.number, **scorecard_json(scorecard(release))}
