"""Cells to checked rows to statements: the one way in. Never a store."""
