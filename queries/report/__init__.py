"""The meeting pack: what a board should know of a release, as entries with passages. Never how it is laid out."""
