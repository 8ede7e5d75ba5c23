"""Mark what differs between two texts of a listing, field by field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shops.models import Product
from ui.templatetags.ui import lang_attr

WORD = re.compile(r"[A-Za-z0-9.]+|.", re.DOTALL)  # numbers and English words are marked whole
# Pairs of the same word in both texts that are compared: a text of 1000 characters has about 10,000.
MOST_PAIRS = 60_000


@dataclass(frozen=True)
class TextDifference:
    """Show one field in both texts: `before` with what goes in <del>, `after` with what is new in <ins>."""

    label: str
    before: SafeString
    after: SafeString
    before_text: str
    after_text: str


def list_differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[TextDifference]:
    """Return the fields whose texts differ."""
    labels = {field.name: str(field.verbose_name) for field in Product._meta.fields}
    return [
        TextDifference(labels[name], *mark_differences(before[name], after[name]), before[name], after[name])
        for name in before
        if before[name] != after[name]
    ]


def mark_differences(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Render both texts with what differs marked."""
    old, new = WORD.findall(before), WORD.findall(after)
    gone, come = [], []
    for what, start, end, start_new, end_new in compare_words(old, new):
        gone.append(("{}" if what == "equal" else "<del>{}</del>", "".join(old[start:end])))
        come.append(("{}" if what == "equal" else "<ins>{}</ins>", "".join(new[start_new:end_new])))
    return join_marked(before, gone), join_marked(after, come)


def compare_words(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield the parts that are equal and those that differ, as (what, start, end, start in `new`, end in `new`).

    What stands between the equal beginning and end differs as a whole where the same few characters are repeated, because the
    comparison of such texts takes as long as the product of their lengths.
    """
    first = count_equal(old, new)
    last = count_equal(old[first:][::-1], new[first:][::-1])
    between, between_new = old[first : len(old) - last], new[first : len(new) - last]
    counts = Counter(between_new)
    yield "equal", 0, first, 0, first
    if sum(counts[word] for word in between) > MOST_PAIRS:
        yield "replace", first, len(old) - last, first, len(new) - last
    else:
        matcher = SequenceMatcher(None, between, between_new, autojunk=False)
        for what, start, end, start_new, end_new in matcher.get_opcodes():
            yield what, first + start, first + end, first + start_new, first + end_new
    yield "equal", len(old) - last, len(old), len(new) - last, len(new)


def count_equal(old: list[str], new: list[str]) -> int:
    """Return how many words from the beginning are the same."""
    pairs = zip(old, new, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(old), len(new)))


def join_marked(text: str, parts: list[tuple[str, str]]) -> SafeString:
    whole = format_html_join("", "{}", ((format_html(form, part),) for form, part in parts if part))
    return format_html("<span{}>{}</span>", lang_attr(text), whole)
