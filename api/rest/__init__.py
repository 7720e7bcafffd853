"""Resources under /api/v1, thin. Never logic of their own."""

from api.rest import analysis, gaps, network, queries, releases

RESOURCES = (gaps.router, queries.router, network.router, analysis.router, releases.router)
