"""What follows from a scenario or an outcome: small tables, each with its own question."""
