"""A lesson that is being written: its preview, how long it takes to read, what it costs, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from courses.authoring import checks, lesson_cost
from courses.models import Lesson, LessonPicture, Module
from courses.rendering import render_markdown
from media.models import Photo
from ui.fields import get_max_length

LONGEST = get_max_length(Lesson, "body")
MOST_PICTURES = 50


@dataclass
class Draft:
    """An unsaved lesson and its pictures, some of them unsaved too."""

    lesson: Lesson
    pictures: list[LessonPicture]

    @property
    def readable_body(self) -> str:
        """Return the text up to the limit: rendering a longer one would take too long with unclosed brackets."""
        return self.lesson.body[:LONGEST]

    @cached_property
    def length(self) -> lesson_cost.Length:
        return lesson_cost.measure_text(self.readable_body)

    @cached_property
    def weight(self) -> lesson_cost.Weight:
        photos = [picture.photo for picture in self.pictures]
        return lesson_cost.calculate_weight(len(self.lesson.body), photos, self.lesson.video)

    @cached_property
    def costs(self) -> list[tuple[str, str]]:
        """Return [(rendition, megabytes)] of the page and then of each way to follow its video, the lightest first."""
        weight = self.weight
        renditions = [
            ("page", 0),
            ("listen", weight.listen),
            ("240", weight.small_video),
            ("480", weight.video),
        ]
        return [
            (rendition, lesson_cost.format_megabytes(weight.page + size))
            for rendition, size in renditions
            if size or rendition == "page"
        ]

    @property
    def excess(self) -> int:
        return max(len(self.lesson.body) - LONGEST, 0)

    @cached_property
    def problems(self) -> list[str]:
        if not self.lesson.body.strip():
            return []
        return [sentence for sentence, _at, _blocks in checks.check_body(self.readable_body, self.pictures)]

    def render(self) -> None:
        self.lesson.html = render_markdown(
            self.readable_body, {picture.name: picture for picture in self.pictures}
        )


def build_stored_draft(lesson: Lesson) -> Draft:
    return Draft(lesson, list(lesson.pictures.select_related("photo")))


def build_posted_draft(form: Mapping[str, str], lesson: Lesson | None, module: Module | None, user) -> Draft:
    """Build a draft from the posted fields, leaving out what is invalid. Two queries at most.

    Photos are those of this lesson and the person's own; "new" stands for one that is uploaded when the form is saved.
    """
    minutes = form.get("minutes", "")
    written = Lesson(
        module=module,
        title=form.get("title", "").strip()[:200],
        phrases=form.get("phrases", ""),
        body=form.get("body", "").replace("\r\n", "\n"),
        do_now=form.get("do_now", ""),
        minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 4 else 5,
        video=lesson.video if lesson else None,
    )
    return Draft(written, build_pictures(form, lesson, user))


def build_pictures(form: Mapping[str, str], lesson: Lesson | None, user) -> list[LessonPicture]:
    total = form.get("pictures-TOTAL_FORMS", "0")[:4]
    rows = [f"pictures-{n}-" for n in range(min(int(total) if total.isdecimal() else 0, MOST_PICTURES))]
    rows = [
        row
        for row in rows
        if form.get(f"{row}photo") and form.get(f"{row}name") and not form.get(f"{row}DELETE")
    ]
    keys = {form[f"{row}photo"] for row in rows}
    photos = (
        {photo.key: photo for photo in Photo.objects.public().filter(key__in=keys, owner=user)}
        if keys
        else {}
    )
    if lesson and keys - photos.keys():
        theirs = lesson.pictures.select_related("photo")
        photos |= {picture.photo.key: picture.photo for picture in theirs if picture.photo.key in keys}
    photos["new"] = Photo()
    return [
        LessonPicture(
            name=form[f"{row}name"], alt=form.get(f"{row}alt", ""), photo=photos[form[f"{row}photo"]]
        )
        for row in rows
        if form[f"{row}photo"] in photos
    ]
