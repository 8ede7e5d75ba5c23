"""Why an action of a seller, a buyer or an organiser is refused. Nothing has changed when one of these is raised."""

from __future__ import annotations

from django.utils.translation import gettext as _


class MissingRequirement(str):
    """One reason of a refusal, with the address and the label of the page that puts it right.

    `for_owner`: that page is the shop owner's alone; `names`: how many things the sentence names.
    """

    url = ""
    words = ""
    for_owner = False
    names = 1

    @classmethod
    def of(cls, sentence: str, url: str, words: str, for_owner: bool = False) -> MissingRequirement:
        lack = cls(sentence)
        lack.url, lack.words, lack.for_owner = url, words, for_owner
        return lack


class ActionNotAllowed(Exception):
    """The state of the row, or what was given, does not allow it. `reasons` are sentences for the person who asked,
    some of them a MissingRequirement."""

    def __init__(self, *reasons: object) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)

    @property
    def sentence(self) -> str:
        return _("；").join(str(reason) for reason in self.reasons)


class IdempotencyConflict(Exception):
    """The key sent with the form already names another row: no form of ours was sent here."""
