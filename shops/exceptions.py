"""Why an action of a seller, a buyer or an organiser is refused. Nothing has changed when one of these is raised."""

from __future__ import annotations

from django.utils.translation import gettext as _


class ActionNotAllowed(Exception):
    """The state of the row, or what was given, does not allow it. `reasons` are sentences for the person who asked."""

    def __init__(self, *reasons: object) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)

    @property
    def sentence(self) -> str:
        return _("；").join(str(reason) for reason in self.reasons)


class IdempotencyConflict(Exception):
    """The key sent with the form already names another row: no form of ours was sent here."""
