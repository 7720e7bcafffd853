"""Releases on another SPARQL 1.1 server: filled, read back and asked. Never a release of our own."""
