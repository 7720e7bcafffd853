"""What is said, by whom, in which release: tables, checks, stores, inference, projections. Never questions or pictures."""
