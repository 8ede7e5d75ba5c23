"""What the demo learns: classes, their sessions, progress, rehearsals, steps, support, and what it came to."""
