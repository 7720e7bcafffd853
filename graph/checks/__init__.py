"""What may be wrong with data, as findings with a place and a remedy. Never changes data."""
