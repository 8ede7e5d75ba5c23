"""Compare a live with the one before it and with the village's median."""

from __future__ import annotations

import datetime
from statistics import median_high

from django.utils import timezone

from live.models import Livestream
from live.recap import figures, formulas

# Refunds arrive for a week; until then the figures are provisional.
SETTLES_AFTER = datetime.timedelta(days=7)
USUAL_DAYS = 90
# With fewer shops a median would reveal what one of them earns.
LEAST_SHOPS, MOST_LIVES = 3, 200


def get_settling_time(live: Livestream) -> datetime.datetime | None:
    """Return when no more refunds are expected; None before it has begun."""
    return live.over_at + SETTLES_AFTER if live.over_at else None


def is_provisional(live: Livestream, now: datetime.datetime | None = None) -> bool:
    settled = get_settling_time(live)
    return settled is None or settled > (now or timezone.now())


def find_previous_live(live: Livestream) -> Livestream | None:
    """Return the shop's last live of the same kind that ended before this one began."""
    if not live.shop_id or not live.started_at:
        return None
    rows = Livestream.objects.not_removed().filter(
        shop=live.shop_id, kind=live.kind, ended_at__lt=live.started_at
    )
    return rows.order_by("-ended_at").first()


def calculate_village_medians(live: Livestream, now: datetime.datetime | None = None) -> dict[str, int]:
    """Return {formula: median} of the other shops' real lives in this village in the last 90 days.

    Only where three shops or more have the value. Four queries.
    """
    since = (now or timezone.now()) - datetime.timedelta(days=USUAL_DAYS)
    rows = Livestream.objects.not_removed().filter(
        place=live.place_id, kind=Livestream.Kind.REAL, ended_at__gte=since
    )
    lives = list(rows.exclude(shop=live.shop_id).order_by("-ended_at")[:MOST_LIVES])
    known = figures.load_known_figures(lives)
    found: dict[str, list[tuple[int, int]]] = {}
    for one in lives:
        for code, value in formulas.compute_all(known[one.pk].values).items():
            if value is not None:
                found.setdefault(code, []).append((one.shop_id, value))
    return {
        code: median_high([value for _shop, value in values])
        for code, values in found.items()
        if len({shop for shop, _value in values}) >= LEAST_SHOPS
    }
