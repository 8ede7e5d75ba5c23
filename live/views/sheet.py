"""The rundown and its scripts on paper, or as words to send to those who help."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.kept import signed_in
from live import facts, scripts
from live.models import Livestream, RundownItem
from live.readiness import Standing
from live.shortcuts import require_second_factor, seen_live_or_404
from ui.days import day as spoken_day


@require_safe
@signed_in
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    live = seen_live_or_404(request, pk)
    if demanded := require_second_factor(request, live):
        return demanded
    standing, rows, at = Standing.of(live), [], 0
    for item in standing.items:
        lines = scripts.lines(standing.versions.get(item.pk), item)
        rows.append(
            {"item": item, "at": f"{at // 60}:{at % 60:02d}", "lines": lines, "price": price_of(item)}
        )
        at += item.minutes
    context = {
        "live": live,
        "rows": rows,
        "minutes": standing.minutes,
        "with_scripts": request.GET.get("scripts") != "0",
        "words": in_words(live, rows),
        "back_url": live.get_absolute_url(),
    }
    return render(request, "live/sheet.html", context)


def price_of(item: RundownItem) -> str:
    price = facts.money(item.unit_price_fen)
    return _("%(price)s一%(unit)s") % {"price": price, "unit": facts.unit(item).label} if price else ""


def in_words(live: Livestream, rows: list[dict]) -> str:
    """The rundown without its scripts, a line each, as it is sent to a helper."""
    start = timezone.localtime(live.starts_at)
    head = [live.title, f"{spoken_day(live.starts_at)} {start:%H:%M} · {live.get_platform_display()}"]
    if live.platform_url:
        head.append(live.platform_url)
    lines = []
    for number, row in enumerate(rows, 1):
        item = row["item"]
        said = [str(item), row["price"], item.get_role_display(), _("%(n)s 分钟") % {"n": item.minutes}]
        if item.quota:
            said.append(_("留 %(quota)s") % {"quota": facts.counted(item, item.quota)})
        lines.append(f"{number}. {row['at']} " + " · ".join(part for part in said if part))
        lines += [f"   {point}" for point in item.talking_points.splitlines() if point.strip()]
    return "\n".join([*head, "", *lines])
