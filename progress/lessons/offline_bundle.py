"""Describe what a phone fetches to store a lesson for offline use: URLs, sizes and a version of all of it."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from courses.models import Lesson
from courses.outline import locate_lesson
from media.storages import StorageUnavailable
from progress.lessons import voices
from progress.lessons.player import FILES
from progress.quizzes import quiz_status

# The estimated weight of a page without its text, and of a paper, before they were ever fetched.
PAGE_BYTES, PAPER_BYTES = 8_000, 6_000
# The same for a photo, whose file is asked for its size while there is time: a bucket may be slow.
PHOTO_BYTES, MEASURING_SECONDS = 40_000, 2
WIDEST = 720  # enough for a phone
APART = re.compile(r"""[\s"']+""")
PHOTO = re.compile(r"(?P<stem>.+)-(?P<width>\d{1,5})\.webp")


def describe_bundle(lesson: Lesson, user: User, choice: str = "") -> dict:
    """Return everything to store, with its bytes. Three queries, for its quizzes and its
    recordings, and the size of each photo's file is read. Of several voices one is stored: `choice`, else the first.

    `fresh`: fetched again whenever the lesson is stored; `fixed`: never changes under its URL; `post`: requested by POST and
    stored in localStorage under `shelf`; `tag`: what the bytes are; `exact`: its length must be as stated; `film`: only stored
    with a film.
    """
    found = voices.list_readings(lesson, user, only_open=True)
    chosen = next((one for one in found if one.choice == choice), None)
    readings = [chosen] if chosen else found[:1]
    quizzes = quiz_status.list_ids_for_lesson(lesson, locate_lesson(lesson))
    page = lesson.get_absolute_url()
    return {
        "lesson": lesson.pk,
        "title": lesson.title,
        "lang": "zh-Hans" if lesson.module.course.language == "zh-hans" else lesson.module.course.language,
        "version": get_version(lesson, quizzes, readings),
        "page": page,
        "check": reverse("progress:keep", args=[lesson.pk])
        + (f"?{urlencode({'voice': chosen.choice})}" if chosen else ""),
        "static": settings.STATIC_URL,
        "media": settings.MEDIA_URL,
        "files": [{"url": page, "bytes": len(lesson.html.encode()) + PAGE_BYTES, "fresh": True}]
        + list(list_photos(lesson.shown_html))
        + [{"url": url, "bytes": size, "fixed": True} for one in readings for url, size in one.files.items()]
        + [
            {"url": url, "bytes": size, "fixed": True, "film": True}
            for one in readings
            for url, size in one.film_files.items()
        ]
        + list(list_papers(quizzes, user)),
        "rungs": list_renditions(lesson),
    }


def get_version(lesson: Lesson, quizzes: list[int], readings: list[voices.Reading]) -> str:
    """Return a hash of what the lesson says and shows; a new release of the site does not change it."""
    video = lesson.video
    parts = [lesson.title, lesson.shown_html, lesson.do_now, lesson.captions, quizzes]
    parts += [video.key, video.renditions] if video else []
    parts += [[*one.files, *one.film_files] for one in readings]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def list_photos(html: str) -> Iterator[dict]:
    """List each photo of the text once, in the width that suits a phone."""
    widths: dict[str, list[int]] = {}
    for word in APART.split(html):  # word by word, because a search tries again from each sign of a long one
        found = PHOTO.fullmatch(word) if word.startswith(settings.MEDIA_URL) else None
        if found:
            widths.setdefault(found["stem"], []).append(int(found["width"]))
    until = time.monotonic() + MEASURING_SECONDS
    for stem, there in widths.items():
        fitting = [width for width in there if width <= WIDEST]
        url = f"{stem}-{max(fitting) if fitting else min(there)}.webp"
        yield {"url": url, "bytes": get_size(url.removeprefix(settings.MEDIA_URL), until), "fixed": True}


def get_size(name: str, until: float) -> int:
    """Return the file's bytes; an estimate where a bucket does not say so by that time (time.monotonic)."""
    try:
        return measure(name) if time.monotonic() < until else PHOTO_BYTES
    except StorageUnavailable:
        return PHOTO_BYTES
    except (OSError, SuspiciousOperation):  # a URL that is only text may be any string
        return 0


@lru_cache(10_000)
def measure(name: str) -> int:
    """Return the bytes of a photo's file, which never change under its name."""
    return default_storage.size(name)


def list_papers(quizzes: list[int], user: User) -> Iterator[dict]:
    """List the page of each quiz and a paper to answer; the paper is drawn when it is fetched."""
    for pk in quizzes:
        yield {"url": reverse("progress:quiz", args=[pk]), "bytes": PAGE_BYTES, "fresh": True}
        paper = reverse("progress:quiz_paper", args=[pk])
        stored_as = f"paper:{user.pk}:{pk}"
        yield {"url": paper, "bytes": PAPER_BYTES, "fresh": True, "post": True, "shelf": stored_as}


def list_renditions(lesson: Lesson) -> list[dict]:
    video = lesson.video
    if not video or not video.is_ready:
        return []
    return [
        {
            "rung": str(rendition),
            "url": f"{lesson.get_absolute_url()}video/{FILES[rendition]}?v={video.key[:8]}",
            "bytes": video.bytes_of(rendition),
            "tag": f"{video.key}-{video.bytes_of(rendition)}",
            "exact": True,
        }
        for rendition in FILES
        if video.bytes_of(rendition)
    ]
