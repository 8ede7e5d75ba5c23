"""Why an action on a live is refused. Nothing has changed when one of these is raised."""

from __future__ import annotations

from django.utils.translation import gettext as _


class ActionNotAllowed(Exception):
    """The live's state or the numbers given do not allow it. `sentence` is for the person; `field` names the form's field."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


class LiveNotStarted(ActionNotAllowed):
    def __init__(self) -> None:
        super().__init__(_("这场还没开播，先点“开播”。"))


class NotReady(ActionNotAllowed):
    """The live may not begin yet; `missing` as live.readiness.checks.checks lists it."""

    def __init__(self, missing: list) -> None:
        super().__init__(_("还差几样，补齐了才能开播。"))
        self.missing = missing


class LiveStarted(Exception):
    """The live has begun or was removed: its plan and its checklist can no longer change."""


class RundownFull(Exception):
    """The rundown would hold more items than it may."""


class IdempotencyConflict(Exception):
    """The id sent with the form already names another row, of this live or of another."""
