"""A lesson as it is shown to a room: its slides, and the questions on them."""
