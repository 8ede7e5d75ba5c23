"""Find who of a class is stuck, with what and since when: computed from the rows of what people did, never stored.

Nobody is named for one wrong try, for a day without learning, or for what is done by now: each cause has its least number or
its days, and is gone as soon as the row that solves it is there. Only people who are in the class now are looked at. A
constant number of queries, whatever the size of the class. An assignment other than a rehearsal is never handed back, so that
it can be no cause.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Cohort, Lesson, Module, Opening, Quiz, State
from courses.models.drill import pick_title
from courses.twin_quizzes import build_test_key, pair_courses
from programme.certificates.requirements import find_rule, load_standings
from programme.models import Attendance, Certificate, Mark, SupportCase
from programme.models.attendance import CLOSES_AFTER, CREDITED
from progress.classes import rejected_events
from progress.classes.board import QUIET, find_members
from progress.lessons.player import format_clock
from progress.models import Attempt, LessonDone, Watch
from progress.quizzes import talks
from rehearsals.models import NoteAnswer, Review, Submission, TimedNote
from rehearsals.reviews.retakes import has_later_try
from rehearsals.submissions.dashboard import find_missing_takes
from shops.models import Product

Cause = SupportCase.Cause
DAY = datetime.timedelta(days=1)

# One failure is a lesson and two may be bad luck with the paper; after three the law examination asks for a talk, too.
FAILURES = 3
# A lesson is late when the class's page calls its person quiet, so that both say the same.
LESSON_AFTER = QUIET
# A phone sends by itself when it has a connection: after two days it is lost, full or switched off.
UNSENT_AFTER = 2 * DAY
ABSENCES = 2
# Somebody who practises once a week has had one occasion by then.
RETAKE_AFTER = 7 * DAY
# A week is left to do the one thing that is missing before the class ends.
CERTIFICATE_BEFORE = 7 * DAY
# In thirty days a seller can be granted the role, open a shop and have a harvest to list.
LISTING_AFTER = 30 * DAY
# Half a year after the class nobody calls about it any more.
FOLLOWED = 180 * DAY
# Events of phones that were not applied; more than these, the oldest, are not read for one class.
MOST_EVENTS = 500


@dataclass(frozen=True)
class Fact:
    """One thing with which a person is stuck: in words, and the page that helps with it, with the words of its link.

    `since` is when it began; a case that was opened before that is about an earlier time (programme.support.board).
    """

    user: int
    cause: str
    since: datetime.datetime
    words: str
    subject: int = 0
    title: str = ""
    url: str = ""
    button: str = ""

    @property
    def key(self) -> tuple[int, str, int]:
        return self.user, self.cause, self.subject

    @property
    def rank(self) -> int:
        """Return how pressing it is, the order of the causes: who cannot go on without a trainer comes first."""
        return list(Cause).index(Cause(self.cause))


@dataclass(frozen=True)
class Scope:
    """The people of one class that are asked about, `among` these only if given, at one moment."""

    cohort: Cohort
    among: Collection[int] | None = None
    now: datetime.datetime = field(default_factory=timezone.now)

    @property
    def members(self) -> QuerySet:
        rows = find_members(self.cohort)
        return rows if self.among is None else rows.filter(user__in=self.among)

    @property
    def users(self) -> QuerySet:
        return self.members.order_by().values("user")

    @property
    def learners(self) -> QuerySet:
        """Return the members without a certificate: whoever has one is through, whatever was left out."""
        return self.members.exclude(user__in=find_certified(self.cohort).values("user"))

    @property
    def today(self) -> datetime.date:
        return timezone.localdate(self.now)

    @property
    def is_learning(self) -> bool:
        """Return whether lessons and rehearsals are still made up for: as long as its attendance is corrected."""
        return self.today <= self.cohort.ends_on + CLOSES_AFTER


def is_followed(cohort: Cohort) -> bool:
    return cohort.starts_on <= timezone.localdate() <= cohort.ends_on + FOLLOWED


def find_facts(cohort: Cohort, among: Collection[int] | None = None) -> dict[int, list[Fact]]:
    """Return by person what they are stuck with, the most pressing first; about `among` only, if given."""
    if not is_followed(cohort):
        return {}
    scope = Scope(cohort, among)
    found: dict[int, list[Fact]] = {}
    for find in FINDERS:
        for fact in find(scope):
            found.setdefault(fact.user, []).append(fact)
    for facts in found.values():
        facts[:] = leave_out_same(facts)
    return found


def leave_out_same(facts: list[Fact]) -> list[Fact]:
    """Leave out what another line says already: the certificate that lacks what the person is stuck with."""
    others = {fact.cause for fact in facts} - {Cause.CERTIFICATE, Cause.ABSENT, Cause.LISTING}
    kept = [fact for fact in facts if fact.cause != Cause.CERTIFICATE or not others]
    return sorted(kept, key=lambda fact: (fact.rank, fact.since, fact.subject))


# --- quizzes ---


def find_failed_quizzes(scope: Scope) -> Iterator[Fact]:
    """Yield who failed a quiz of the course, in either language, too often since the last pass and talk. Two queries."""
    course = scope.cohort.course_id
    of_course = Q(quiz__course=course) | pair_courses("quiz__course__", course)
    # A quiz that permits something, as the law examination does the first live session, is passed after the certificate, too.
    asked = Q(user__in=scope.learners.order_by().values("user")) | ~Q(quiz__clears="")
    tries = Attempt.objects.filter(of_course, asked, quiz__state=State.PUBLISHED, user__in=scope.users)
    failed = talks.find_failures(tries.exclude(quiz__kind=Quiz.Kind.PRE), usual=FAILURES).order_by()
    counted = failed.values("user", "test").annotate(
        failures=Count("pk"), first=Min("finished_at"), fewest=Min("limit")
    )
    rows = list(counted.filter(failures__gte=F("fewest")))
    named = load_quizzes(course) if rows else {}
    for row in rows:
        if quiz := named.get(row["test"]):
            yield describe_quiz(scope, row, quiz)


def load_quizzes(course: int) -> dict[int, Quiz]:
    """Return the course's quizzes by the key of their test in both languages. One query."""
    quizzes = Quiz.objects.filter(course=course).annotate(test=build_test_key(""))
    return {quiz.test: quiz for quiz in quizzes.order_by("-pk")}


