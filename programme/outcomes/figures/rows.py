"""List the rows behind one figure of the impact page, a page at a time, each with the page that shows its evidence."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from live.models import Livestream
from programme.models import DAYS, FollowUp, Step, TrainingCost
from programme.outcomes.figures import cost, gains, people, retention, sales
from programme.outcomes.figures.scope import Scope
from progress.models import Enrolment
from shops.models import LedgerEntry
from shops.templatetags.ledger_tags import month_name
from ui.formats import day, kg, yuan
from ui.pagination import Page, fetch_page
from ui.parameters import read_id, read_number

A_PAGE = 50
BY_NAME = ("name", "pk")


@dataclass(frozen=True)
class Row:
    """One row: what it is, its figures, its day, and the page of its evidence (empty where the reader has none)."""

    label: str
    detail: str = ""
    when: str = ""
    url: str = ""


@dataclass(frozen=True)
class Listed:
    """A figure opened: its name, how many rows it consists of, what they come to, and one page of them."""

    title: str
    count: int
    total: str
    page: Page


class NoSuchFigure(Exception):
    """Raised for a figure that the page does not have."""


def open_figure(scope: Scope, query: QueryDict) -> Listed:
    """Return the rows behind the figure that the query names. Raises NoSuchFigure."""
    opener = OPENERS.get(query.get("figure", ""))
    if opener is None:
        raise NoSuchFigure
    return opener(scope, query)


def read_month(scope: Scope, query: QueryDict) -> datetime.date | None:
    """Return the one month that is asked for, if it is of the period."""
    asked = query.get("month", "")
    return next((month for month in scope.months if f"{month:%Y-%m}" == asked), None)


def name_period(scope: Scope, month: datetime.date | None = None) -> str:
    if month or scope.first == scope.last:
        return month_name(month or scope.last)
    return _("%(first)s到%(last)s") % {"first": month_name(scope.first), "last": month_name(scope.last)}


def build(
    rows: QuerySet, order: tuple[str, ...], query: QueryDict, describe: Callable[[list], Iterable[Row]]
) -> tuple[int, Page]:
    """Return how many rows there are, and a page of them. Two queries and those of `describe`."""
    found = fetch_page(rows, order, query.get("after", ""), A_PAGE)
    return rows.order_by().count(), Page(list(describe(found.items)), found.after)


# --- people ---


def open_step(scope: Scope, query: QueryDict) -> Listed:
    step = read_step(query)
    month = read_month(scope, query)
    rows = people.list_steps(scope, step, month).select_related("user")
    count, page = build(rows, ("reached_at", "pk"), query, describe_steps)
    return Listed(f"{Step.Name(step).label} · {name_period(scope, month)}", count, "", page)


def read_step(query: QueryDict) -> str:
    step = query.get("step", "")
    if step not in Step.Name.values:
        raise NoSuchFigure
    return step


def describe_steps(steps: list[Step]) -> Iterable[Row]:
    for step in steps:
        url = f"{reverse('programme:ladder_of', args=[step.user_id])}#{step.step}"
        yield Row(step.user.name, str(step.get_evidence_kind_display()), day(step.reached_at), url)


# --- sales, income ---


def open_sales(scope: Scope, query: QueryDict) -> Listed:
    month = read_month(scope, query)
    rows = sales.find_entries(scope.at(month=month))
    title = _("卖出和退款 · %(period)s") % {"period": name_period(scope, month)}
    if query.get("late"):
        rows = sales.filter_late(rows, scope.months)
        title = _("过了月才记的 · %(period)s") % {"period": name_period(scope, month)}
    return open_entries(scope, rows, query, title)


def open_entries(scope: Scope, rows: QuerySet[LedgerEntry], query: QueryDict, title: str) -> Listed:
    sums = rows.order_by().aggregate(fens=Sum("fen"), weighs=Sum("grams"))
    shown = rows.select_related("villager", "order")
    count, page = build(shown, ("-on", "-pk"), query, lambda found: describe_entries(scope, found))
    return Listed(title, count, f"{kg(sums['weighs'] or 0)} · ¥{yuan(sums['fens'] or 0)}", page)


def describe_entries(scope: Scope, entries: list[LedgerEntry]) -> Iterable[Row]:
    """Lead to the order in the admin, or to the live session; what was typed by hand has the person's own page. One query."""
    lives = {entry.pk: pk for entry in entries if (pk := read_live(entry.page))}
    seen: set[int] = set()
    if lives and scope.reader:
        seen = set(
            Livestream.objects.visible_to(scope.reader)
            .filter(pk__in=lives.values())
            .values_list("pk", flat=True)
        )
    for entry in entries:
        if entry.order_id:
            url = reverse("admin:shops_order_change", args=[entry.order_id])
        elif lives.get(entry.pk) in seen:
            url = reverse("live:plan", args=[lives[entry.pk]])
        else:
            url = reverse("programme:ladder_of", args=[entry.villager_id])
        weight = f"{kg(entry.grams)} · " if entry.grams else ""
        words = f"{entry.get_kind_display()} · {weight}¥{yuan(entry.fen)}"
        if entry.corrects_id:
            words += f" · {pgettext('entry', '更正')}"
        yield Row(entry.villager.name, words, day(entry.on), url)


def read_live(page: str) -> int:
    """Return the live session whose sales an entry sums up; 0 if it is none."""
    if not page:
        return 0
    try:
        found = resolve(page)
    except Resolver404:
        return 0
    return found.kwargs.get("pk", 0) if found.view_name == "live:sales" else 0


