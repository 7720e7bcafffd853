"""The page about the endpoint: what can be asked, in which formats, and where the limits are."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.http.represent import address
from api.pages.render import Context, uncached_page
from api.pages.texts import Texts, texts_of
from api.pages.wording import size_words
from api.settings import Settings
from api.state import service_of
from graph.evaluate import GRAPH_TYPES, RESULT_TYPES
from graph.identity import parse_passage_iri
from graph.release import OpenRelease
from queries.statistics import ontology_version, statistics_of

router = APIRouter(include_in_schema=False)

PARAMETERS = ("query", "default-graph-uri", "named-graph-uri", "timeout", "release")


@router.get("/over/sparql")
def service_page(request: Request) -> HTMLResponse:
    """Return what the endpoint can do and where its limits are, as they are set."""
    service = service_of(request)
    # Not kept: it names the address at which this client reached us.
    context = {
        "endpoint": address(request, "/sparql"),
        "parameters": PARAMETERS,
        "limits": limits(service.settings, texts_of(request)),
        "tables": list(RESULT_TYPES),
        "graphs_forms": list(GRAPH_TYPES),
        "versions": _versions(service.release),
        **_graphs(service.release),
    }
    return uncached_page(request, "service.html", context)


def limits(settings: Settings, texts: Texts) -> dict[str, str]:
    """Return every limit of the endpoint by the key of its name, in words."""

    def seconds(number: float) -> str:
        plain = f"{number:g}"
        shown = plain.replace(".", ",") if texts.language == "nl" else plain
        return texts("service.seconds", number=shown)

    return {
        "query_size": size_words(settings.max_query_bytes, texts),
        "depth": str(settings.max_query_depth),
        "time": seconds(settings.query_timeout_s),
        "result": size_words(settings.max_result_bytes, texts),
        "memory": size_words(settings.worker_memory_bytes, texts),
        "at_once": str(settings.max_queries_per_client),
        "waiting": seconds(settings.queue_timeout_s),
        "long_after": seconds(settings.slow_after_s),
        "long": str(settings.max_long_queries),
        "long_budget": seconds(settings.long_budget_s_per_minute),
        "others": str(settings.max_other_releases),
        "reading": seconds(settings.send_timeout_s),
    }


def _graphs(release: OpenRelease) -> Context:
    """Return the graphs of our own with their size, and how many passages there are, with one of them."""
    counted = statistics_of(release).graphs
    passages = [graph for graph, _ in counted if parse_passage_iri(graph)]
    own = [
        (graph, graph.rsplit("/", 1)[-1], count)
        for graph, count in counted
        if not parse_passage_iri(graph)
    ]
    return {"graphs": own, "passage_count": len(passages), "passage": next(iter(passages), "")}


def _versions(release: OpenRelease) -> dict[str, str]:
    return {
        "release": str(release.info.number),
        "software": version("regiograaf"),
        "ontology": ontology_version(release),
        "engine": version("pyoxigraph"),
    }