def describe_quiz(scope: Scope, row: dict, quiz: Quiz) -> Fact:
    n = row["failures"]
    words = ngettext("“%(title)s”考了 %(n)s 次没过", "“%(title)s”考了 %(n)s 次没过", n)
    has_gate = bool(quiz.talk_after or quiz.clears)
    return Fact(
        user=row["user"],
        cause=Cause.QUIZ,
        since=row["first"],
        words=words % {"title": quiz.title, "n": n},
        subject=quiz.pk,
        title=quiz.title,
        url=reverse("progress:talk", args=[scope.cohort.pk, row["user"], quiz.pk]),
        button=_("谈一谈，让他再考") if has_gate else _("看他哪里丢的分"),
    )


# --- what phones did not send ---


def find_unsent(scope: Scope) -> Iterator[Fact]:
    """Yield whose phones sent what could not be applied, and whose recordings did not arrive. At most four queries."""
    rows = rejected_events.find_in_class(scope.cohort)
    if scope.among is not None:
        rows = rows.filter(user__in=scope.among)
    events = list(rows.order_by("received_at", "pk")[:MOST_EVENTS])
    by_user: dict[int, list[datetime.datetime]] = {}
    for event in rejected_events.filter_by_course(scope.cohort, events) if events else ():
        by_user.setdefault(event.user_id, []).append(event.received_at)
    for user, times in by_user.items():
        n = len(times)
        words = ngettext("手机送来 %(n)s 件，没记上", "手机送来 %(n)s 件，没记上", n) % {"n": n}
        url = reverse("progress:class_aside", args=[scope.cohort.pk])
        yield Fact(user, Cause.PHONE, times[0], words, url=url, button=_("去看是什么"))
    yield from find_unsent_films(scope)


