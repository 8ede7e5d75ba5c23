"""The catalogue: pages on which buyers find, search, filter and read products."""
