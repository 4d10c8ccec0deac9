"""A node over HTTP: answering, and asking others."""
