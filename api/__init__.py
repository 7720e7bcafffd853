"""How it is reached: command line, SPARQL endpoint, REST and pages. Never a question of its own."""
