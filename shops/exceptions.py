"""Exceptions that refuse an action of a seller, a buyer or an organiser. When one is raised, nothing has been changed."""

from __future__ import annotations

from django.utils.translation import gettext as _


class MissingRequirement(str):
    """One reason for a refusal: a sentence, with the URL and the label (`words`) of the page that resolves it.

    `for_owner`: only the shop's owner can open that page. `names`: how many things the sentence names.
    """

    url = ""
    words = ""
    for_owner = False
    names = 1

    @classmethod
    def of(cls, sentence: str, url: str, words: str, for_owner: bool = False) -> MissingRequirement:
        requirement = cls(sentence)
        requirement.url, requirement.words, requirement.for_owner = url, words, for_owner
        return requirement


class ActionNotAllowed(Exception):
    """Raised when the row's state or the input does not allow the action.

    `reasons` are sentences for the person who asked, some of them a MissingRequirement.
    """

    def __init__(self, *reasons: str) -> None:
        super().__init__(*reasons)
        self.reasons = list(reasons)

    @property
    def sentence(self) -> str:
        return _("；").join(self.reasons)


class IdempotencyConflict(Exception):
    """Raised when the key sent with a form or an event belongs to another row, which nothing of this site would send."""
