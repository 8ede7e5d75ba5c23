"""Hold the exceptions that several packages raise and catch."""


class NotEnrolled(Exception):
    """The person is not enrolled in the course, so nothing of it can be recorded for them."""