def find_unsent_films(scope: Scope) -> Iterator[Fact]:
    """Yield whose recordings are on the phone for two days, unless a later one of the same drill was handed in. One query."""
    edge = scope.now - UNSENT_AFTER
    later = Submission.objects.filter(
        user=OuterRef("rehearsal__user"),
        drill=OuterRef("rehearsal__drill"),
        happened_at__gt=OuterRef("rehearsal__happened_at"),
    ).exclude(rehearsal=OuterRef("rehearsal"))
    takes = find_missing_takes(scope.cohort).filter(
        rehearsal__user__in=scope.users, rehearsal__happened_at__lte=edge
    )
    columns = ("rehearsal__user", "rehearsal", "rehearsal__happened_at")
    titles = ("rehearsal__drill__title", "rehearsal__drill__other_title")
    rows = takes.exclude(Exists(later)).order_by("rehearsal__happened_at", "rehearsal")
    for user, pk, since, title, other in rows.values_list(*columns, *titles).distinct():
        name = pick_title(title or "", other or "") or _("彩排")
        words = _("“%(title)s”录了，还在手机里没传完") % {"title": name}
        url = reverse("rehearsals:class_phones", args=[scope.cohort.pk])
        yield Fact(user, Cause.PHONE, since, words, pk, name, url, _("看还差多少"))


# --- training sessions ---


def find_absent(scope: Scope) -> Iterator[Fact]:
    """Yield who was absent from the last two sessions that count for them, or more: one query.

    Leave, a session without a mark and a cancelled one count neither way.
    """
    if scope.today > scope.cohort.ends_on:
        return
    counting = Attendance.objects.filter(
        session__cohort=scope.cohort, session__cancelled_at__isnull=True, session__starts_at__lte=scope.now
    )
    later = counting.filter(
        Q(session__starts_at__gt=OuterRef("session__starts_at"))
        | Q(session__starts_at=OuterRef("session__starts_at"), session__gt=OuterRef("session")),
        user=OuterRef("user"),
        mark__in=CREDITED,
    )
    learners = scope.learners.order_by().values("user")
    rows = counting.filter(mark=Mark.ABSENT, user__in=learners).exclude(Exists(later))
    missed: dict[int, list[tuple[int, datetime.datetime]]] = {}
    ordered = rows.order_by("session__starts_at", "session")
    for user, session, at in ordered.values_list("user", "session", "session__starts_at"):
        missed.setdefault(user, []).append((session, at))
    url = reverse("programme:class_attendance", args=[scope.cohort.pk])
    for user, sessions in missed.items():
        if (n := len(sessions)) >= ABSENCES:
            words = ngettext("连着 %(n)s 次没来上课", "连着 %(n)s 次没来上课", n) % {"n": n}
            first, since = sessions[0]
            yield Fact(user, Cause.ABSENT, since, words, first, url=url, button=_("看签到"))


# --- rehearsals ---


def find_unmade_retakes(scope: Scope) -> Iterator[Fact]:
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
    whole = signed.filter(wants_again=True).exclude(has_later_try("submission__")).order_by("signed_at", "pk")
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


def describe_retake(found: dict[int, Fact], row: tuple, words: str) -> None:
    """Add the fact of a submission, once; a request for all of it comes first."""
    at, user, submission, key, title, other = row
    name = pick_title(title or "", other or "") or _("彩排")
    url = reverse("rehearsals:submission", args=[key])
    fact = Fact(user, Cause.RETAKE, at, words % {"title": name}, submission, name, url, _("看点评"))
    found.setdefault(submission, fact)


