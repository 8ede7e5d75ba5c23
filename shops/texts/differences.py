"""Mark what differs between two texts of a listing, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from shops.models import Product
from ui.templatetags.ui import lang_attr

WORD = re.compile(r"[A-Za-z0-9.]+|.", re.DOTALL)  # numbers and English words are marked whole


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
    for what, start, end, start_new, end_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone.append(("{}" if what == "equal" else "<del>{}</del>", "".join(old[start:end])))
        come.append(("{}" if what == "equal" else "<ins>{}</ins>", "".join(new[start_new:end_new])))
    return join_marked(before, gone), join_marked(after, come)


def join_marked(text: str, parts: list[tuple[str, str]]) -> SafeString:
    whole = format_html_join("", "{}", ((format_html(form, part),) for form, part in parts if part))
    return format_html("<span{}>{}</span>", lang_attr(text), whole)
