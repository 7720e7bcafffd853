"""How a region stands against its norms: answers, gaps, mirror, seats, scorecard. Never the norms themselves."""
