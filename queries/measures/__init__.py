"""Network measures on the projections of a release. Never drawing."""
