"""Create drills, plans, items and scripts for tests."""

import datetime

from django.utils import timezone

from accounts.models import Clearance, User
from courses.models import Course, Drill
from live.models import ChecklistTick, Livestream, RundownItem, ScriptVersion
from live.readiness import checklist
from live.scripts import services
from shops.models import Product, Shop
from tests.factories import make_rate, make_shop, numbers

PARTS = {
    "who": "我是{村}的{主播}。",
    "what": "这是{品名}，昨天摘的。",
    "proof": "现在切开给您看。",
    "price": "净重{净重}，{价钱}一箱，合{每斤}一斤。",
    "promise": "坏了拍照给我，坏几个赔几个。",
}


def make_drill(course: Course, **fields) -> Drill:
    n = next(numbers)
    given = {
        "code": f"drill-{n}",
        "position": n,
        "title": "3 分钟讲一款",
        "minutes": 3,
        "most_minutes": 5,
        "products": 1,
        "questions": 2,
        "template": {"title": "三分钟", "talking_points": "切开、上秤", "parts": PARTS},
    }
    return Drill.objects.create(course=course, **given | fields)


def make_ready_shop(owner: User, place, **fields) -> Shop:
    """Return a shop with address, public contact and a freight table."""
    shop = make_shop(owner, place, contact=owner.phone, address=place.full_name(), **fields)
    make_rate(shop)
    return shop


def make_live(host: User, place=None, shop: Shop | None = None, **fields) -> Livestream:
    """Return a rehearsal planned for tomorrow, of this shop or this place."""
    given = {
        "place": shop.place if shop else place,
        "title": "练一场",
        "starts_at": timezone.now() + datetime.timedelta(days=1),
        "planned_minutes": 10,
        "made_by": host,
    }
    return Livestream.objects.create(host=host, shop=shop, **given | fields)


def make_item(live: Livestream, product: Product | None = None, **fields) -> RundownItem:
    """Return an item with a product, or one typed by hand: a box of 5 斤 for ¥29.90."""
    typed = {"name": "冰糖橙", "unit": "box", "net_grams": 2500, "price_fen": 2990}
    given = {"product": product} if product else typed
    position = live.items.count() + 1
    return RundownItem.objects.create(
        livestream=live, **given | {"position": position, "minutes": 5} | fields
    )


def make_script(item: RundownItem, by: User | None = None, **parts) -> ScriptVersion:
    return services.save_version(item, PARTS | parts, by or item.livestream.host)


def make_clearance(user: User, days: int = 365, **fields) -> Clearance:
    now = timezone.now()
    given = {"record": f"attempt {next(numbers)}", "valid_until": now + datetime.timedelta(days=days)}
    return Clearance.objects.create(
        user=user,
        kind=Clearance.Kind.FIRST_LIVE,
        **{"given_at": now - datetime.timedelta(days=1)} | given | fields,
    )


def grown_up(user: User, years: int = 40) -> User:
    user.birth_month = timezone.localdate().replace(day=1, month=1) - datetime.timedelta(days=366 * years)
    user.birth_month = user.birth_month.replace(day=1)
    user.save(update_fields=["birth_month"])
    return user


def tick_all(live: Livestream, by: User) -> None:
    for code in ChecklistTick.Code.values:
        ChecklistTick.objects.create(livestream=live, code=code, by=by)


def make_ready_live(seller: User, shop: Shop, product: Product, **fields) -> Livestream:
    """Return a real live of one product for which nothing is missing."""
    live = make_live(grown_up(seller), shop=shop, kind=Livestream.Kind.REAL, **fields)
    make_script(make_item(live, product, minutes=10))
    make_clearance(seller)
    tick_all(live, seller)
    return live


def open_codes(live: Livestream) -> list[str]:
    """Return the codes of the checklist that are not ticked."""
    return [row.code for row in checklist.list_rows(live) if not row.is_done]
