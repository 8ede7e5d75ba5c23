"""Graduates who teach: their invitation, their small class, whom they taught and what became of those."""
