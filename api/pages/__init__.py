"""Pages, one file for each family, thin. Never logic of their own."""

from api.pages import (
    analysis,
    coverage,
    gaps,
    lists,
    mirror,
    network,
    overview,
    questions,
    wellknown,
)

PAGES = (
    overview.router,
    network.router,
    gaps.router,
    mirror.router,
    analysis.router,
    questions.router,
    lists.router,
    coverage.router,
    wellknown.router,
)
