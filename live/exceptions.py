"""Exceptions that refuse an action on a live. When one is raised, nothing has been changed."""

from __future__ import annotations

from django.utils.translation import gettext as _


class ActionNotAllowed(Exception):
    """Raised when the live's state or the given numbers do not allow the action.

    `sentence` is for the person; `field` names the field of the form.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


class LiveNotStarted(ActionNotAllowed):
    def __init__(self) -> None:
        super().__init__(_("这场还没开播，先点“开播”。"))


class NotReady(ActionNotAllowed):
    """Raised when the live may not begin yet; `missing` as live.readiness.checks.list_missing_requirements lists it."""

    def __init__(self, missing: list) -> None:
        super().__init__(_("还差几样，补齐了才能开播。"))
        self.missing = missing


class LiveStarted(Exception):
    """Raised when the live has begun or was removed: its plan and its checklist can no longer change."""


class RundownFull(Exception):
    """Raised when the rundown would hold more items than it may."""
