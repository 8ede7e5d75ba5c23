"""Register what waits for sellers, and for organisers who approve what is sold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, Count, F, Min, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, User
from accounts.worklist.items import Urgency, WorkItem, register_work
from shops import site_mode
from shops.complaints import services
from shops.listings import review
from shops.models import Claim, Order, Paper, PayCode, Product, Shop
from shops.orders.seller import queue

TAB = "mine"
Status = Product.Status


@register_work()
def selling(user: User) -> Iterator[WorkItem]:
    """Yield what waits in the person's shops. One query for a person without a shop, five for a seller."""
    newest = PayCode.objects.filter(shop=OuterRef("pk"), status=PayCode.Status.SET).order_by("-at", "-pk")
    shops = list(Shop.objects.of(user).annotate(pay_code=Subquery(newest.values("picture")[:1])))
    if not shops:
        return
    names = {shop.pk: shop.name for shop in shops} if len(shops) > 1 else {}
    yield from list_orders(shops, names)
    yield from list_claims(shops, names)
    yield from list_listings(shops, user, names)
    yield from list_papers(shops, names)


def make_url(name: str, shop: int, tail: str = "") -> str:
    """Return the URL of a page of this shop."""
    return f"{reverse(name)}?shop={shop}{tail}"


def list_orders(shops: list[Shop], names: dict[int, str]) -> Iterator[WorkItem]:
    """Yield requests, which expire after 48 hours, and orders that are paid and not sent; one query.

    There is an item for each shop, because the linked list shows one shop. `names` is shown to people who sell in several
    shops.
    """
    now, owed = timezone.now(), queue.is_owed()
    asked = queue.is_waiting_request(now)
    found = (
        Order.objects.filter(asked | owed, shop__in=shops)
        .order_by("shop")
        .values("shop")
        .annotate(
            requests=Count("pk", filter=asked),
            until=Min("expires_at", filter=asked),
            placed=Min("number", filter=asked),
            owed=Count("pk", filter=owed),
            since=Min("accepted_at", filter=owed),
            owing=Min("number", filter=owed),
        )
    )
    for row in found:
        shop = row["shop"]
        if n := row["requests"]:
            yield WorkItem(
                kind="order_request",
                count=n,
                sentence=ngettext("%(n)s 单等你接", "%(n)s 单等你接", n) % {"n": n},
                url=make_url_of_orders(n, row["placed"], shop, Order.Status.REQUESTED),
                icon="list",
                tab=TAB,
                urgency=Urgency.CLOCK,
                until=row["until"],
                note=names.get(shop, ""),
            )
        if n := row["owed"]:
            yield WorkItem(
                kind="order_owed",
                count=n,
                sentence=ngettext("%(n)s 单付了钱，等你发货", "%(n)s 单付了钱，等你发货", n) % {"n": n},
                url=make_url_of_orders(n, row["owing"], shop, queue.OWED),
                icon="box",
                tab=TAB,
                since=row["since"],
                note=names.get(shop, ""),
            )


def make_url_of_orders(n: int, number: str, shop: int, state: str) -> str:
    """Return the page of the single order, or the list of the orders that are counted."""
    one = reverse("shops:my_order", args=[number])
    return one if n == 1 else make_url("shops:my_orders", shop, f"&state={state}")


def list_claims(shops: list[Shop], names: dict[int, str]) -> Iterator[WorkItem]:
    rows = Claim.objects.filter(status=Claim.Status.OPEN, order__shop__in=shops).order_by("order__shop")
    found = rows.values("order__shop").annotate(
        n=Count("pk"),
        since=Min("at"),
        first=Min("pk"),
        number=Min("order__number"),
    )
    for row in found:
        n, shop = row["n"], row["order__shop"]
        one = reverse("shops:my_claim", args=[row["number"], row["first"]]) if n == 1 else ""
        yield WorkItem(
            kind="claim",
            count=n,
            sentence=ngettext("%(n)s 单报了坏果，等你答复", "%(n)s 单报了坏果，等你答复", n) % {"n": n},
            url=one or make_url("shops:my_orders", shop, f"&state={queue.CLAIMED}"),
            icon="bell",
            tab=TAB,
            urgency=Urgency.SOMEBODY,
            since=row["since"],
            note=names.get(shop, ""),
        )


