"""Certificates as Open Badges 3.0 credentials, which others check without asking this site who the holder is."""
