"""Price and weight of a unit, and the earlier price that may be shown crossed out."""
