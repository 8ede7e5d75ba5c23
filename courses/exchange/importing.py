"""What a trainer does with a course's zip: look what it would change, then bring it in; and copy a course."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from accounts.models import Place, User
from courses import addresses, rules
from courses.exchange.bringing import Media, bring, known
from courses.exchange.document import Document, Unreadable
from courses.exchange.packing import described, key
from courses.exchange.taking import taken
from courses.exchange.unpacking import opened, store
from courses.models import Course, Lesson, State
from courses.publishing import note_withdrawal
from media.models import Photo, Video


@dataclass
class Changes:
    """What bringing a document in would do; titles of lessons, in order."""

    course: Course | None
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: int = 0
    # In the course, not in the document: they stay as they are.
    stays: list[str] = field(default_factory=list)
    questions: int = 0
    media: int = 0
    # Files of the zip that the document does not name.
    extras: list[str] = field(default_factory=list)


def course_for(document: Document, user: User) -> Course | None:
    """The course the document would update: of the same address, if this person may edit it."""
    found = Course.objects.filter(slug=document["course"]["slug"]).select_related("place").first()
    return found if found and rules.can_edit(user, found) else None


def changes(document: Document, course: Course | None) -> Changes:
    """Three queries."""
    told = Changes(course, media=len(document["media"]))
    told.questions = sum(len(bank["questions"]) for bank in document["banks"])
    modules = {module.number: module for module in course.modules.all()} if course else {}
    rows = list(Lesson.objects.filter(module__course=course).in_order()) if course else []
    met = set()
    for text in document["modules"]:
        module = modules.get(text["number"])
        there = [row for row in rows if module and row.module_id == module.pk]
        for position, lesson in enumerate(text["lessons"], 1):
            row = known(there, position, lesson, text["lessons"])
            if row is None:
                told.new.append(lesson["title"])
                continue
            met.add(row.pk)
            if any(getattr(row, name) != lesson[name] for name in ("title", "body", "do_now", "captions")):
                told.changed.append(lesson["title"])
            else:
                told.same += 1
    told.stays = [row.title for row in rows if row.pk not in met]
    return told


def bring_zip(file: BinaryIO, place: Place, user: User) -> Course:
    """Brings it in as the course of its address, or as a new one where that address is another's.

    Raises Unreadable. Photos and videos that the course has already are not stored twice. A course that is new here
    begins as a draft; one that is here stays as it is, because publishing checks it and is written down.
    """
    with opened(file) as package:
        document = package.document
        course = course_for(document, user)
        have = {key(described(row)): row for row in media_of(course)} if course else {}
        if course is None:
            document["course"] |= {"slug": free_slug(document["course"]["slug"]), "state": State.DRAFT}
        else:
            document["course"] |= {"state": course.state}
        rows = {name: have.get(name) or store(package, name, user) for name in document["media"]}
    try:
        return (
            updated(document, of_rows(rows), course, user)
            if course
            else bring(document, place, of_rows(rows))
        )
    except (DatabaseError, ValidationError, ValueError, OverflowError) as error:
        # A 31st of February, half a surrogate: of the right shape, and yet not to be stored.
        raise Unreadable(_("course.json 读不懂")) from error


@transaction.atomic
def updated(document: Document, media: Media, course: Course, user: User) -> Course:
    """Lessons that become drafts are noted as taken back: what phones did in them meanwhile still counts."""
    out = list(
        Lesson.objects.filter(module__course=course, state=State.PUBLISHED).values_list("pk", flat=True)
    )
    bring(document, course.place, media, course)
    taken_back = Lesson.objects.filter(pk__in=out, state=State.DRAFT).select_related("module__course__place")
    for lesson in taken_back:
        note_withdrawal(lesson, user)
    return course


def of_rows(rows: dict[str, Photo | Video]) -> Media:
    return Media(rows.__getitem__, rows.__getitem__)


def duplicated(course: Course, title: str) -> Course:
    """A draft copy under another title, its photos and videos shared with the first; nobody is enrolled in it."""
    rows: dict[str, Photo | Video] = {}

    def key_of(row: Photo | Video) -> str:
        name = f"{type(row).__name__.lower()}-{row.pk}"
        rows[name] = row
        return name

    document = taken(course, key_of)
    document["course"] |= {"title": title, "slug": free_slug(course.slug), "state": State.DRAFT}
    return bring(document, course.place, of_rows(rows))


def media_of(course: Course) -> list[Photo | Video]:
    """All photos and videos of a course that are ready."""
    rows: dict[tuple, Photo | Video] = {}

    def note(row: Photo | Video) -> str:
        rows[type(row), row.pk] = row
        return ""

    taken(course, note)
    return list(rows.values())


def free_slug(slug: str, taken: Callable[[str], bool] | None = None) -> str:
    """This address, or with the first number that makes it free."""
    is_taken = taken or (lambda one: Course.objects.filter(slug=one).exists())
    number, found = 2, slug
    while found in addresses.TAKEN or is_taken(found):
        found = f"{slug[:55]}-{number}"
        number += 1
    return found
