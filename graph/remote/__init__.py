"""Releases on another SPARQL 1.1 server: filled, read back and asked; never a release of our own."""
