"""Register the admin pages of this app's packages."""

from rehearsals.reviews.admin import ReviewAdmin, SubmissionAdmin  # noqa: F401 - register themselves
