"""The command line: one file for each family of verbs, thin. Never logic of its own."""
