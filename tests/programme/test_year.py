"""A hundredth of a county's year through the real functions: what the pages show is what SQL of its own counts.

`bench.proofs.year` does the same at full size (3,000 trainees, 60,000 orders and live sales).
"""

import pytest
from django.db import connection
from django.utils import timezone

from bench.scenarios.year.county import FIRST, LAST, SMALL, at
from bench.scenarios.year.figures import read_figures
from bench.scenarios.year.recount import recount
from bench.scenarios.year.simulation import run_year
from demo.seed.timeline import clock_at
from programme.ladder import steps
from shops.models import LedgerEntry

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.long]


def test_a_years_figures_are_those_of_a_recount_and_the_ladder_is_its_evidence():
    year = run_year(SMALL)
    with clock_at(at(LAST, "23:59")):
        list(steps.rebuild_all())
        assert list(steps.check_all()) == []
        shown = read_figures(year.organiser, year.county, FIRST, LAST, LAST)
    connection.ensure_connection()
    counted = recount(connection.connection, year.county.pk, FIRST, LAST)
    for name, figures in counted.items():
        assert shown[name] == figures, name
    # The year is not empty in any of its parts.
    assert counted["people"] == SMALL.trainees
    assert all(counted["steps"][step] for step in ("learner", "graduate", "streamer", "seller", "earner"))
    assert sum(fen for fen, _grams in counted["sales_by_month"].values()) > 0
    assert counted["tests"][0] > 0
    assert counted["retention"][30][1] > 0
    assert counted["cost_fen"] > 0


def test_one_wrong_row_is_found_by_the_recount():
    year = run_year(SMALL)
    entry = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.LIVE).first()
    assert entry is not None
    from shops.ledger import entries

    with clock_at(at(LAST, "23:00")):
        entries.write(entry.shop, entry.kind, entry.fen, entry.grams, on=entry.on, actor=year.organiser)
        shown = read_figures(year.organiser, year.county, FIRST, LAST, LAST)
    counted = recount(connection.connection, year.county.pk, FIRST, LAST)
    assert shown["sales_by_month"] != counted["sales_by_month"]
    assert shown["tests"] == counted["tests"]
    assert timezone.now().year >= 2026
