"""Asking graduates how it goes, their answers, and the pages of both."""
