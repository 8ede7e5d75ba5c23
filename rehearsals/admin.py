"""Import the admin of each package, which registers itself."""

from rehearsals.reviews.admin import ReviewAdmin, SubmissionAdmin  # noqa: F401 - register themselves
