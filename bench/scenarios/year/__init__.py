"""A year of a county: what happens in it (county, classes, shops, simulation), its figures, and their recount."""
