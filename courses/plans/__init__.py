"""A lesson's plan: what it consists of, and the pages that show it to those who teach the course."""
