"""Fill the sheets on a live session from its plan and from what happened: rundown, script, checklist, corrections, recap."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from live.labels import count_units
from live.models import ChecklistTick, Figure, Livestream, RundownItem
from live.planning.views import get_item_price
from live.readiness import checklist
from live.readiness.checks import Readiness
from live.recap import comparison, figures, formulas
from live.scripts import services
from programme.sheets.values import Filling, Row, join
from ui import formats
from ui.formats import day

# The nine figures that the lesson has copied the next morning, in its order.
COPIED = (
    Figure.Name.SEEN, Figure.Name.VISITS, Figure.Name.PRODUCT_SEEN, Figure.Name.PRODUCT_TAPS, Figure.Name.ORDERS,
    Figure.Name.PAID_ORDERS, Figure.Name.BUYERS, Figure.Name.SALES_FEN, Figure.Name.REFUND_FEN,
)  # fmt: skip


def describe_live(live: Livestream, with_host: bool = False) -> str:
    start = timezone.localtime(live.starts_at)
    kind = "" if live.is_real else str(live.get_kind_display())
    minutes = count_minutes(live.planned_minutes)
    last = live.host.name if with_host else minutes
    return join(live.title, f"{day(start)} {start:%H:%M}", str(live.get_platform_display()), kind, last)


def count_minutes(n: int) -> str:
    return ngettext("%(n)s 分钟", "%(n)s 分钟", n) % {"n": n}


def mark_practice(live: Livestream) -> str:
    return "" if live.is_real else "practice"


def fill_rundown(live: Livestream, reader: User) -> Filling:
    rows, at, grams = [], 0, 0
    items = live.load_items()
    for number, item in enumerate(items, 1):
        rows.append(describe_item(item, number, at))
        at += item.minutes
        grams += (item.quota or 0) * ((item.product or item).net_grams or 0)
    earners = sum(item.minutes for item in items if item.role == RundownItem.Role.EARNER)
    fields = {"live": describe_live(live)}
    if items:
        facts = {"all": at, "earners": earners}
        fields["minutes"] = _("%(all)s 分钟，利润款 %(earners)s 分钟") % facts
    if grams and all(item.quota for item in items):
        fields["weight"] = _("净重 %(weight)s，多放的没算") % {"weight": formats.jin(grams)}
    return Filling(
        fields,
        {"items": rows},
        target=live.get_absolute_url(),
        at=write_moment(),
        mark=mark_practice(live),
    )


def describe_item(item: RundownItem, number: int, at: int) -> Row:
    stock = item.quota if item.quota is not None else (item.product.stock if item.product else None)
    return {
        "at": f"{at // 60}:{at % 60:02d}",
        "what": _("%(n)s 号 %(item)s") % {"n": number, "item": item},
        "role": str(item.get_role_display()),
        "minutes": str(item.minutes),
        "price": get_item_price(item),
        "stock": "" if stock is None else count_units(item, stock),
        "points": item.talking_points,
    }


def write_moment() -> str:
    now = timezone.localtime()
    return f"{day(now)} {now:%H:%M}"


def fill_script(live: Livestream, reader: User) -> Filling:
    """Take each item's newest script with its facts filled in; an item without one gets empty parts."""
    items = live.load_items()
    versions = services.find_latest_versions(items)
    written_items: list[dict[str, Any]] = []
    for number, item in enumerate(items, 1):
        written = services.list_readable_parts(versions.get(item.pk), item)
        name = _("%(n)s 号 %(item)s") % {"n": number, "item": item}
        minutes = count_minutes(item.minutes)
        written_items.append(
            {
                "title": join(name, minutes, get_item_price(item), by=" · "),
                "parts": {part: text for part, _title, text in written},
            }
        )
    return Filling(
        {}, items=written_items, target=live.get_absolute_url(), at=write_moment(), mark=mark_practice(live)
    )


def list_part_titles() -> dict[str, str]:
    """Return the titles of a script's parts, as the page of the script has them."""
    return {part: str(title) for part, title in services.TITLES.items()}


def fill_checklist(live: Livestream, reader: User) -> Filling:
    readiness = Readiness.load(live)
    checks = [
        {"text": row.label, "done": "1" if row.is_done else "", "note": describe_tick(row)}
        for row in readiness.ticks
    ]
    computed = [
        {
            "text": one.title,
            "done": "1" if one.is_met else "",
            "note": one.summary if one.is_met else join(*(str(lack) for lack in one.missing), by=_("；")),
        }
        for one in readiness.requirements
    ]
    return Filling(
        {"live": describe_live(live, with_host=True)},
        {"checks": checks, "computed": computed},
        target=reverse("live:checklist", args=[live.pk]),
        at=write_moment(),
        mark=mark_practice(live),
    )