def open_earners(scope: Scope, query: QueryDict) -> Listed:
    month = read_month(scope, query)
    if month is None:
        raise NoSuchFigure

    def describe(found: list[User]) -> Iterable[Row]:
        nets = sales.read_nets([person.pk for person in found], month)
        base = f"{reverse('programme:impact_rows')}?figure=net&from={month:%Y-%m}&to={month:%Y-%m}"
        for person in found:
            yield Row(person.name, f"¥{yuan(nets[person.pk])}", "", f"{base}&person={person.pk}")

    count, page = build(sales.list_earners(scope, month), BY_NAME, query, describe)
    return Listed(_("净收入到标准的人 · %(month)s") % {"month": month_name(month)}, count, "", page)


def open_net(scope: Scope, query: QueryDict) -> Listed:
    """List all entries of one person's months, costs too."""
    person = scope.find_people().filter(pk=read_id(query.get("person"))).first()
    if person is None:
        raise NoSuchFigure
    rows = LedgerEntry.objects.filter(villager=person, on__gte=scope.first, on__lt=scope.end)
    words = {"name": person.name, "period": name_period(scope)}
    return open_entries(scope, rows, query, _("%(name)s的收支 · %(period)s") % words)


# --- follow-ups, learning, cost ---


def open_retention(scope: Scope, query: QueryDict) -> Listed:
    days, state = read_number(query.get("days"), max(DAYS)), query.get("state", "")
    if days not in DAYS or state not in retention.STATES:
        raise NoSuchFigure
    names = {
        "due": _("该回访的"),
        "answered": _("答了的"),
        "selling": _("还在卖的"),
        "by_live": _("还在用直播卖的"),
    }
    rows = retention.list_follow_ups(scope, days, state).select_related("user")

    def describe(found: list[FollowUp]) -> Iterable[Row]:
        for row in found:
            is_own = scope.reader is not None and row.user_id == scope.reader.pk
            url = reverse("programme:my_follow_up", args=[row.pk]) if is_own else row.get_absolute_url()
            yield Row(row.user.name, "", day(row.due_on), url)

    count, page = build(rows, ("due_on", "pk"), query, describe)
    words = {"n": days, "state": names[state]}
    title = ngettext("结业 %(n)s 天：%(state)s", "结业 %(n)s 天：%(state)s", days) % words
    return Listed(title, count, "", page)


def open_tests(scope: Scope, query: QueryDict) -> Listed:
    return open_gain(scope, query, _("学前测和学后测都交了的人"), gains.compare_tests(scope))


def open_rehearsals(scope: Scope, query: QueryDict) -> Listed:
    return open_gain(scope, query, _("打过两次分以上的人"), gains.compare_rehearsals(scope))


def open_gain(scope: Scope, query: QueryDict, title: str, gain: gains.Gain) -> Listed:
    rows = User.objects.filter(pk__in={one.user for one in gain.pairs})

    def describe(found: list[User]) -> Iterable[Row]:
        numbers = {person.pk for person in found}
        pairs, urls = gain.of(numbers), find_class_pages(scope, numbers)
        for person in found:
            for one in pairs[person.pk]:
                words = f"{one.before}/{one.before_of} → {one.after}/{one.after_of}"
                yield Row(person.name, words, "", urls.get(person.pk) or find_person_url(person.pk))

    count, page = build(rows, BY_NAME, query, describe)
    return Listed(title, count, "", page)


def find_class_pages(scope: Scope, persons: Collection[int]) -> dict[int, str]:
    """Return of each person the page in a class that the reader leads, on which attempts and submissions are. One query."""
    if scope.reader is None:
        return {}
    rows = Enrolment.objects.active().visible_to(scope.reader).filter(user__in=persons, cohort__isnull=False)
    return {
        user: reverse("progress:trainee", args=[cohort, user])
        for user, cohort in rows.order_by("pk").values_list("user", "cohort")
    }


def find_person_url(pk: int) -> str:
    return reverse("programme:ladder_of", args=[pk])


def open_costs(scope: Scope, query: QueryDict) -> Listed:
    rows = cost.find_costs(scope).select_related("cohort")
    if asked := read_id(query.get("of")):
        rows = rows.filter(cohort=asked)

    def describe(found: list[TrainingCost]) -> Iterable[Row]:
        for row in found:
            url = reverse("programme:class_costs", args=[row.cohort_id])
            yield Row(row.what, f"{row.cohort.name} · ¥{yuan(row.fen)}", day(row.on), url)

    total = rows.order_by().aggregate(all=Sum("fen"))["all"] or 0
    count, page = build(rows, ("-on", "-pk"), query, describe)
    return Listed(_("办班花费 · %(period)s") % {"period": name_period(scope)}, count, f"¥{yuan(total)}", page)


def open_reached(scope: Scope, query: QueryDict) -> Listed:
    step = read_step(query)
    rows = cost.list_reached(scope, step).select_related("user")
    count, page = build(rows, ("reached_at", "pk"), query, describe_steps)
    return Listed(_("记了花费的班：到“%(step)s”的人") % {"step": Step.Name(step).label}, count, "", page)


OPENERS: dict[str, Callable[[Scope, QueryDict], Listed]] = {
    "step": open_step,
    "sales": open_sales,
    "earners": open_earners,
    "net": open_net,
    "retention": open_retention,
    "tests": open_tests,
    "rehearsals": open_rehearsals,
    "costs": open_costs,
    "reached": open_reached,
}
