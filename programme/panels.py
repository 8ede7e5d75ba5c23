"""What the programme adds to pages of the apps below: rows to the page of a class, parts to a person's own page, to the home of
trainees and to a lesson.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from accounts.models import Membership, User
from accounts.people import panels as own_panels
from courses.models import Lesson
from programme import permissions
from programme.attendance.hours import credit
from programme.ladder import next_act, page
from programme.models import (
    Attendance,
    Certificate,
    ExamScore,
    ExamSeat,
    FollowUp,
    LedgerApproval,
    MentorInvitation,
    Story,
    Teaching,
    TrainingSession,
)
from programme.sheets.texts import load_texts
from progress.classes.panels import MemberPanel, Panel, register_member_panel, register_panel
from progress.lessons import panels as lesson_panels
from progress.models import Enrolment

# --- the page of a class, in the order of the rows ---


def find_held(cohort: int, now: datetime, _today: date) -> QuerySet[TrainingSession]:
    return TrainingSession.objects.filter(cohort=cohort).held(now)


def find_issued(cohort: int, *_now: object) -> QuerySet[Certificate]:
    return Certificate.objects.valid().filter(cohort=cohort)


def find_approvals(cohort: int, *_now: object) -> QuerySet[LedgerApproval]:
    return LedgerApproval.objects.filter(ledger__cohort=cohort, act=LedgerApproval.Act.APPROVED)


def find_due(cohort: int, _now: datetime, today: date) -> QuerySet[FollowUp]:
    """Return the follow-ups that are due in the class."""
    members = Enrolment.objects.active().filter(cohort=cohort).order_by().values("user")
    return FollowUp.objects.due(today).open().filter(user__in=members)


CLASS_ROWS = (
    # It counts nobody: that would cost the page all causes.
    Panel(
        icon="ask",
        page="programme:support",
        title=_("谁卡住了"),
        words=_("卡在哪儿、谁在管、下一步做什么"),
        turn=0,
    ),
    Panel(
        icon="cal",
        page="programme:sessions",
        title=_("培训课、点名"),
        words=ngettext_lazy("上了 %(n)s 次", "上了 %(n)s 次", "n"),
        find=find_held,
        turn=1,
        is_for_mentors=True,
    ),
    Panel(
        icon="medal",
        page="programme:class_certificates",
        title=pgettext_lazy("many", "结业证书"),
        words=ngettext_lazy("发了 %(n)s 张", "发了 %(n)s 张", "n"),
        find=find_issued,
        turn=3,
    ),
    Panel(
        icon="check",
        page="programme:class_exams",
        title=_("摸底、结业考试"),
        words=_("谁能跳过哪个单元，理论考得怎样，排实操"),
        turn=3,
    ),
    Panel(
        icon="note",
        link=lambda cohort: reverse("courses:plans", args=[cohort.course.slug]),
        title=pgettext_lazy("pages", "教案"),
        turn=4,
        is_for_mentors=True,
    ),
    Panel(
        icon="check",
        link=lambda cohort: reverse("courses:preparation", args=[cohort.course.slug]),
        title=_("开班准备"),
        turn=4,
        is_for_mentors=True,
    ),
    Panel(
        icon="sheet",
        page="programme:ledgers",
        title=pgettext_lazy("one", "培训台账"),
        words=ngettext_lazy("批准了 %(n)s 份", "批准了 %(n)s 份", "n"),
        find=find_approvals,
        turn=4,
    ),
    Panel(
        icon="phone",
        link=lambda cohort: f"{reverse('programme:follow_ups')}?class={cohort.pk}",
        title=pgettext_lazy("many", "回访"),
        words=ngettext_lazy("%(n)s 个人该问了", "%(n)s 个人该问了", "n"),
        find=find_due,
    ),
    Panel(
        icon="sheet",
        page="programme:class_sheets",
        title=_("给全班印单子"),
        is_for_mentors=True,
    ),
    Panel(
        icon="sheet",
        page="programme:rosters",
        title=_("照名单加人"),
        words=_("Excel 名单，一次加全班"),
        turn=6,
    ),
    Panel(
        icon="key",
        page="programme:class_cards",
        title=_("全班的登录卡"),
        turn=7,
    ),
    Panel(
        icon="medal",
        link=lambda cohort: f"{reverse('programme:ladder_list')}?class={cohort.pk}",
        title=_("班里走到哪一级"),
        turn=8,
    ),
)

for row in CLASS_ROWS:
    register_panel(row)


# --- the home of trainees, a lesson ---


@register_member_panel
def build_sessions_of_classes(user: User, cohorts: Collection[int]) -> dict[int, MemberPanel]:
    """Return for each of a person's classes with sessions the next one and the minutes credited. One query."""
    mine = Attendance.objects.filter(session=OuterRef("pk"), user=user).values("mark")[:1]
    rows = TrainingSession.objects.filter(cohort__in=cohorts, cancelled_at__isnull=True)
    now = timezone.now()
    facts: dict[int, dict[str, Any]] = {}
    for session in rows.annotate(mine=Subquery(mine)).order_by("-starts_at"):
        found = facts.setdefault(session.cohort_id, {"next": None, "minutes": 0})
        if session.ends_at > now:
            found["next"] = session
        found["minutes"] += credit(session.minutes, session.mine)
    return {pk: MemberPanel("programme/attendance/_member_panel.html", found) for pk, found in facts.items()}


