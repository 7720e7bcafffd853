"""What is added to a release beyond what is stated and inferred: measures of the network, and the questions to ask."""

from __future__ import annotations

from collections.abc import Sequence

from graph.dataset import Enrichment
from queries.examples import example_statements
from queries.measures.statements import measure_statements

ENRICHMENTS: Sequence[Enrichment] = (measure_statements, example_statements)
