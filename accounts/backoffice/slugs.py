"""Make the slug of a row: its name in pinyin, if no other row has it."""

from __future__ import annotations

from collections.abc import Collection
from itertools import count

from django.db import models
from django.utils.text import slugify

from ui.fields import get_max_length


def find_free_slug(
    model: type[models.Model], words: str, fallback: str, reserved: Collection[str] = ()
) -> str:
    """Return a free slug: 青溪柚园 → qing-xi-you-yuan, or qing-xi-you-yuan-2 if that is taken or reserved."""
    # Imported here because its dictionary takes 60 MB, which only a process that makes slugs needs.
    from pypinyin import lazy_pinyin

    room = get_max_length(model, "slug")
    start = slugify(" ".join(lazy_pinyin(words)))[: room - 5].strip("-") or fallback
    for number in count(1):
        slug = start if number == 1 else f"{start}-{number}"
        if slug not in reserved and not model._default_manager.filter(slug=slug).exists():
            return slug
    raise AssertionError("count() does not end")
