"""The organiser's impact page, the rows behind its figures, and the public page, which is the same for everybody."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from programme import permissions
from programme.ladder.steps import ORDER
from programme.models import Step, StepRules, Story, StoryConsent
from programme.outcomes.figures import charts, cost, gains, people, public, retention, rows, sales
from programme.outcomes.figures.scope import MOST_MONTHS, Scope, read_scope
from shops.ledger import reports
from shops.templatetags.ledger_tags import month_short
from ui.formats import kg
from ui.responses.page_cache import stamped

MOST_PLACES = 300
# The bars of the tests and of the rehearsals.
GAINS = (
    pgettext_lazy("chart", "学前测"),
    pgettext_lazy("chart", "学后测"),
    pgettext_lazy("chart", "第一遍"),
    pgettext_lazy("chart", "最近一遍"),
)


@login_required_keeping_post
@staff_page
@require_safe
def impact(request: SignedInRequest) -> HttpResponse:
    """Show what the training came to in the organiser's places."""
    if not permissions.can_see_impact(request.user):
        raise Http404
    scope = read_scope(request.user, request.GET)
    return render(request, "programme/outcomes/impact_show.html", load_impact(scope))


@login_required_keeping_post
@staff_page
@require_safe
def impact_rows(request: SignedInRequest) -> HttpResponse:
    """List the rows behind one figure, with the same filters."""
    if not permissions.can_see_impact(request.user):
        raise Http404
    scope = read_scope(request.user, request.GET)
    try:
        found = rows.open_figure(scope, request.GET)
    except rows.NoSuchFigure:
        raise Http404 from None
    context = {"scope": scope, "listed": found, "page": found.page}
    context["back_url"] = f"{reverse('programme:impact')}?{build_query(scope)}"
    return render(request, "programme/outcomes/impact_rows.html", context)


def build_query(scope: Scope) -> str:
    """Return the filters as a query, for the links of the page."""
    facts: dict[str, Any] = {"from": f"{scope.first:%Y-%m}", "to": f"{scope.last:%Y-%m}"}
    if scope.place:
        facts["place"] = scope.place.pk
    if scope.cohort:
        facts["class"] = scope.cohort.pk
    return urlencode(facts)


def load_impact(scope: Scope) -> dict[str, Any]:
    """Return the context of the page, in the same number of queries however many people there are."""
    this = reports.find_month(timezone.localdate())
    everywhere = Scope(scope.reader, scope.first, scope.last)
    places = list(everywhere.find_places().order_by("path")[:MOST_PLACES])
    counted, sold = people.count_people(scope), sales.sum_sales(scope)
    kept, tests, rehearsed = (
        retention.count_retention(scope),
        gains.compare_tests(scope),
        gains.compare_rehearsals(scope),
    )
    return {
        "scope": scope,
        "query": build_query(scope),
        "places": places,
        "cohorts": everywhere.find_cohorts().order_by("-starts_on", "-pk")[:MOST_PLACES],
        "month_choices": [reports.find_month(this, back) for back in range(MOST_MONTHS)],
        "steps": ORDER,
        "people": counted,
        "sales": sold,
        "this_month": this,
        "target_fen": StepRules.load().find(timezone.localdate()).target_fen,
        "months": [describe_month(month, counted, sold) for month in reversed(scope.months)],
        "villages": [
            {
                "place": place,
                "people": counted.residents.get(place.pk, 0),
                "steps": [(step.value, counted.by_place.get(place.pk, {}).get(step, 0)) for step in ORDER],
                "sales": sold.by_place.get(place.pk),
            }
            for place in places
            if place.pk in counted.residents or place.pk in sold.by_place
        ],
        "retention": kept,
        "tests": tests,
        "rehearsals": rehearsed,
        "cost": cost.sum_costs(scope),
        "charts": draw_charts(scope, counted, sold, kept, tests, rehearsed),
    }


def describe_month(month: datetime.date, counted: people.People, sold: sales.Sales) -> dict[str, Any]:
    return {
        "first": month,
        "steps": [(step.value, counted.by_month[month].get(step, 0)) for step in ORDER],
        "sales": sold.by_month[month],
        "late": sold.late.get(month),
        "earners": sold.earners[month],
    }


def draw_charts(
    scope: Scope,
    counted: people.People,
    sold: sales.Sales,
    kept: list[retention.Retention],
    tests: gains.Gain,
    rehearsed: gains.Gain,
) -> dict[str, charts.Chart]:
    months = scope.months
    graduates = [(month, counted.by_month[month].get(Step.Name.GRADUATE, 0)) for month in months]
    shares = [(str(one.days), one.percent or 0, f"{one.percent or 0}%") for one in kept]
    before_after = [
        (str(name), value or 0, f"{value or 0}")
        for name, value in zip(
            GAINS, (tests.before, tests.after, rehearsed.before, rehearsed.after), strict=True
        )
    ]
    reached = [(str(step.label), counted.steps.get(step, 0)) for step in ORDER]
    return {
        "steps": charts.draw_columns([(name, n, str(n)) for name, n in reached]),
        "graduates": charts.draw_columns([(month_short(month), n, str(n)) for month, n in graduates]),
        "grams": charts.draw_columns(
            [
                (month_short(month), sold.by_month[month].grams, kg(sold.by_month[month].grams))
                for month in months
            ]
        ),
        "earners": charts.draw_columns(
            [(month_short(month), sold.earners[month], str(sold.earners[month])) for month in months]
        ),
        "retention": charts.draw_columns(shares, 100),
        "gains": charts.draw_columns(before_after, 100),
    }


@require_safe
@stamped("stories")
def public_impact(request: HttpRequest) -> HttpResponse:
    """Show dated totals, anonymous and without small groups; computed again once a day, and when a story comes or goes."""
    has_stories = Story.objects.open_for(StoryConsent.Use.PUBLIC).exists()
    context = public.load_facts() | {"has_stories": has_stories}
    return render(request, "programme/outcomes/impact_public.html", context)
