"""Why something about a live is not taken. Each says it in a sentence for whoever asked; then nothing has changed."""

from __future__ import annotations

from django.utils.translation import gettext as _


class NotPossible(Exception):
    """The live does not stand where this begins, or the numbers do not fit. `sentence` says what is there, `field` which
    number it is about."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


class NotBegun(NotPossible):
    def __init__(self) -> None:
        super().__init__(_("这场还没开播，先点“开播”。"))


class Lacking(NotPossible):
    """It may not begin yet; `lacks` as live.readiness gives them."""

    def __init__(self, lacks: list) -> None:
        super().__init__(_("还差几样，补齐了才能开播。"))
        self.lacks = lacks


class KeyTaken(Exception):
    """The id names a row of another live, or another thing in this one: no form of ours was sent here."""
