"""Where a note on a task stands: its sentence, and its spot on a photo."""

from __future__ import annotations

import json

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from media.photos.html import render_photo
from rehearsals.models import TaskItem, TaskNote
from rehearsals.models.task import WHOLE_SIDE
from rehearsals.tasks.texts import get_texts
from ui.formats import bytes_over

register = template.Library()


@register.filter
def where(note: TaskNote) -> str:
    """Return on what the note stands: 第 2 样, 第 1 样，0:12, or 整份."""
    if note.item is None:
        return _("整份")
    if note.at_ms is None:
        return _("第 %(n)s 样") % {"n": note.item.position}
    minutes, seconds = divmod(note.at_ms // 1000, 60)
    return _("第 %(n)s 样，%(at)s") % {"n": note.item.position, "at": f"{minutes}:{seconds:02}"}


@register.filter
def file_size(size: int) -> str:
    """Return 12 KB or 3.4 MB, rounded up."""
    return f"{-(-size // 1000)} KB" if size < 100_000 else f"{bytes_over(size, 10**6)} MB"


@register.simple_tag
def task_words() -> str:
    """Return as JSON what the scripts say of tasks that wait on the phone."""
    return json.dumps(get_texts(), ensure_ascii=False)


@register.simple_tag
def item_photo(item: TaskItem, task: int, alt: str) -> SafeString:
    """Render the photo of an item, from the address that answers those who may see the hand-in."""

    def url_at(width: int) -> str:
        return reverse("rehearsals:task_photo", args=[task, item.pk, width])

    return render_photo(item.photo, alt, "(min-width: 48rem) 40rem, 92vw", "item__pic", url_at)


@register.simple_tag
def spots(item: TaskItem, notes: list[TaskNote]) -> SafeString:
    """Draw the numbers of the notes on their spots of a photo, over the picture."""
    numbered = [
        (n, note) for n, note in enumerate(notes, 1) if note.item_id == item.pk and note.x is not None
    ]
    photo = item.photo
    if not numbered or photo is None or not (photo.width and photo.height):
        return SafeString("")
    size = max(photo.width, photo.height)
    drawn = format_html_join(
        "",
        '<circle cx="{0}" cy="{1}" r="{2}"/><text x="{0}" y="{1}" dy="{3}" font-size="{4}">{5}</text>',
        (
            (
                photo.width * (note.x or 0) // WHOLE_SIDE,
                photo.height * (note.y or 0) // WHOLE_SIDE,
                size // 28,
                size // 75,
                size // 26,
                n,
            )
            for n, note in numbered
        ),
    )
    return format_html(
        '<svg class="item__spots" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>',
        photo.width,
        photo.height,
        drawn,
    )
