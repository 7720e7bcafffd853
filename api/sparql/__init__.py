"""The SPARQL endpoint: protocol, limits, workers, cache, formats. Never pages."""
