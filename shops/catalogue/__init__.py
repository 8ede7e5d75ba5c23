"""The catalogue: what buyers can find, search, filter and read."""
