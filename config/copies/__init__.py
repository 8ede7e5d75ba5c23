"""Copies of the whole site in one encrypted file, and restoring a site from one; docs/decisions/copies.md gives the reasons."""
