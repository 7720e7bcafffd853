"""What is asked of a release: the catalogue of queries, gaps, measures. Never how an answer looks."""