# --- lessons ---


def find_late_lessons(scope: Scope) -> Iterator[Fact]:
    """Yield who has left the next lesson lying for a week since it was open to them. At most five queries."""
    if not scope.is_learning:
        return
    rows = list(find_idle(scope))
    wanted = {row["next"] for row in rows}
    lessons = {one.pk: one for one in Lesson.objects.filter(pk__in=wanted).defer("body", "html", "captions")}
    opened = load_opening_days(scope.cohort, wanted) if rows else {}
    users = [row["user"] for row in rows]
    watched = {
        (user, lesson): ms
        for user, lesson, ms in Watch.objects.filter(user__in=users, lesson__in=wanted)
        .order_by()
        .values_list("user", "lesson", "last_ms")
    }
    gates = load_gates(scope.cohort, users) if rows else {}
    begins = timezone.make_aware(datetime.datetime.combine(scope.cohort.starts_on, datetime.time()))
    for row in rows:
        lesson = lessons[row["next"]]
        moments = (row["enrolled_at"], row["done_at"], row["watched_at"], opened.get(lesson.pk), begins)
        since = max(moment for moment in moments if moment)
        if since > scope.now - LESSON_AFTER:
            continue
        facts = {"title": lesson.title}
        if gate := gates.get((row["user"], lesson.module_id)):
            words = _("没过“%(quiz)s”，学不了“%(title)s”") % (facts | {"quiz": gate})
        elif lesson.video_id is None:
            words = _("停在“%(title)s”") % facts
        elif ms := watched.get((row["user"], lesson.pk)):
            words = _("“%(title)s”看到 %(at)s 停了") % (facts | {"at": format_clock(ms)})
        else:
            words = _("“%(title)s”的视频没打开过") % facts
        url = reverse("progress:trainee", args=[scope.cohort.pk, row["user"]])
        yield Fact(row["user"], Cause.LESSON, since, words, lesson.pk, lesson.title, url, _("看他学到哪"))


def find_idle(scope: Scope) -> QuerySet:
    """Return {user, enrolled_at, done_at, watched_at, next}: who did and watched nothing of the course for a week.

    `next` is the first lesson that the person has not done. One query.
    """
    edge = scope.now - LESSON_AFTER
    course = {"user": OuterRef("user"), "lesson__module__course": OuterRef("course")}
    done = LessonDone.objects.filter(**course, lesson__state=State.PUBLISHED).order_by().values("user")
    seen = Watch.objects.filter(**course).order_by().values("user")
    ticked = LessonDone.objects.filter(user=OuterRef(OuterRef("user")), lesson=OuterRef("pk"))
    left = Lesson.objects.published().filter(module__course=OuterRef("course")).exclude(Exists(ticked))
    rows = scope.learners.filter(enrolled_at__lte=edge).annotate(
        done_at=Subquery(done.annotate(at=Max("happened_at")).values("at")),
        watched_at=Subquery(seen.annotate(at=Max("last_at")).values("at")),
        next=Subquery(left.in_order().values("pk")[:1]),
    )
    rows = rows.filter(Q(done_at=None) | Q(done_at__lte=edge), Q(watched_at=None) | Q(watched_at__lte=edge))
    found = rows.filter(next__isnull=False).order_by("pk")
    return found.values("user", "enrolled_at", "done_at", "watched_at", "next")


def load_opening_days(cohort: Cohort, lessons: Collection[int]) -> dict[int, datetime.datetime]:
    """Return when these lessons opened for the class, or will; the class's own day comes first. One query."""
    own = Opening.objects.filter(module=OuterRef("module"), cohort=cohort).values("opens_on")[:1]
    rows = Lesson.objects.filter(pk__in=lessons).order_by().annotate(own=Subquery(own))
    days = {pk: mine or usual for pk, mine, usual in rows.values_list("pk", "own", "module__opens_on")}
    return {
        pk: timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
        for pk, day in days.items()
        if day
    }