def list_listings(shops: list[Any], user: User, names: dict[int, str]) -> Iterator[WorkItem]:
    """Yield listings that were returned or whose new text was answered, that are nearly sold out, and that are on sale without
    a payment code, by shop. One query.
    """
    returned = Q(status=Status.RETURNED)
    low = Q(status=Status.PUBLISHED, stock__lte=F("low_stock"))
    on_sale = Q(status=Status.PUBLISHED)
    # A text that was passed and put in is no longer there: these were refused, or could not be put in.
    answered = Q(waiting_text__appealed__decision__gt="")
    uncoded = [shop.pk for shop in shops if shop.owner_id == user.pk and shop.is_open and not shop.pay_code]
    found = (
        Product.objects.filter(shop__in=shops, status__in=(Status.RETURNED, Status.PUBLISHED))
        .order_by("shop")
        .values("shop")
        .annotate(
            returned=Count("pk", filter=returned),
            sent_back=Min("pk", filter=returned),
            back_name=Min("name", filter=returned),
            answered=Count("pk", filter=answered),
            answered_one=Min("pk", filter=answered),
            answered_name=Min("name", filter=answered),
            low=Count("pk", filter=low),
            low_one=Min("pk", filter=low),
            low_name=Min("name", filter=low),
            sold=Count("pk", filter=on_sale),
        )
    )
    for row in found:
        shop, note = row["shop"], names.get(row["shop"], "")
        if n := row["returned"]:
            facts = {"n": n, "name": row["back_name"]}
            yield WorkItem(
                kind="listing_returned",
                count=n,
                sentence=_("“%(name)s”退回来了，改好再交") % facts
                if n == 1
                else ngettext("%(n)s 款商品退回来了，改好再交", "%(n)s 款商品退回来了，改好再交", n) % facts,
                url=reverse("shops:my_product", args=[row["sent_back"]])
                if n == 1
                else make_url("shops:mine", shop, f"&state={Status.RETURNED}"),
                icon="edit",
                tab=TAB,
                urgency=Urgency.OWN,
                note=note,
            )
        if n := row["answered"]:
            facts = {"n": n, "name": row["answered_name"]}
            yield WorkItem(
                kind="text_answered",
                count=n,
                sentence=_("“%(name)s”新写的话没换上，看看为什么") % facts
                if n == 1
                else ngettext(
                    "%(n)s 款商品新写的话没换上，看看为什么", "%(n)s 款商品新写的话没换上，看看为什么", n
                )
                % facts,
                url=reverse("shops:my_product", args=[row["answered_one"]]),
                icon="edit",
                tab=TAB,
                urgency=Urgency.OWN,
                note=note,
            )
        if row["sold"] and shop in uncoded and site_mode.takes_orders():
            yield WorkItem(
                kind="paycode_missing",
                count=1,
                sentence=_("还没放收款码，接了单买家没法付钱"),
                url=make_url("shops:paycode", shop),
                icon="qr",
                tab=TAB,
                urgency=Urgency.OWN,
                note=note,
            )
        if n := row["low"]:
            facts = {"n": n, "name": row["low_name"]}
            yield WorkItem(
                kind="stock_low",
                count=n,
                sentence=_("“%(name)s”快没货了") % facts
                if n == 1
                else ngettext("%(n)s 款商品快没货了", "%(n)s 款商品快没货了", n) % facts,
                url=reverse("shops:stock", args=[row["low_one"]])
                if n == 1
                else make_url("shops:mine", shop, "&state=low"),
                icon="box",
                tab=TAB,
                urgency=Urgency.OWN,
                note=note,
            )


