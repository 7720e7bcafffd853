"""Pages, one file for each family, thin. Never logic of their own."""

from api.pages import (
    analysis,
    coverage,
    gaps,
    lists,
    mirror,
    money,
    network,
    network_files,
    overview,
    permanent,
    questions,
    releases,
    report,
    theme,
    timeline,
    wellknown,
)

PAGES = (
    overview.router,
    network.router,
    network_files.router,
    gaps.router,
    mirror.router,
    analysis.router,
    questions.router,
    lists.router,
    money.router,
    theme.router,
    timeline.router,
    report.router,
    coverage.router,
    wellknown.router,
    releases.router,
    permanent.router,
)
