"""A lesson in a trainer's own voice: its paragraphs, the recordings of them, and the page on which they are made."""
