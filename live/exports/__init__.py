"""What platforms export after a live, read into figures: any encoding, any of their shapes, first looked at, then taken."""