def describe_tick(row: checklist.ChecklistRow) -> str:
    if not row.tick or not row.is_done:
        return ""
    at = timezone.localtime(row.tick.at)
    return join(row.tick.by.name if row.tick.by else "", f"{day(at)} {at:%H:%M}", by=" ")


def list_checks() -> dict[str, list[Row]]:
    """Return the lines of an empty checklist: those that a person ticks and those that the site checks itself."""
    titles = (_("排品表"), _("脚本用语"), _("卖家名片"), _("主播年龄"), _("首播培训"))
    return {
        "checks": [{"text": str(code.label), "done": "", "note": ""} for code in ChecklistTick.Code],
        "computed": [{"text": title, "done": "", "note": ""} for title in titles],
    }


def fill_correction(live: Livestream, reader: User) -> Filling:
    rows = [
        {
            "at": f"{timezone.localtime(slip.happened_at):%H:%M}",
            "item": str(slip.item or ""),
            "said": slip.said,
            "right": slip.right,
            "by": slip.by.name if slip.by else "",
        }
        for slip in live.slips.select_related("by", "item__product").order_by("happened_at", "id")
    ]
    fields = {"live": describe_live(live, with_host=True)}
    target = reverse("live:sales", args=[live.pk])
    return Filling(fields, {"slips": rows}, target=target, mark=mark_practice(live))


# --- recap ---


def list_figures() -> dict[str, list[Row]]:
    """Return the lines of an empty recap: the figures, the formulas and the stages of the funnel as the recap page names them."""
    return compare_figures({}, {})


def compare_figures(known: formulas.Values, before: formulas.Values) -> dict[str, list[Row]]:
    then = {stage.name: stage for stage in formulas.build_funnel(before)}
    return {
        "figures": [
            {
                "name": name.spoken,
                "this": format_figure(name, known.get(name)),
                "before": format_figure(name, before.get(name)),
            }
            for name in COPIED
        ],
        "formulas": [
            {
                "name": str(one.title),
                "formula": str(one.words),
                "this": format_value(one.unit, one.of(known)),
                "before": format_value(one.unit, one.of(before)),
            }
            for one in formulas.FORMULAS
        ],
        "funnel": [
            {
                "name": Figure.Name(stage.name).spoken,
                "this": format_value("share", stage.share),
                "before": format_value("share", then[stage.name].share),
            }
            for stage in formulas.build_funnel(known)[1:]
        ],
    }


def format_figure(name: Figure.Name, value: int | None) -> str:
    if value is None:
        return ""
    return _("%(yuan)s 元") % {"yuan": formats.yuan(value)} if name.endswith("_fen") else f"{value:,}"


def format_value(unit: str, value: int | None) -> str:
    """Format a value of a formula: fen as yuan, hundredths of a per cent as per cent with one decimal."""
    if value is None:
        return ""
    if unit == "fen":
        return _("%(yuan)s 元") % {"yuan": formats.yuan(value)}
    if unit == "share":
        tenths = formulas.round_half_up(value, 10)
        return f"{tenths // 10}.{tenths % 10}%"
    return _("%(n)s 秒") % {"n": value} if unit == "seconds" else f"{value:,}"


def fill_recap(live: Livestream, reader: User) -> Filling:
    known, last = figures.find_known_figures(live), comparison.find_previous_live(live)
    then = figures.find_known_figures(last).values if last else {}
    notes = getattr(live, "recap", None)
    settles = comparison.get_settling_time(live)
    fields = {"live": describe_held(live), "copied": describe_copied(known)}
    if settles:
        morning = _("暂定，%(day)s以后再抄一遍") % {"day": day(settles)}
        fields["settled"] = morning if comparison.is_provisional(live) else _("定了")
    if notes:
        fields |= {name: getattr(notes, name) for name in ("keep", "change_one", "change_two")}
    rows = compare_figures(known.values, then)
    target = reverse("live:recap" if live.is_over else "live:plan", args=[live.pk])
    return Filling(fields, rows, target=target, mark=mark_practice(live))


def describe_held(live: Livestream) -> str:
    start, end = timezone.localtime(live.started_at), timezone.localtime(live.over_at)
    goods = _("、").join(
        str(item) for item in live.items.select_related("product").order_by("position", "id")
    )
    return join(
        f"{day(start)} {start:%H:%M}—{end:%H:%M}" if live.is_over else f"{day(start)} {start:%H:%M}", goods
    )


def describe_copied(known: figures.KnownFigures) -> str:
    newest = max((row.at for row in known.rows.values()), default=None)
    return f"{day(newest)} {timezone.localtime(newest):%H:%M}" if newest else ""
