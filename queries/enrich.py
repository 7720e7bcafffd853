"""What is added to a release beyond what is stated and inferred: measures and the query catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from graph.dataset import Enrichment

ENRICHMENTS: Sequence[Enrichment] = ()
