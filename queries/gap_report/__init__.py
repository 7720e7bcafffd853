"""What is missing, told to people: gaps of norms and of gap queries together, grouped, counted, compared. Never HTML."""
