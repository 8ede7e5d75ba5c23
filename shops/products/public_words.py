"""Refuse forbidden words in short texts that buyers read and that have no findings of their own below their field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.forms import Form
from django.utils.translation import get_language, gettext, ngettext

from wording.checker import check
from wording.facts import Facts

MOST_SHOWN = 30  # findings shown in one place; a text may have thousands


def describe_rest(n: int) -> str:
    """Return the sentence that says how many findings are not shown; empty for none."""
    if n <= 0:
        return ""
    sentence = ngettext("还有 %(n)d 处没列出来，先改上面这些。", "还有 %(n)d 处没列出来，先改上面这些。", n)
    return sentence % {"n": n}


def shorten_sentences(sentences: list[str]) -> list[str]:
    """Return the first sentences about findings, and one that says how many more there are."""
    rest = describe_rest(len(sentences) - MOST_SHOWN)
    return [*sentences[:MOST_SHOWN], rest] if rest else sentences


def refuse_forbidden_words(
    form: Form, texts: Mapping[str, object], names: Iterable[str], held: Facts
) -> None:
    """Add an error to each field in `names` that says what may not be said; `held` are facts that make words lawful.

    Disabled fields are left as they are: what is in them was there before and cannot be changed.
    """
    for name in names:
        if name not in form.fields or form.fields[name].disabled:
            continue
        sentence = gettext("“%(words)s”不能用：%(reason)s")
        findings = check(str(texts.get(name) or ""), "listing", held, get_language() or "zh")
        sentences = [
            sentence % {"words": one.words, "reason": one.reason}
            for one in findings
            if one.severity == "block"
        ]
        if sentences:
            form.add_error(name, shorten_sentences(sentences))
