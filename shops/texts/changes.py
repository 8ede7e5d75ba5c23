"""Changes that a tap makes to a text with a finding: what is offered, and applied while the text is still the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shops.texts import text_check
from shops.texts.text_check import Found
from wording import rewrites
from wording.facts import Facts
from wording.rulebook.statements import GAP

REWRITE = "rewrite:"  # how the name of a button that applies a rewrite begins
AROUND = 6  # characters on each side by which the place of a change is found again
TextChecker = Callable[[str], list[Found]]  # finds what a text of one field hits


@dataclass(frozen=True)
class Rewrite:
    """One change that a tap makes: `hit`, at position `at` of the text, is replaced by `put`; `shown` is the text after it.

    `before` and `after` are the characters around `hit`, by which a page finds the place again in a text that has changed.
    """

    act: str
    hit: str
    put: str
    at: int
    before: str
    after: str
    shown: str

    @property
    def title(self) -> str:
        if GAP in self.put:
            return gettext("点一下，换成这句，再把空填上")
        return gettext("点一下，换成这句") if self.put else gettext("点一下，删掉它")

    @classmethod
    def of(cls, found: Found, number: int, text: str, change: rewrites.Change) -> Rewrite:
        first, last = rewrites.cut_excerpt(text, change.start, change.end)
        hit = text[change.start : change.end]
        return cls(
            f"{REWRITE}{found.field}:{found.start}:{found.end}:{number}:{digest_change(text, change)}",
            hit,
            change.put,
            change.start,
            text[max(0, change.start - AROUND) : change.start],
            text[change.end : change.end + AROUND],
            first + change.put + last,
        )


def digest_change(text: str, change: rewrites.Change) -> str:
    """Return a digest of what a change replaces, with what, and between which characters."""
    around = text[max(0, change.start - AROUND) : change.end + AROUND]
    return hashlib.sha256(f"{around}|{change.put}".encode()).hexdigest()[:10]


class TextChanged(Exception):
    """Raised when a text is no longer the one for which a change was offered; `sentence` says so to the person."""

    sentence = _("这段话跟刚才不一样了，没有替你改。看看现在的提示，再点一下。")


def apply_rewrite(
    data: QueryDict, act: str, fields: tuple[str, ...], facts: Facts | None = None
) -> QueryDict:
    """Return the data with the rewrite `act` applied. Raises TextChanged if its text is another one by now."""
    data = data.copy()
    name, _colon, place = act.removeprefix(REWRITE).partition(":")
    if name not in fields:
        raise TextChanged
    text = text_check.normalize_text(data.get(name))
    data[name] = apply_proposed_change(text, place, make_text_checker(name, facts))
    return data


def apply_proposed_change(text: str, place: str, look: TextChecker) -> str:
    """Return the text with the change that was offered at `place` (as 3:5:0:digest). Raises TextChanged."""
    start, end, number, digest = (place.split(":") + [""] * 4)[:4]
    for found in look(text):
        if (str(found.start), str(found.end)) != (start, end):
            continue
        for at, change in enumerate(rewrites.propose_changes(text, found, look)):
            if str(at) == number and digest_change(text, change) == digest:
                return change.apply(text)
    raise TextChanged


def make_text_checker(name: str, facts: Facts | None = None) -> TextChecker:
    """Return the function that checks one field of a listing or a shop; each text once, and not without end."""
    return rewrites.limit_work(lambda text: text_check.check_texts({name: text}, facts))