def list_papers(shops: list[Shop], names: dict[int, str]) -> Iterator[WorkItem]:
    refused = Paper.objects.filter(shop__in=shops, status=Paper.Status.REFUSED).order_by("shop")
    for row in refused.values("shop").annotate(n=Count("pk"), since=Min("decided_at")):
        n = row["n"]
        yield WorkItem(
            kind="paper_refused",
            count=n,
            sentence=ngettext("%(n)s 张证书没通过，看看为什么", "%(n)s 张证书没通过，看看为什么", n)
            % {"n": n},
            url=make_url("shops:papers", row["shop"]),
            icon="medal",
            tab=TAB,
            urgency=Urgency.OWN,
            since=row["since"],
            note=names.get(row["shop"], ""),
        )


@register_work(in_admin=True)
def deciding(user: User) -> Iterator[WorkItem]:
    """Yield listings, papers and complaints in the organiser's places. Four queries, none for other people."""
    if not user.is_superuser and not user.places_with_role(Membership.Role.ORGANISER):
        return
    submitted = Case(When(status=Status.PUBLISHED, then="waiting_text__at"), default="submitted_at")
    found = review.find_waiting_products(user).order_by().aggregate(n=Count("pk"), oldest=Min(submitted))
    yield WorkItem(
        kind="listing_submitted",
        count=found["n"],
        sentence=ngettext("%(n)s 款商品等审核", "%(n)s 款商品等审核", found["n"]) % found,
        url=reverse("shops:queue"),
        admin_url=reverse("shops:queue"),
        icon="box",
        tab="me",
        since=found["oldest"],
    )
    found = (
        services.list_unanswered(user).order_by().aggregate(n=Count("pk"), until=Min("due_at"), pk=Min("pk"))
    )
    n = found["n"]
    url = reverse("shops:complaints_waiting")
    if n == 1:
        url = reverse("shops:complaint_answer", args=[found["pk"]])
    yield WorkItem(
        kind="complaint",
        count=n,
        sentence=ngettext("%(n)s 个投诉等答复", "%(n)s 个投诉等答复", n) % found,
        url=url,
        admin_url=url,
        icon="bell",
        tab="me",
        urgency=Urgency.CLOCK,
        until=found["until"],
    )
    waiting = Paper.objects.manageable_by(user).filter(status=Paper.Status.WAITING).order_by()
    found = waiting.aggregate(n=Count("pk"), since=Min("created_at"))
    papers_url = f"{reverse('admin:shops_paper_changelist')}?status={Paper.Status.WAITING}"
    yield WorkItem(
        kind="paper_waiting",
        count=found["n"],
        sentence=ngettext("%(n)s 张证书等核对", "%(n)s 张证书等核对", found["n"]) % found,
        url=papers_url,
        admin_url=papers_url,
        icon="medal",
        tab="me",
        since=found["since"],
    )


@register_work(on_phone=False, in_admin=True)
def sellers_to_look_at(user: User) -> list[WorkItem]:
    """List sellers to verify and to report, which only a platform must do: every six months, and in January and July."""
    if not site_mode.verifies_sellers():
        return []
    shops = Shop.objects.manageable_by(user).open()
    url = reverse("admin:shops_shop_changelist")
    n = shops.filter(site_mode.filter_to_verify()).count()
    sentence = ngettext("%(n)s 家小店该核验了", "%(n)s 家小店该核验了", n) % {"n": n}
    found = [WorkItem("shop_to_verify", n, sentence, admin_url=f"{url}?verify=due", icon="shop")]
    if site_mode.is_reporting_month():
        n = shops.count()
        sentence = ngettext(
            "%(n)s 家小店，这个月要报给市场监管部门", "%(n)s 家小店，这个月要报给市场监管部门", n
        ) % {"n": n}
        found.append(WorkItem("shops_to_report", n, sentence, admin_url=url, icon="sheet"))
    return found