def load_gates(cohort: Cohort, users: Collection[int]) -> dict[tuple[int, int], str]:
    """Return by person and module the title of a quiz that must be passed before and is not. At most two queries."""
    needed = Module.needs_quiz.through.objects.filter(
        module__course=cohort.course_id, quiz__state=State.PUBLISHED
    )
    gates = list(needed.order_by("pk").values_list("module", "quiz", "quiz__title"))
    if not gates:
        return {}
    passes = Attempt.objects.filter(user__in=users, quiz__in=[quiz for _m, quiz, _t in gates], passed=True)
    passed = set(passes.order_by().values_list("user", "quiz"))
    return {
        (user, module): title for user in users for module, quiz, title in gates if (user, quiz) not in passed
    }


# --- certificates and what comes after ---


def find_nearly_due(scope: Scope) -> Iterator[Fact]:
    """Yield who lacks one single thing for the certificate, from a week before the class ends. At most ten queries."""
    cohort = scope.cohort
    begins = cohort.ends_on - CERTIFICATE_BEFORE
    rule = find_rule(cohort.course) if scope.today >= begins else None
    if rule is None:
        return
    lessons = Lesson.objects.published().filter(module__course=cohort.course_id)
    quizzes = Quiz.objects.published().filter(course=cohort.course_id).exclude(kind=Quiz.Kind.PRE)
    most, quiz_count = lessons.count(), quizzes.count()
    rows = scope.learners
    if rule.needs_lessons and most > 1:
        done = LessonDone.objects.filter(user__in=scope.users, lesson__in=lessons.values("pk")).order_by()
        near = done.values("user").annotate(n=Count("pk")).filter(n__gte=most - 1).values("user")
        rows = rows.filter(user__in=near)
    names = dict(rows.order_by().values_list("user", "user__name"))
    since = timezone.make_aware(datetime.datetime.combine(begins, datetime.time()))
    url = reverse("programme:class_certificates", args=[cohort.pk])
    for user, standing in load_standings(cohort.course, names, rule).items() if names else ():
        left = (
            (most - len(standing.lessons)) * rule.needs_lessons,
            (quiz_count - len(standing.quizzes)) * rule.needs_quizzes,
            rule.rehearsals - len(standing.rehearsals),
        )
        if len(standing.missing) == 1 and max(left) <= 1:
            words = _("离证书差一样：%(what)s") % {"what": standing.missing[0]}
            yield Fact(user, Cause.CERTIFICATE, since, words, url=url, button=_("看发证"))


def find_certified(cohort: Cohort) -> QuerySet[Certificate]:
    """Return the valid certificates of the class's course, in either language."""
    of_course = Q(course=cohort.course_id) | pair_courses("course__", cohort.course_id)
    return Certificate.objects.valid().filter(of_course).order_by()


def find_unlisted(scope: Scope) -> Iterator[Fact]:
    """Yield who got the certificate thirty days ago and has never handed in a listing, as owner or helper. One query."""
    mine = Q(shop__owner=OuterRef("user")) | Q(shop__helpers=OuterRef("user"))
    listed = Product.objects.filter(mine).filter(Q(listed_at__isnull=False) | Q(submitted_at__isnull=False))
    rows = find_certified(scope.cohort).filter(user__in=scope.users, issued_at__lte=scope.now - LISTING_AFTER)
    first: dict[int, datetime.datetime] = {}
    for user, at in rows.exclude(Exists(listed)).order_by("issued_at", "pk").values_list("user", "issued_at"):
        first.setdefault(user, at)
    for user, at in first.items():
        yield Fact(user, Cause.LISTING, at, _("结业了，一款货也没上架"))


FINDERS = (
    find_failed_quizzes,
    find_unsent,
    find_absent,
    find_unmade_retakes,
    find_late_lessons,
    find_nearly_due,
    find_unlisted,
)
