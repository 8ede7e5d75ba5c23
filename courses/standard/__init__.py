"""The written course beside the national occupational standard."""
