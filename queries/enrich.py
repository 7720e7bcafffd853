"""What is added to a release beyond what is stated and inferred: measures of the network."""

from __future__ import annotations

from collections.abc import Sequence

from graph.dataset import Enrichment
from queries.measures.statements import measure_statements

ENRICHMENTS: Sequence[Enrichment] = (measure_statements,)
