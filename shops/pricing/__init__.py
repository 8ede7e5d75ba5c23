"""What a unit costs and weighs, and the earlier price that may be shown crossed out."""
