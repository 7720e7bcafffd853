"""Whole releases as files: which forms there are, who makes them, where they are kept. Never what is in them."""
