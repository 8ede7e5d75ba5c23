"""Create, change and remove plans: with the last one's values, from a drill, or by repeating an earlier live."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Membership, Place, User
from courses.models import Drill
from live.exceptions import ActionNotAllowed
from live.locks import bump_version, lock_plan
from live.models import Livestream, RundownItem
from live.planning import rundown
from live.readiness import checklist
from live.scripts import services
from live.scripts.placeholders import find_language
from shops import site_mode
from shops.models import Product, Shop
from shops.permissions import can_sell_in
from ui.formats import day as spoken_day

Kind = Livestream.Kind
PLAN_FACTS = (
    "kind",
    "drill",
    "shop",
    "place",
    "host",
    "mentor",
    "platform",
    "platform_url",
    "planned_minutes",
)
ITEM_FACTS = ("product", "name", "unit", "net_grams", "price_fen", "role", "minutes", "live_price_fen",
              "quota", "talking_points")  # fmt: skip


def create_plan(
    by: User,
    *,
    key: uuid.UUID | None = None,
    kind: str = Kind.REHEARSAL,
    drill: Drill | None = None,
    shop: Shop | None = None,
    products: list[Product] | None = None,
    **facts,
) -> Livestream:
    """Create a plan; a second call with the same key returns the same plan.

    A drill's rundown is filled with as many products or practice goods as the drill requires. `facts` are fields of
    Livestream; the others default to those of the last live. Raises ActionNotAllowed for a real live without a shop or on a
    practice site, for a user without a village, and for another's key.
    """
    key = key or uuid.uuid4()
    if known := find_by_key(key, by):
        return known
    live = Livestream(key=key, kind=kind, drill=drill, made_by=by)
    live.host = facts.pop("host", None) or by
    live.shop = shop or (None if "place" in facts else find_default_shop(by))
    live.place = facts.pop("place", None) or find_default_place(live)
    for name, value in (
        list_default_facts(live) | {k: v for k, v in facts.items() if v not in (None, "")}
    ).items():
        setattr(live, name, value)
    live.title = live.title or make_default_title(live)
    return store_plan(
        live,
        lambda: fill_rundown(live, find_products_for_drill(live) if products is None else products, by),
        by,
    )


def fill_rundown(live: Livestream, products: list[Product], by: User) -> None:
    """Add the products, and in a rehearsal of a drill practice goods for the rest that it requires."""
    made = rundown.add_products(live, products, by)
    if live.drill and live.kind == Kind.REHEARSAL:
        for goods in make_practice_goods(live.drill)[len(made) :]:
            rundown.add_typed(live, goods, by)


def make_practice_goods(drill: Drill) -> list[dict]:
    """Return as many practice goods as a drill requires: as the drill names them (fen, grams), else numbered.

    In the drill's language.
    """
    named = drill.template.get("goods") or []
    with override(find_language(drill.title)):
        if drill.products <= 1:
            return named[:1] or [{"name": _("我家的货")}]
        numbered = [{"name": _("我家的第 %(n)s 样货") % {"n": n}} for n in range(1, drill.products + 1)]
    return [*named, *numbered[len(named) :]][: drill.products]


def store_plan(live: Livestream, fill: Callable[[], None], by: User) -> Livestream:
    """Save a plan and fill it; a second call with the same key returns the first one's plan."""
    refuse_real_live(live)
    try:
        with transaction.atomic():
            live.save(force_insert=True)
            fill()
    except IntegrityError:
        if known := find_by_key(live.key, by):
            return known
        raise
    return live


def find_by_key(key: uuid.UUID, by: User) -> Livestream | None:
    """Return the plan already made under this key; raises ActionNotAllowed if it is another person's."""
    known = Livestream.objects.filter(key=key).select_related("shop", "place", "drill", "host").first()
    if known and by.pk not in (known.made_by_id, known.host_id):
        raise ActionNotAllowed(_("没看懂，再点一次"))
    return known


def refuse_real_live(live: Livestream) -> None:
    """Raise ActionNotAllowed for a real live without a shop or on a practice site."""
    if live.kind != Kind.REAL:
        return
    if live.shop is None:
        raise ActionNotAllowed(_("真直播要有小店：先开店，再来排"))
    if site_mode.is_practice():
        raise ActionNotAllowed(_("这个站只用来练习，不卖东西：排一场彩排吧"))


def make_blank_plan(user: User, kind: str, drill: Drill | None = None) -> Livestream:
    """Return an unsaved plan with default values. Raises ActionNotAllowed."""
    live = Livestream(kind=kind, host=user, drill=drill, shop=find_default_shop(user))
    live.place = find_default_place(live)
    for name, value in list_default_facts(live).items():
        setattr(live, name, value)
    refuse_real_live(live)
    return live


def find_last_live(user: User, kind: str = "") -> Livestream | None:
    rows = Livestream.objects.not_removed().filter(host=user)
    rows = rows.filter(kind=kind) if kind else rows
    return rows.select_related("shop", "place", "drill").order_by("-made_at", "-id").first()


