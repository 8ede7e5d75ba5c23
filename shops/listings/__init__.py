"""Products a seller lists: the form, its drafts, the check of its text, and the review."""
