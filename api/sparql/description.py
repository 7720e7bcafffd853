"""The service description: what the endpoint can do and where its limits are (SPARQL 1.1 SD)."""

from __future__ import annotations

import re
from functools import lru_cache

from api.settings import Settings
from api.sparql.sending import max_request_bytes
from graph.evaluate import GRAPH_TYPES, RESULT_TYPES, convert_turtle
from ontology.terms import PREFIXES

# Of each media type the name that the W3C keeps for it.
_FORMATS = {
    "application/sparql-results+json": "SPARQL_Results_JSON",
    "application/sparql-results+xml": "SPARQL_Results_XML",
    "text/csv": "SPARQL_Results_CSV",
    "text/tab-separated-values": "SPARQL_Results_TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/ld+json": "JSON-LD",
    "application/rdf+xml": "RDF_XML",
}
_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
_TEMPLATE = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX format: <http://www.w3.org/ns/formats/>
PREFIX dct: <{dct}>

<> a sd:Service ;
  dct:title "Regiograaf: SPARQL-endpoint"@nl , "Regiograaf: SPARQL endpoint"@en ;
  dct:description {limits_nl}@nl , {limits_en}@en ;
  sd:endpoint <> ;
  sd:supportedLanguage sd:SPARQL11Query {update} ;
  sd:resultFormat {formats} ;
  sd:defaultDataset [
    a sd:Dataset ;
    sd:defaultGraph [ a sd:Graph ]
  ] .
"""


def describe_service(settings: Settings, iri: str, media_type: str) -> bytes:
    """Return the service description in a graph format."""
    return _describe(_limits_nl(settings), _limits_en(settings), iri, media_type, settings.empty)


def endpoint_iri(scheme: str, host: str, path: str) -> str:
    """Return the address under which a client reached the endpoint."""
    return f"{scheme}://{host if _HOST.fullmatch(host) else 'localhost'}{path}"


@lru_cache(maxsize=64)
def _describe(limits_nl: str, limits_en: str, iri: str, media_type: str, editable: bool) -> bytes:
    text = _TEMPLATE.format(
        dct=PREFIXES["dct"],
        limits_nl=f'"{limits_nl}"',
        limits_en=f'"{limits_en}"',
        update=", sd:SPARQL11Update" if editable else "",
        formats=" , ".join(f"format:{_FORMATS[t]}" for t in (*RESULT_TYPES, *GRAPH_TYPES)),
    )
    return convert_turtle(text, iri, media_type)


def _limits_nl(settings: Settings) -> str:
    return (
        f"Een vraag mag {settings.max_query_bytes} bytes groot zijn, {settings.max_query_depth} haakjes "
        f"diep, {settings.query_timeout_s:g} seconden duren (korter met timeout=) en "
        f"{settings.max_result_bytes} bytes antwoord geven; {settings.max_queries_per_client} tegelijk, "
        f"waarvan de lange samen {settings.long_budget_s_per_minute:g} seconden per minuut. Een verzoek mag "
        f"{max_request_bytes(settings.max_query_bytes)} bytes inhoud hebben. SERVICE en LOAD worden niet uitgevoerd."
    )


def _limits_en(settings: Settings) -> str:
    return (
        f"A query may be {settings.max_query_bytes} bytes, {settings.max_query_depth} brackets deep, "
        f"take {settings.query_timeout_s:g} seconds (less with timeout=) and give "
        f"{settings.max_result_bytes} bytes; {settings.max_queries_per_client} at a time, of which long ones "
        f"{settings.long_budget_s_per_minute:g} seconds a minute together. A request may have "
        f"{max_request_bytes(settings.max_query_bytes)} bytes of content. SERVICE and LOAD are never run."
    )
