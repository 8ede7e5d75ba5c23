"""Report how far one person has come in each of their courses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from courses.models import Course, Lesson, State
from progress.models import Enrolment, LessonDone


@dataclass
class CourseProgress:
    enrolment: Any  # an Enrolment with the counts of `annotate_counts`
    next: Lesson | None

    @property
    def course(self) -> Course:
        return self.enrolment.course

    @property
    def total(self) -> int:
        return self.enrolment.total

    @property
    def done(self) -> int:
        return self.enrolment.done

    @property
    def is_finished(self) -> bool:
        return 0 < self.total <= self.done


def list_course_progress(user: User) -> list[CourseProgress]:
    """Return the courses the person is enrolled in, the one last worked on first. Three queries in all."""
    mine = annotate_counts(Enrolment.objects.active().filter(user=user))
    mine = list(
        mine.select_related("course__cover", "cohort__place", "cohort__mentor").prefetch_related(
            "cohort__trainers"
        )
    )
    ids = [enrolment.next_id for enrolment in mine if enrolment.next_id]
    lessons = Lesson.objects.select_related("module").defer("body", "html", "do_now").in_bulk(ids)
    mine.sort(key=lambda enrolment: enrolment.last_at or enrolment.enrolled_at, reverse=True)
    return [CourseProgress(enrolment, lessons.get(enrolment.next_id)) for enrolment in mine]


def choose_current(mine: list[CourseProgress], language: str | None) -> CourseProgress | None:
    """Choose the course to continue: the one studied last, if possible in the language of the page. None when nothing is
    left.

    A person who learns the Chinese course is never sent to an English lesson, not even after enrolling there too or
    finishing the Chinese course.
    """
    chinese = settings.LANGUAGE_CODE
    learns_here = language == chinese and any(one.course.language == chinese for one in mine)
    finished = {one.course.twin_id for one in mine if one.is_finished}

    def rank(one: CourseProgress) -> int:
        is_studied, is_read = one.enrolment.last_at is not None, one.course.language == language
        if is_studied and is_read:
            return 0
        if one.course.language == chinese and (is_studied or is_read):
            return 1
        return 2 if is_studied or is_read else 3

    left = [one for one in mine if one.next and one.course.pk not in finished]
    left = [one for one in left if one.course.language == chinese or not learns_here]
    return min(left, key=rank, default=None)


def annotate_counts(enrolments):
    """Annotate enrolments with `total`, `done`, `last_at` and `next_id`, counting the lessons published now."""
    lessons = Lesson.objects.published().filter(module__course=OuterRef("course")).order_by()
    done = LessonDone.objects.filter(
        user=OuterRef("user"), lesson__module__course=OuterRef("course"), lesson__state=State.PUBLISHED
    ).order_by()
    ticked = LessonDone.objects.filter(user=OuterRef(OuterRef("user")), lesson=OuterRef("pk"))
    return enrolments.annotate(
        total=count_subquery(lessons, "module__course"),
        done=count_subquery(done, "user"),
        last_at=Subquery(done.values("user").annotate(at=Max("happened_at")).values("at")),
        next_id=Subquery(lessons.filter(~Exists(ticked)).in_order().values("pk")[:1]),
    )


def count_subquery(rows, group: str) -> Coalesce:
    """Return a subquery that counts the rows, 0 for none."""
    counted = rows.order_by().values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