@lesson_panels.register_lesson_panel
def build_sheets_of_lesson(lesson: Lesson) -> lesson_panels.Panel | None:
    """Show the sheets that this lesson asks for, by the lesson's code in the written course. No query."""
    found = load_texts().by_lesson.get(lesson.code, ()) if lesson.code else ()
    return lesson_panels.Panel("programme/sheets/_lesson.html", {"sheets": found}) if found else None


# --- a person's own page, in the order of its parts ---


@own_panels.register_panel
def build_exams(user: User) -> own_panels.Panel | None:
    """Show the way to the own examinations to who has a turn or a result, or is an examiner; to nobody else. One query."""
    scores = ExamScore.objects.filter(examiner=user, seat__withdrawn_at__isnull=True)
    found = User.objects.filter(pk=user.pk).values_list(
        Exists(ExamSeat.objects.filter(user=user)), Exists(scores), Exists(scores.filter(signed_at=None))
    )
    is_examinee, is_examiner, is_asked = found.get()
    if not is_examinee and not (is_examiner and user.works_in_the_admin):
        return None
    facts = {"is_examinee": is_examinee, "is_asked": is_asked}
    return own_panels.Panel("programme/exams/_mine.html", facts)


@own_panels.register_panel
def build_ladder(user: User) -> own_panels.Panel | None:
    """Show the six steps; to staff who are no villagers only the way to everybody's."""
    is_staff = user.works_in_the_admin
    if is_staff and not user.places_with_role(*Membership.VILLAGE_ROLES):
        return own_panels.Panel("programme/ladder/_everybody.html")
    path = page.load_path(user)
    act = next_act.find_next_act(user, path.next.step) if path.next else None
    facts = {"path": path, "act": act, "is_staff": is_staff}
    return own_panels.Panel("programme/ladder/_mine.html", facts)


@own_panels.register_panel
def build_mentoring(user: User) -> own_panels.Panel | None:
    """Show an invitation that waits, the own pupils and teachers; to nobody else. One query."""
    asked = MentorInvitation.objects.filter(person=user, status=MentorInvitation.Status.ASKED)
    counting = Teaching.objects.counting()
    found = User.objects.filter(pk=user.pk).values_list(
        Exists(asked), Exists(counting.filter(teacher=user)), Exists(counting.filter(pupil=user))
    )
    is_asked, has_pupils, has_teachers = found.get()
    facts = {
        "asked": is_asked,
        "teaches": has_pupils or bool(user.places_with_role(Membership.Role.MENTOR)),
        "in_lineage": has_pupils or has_teachers,
        "is_staff": user.works_in_the_admin,
    }
    return own_panels.Panel("programme/mentoring/_mine.html", facts) if any(facts.values()) else None


@own_panels.register_panel
def build_outcomes(user: User) -> own_panels.Panel | None:
    """Show the follow-ups that are due, stories, to staff whom to ask, and to organisers the way to the figures.

    Two queries.
    """
    due = list(FollowUp.objects.due().open().filter(user=user).order_by("due_on"))
    facts = {
        "due": due,
        "stories": Story.objects.filter(person=user, asked_at__isnull=False).exists(),
        "asks": user.works_in_the_admin,
        "sees_impact": permissions.can_see_impact(user),
    }
    return own_panels.Panel("programme/outcomes/_me.html", facts) if any(facts.values()) else None


@own_panels.register_panel
def build_sheets(user: User) -> own_panels.Panel | None:
    return own_panels.Panel("programme/sheets/_me.html")
