"""Refuse forbidden words in short texts that buyers read and that have no findings of their own below their field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.forms import Form
from django.utils.translation import get_language, gettext

from wording.checker import check
from wording.facts import Facts


def refuse_forbidden_words(
    form: Form, texts: Mapping[str, object], names: Iterable[str], held: Facts
) -> None:
    """Add an error to each field in `names` that says what may not be said; `held` are facts that make words lawful.

    Disabled fields are left as they are: what is in them was there before and cannot be changed.
    """
    for name in names:
        if name not in form.fields or form.fields[name].disabled:
            continue
        for found in check(str(texts.get(name) or ""), "listing", held, get_language() or "zh"):
            if found.severity == "block":
                parts = {"words": found.words, "reason": found.reason}
                form.add_error(name, gettext("“%(words)s”不能用：%(reason)s") % parts)
