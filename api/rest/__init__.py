"""Resources under /api/v1, thin. Never logic of its own."""
