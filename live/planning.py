"""A plan is made quickly: as the last one, from a drill by one tap, or as an earlier live again."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Membership, User
from accounts.places import Place
from courses.models import Drill
from live import checklist, rundown, scripts
from live.exceptions import ActionNotAllowed
from live.facts import language_of
from live.locks import bump_version, lock_plan
from live.models import Livestream, RundownItem
from shops import site_role
from shops.models import Product, Shop
from shops.rules import can_sell_in
from ui.days import day as spoken_day

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


def create(
    by: User,
    *,
    key: uuid.UUID | None = None,
    kind: str = Kind.REHEARSAL,
    drill: Drill | None = None,
    shop: Shop | None = None,
    products: list[Product] | None = None,
    **facts,
) -> Livestream:
    """A plan, and for a drill with as many goods as it asks for already in it, own or practice goods; sent
    again under the same key it is the same one. `facts` are Livestream's own fields; what is not given is as the last time.

    Raises ActionNotAllowed: a real live without shop or on a training ground, no village to speak from, a key that is
    another's.
    """
    key = key or uuid.uuid4()
    if known := made_under(key, by):
        return known
    live = Livestream(key=key, kind=kind, drill=drill, made_by=by)
    live.host = facts.pop("host", None) or by
    live.shop = shop or (None if "place" in facts else shop_of(by))
    live.place = facts.pop("place", None) or place_of(live)
    for name, value in (usual(live) | {k: v for k, v in facts.items() if v not in (None, "")}).items():
        setattr(live, name, value)
    live.title = live.title or title_of(live)
    return store(live, lambda: put_in(live, goods_of(live) if products is None else products, by), by)


def put_in(live: Livestream, products: list[Product], by: User) -> None:
    """These, and in a rehearsal of a drill practice goods for as many as are still short."""
    made = rundown.add(live, products, by)
    if live.drill and live.kind == Kind.REHEARSAL:
        for goods in practice_goods(live.drill)[len(made) :]:
            rundown.add_typed(live, goods, by)


def practice_goods(drill: Drill) -> list[dict]:
    """For who has no goods of their own, one for each that the drill asks for: as it names them (price in fen, weight in
    grams), else by their number, in the drill's language."""
    named = drill.template.get("goods") or []
    with override(language_of(drill.title)):
        if drill.products <= 1:
            return named[:1] or [{"name": _("我家的货")}]
        numbered = [{"name": _("我家的第 %(n)s 样货") % {"n": n}} for n in range(1, drill.products + 1)]
    return [*named, *numbered[len(named) :]][: drill.products]


def store(live: Livestream, fill: Callable[[], None], by: User) -> Livestream:
    """Of two taps under one key the second finds what the first has made."""
    refuse(live)
    try:
        with transaction.atomic():
            live.save(force_insert=True)
            fill()
    except IntegrityError:
        if known := made_under(live.key, by):
            return known
        raise
    return live


def made_under(key: uuid.UUID, by: User) -> Livestream | None:
    known = Livestream.objects.filter(key=key).select_related("shop", "place", "drill", "host").first()
    if known and by.pk not in (known.made_by_id, known.host_id):
        raise ActionNotAllowed(_("没看懂，再点一次"))
    return known


def refuse(live: Livestream) -> None:
    if live.kind != Kind.REAL:
        return
    if live.shop is None:
        raise ActionNotAllowed(_("真直播要有小店：先开店，再来排"))
    if site_role.is_practice():
        raise ActionNotAllowed(_("这个站只用来练习，不卖东西：排一场彩排吧"))


def last_of(user: User, kind: str = "") -> Livestream | None:
    rows = Livestream.objects.standing().filter(host=user)
    rows = rows.filter(kind=kind) if kind else rows
    return rows.select_related("shop", "place", "drill").order_by("-made_at", "-id").first()


def shop_of(user: User) -> Shop | None:
    """As the last time, else one's own, else one that one helps in. Two queries."""
    shops = list(Shop.objects.of(user).select_related("place", "owner").order_by("pk"))
    last = Livestream.objects.standing().filter(host=user, shop__in=shops).order_by("-made_at", "-id").first()
    mine = [shop for shop in shops if last and shop.pk == last.shop_id]
    mine += [shop for shop in shops if shop.owner_id == user.pk] + shops
    return mine[0] if mine else None


