"""A year of a county through the product's own functions, each at its own hour: classes, attendance, tests, rehearsals,
certificates, shops, orders, live sessions, costs, corrections, follow-ups, and graduates who teach.

Every choice comes from one seed, so that two runs make the same year. What has functions of its own (joining a class, lessons
done, tests, marks of the roll, certificates, stock, orders with their steps, live sales, refunds, the ledger) goes through
them; only what the year needs and does not measure is inserted as rows: the course, its questions, approved listings, films.
"""

from __future__ import annotations

import datetime

from bench.scenarios.year.classes import plan_class
from bench.scenarios.year.county import FIRST, LAST, Size, Year, at, list_months, make_county, make_id
from bench.scenarios.year.shops import plan_shops
from demo.seed.timeline import clock_at
from programme.ladder import steps
from programme.models import FollowUp, FollowUpAnswer
from programme.outcomes.follow_ups import services as follow_ups


def run_year(size: Size) -> Year:
    """Make the county and let its year happen; return it with nothing left to do."""
    year = plan_year(size)
    year.run()
    plan_answers(year)
    year.run()
    return year


def plan_year(size: Size) -> Year:
    """Make the county and plan all that happens in its year but the answers to follow-ups."""
    with clock_at(at(FIRST, "07:00")):
        year = make_county(size)
    for number in range(size.cohorts):
        plan_class(year, number)
    plan_shops(year)
    for month in list_months():
        end = at(month + datetime.timedelta(days=27), "23:30")
        year.add(end, steps.count_everybody)
        year.add(end, follow_ups.plan_and_remind)
    return year


def plan_answers(year: Year) -> None:
    """Three of four answer their follow-ups; some are estimated by the trainer."""
    with clock_at(at(LAST, "22:00")):
        follow_ups.plan_follow_ups()
        rows = list(FollowUp.objects.due(LAST).select_related("user").order_by("pk"))
    for n, row in enumerate(rows):
        if n % 4 == 3:
            continue
        year.add(at(LAST, "22:30"), answer, year, row, n)


def answer(year: Year, row: FollowUp, number: int) -> None:
    marks = FollowUpAnswer.Mark
    is_estimated, sells = number % 9 == 0, number % 3 != 0
    facts = {"by_live": number % 2 == 0, "fen": number * 100, "grams": number * 500} if sells else {}
    follow_ups.answer(
        row,
        marks.ESTIMATED if is_estimated else marks.STATED,
        is_selling=sells,
        by=year.organiser if is_estimated else row.user,
        key=make_id("answer", row.pk),
        reason="电话里问的" if is_estimated else "",
        **facts,
    )
