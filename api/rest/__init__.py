"""Resources under /api/v1, thin. Never logic of their own."""

from api.rest import analysis, gaps, network, norms, queries, releases, report, vocabulary

RESOURCES = (
    gaps.router,
    norms.router,
    queries.router,
    network.router,
    analysis.router,
    releases.router,
    vocabulary.router,
    report.router,
)
