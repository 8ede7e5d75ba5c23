"""Examinations at the end of a course: who may skip what, the theory, and the practical before two examiners."""
