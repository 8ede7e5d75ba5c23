"""The sheets of a class's training ledger as rows of text and numbers, the same for the spreadsheet, the print and a comparison.

A sheet is a function registered by `register_sheet`; it gets the class with its people, read once. Words are in the language in
which the ledger was asked for, days and times are text in local time. Another part of the programme adds its sheet the same way.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts import phones
from courses.models import Cohort, Quiz
from live.models import Livestream
from programme.attendance.hours import credit
from programme.id_numbers.masks import mask
from programme.models import (
    Attendance,
    Certificate,
    FollowUp,
    FollowUpAnswer,
    IdNumber,
    IdNumberRule,
    Mark,
    TrainingSession,
)
from programme.models.attendance import CREDITED
from progress.classes.register import load_villages
from progress.models import Attempt, Enrolment
from progress.names import sort_by_name
from rehearsals.models import Review, Submission
from shops.models import Product

MINUTES_AN_HOUR = 60
# Grows with every change of the sheets and their columns, so that who reads many ledgers knows what is where.
LAYOUT = 1
Cell = str | int | Decimal | None


@dataclass(frozen=True)
class Column:
    """A column: its title and its width, in characters of Latin letters."""

    title: str
    width: int = 12


@dataclass(frozen=True)
class Sheet:
    """A sheet; `identity` are the columns by which a row is found again after a change (the first one is its number)."""

    key: str
    title: str
    columns: list[Column]
    rows: list[list[Cell]]
    identity: tuple[int, ...] = (1,)
    # So many columns are compared; all by default.
    compared: int | None = None

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its compared columns and rows, without the numbers of the rows."""
        content = [[column.title for column in self.columns[1 : self.compared]]]
        content += sorted(list_texts(row)[1 : self.compared] for row in self.rows)
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def list_texts(row: list) -> list[str]:
    """Return the cells as text, a whole number without a point, however a spreadsheet gives it back."""
    return [
        "" if cell is None else f"{cell:g}" if isinstance(cell, float | Decimal) else str(cell)
        for cell in row
    ]


@dataclass(frozen=True)
class Person:
    user: int
    number: int
    name: str
    phone: str
    village: str
    joined_at: datetime | None
    left_at: datetime | None


@dataclass
class ClassFacts:
    """A class as its ledger needs it: its people by pinyin (those who left are among them), its sessions by time."""

    cohort: Cohort
    site: str
    language: str
    people: list[Person] = field(default_factory=list)
    sessions: list[TrainingSession] = field(default_factory=list)
    rule: IdNumberRule | None = None

    @cached_property
    def users(self) -> list[int]:
        return [person.user for person in self.people]

    @cached_property
    def by_user(self) -> dict[int, Person]:
        return {person.user: person for person in self.people}

    @cached_property
    def held(self) -> list[TrainingSession]:
        return [session for session in self.sessions if not session.is_cancelled]

    @cached_property
    def marks(self) -> dict[int, dict[int, str]]:
        """Return the mark of each person at each session that was not cancelled."""
        found: dict[int, dict[int, str]] = defaultdict(dict)
        rows = Attendance.objects.filter(session__in=[one.pk for one in self.held]).order_by()
        for user, session, mark in rows.values_list("user", "session", "mark"):
            found[user][session] = mark
        return found

    def link(self, name: str, *args: object) -> str:
        return self.site + reverse(name, args=args)


Builder = Callable[[ClassFacts], Sheet]
_builders: list[Builder] = []


def register_sheet(build: Builder) -> Builder:
    """Decorate a function that builds a sheet; sheets stand in the order in which they are registered."""
    _builders.append(build)
    return build


def load_class(cohort: Cohort, site: str, language: str = "") -> ClassFacts:
    """Load the class; without a language, that of its course. Five queries.

    The number of somebody who has left is not given: they are of the class no more.
    """
    enrolments = Enrolment.objects.filter(cohort=cohort).order_by()
    columns = "user", "user__name", "user__phone", "enrolled_at", "left_at"
    found = {row[0]: row for row in enrolments.values_list(*columns)}
    others = Attendance.objects.filter(session__cohort=cohort).exclude(user__in=list(found))
    for user, name in others.exclude(mark=Mark.OPEN).order_by().values_list("user", "user__name").distinct():
        found[user] = (user, name, None, None, None)
    villages = load_villages(list(found))
    language = language or cohort.course.language
    facts = ClassFacts(cohort, site, language, rule=IdNumberRule.objects.filter(cohort=cohort).first())
    ordered = sort_by_name(found.values(), lambda row: (row[1], row[0]))
    for number, (user, name, phone, joined_at, left_at) in enumerate(ordered, 1):
        shown = phones.format_local(phone) if joined_at and left_at is None else ""
        facts.people.append(Person(user, number, name, shown, villages.get(user, ""), joined_at, left_at))
    sessions = TrainingSession.objects.filter(cohort=cohort).select_related("module", "trainer")
    facts.sessions = list(sessions.order_by("starts_at", "pk"))
    return facts


