"""What a phone fetches to have a lesson without a line: addresses, sizes, and the version of it all."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import NoReverseMatch, reverse

from courses.models import Lesson, Quiz

RUNGS = {"480": "480.mp4", "240": "240.mp4", "listen": "listen.m4a"}
# A page around its text, and a paper: what they weigh, roughly, before anybody has fetched them.
PAGE_BYTES, PAPER_BYTES = 8_000, 6_000
WIDEST = 720  # enough for a phone
PHOTO = re.compile(r"""(?P<stem>[^\s"']+)-(?P<width>\d+)\.webp""")


def listing(lesson: Lesson) -> dict:
    """Everything that is to be kept, with bytes. One query, for its quizzes, and a look at each photo's file.

    `fresh`: fetched anew at every keeping; `fixed`: never changes under its address; `post`: asked for by POST;
    `tag`: what the bytes are, where the address stays the same; `exact`: how long it must be.
    """
    quizzes = list(Quiz.objects.published().filter(lesson=lesson).order_by("pk").values_list("pk", flat=True))
    page = lesson.get_absolute_url()
    return {
        "lesson": lesson.pk,
        "title": lesson.title,
        "lang": "zh-Hans" if lesson.module.course.language == "zh-hans" else lesson.module.course.language,
        "version": version(lesson, quizzes),
        "page": page,
        "check": reverse("progress:keep", args=[lesson.pk]),
        "static": settings.STATIC_URL,
        "media": settings.MEDIA_URL,
        "video": f"{page}video/",
        "files": [{"url": page, "bytes": len(lesson.html.encode()) + PAGE_BYTES, "fresh": True}]
        + list(photos(lesson.html))
        + list(papers(quizzes)),
        "rungs": rungs(lesson),
    }


def version(lesson: Lesson, quizzes: list[int]) -> str:
    """Moves when what the lesson says or shows moves; a new release of the site does not move it."""
    video = lesson.video
    parts = [lesson.title, lesson.html, lesson.do_now, lesson.captions, quizzes]
    parts += [video.key, video.renditions] if video else []
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]


def photos(html: str) -> Iterator[dict]:
    """Each photo of the text once, in the width that suits a phone."""
    widths: dict[str, list[int]] = {}
    for found in PHOTO.finditer(html):
        if found["stem"].startswith(settings.MEDIA_URL):
            widths.setdefault(found["stem"], []).append(int(found["width"]))
    for stem, there in widths.items():
        fitting = [width for width in there if width <= WIDEST]
        url = f"{stem}-{max(fitting) if fitting else min(there)}.webp"
        yield {"url": url, "bytes": size(url.removeprefix(settings.MEDIA_URL)), "fixed": True}


def size(name: str) -> int:
    try:
        return default_storage.size(name)
    except OSError:
        return 0


def papers(quizzes: list[int]) -> Iterator[dict]:
    """The page of each quiz and a paper to answer; the paper is drawn when it is asked for."""
    for pk in quizzes:
        try:
            page, paper = reverse("progress:quiz", args=[pk]), reverse("progress:quiz_paper", args=[pk])
        except NoReverseMatch:
            return
        yield {"url": page, "bytes": PAGE_BYTES, "fresh": True}
        yield {"url": paper, "bytes": PAPER_BYTES, "fresh": True, "post": True}


def rungs(lesson: Lesson) -> list[dict]:
    video = lesson.video
    if not video or not video.is_ready:
        return []
    found = []
    for rung, part in RUNGS.items():
        if bytes := video.bytes_of(rung):
            try:
                url = reverse("progress:video", args=[lesson.pk, part])
            except NoReverseMatch:
                return []
            found.append(
                {"rung": rung, "url": url, "bytes": bytes, "tag": f"{video.key}-{bytes}", "exact": True}
            )
    return found
