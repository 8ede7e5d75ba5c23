"""Copies of the whole site in one encrypted file, and the site made again from one; docs/decisions/copies.md says why so."""