def build_sheets(facts: ClassFacts) -> Iterator[Sheet]:
    """Yield the sheets in the language of the ledger."""
    for build in _builders:
        with translation.override(facts.language):
            sheet = build(facts)
        yield sheet


def format_day(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d}" if at else ""


def format_time(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def count_hours(minutes: int) -> Decimal:
    """Return hours of 60 minutes, to one tenth, rounded down."""
    return Decimal(minutes * 10 // MINUTES_AN_HOUR) / 10


def head() -> list[Column]:
    return [Column(_("序号"), 6), Column(_("姓名"), 14)]


def get_percent(right: int, total: int) -> int | None:
    return right * 100 // total if total else None


# --- the sheets ---


@register_sheet
def build_roster(facts: ClassFacts) -> Sheet:
    """Everybody who is or was in the class; ID numbers are masked, and stand there only if the class must report them."""
    columns = [
        *head(),
        Column(_("手机号"), 16),
        Column(_("村"), 16),
        Column(_("哪天进班"), 12),
        Column(_("哪天退班"), 12),
    ]
    numbers: dict[int, str] = {}
    if facts.rule:
        columns.append(Column(_("身份证号"), 22))
        entered = IdNumber.objects.filter(cohort=facts.cohort)
        numbers = {row.user_id: mask(row.read() or "") for row in entered}
    rows: list[list[Cell]] = []
    for one in facts.people:
        days = format_day(one.joined_at), format_day(one.left_at)
        shown = [numbers.get(one.user, "")] if facts.rule else []
        rows.append([one.number, one.name, one.phone, one.village, *days, *shown])
    # Deleting ID numbers after the report is no change of the ledger.
    return Sheet("roster", _("花名册"), columns, rows, (1, 2), compared=6)


@register_sheet
def build_sessions(facts: ClassFacts) -> Sheet:
    columns = [
        *[Column(_("序号"), 6), Column(_("什么时候"), 18), Column(_("讲什么"), 28), Column(_("单元"), 22)],
        *[Column(_("老师"), 12), Column(_("在哪儿上"), 20), Column(_("多少分钟"), 10)],
        *[Column(_("几个人来了"), 12), Column(_("取消的原因"), 24)],
    ]
    came = Counter(
        session for marks in facts.marks.values() for session, mark in marks.items() if mark in CREDITED
    )
    rows: list[list[Cell]] = [
        [
            number,
            format_time(one.starts_at),
            one.topic,
            one.module.title if one.module else "",
            one.trainer.name if one.trainer else "",
            one.place,
            one.minutes,
            None if one.is_cancelled else came[one.pk],
            (one.cancel_reason or _("取消了")) if one.is_cancelled else "",
        ]
        for number, one in enumerate(facts.sessions, 1)
    ]
    return Sheet("sessions", _("课时"), columns, rows, (1, 2))


@register_sheet
def build_attendance(facts: ClassFacts) -> Sheet:
    """One row a person, one column a session that was not cancelled: its number on the sheet of sessions and its day."""
    numbers = {session.pk: number for number, session in enumerate(facts.sessions, 1)}
    columns = [
        Column(f"{numbers[one.pk]} · {timezone.localtime(one.starts_at):%m-%d}", 10) for one in facts.held
    ]
    words = {mark.value: str(mark.label) for mark in Mark}
    rows: list[list[Cell]] = []
    for person in facts.people:
        marks = facts.marks.get(person.user, {})
        rows.append(
            [person.number, person.name, *[words[marks.get(one.pk, Mark.OPEN)] for one in facts.held]]
        )
    return Sheet("attendance", pgettext("ledger", "签到"), [*head(), *columns], rows)


@register_sheet
def build_hours(facts: ClassFacts) -> Sheet:
    shown = (Mark.PRESENT, Mark.LATE, Mark.EXCUSED, Mark.ABSENT)
    columns = [*head(), *[Column(str(mark.label), 8) for mark in shown]]
    columns += [Column(_("到课多少分钟"), 14), Column(_("合多少小时"), 12)]
    minutes = {session.pk: session.minutes for session in facts.held}
    rows: list[list[Cell]] = []
    for person in facts.people:
        marks = facts.marks.get(person.user, {})
        counted = Counter(marks.values())
        credited = sum(credit(minutes[session], mark) for session, mark in marks.items())
        times = [counted[mark] for mark in shown]
        rows.append([person.number, person.name, *times, credited, count_hours(credited)])
    return Sheet("hours", _("学时"), columns, rows)


@register_sheet
def build_tests(facts: ClassFacts) -> Sheet:
    """What was handed in, each try by the questions of its own paper."""
    columns = [
        *[*head(), Column(_("测验名"), 28), Column(_("什么测验"), 12), Column(_("第几次"), 8)],
        *[Column(_("哪天交的"), 12), Column(_("答对"), 8), Column(_("一共几题"), 10)],
        *[Column(_("分（%）"), 8), Column(_("及格"), 8)],
    ]
    handed_in = Attempt.objects.filter(
        user__in=facts.users, quiz__course=facts.cohort.course_id, finished_at__isnull=False
    )
    kinds = {kind.value: str(kind.label) for kind in Quiz.Kind}
    found: dict[int, list[list[Cell]]] = defaultdict(list)
    names = (
        "user",
        "quiz__title",
        "quiz__kind",
        "quiz__clears",
        "number",
        "finished_at",
        "right",
        "total",
        "passed",
    )
    for user, title, kind, clears, number, at, right, total, passed in handed_in.order_by(
        "finished_at", "pk"
    ).values_list(*names):
        word = _("首播培训考试") if clears else kinds[kind]
        is_rated = kind not in (*Quiz.NOT_JUDGED, Quiz.Kind.POST) or clears
        found[user].append(
            [
                title,
                word,
                number,
                format_day(at),
                right,
                total,
                get_percent(right, total),
                (_("及格") if passed else _("没及格")) if is_rated else "",
            ]
        )
    return Sheet("tests", pgettext("ledger", "测验"), columns, list(number_rows(facts, found)), (1, 2, 4))


@register_sheet
def build_works(facts: ClassFacts) -> Sheet:
    """Rehearsals handed in for the class, and the listings and real live sessions of its people since it began."""
    columns = [
        *[
            *head(),
            Column(pgettext("ledger", "什么"), 10),
            Column(pgettext("ledger", "名称"), 30),
            Column(_("哪天"), 12),
        ],
        *[Column(_("老师打的分"), 12), Column(pgettext("ledger", "链接"), 60)],
    ]
    found: dict[int, list[list[Cell]]] = defaultdict(list)
    totals = dict(
        Review.objects.counting()
        .filter(submission__cohort=facts.cohort, total__isnull=False)
        .exclude(kind=Review.Kind.SECOND)
        .order_by("signed_at", "pk")
        .values_list("submission", "total")
    )
    handed_in = Submission.objects.filter(cohort=facts.cohort, user__in=facts.users).order_by()
    for pk, key, user, title, number, at in handed_in.values_list(
        "pk", "key", "user", "drill__title", "number", "happened_at"
    ):
        name = _("%(drill)s，第 %(number)s 遍") % {"drill": title or _("彩排"), "number": number}
        url = facts.link("rehearsals:review", key)
        found[user].append([_("彩排"), name, format_day(at), totals.get(pk), url])
    since = facts.cohort.starts_on
    listed = Product.objects.filter(
        shop__owner__in=facts.users, status=Product.Status.PUBLISHED, listed_at__date__gte=since
    ).order_by()
    for pk, user, name, listed_at in listed.values_list("pk", "shop__owner", "name", "listed_at"):
        found[user].append([_("商品"), name, format_day(listed_at), None, facts.link("shops:product", pk)])
    aired = Livestream.objects.not_removed().filter(
        host__in=facts.users,
        kind=Livestream.Kind.REAL,
        started_at__date__gte=since,
        ended_at__isnull=False,
    )
    for pk, user, title, began_at in aired.order_by().values_list("pk", "host", "title", "started_at"):
        found[user].append([_("真直播"), title, format_day(began_at), None, facts.link("live:plan", pk)])
    rows = {user: sorted(works, key=lambda row: str(row[2])) for user, works in found.items()}
    return Sheet("works", _("作品"), columns, list(number_rows(facts, rows)), (1, 2, 3))


@register_sheet
def build_certificates(facts: ClassFacts) -> Sheet:
    columns = [
        *[*head(), Column(_("证书名称"), 28), Column(_("证书编号"), 20), Column(_("查验码"), 16)],
        *[
            Column(_("印多少学时"), 12),
            Column(_("哪天发的"), 12),
            Column(_("作废的原因"), 24),
            Column(_("查验的网址"), 44),
        ],
    ]
    found: dict[int, list[list[Cell]]] = defaultdict(list)
    issued = Certificate.objects.filter(cohort=facts.cohort, user__in=facts.users).order_by("issued_at", "pk")
    for one in issued:
        reason = f"{format_day(one.revoked_at)} {one.revoked_because}" if one.revoked_at else ""
        found[one.user_id].append(
            [
                one.title,
                one.serial,
                one.code,
                one.hours,
                format_day(one.issued_at),
                reason,
                facts.site + one.verify_path,
            ]
        )
    return Sheet("certificates", pgettext("ledger", "证书"), columns, list(number_rows(facts, found)), (1, 3))


@register_sheet
def build_follow_ups(facts: ClassFacts) -> Sheet:
    """Whether graduates sell, as they said after 30, 90 and 180 days; what they earn is theirs and is not handed on."""
    columns = [
        *[*head(), Column(_("结业后几天"), 12), Column(_("哪天问"), 12), Column(_("哪天答的"), 12)],
        *[Column(_("还在卖吗"), 10), Column(_("用直播卖吗"), 12), Column(_("谁填的"), 10)],
    ]
    here = [person.user for person in facts.people if person.joined_at and person.left_at is None]
    newest = FollowUpAnswer.objects.filter(follow_up=OuterRef("pk"), is_newest=True)
    names = ("at", "is_selling", "by_live", "answered_by")
    rows = FollowUp.objects.due().filter(user__in=here).order_by("days")
    rows = rows.annotate(**{f"answer_{name}": Subquery(newest.values(name)[:1]) for name in names})
    found: dict[int, list[list[Cell]]] = defaultdict(list)
    words = {True: _("是"), False: _("不是"), None: ""}
    for user, days, due_on, at, sells, by_live, by in rows.values_list(
        "user", "days", "due_on", *(f"answer_{name}" for name in names)
    ):
        said = [words[sells], words[by_live]]
        who = "" if at is None else _("本人") if by in (user, None) else _("老师")
        found[user].append([days, f"{due_on}", format_day(at), *said, who])
    return Sheet("follow_ups", _("回访"), columns, list(number_rows(facts, found)), (1, 2))


def number_rows(facts: ClassFacts, found: dict[int, list[list[Cell]]]) -> Iterator[list[Cell]]:
    """Yield the rows of each person, in the order of the roster, after its number and the name."""
    for person in facts.people:
        for row in found.get(person.user, ()):
            yield [person.number, person.name, *row]


# --- the cover ---


def list_cover(
    facts: ClassFacts, sheets: list[Sheet], made_by: str, made_at: datetime, release: str
) -> list[tuple[str, Cell]]:
    """Return what stands on the cover, each with its name: the class, who wrote this and when, counts, how hours count."""
    cohort = facts.cohort
    with translation.override(facts.language):
        here = sum(1 for person in facts.people if person.joined_at and person.left_at is None)
        counts = [(sheet.title, _("%(count)s 行") % {"count": len(sheet.rows)}) for sheet in sheets]
        days = _("%(first)s 到 %(last)s") % {"first": f"{cohort.starts_on}", "last": f"{cohort.ends_on}"}
        trainers = _("、").join(cohort.trainers.order_by("name").values_list("name", flat=True))
        return [
            (_("班名"), cohort.name),
            (
                _("课程"),
                _("%(title)s（第 %(version)s 版）")
                % {"title": cohort.course.title, "version": cohort.course.version},
            ),
            (_("在哪儿办"), cohort.place.full_name()),
            (_("日期"), days),
            (_("老师"), trainers),
            (_("现在在班的人"), here),
            (_("来过又退了的人"), len(facts.people) - here),
            (
                _("上了几次课"),
                ngettext(
                    "%(count)s 次，一共 %(hours)s 小时", "%(count)s 次，一共 %(hours)s 小时", len(facts.held)
                )
                % {
                    "count": len(facts.held),
                    "hours": f"{count_hours(sum(session.minutes for session in facts.held)):g}",
                },
            ),
            *counts,
            (
                _("学时怎么算"),
                _("到了和迟到的，按整节课的分钟数算；取消的课不算。60 分钟合 1 小时，不满 0.1 小时的不计。"),
            ),
            (_("谁做的"), made_by),
            (_("什么时候做的"), format_time(made_at)),
            (_("程序版本"), release),
            (_("表格版式"), LAYOUT),
        ]
