"""A change of statements as a change of rows, proven by making the statements again. Writes nothing itself."""
