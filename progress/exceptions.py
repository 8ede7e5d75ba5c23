"""Exceptions that several packages raise and catch."""


class NotEnrolled(Exception):
    """Raised when the person is not enrolled in the course, so that nothing can be recorded for them."""
