"""How it looks: networks, positions, charts and exports. Never a query of its own, never a web route."""
