"""What may be said: classes, relations, concept schemes and tables, as Turtle with one reader. Never data."""
