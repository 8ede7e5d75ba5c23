"""Somebody was asked to record again and has not."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Cohort
from courses.models.drill import pick_title
from programme.support.causes.cause import DAY, Cause, Event, Fact, Name, Scope
from rehearsals.models import NoteAnswer, Review, Submission, TimedNote
from rehearsals.reviews.retakes import has_later_try
from rehearsals.submissions.dashboard import PASS_POINTS

# Somebody who practises once a week has had one occasion by then.
RETAKE_AFTER = 7 * DAY


class UnmadeRetake(Cause):
    """A rehearsal that a trainer asked to be recorded again, all of it or a part."""

    name = Name.RETAKE

    def find(self, scope: Scope) -> Iterator[Fact]:
        """Yield whom a trainer asked a week ago to record again, all of it or a part, and who has not. Two queries."""
        if not scope.is_learning:
            return
        edge = scope.now - RETAKE_AFTER
        signed = Review.objects.counting().filter(
            submission__cohort=scope.cohort,
            submission__user__in=scope.learners.order_by().values("user"),
            signed_at__lte=edge,
        )
        columns = ("submission__user", "submission", "submission__key")
        titles = ("submission__drill__title", "submission__drill__other_title")
        found: dict[int, Fact] = {}
        whole = (
            signed.filter(wants_again=True).exclude(has_later_try("submission__")).order_by("signed_at", "pk")
        )
        for row in whole.values_list("signed_at", *columns, *titles):
            describe_retake(found, row, _("“%(title)s”请他重录，还没录"))
        answered = NoteAnswer.objects.filter(note=OuterRef("pk"), rehearsal__isnull=False)
        notes = TimedNote.objects.filter(
            review__in=signed.order_by().values("pk"), asks_again=True, removed_at=None
        )
        notes = notes.filter(review__submission__rehearsal__livestream__removed_at=None)
        notes = notes.exclude(Exists(answered)).exclude(has_later_try("review__submission__"))
        under = [f"review__{name}" for name in ("signed_at", *columns, *titles)]
        for row in notes.order_by("review__signed_at", "pk").values_list(*under):
            describe_retake(found, row, _("“%(title)s”有一段请他重录，还没录"))
        yield from found.values()

    def find_ends(self, cohort: Cohort, users: Collection[int]) -> Iterator[Event]:
        rows = Submission.objects.filter(user__in=users).order_by()
        for user, at in rows.values_list("user", "received_at"):
            yield user, at, None

    def find_doers(self, cohort: Cohort, fact: Fact) -> QuerySet | None:
        drill = Submission.objects.filter(pk=fact.subject).values("drill")
        passed = Review.objects.counting().filter(
            submission__drill__in=drill, total__gte=PASS_POINTS, wants_again=False
        )
        return passed.order_by().values("submission__user")

    def describe(self) -> str:
        return _("老师请你把“%(title)s”重录一遍。")

    def build_url(self, subject: int, cohort: int) -> str:
        return reverse("rehearsals:practise")


def describe_retake(found: dict[int, Fact], row: tuple, words: str) -> None:
    """Add the fact of a submission, once; a request for all of it comes first."""
    at, user, submission, key, title, other = row
    name = pick_title(title or "", other or "") or _("彩排")
    url = reverse("rehearsals:submission", args=[key])
    fact = Fact(user, Name.RETAKE, at, words % {"title": name}, submission, name, url, _("看点评"))
    found.setdefault(submission, fact)
