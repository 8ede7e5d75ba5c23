"""Certificates: what is missing for one, issuing, printing, and verifying them."""
