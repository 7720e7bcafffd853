"""Pages, one file for each family, thin. Never logic of their own."""

from api.pages import coverage, gaps, lists, network, overview, questions

PAGES = (
    overview.router,
    network.router,
    gaps.router,
    questions.router,
    lists.router,
    coverage.router,
)
