"""Pages, one file for each family, thin. Never logic of their own."""
