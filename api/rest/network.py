"""The network and its measures."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.files.network import network_file
from api.http.openapi import also
from api.state import service_of
from graph.network import collaboration_overlap, two_mode_graph
from queries.measures.definitions import MEASURES, PROJECTIONS
from queries.measures.relations import EXPORTABLE, RELATIONS
from queries.measures.statements import read_measures
from queries.names import names_of
from queries.selection import MAX_DEPTH
from viz.exports import FORMATS, find_format

router = APIRouter(prefix="/api/v1", tags=["network"])


@router.get("/network")
def network(request: Request) -> dict[str, Any]:
    """Return the collaborations, and for each pair the parties they share."""
    release = service_of(request).release
    graph = collaboration_overlap(two_mode_graph(release.store))
    nodes = [{"id": node, "label": graph.nodes[node]["label"]} for node in sorted(graph)]
    edges = [
        {"source": one, "target": other, "weight": data["weight"], "shared": data["shared"]}
        for one, other, data in sorted(graph.edges(data=True), key=lambda edge: edge[:2])
    ]
    return {"release": release.info.number, "nodes": nodes, "edges": edges}


@router.get("/network/export", responses=also(*{f.media_type for f in FORMATS.values()}))
def export_network(
    request: Request,
    form: Annotated[str, Query(alias="format", json_schema_extra={"enum": [*FORMATS]})] = "graphml",
    graph: Annotated[str, Query(description=", ".join(EXPORTABLE))] = RELATIONS,
    around: Annotated[str, Query(description="Only near this: IRI, key or label")] = "",
    depth: Annotated[int, Query(ge=1, le=MAX_DEPTH, description="Steps from `around`")] = 1,
) -> Response:
    """Return a network as a file for another tool; 'alles' has every relation that a source states."""
    release = service_of(request).release
    shape = find_format(form)
    body = network_file(release, form, graph, around, depth)
    name = f"regiograaf-{release.info.number}-{graph}-{form}.{shape.ending}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=shape.media_type, headers=disposition)


@router.get("/measures")
def measures(request: Request) -> dict[str, Any]:
    """Return every measure of the release with its definition, by measure, projection and rank."""
    release = service_of(request).release
    found = read_measures(release)
    labels = names_of(release).labels
    about = [
        {
            "measure": m.slug,
            "question": m.question,
            "reading": m.reading,
            "scaling": m.scaling,
            "span": m.span,
            "source": m.source,
            "formula": m.formula,
            "projections": {name: PROJECTIONS[name] for name in m.projections},
            "published": m.published,
        }
        for m in MEASURES
    ]
    values = [{**asdict(m), "label": labels.get(m.thing, m.thing)} for m in found]
    return {"release": release.info.number, "measures": about, "values": values}
