"""Tasks answered by a trainer: notes, the answer and taking it back, and the three that the class is shown."""