def find_default_shop(user: User) -> Shop | None:
    """Return the shop of the last live, else the user's own, else one where they help. Two queries."""
    shops = list(Shop.objects.of(user).select_related("place", "owner").order_by("pk"))
    last = (
        Livestream.objects.not_removed().filter(host=user, shop__in=shops).order_by("-made_at", "-id").first()
    )
    mine = [shop for shop in shops if last and shop.pk == last.shop_id]
    mine += [shop for shop in shops if shop.owner_id == user.pk] + shops
    return mine[0] if mine else None


def find_default_place(live: Livestream) -> Place:
    """Return the shop's place, or the village where the host learns or sells. Raises ActionNotAllowed without one."""
    if live.shop:
        return live.shop.place
    places = live.host.places_with_role(*Membership.VILLAGE_ROLES) or live.host.places_with_role(
        *Membership.Role
    )
    if not places:
        raise ActionNotAllowed(_("还不知道你是哪个村的：先在“我”里申请一个身份"))
    return places[0]


def list_default_facts(live: Livestream) -> dict:
    """Return the fields of a new plan: the next full hour, platform and link of the last live, minutes of the drill or of it."""
    last = find_last_live(live.host, live.kind) or find_last_live(live.host)
    facts = {"starts_at": find_next_hour(), "planned_minutes": 60, "title": ""}
    if last:
        facts |= {"platform": last.platform, "platform_url": last.platform_url}
        facts["planned_minutes"] = last.planned_minutes if last.kind == live.kind else 60
    if live.drill:
        facts["planned_minutes"] = live.drill.minutes
    return facts


def find_next_hour(now: datetime.datetime | None = None) -> datetime.datetime:
    now = timezone.localtime(now)
    return now.replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)


def make_default_title(live: Livestream) -> str:
    """Return the drill's title or one with the day: 11月26日直播."""
    if live.drill:
        return str(live.drill.template.get("title") or live.drill.title)[:40]
    day = {"day": spoken_day(live.starts_at)}
    return (_("%(day)s直播") if live.kind == Kind.REAL else _("%(day)s彩排")) % day


def find_products_for_drill(live: Livestream) -> list[Product]:
    """Return the products for a drill's rundown: those shown last, then the newest on sale. Two queries."""
    if not live.drill or not live.shop:
        return []
    rows = find_offered_products(live)
    shown = RundownItem.objects.filter(livestream__host=live.host, product__shop=live.shop).order_by("-id")
    last = list(dict.fromkeys(shown.values_list("product", flat=True)[:20]))
    ranked = sorted(rows[:60], key=lambda p: (not p.is_published, last.index(p.pk) if p.pk in last else 99))
    return ranked[: live.drill.products]


def find_offered_products(live: Livestream):
    """Return the shop's products that may be shown, the newest on sale first; a rehearsal may show drafts too."""
    rows = Product.objects.filter(shop=live.shop).exclude(status=Product.Status.WITHDRAWN)
    rows = rows.published() if live.kind == Kind.REAL else rows
    return rows.order_by(F("listed_at").desc(nulls_last=True), "-created_at", "-id")


def repeat_plan(old: Livestream, by: User, key: uuid.UUID | None = None) -> Livestream:
    """Copy a live to the next full hour: its items with roles, minutes, prices, quotas and scripts.

    Products that are no longer on sale are left out. Raises ActionNotAllowed for somebody who no longer sells in its shop.
    """
    key = key or uuid.uuid4()
    if known := find_by_key(key, by):
        return known
    if old.shop and not can_sell_in(by, old.shop):
        raise ActionNotAllowed(_("这家店现在不归你卖货了，排不了它的直播"))
    live = Livestream(key=key, made_by=by, starts_at=find_next_hour())
    for name in PLAN_FACTS:
        setattr(live, name, getattr(old, name))
    if live.shop and not can_sell_in(live.host, live.shop):
        live.host = by
    live.title = make_default_title(live)
    return store_plan(live, lambda: copy_items(old, live, by), by)


def copy_items(old: Livestream, live: Livestream, by: User) -> None:
    items = old.load_items()
    scripts = services.find_latest_versions(items)
    on_offer = set(find_offered_products(live).values_list("pk", flat=True)) if live.shop else set()
    copied = [item for item in items if not item.product_id or item.product_id in on_offer]
    for position, item in enumerate(copied, 1):
        made = RundownItem(livestream=live, position=position)
        for name in ITEM_FACTS:
            setattr(made, name, getattr(item, name))
        made.save(force_insert=True)
        if item.pk in scripts:
            services.save_version(made, scripts[item.pk].parts, by)


def change_plan(live: Livestream, facts: dict, by: User | None = None) -> None:
    """Change a plan; a new host has to be identified again. Raises LiveStarted, ActionNotAllowed."""
    with transaction.atomic():
        before = lock_plan(live)
        for name, value in facts.items():
            setattr(live, name, value)
        refuse_real_live(live)
        live.save(update_fields=list(facts))
        if live.host_id != before.host_id:
            checklist.reopen(live, checklist.Code.IDENTITY, by)
        bump_version(live)


def remove_plan(live: Livestream) -> bool:
    """Remove a plan. Return False if it has begun."""
    rows = Livestream.objects.filter(pk=live.pk, started_at__isnull=True, removed_at__isnull=True)
    return bool(rows.update(removed_at=timezone.now()))