def place_of(live: Livestream) -> Place:
    """The shop's, or the village where its host learns or sells."""
    if live.shop:
        return live.shop.place
    places = live.host.holds(*Membership.VILLAGE_ROLES) or live.host.holds(*Membership.Role)
    if not places:
        raise ActionNotAllowed(_("还不知道您是哪个村的：先在“我”里申请一个身份"))
    return places[0]


def usual(live: Livestream) -> dict:
    """Platform and link as the last time; length by the drill, else as the last time; the next full hour."""
    last = last_of(live.host, live.kind) or last_of(live.host)
    facts = {"starts_at": next_hour(), "planned_minutes": 60, "title": ""}
    if last:
        facts |= {"platform": last.platform, "platform_url": last.platform_url}
        facts["planned_minutes"] = last.planned_minutes if last.kind == live.kind else 60
    if live.drill:
        facts["planned_minutes"] = live.drill.minutes
    return facts


def next_hour(now: datetime.datetime | None = None) -> datetime.datetime:
    now = timezone.localtime(now)
    return now.replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)


def title_of(live: Livestream) -> str:
    """彩排·3 分钟一款, 11月26日直播."""
    if live.drill:
        return str(live.drill.template.get("title") or live.drill.title)[:40]
    day = {"day": spoken_day(live.starts_at)}
    return (_("%(day)s直播") if live.kind == Kind.REAL else _("%(day)s彩排")) % day


def goods_of(live: Livestream) -> list[Product]:
    """What a drill is filled with: what was shown last, then what is on sale and newest. One query."""
    if not live.drill or not live.shop:
        return []
    rows = offered(live)
    shown = RundownItem.objects.filter(livestream__host=live.host, product__shop=live.shop).order_by("-id")
    last = list(dict.fromkeys(shown.values_list("product", flat=True)[:20]))
    ranked = sorted(rows[:60], key=lambda p: (not p.is_published, last.index(p.pk) if p.pk in last else 99))
    return ranked[: live.drill.products]


def offered(live: Livestream):
    """What may be put into its rundown, newest on sale first: of its shop; practice also shows drafts."""
    rows = Product.objects.filter(shop=live.shop).exclude(status=Product.Status.WITHDRAWN)
    rows = rows.published() if live.kind == Kind.REAL else rows
    return rows.order_by(F("listed_at").desc(nulls_last=True), "-created_at", "-id")


def again(old: Livestream, by: User, key: uuid.UUID | None = None) -> Livestream:
    """The same plan for the next hour: its goods, roles, minutes, prices, quotas and scripts, the listings as they are
    now. What is no longer on sale stays behind. Only for who sells in its shop still. Raises ActionNotAllowed."""
    key = key or uuid.uuid4()
    if known := made_under(key, by):
        return known
    if old.shop and not can_sell_in(by, old.shop):
        raise ActionNotAllowed(_("这家店现在不归您卖货了，排不了它的直播"))
    live = Livestream(key=key, made_by=by, starts_at=next_hour())
    for name in PLAN_FACTS:
        setattr(live, name, getattr(old, name))
    if live.shop and not can_sell_in(live.host, live.shop):
        live.host = by
    live.title = title_of(live)
    return store(live, lambda: copy_items(old, live, by), by)


def copy_items(old: Livestream, live: Livestream, by: User) -> None:
    shown = rundown.items_of(old)
    said = scripts.newest(shown)
    may = set(offered(live).values_list("pk", flat=True)) if live.shop else set()
    kept = [item for item in shown if not item.product_id or item.product_id in may]
    for position, item in enumerate(kept, 1):
        made = RundownItem(livestream=live, position=position)
        for name in ITEM_FACTS:
            setattr(made, name, getattr(item, name))
        made.save(force_insert=True)
        if item.pk in said:
            scripts.save(made, said[item.pk].parts, by)


def change(live: Livestream, facts: dict, by: User | None = None) -> None:
    """Somebody else who speaks is somebody else to be checked. Raises LiveStarted, ActionNotAllowed."""
    with transaction.atomic():
        before = lock_plan(live)
        for name, value in facts.items():
            setattr(live, name, value)
        refuse(live)
        live.save(update_fields=list(facts))
        if live.host_id != before.host_id:
            checklist.open_again(live, checklist.Code.IDENTITY, by)
        bump_version(live)


def remove(live: Livestream) -> bool:
    """Takes away a plan that was never begun; False where it was."""
    rows = Livestream.objects.filter(pk=live.pk, started_at__isnull=True, removed_at__isnull=True)
    return bool(rows.update(removed_at=timezone.now()))
