"""What waits for people who sell, and for organisers who answer for those who sell."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership, User
from accounts.waiting import Urgency, Wait, waits
from shops import complaints, order_desk, queue, site_role
from shops.models import Claim, Order, Paper, PayCode, Product, Shop

TAB = "mine"
Status = Product.Status


@waits()
def selling(user: User) -> Iterator[Wait]:
    """Of the shops one sells in: one query for who has none, five for who has."""
    newest = PayCode.objects.filter(shop=OuterRef("pk")).order_by("-at", "-pk")
    shops = list(Shop.objects.of(user).annotate(pay_code=Subquery(newest.values("picture")[:1])))
    if not shops:
        return
    yield from orders(shops)
    yield from claims(shops)
    yield from listings(shops, user)
    yield from papers(shops)


def in_shop(name: str, shop: int, tail: str = "") -> str:
    """A page of a shop that has such rows; of several shops it is the first."""
    return f"{reverse(name)}?shop={shop}{tail}"


def orders(shops: list[Shop]) -> Iterator[Wait]:
    """Requests with their 48 hours, and what is paid and not sent. Two rows, one query."""
    now, rows = timezone.now(), Order.objects.filter(shop__in=shops)
    owed = Q(status__in=(Order.Status.PAID, Order.Status.PACKED))
    found = (
        rows.filter(order_desk.live(now) | owed)
        .order_by()
        .aggregate(
            requests=Count("pk", filter=order_desk.live(now)),
            until=Min("expires_at", filter=order_desk.live(now)),
            placed=Min("number", filter=order_desk.live(now)),
            asked_in=Min("shop", filter=order_desk.live(now)),
            owed=Count("pk", filter=owed),
            since=Min("accepted_at", filter=owed),
            owing=Min("number", filter=owed),
            owed_in=Min("shop", filter=owed),
        )
    )
    if n := found["requests"]:
        one = reverse("shops:my_order", args=[found["placed"]])
        yield Wait(
            kind="order_request",
            count=n,
            sentence=ngettext("%(n)s 单等您接", "%(n)s 单等您接", n) % {"n": n},
            url=one if n == 1 else in_shop("shops:my_orders", found["asked_in"]),
            icon="list",
            tab=TAB,
            urgency=Urgency.CLOCK,
            until=found["until"],
        )
    if n := found["owed"]:
        one = reverse("shops:my_order", args=[found["owing"]])
        yield Wait(
            kind="order_owed",
            count=n,
            sentence=ngettext("%(n)s 单付了钱，等您发货", "%(n)s 单付了钱，等您发货", n) % {"n": n},
            url=one if n == 1 else in_shop("shops:my_orders", found["owed_in"]),
            icon="box",
            tab=TAB,
            since=found["since"],
        )


def claims(shops: list[Shop]) -> Iterator[Wait]:
    rows = Claim.objects.filter(status=Claim.Status.OPEN, order__shop__in=shops).order_by()
    found = rows.aggregate(
        n=Count("pk"), since=Min("at"), pk=Min("pk"), number=Min("order__number"), first=Min("order__shop")
    )
    n = found["n"]
    one = reverse("shops:my_claim", args=[found["number"], found["pk"]]) if n == 1 else ""
    yield Wait(
        kind="claim",
        count=n,
        sentence=ngettext("%(n)s 单报了坏果，等您答复", "%(n)s 单报了坏果，等您答复", n) % {"n": n},
        url=one or in_shop("shops:my_orders", found["first"]),
        icon="bell",
        tab=TAB,
        urgency=Urgency.SOMEBODY,
        since=found["since"],
    )


def listings(shops: list[Shop], user: User) -> Iterator[Wait]:
    """Sent back, nearly sold out, and on sale without a way to be paid. One query."""
    returned = Q(status=Status.RETURNED)
    low = Q(status=Status.PUBLISHED, stock__lte=F("low_stock"))
    on_sale = Q(status=Status.PUBLISHED)
    uncoded = [shop.pk for shop in shops if shop.owner_id == user.pk and shop.is_open and not shop.pay_code]
    found = (
        Product.objects.filter(shop__in=shops, status__in=(Status.RETURNED, Status.PUBLISHED))
        .order_by()
        .aggregate(
            returned=Count("pk", filter=returned),
            sent_back=Min("pk", filter=returned),
            back_name=Min("name", filter=returned),
            back_in=Min("shop", filter=returned),
            low=Count("pk", filter=low),
            low_one=Min("pk", filter=low),
            low_name=Min("name", filter=low),
            low_in=Min("shop", filter=low),
            unpaid=Min("shop", filter=on_sale & Q(shop__in=uncoded)),
        )
    )
    if n := found["returned"]:
        facts = {"n": n, "name": found["back_name"]}
        yield Wait(
            kind="listing_returned",
            count=n,
            sentence=_("“%(name)s”退回来了，改好再交") % facts
            if n == 1
            else ngettext("%(n)s 款商品退回来了，改好再交", "%(n)s 款商品退回来了，改好再交", n) % facts,
            url=reverse("shops:my_product", args=[found["sent_back"]])
            if n == 1
            else in_shop("shops:mine", found["back_in"], f"&state={Status.RETURNED}"),
            icon="edit",
            tab=TAB,
            urgency=Urgency.OWN,
        )
    if found["unpaid"] and site_role.takes_orders():
        yield Wait(
            kind="paycode_missing",
            count=1,
            sentence=_("还没放收款码，接了单买家没法付钱"),
            url=in_shop("shops:paycode", found["unpaid"]),
            icon="qr",
            tab=TAB,
            urgency=Urgency.OWN,
        )
    if n := found["low"]:
        facts = {"n": n, "name": found["low_name"]}
        yield Wait(
            kind="stock_low",
            count=n,
            sentence=_("“%(name)s”快没货了") % facts
            if n == 1
            else ngettext("%(n)s 款商品快没货了", "%(n)s 款商品快没货了", n) % facts,
            url=reverse("shops:stock", args=[found["low_one"]])
            if n == 1
            else in_shop("shops:mine", found["low_in"], "&state=low"),
            icon="box",
            tab=TAB,
            urgency=Urgency.OWN,
        )


def papers(shops: list[Shop]) -> Iterator[Wait]:
    refused = Paper.objects.filter(shop__in=shops, status=Paper.Status.REFUSED).order_by()
    found = refused.aggregate(n=Count("pk"), since=Min("decided_at"), shop=Min("shop"))
    n = found["n"]
    yield Wait(
        kind="paper_refused",
        count=n,
        sentence=ngettext("%(n)s 张证书没通过，看看为什么", "%(n)s 张证书没通过，看看为什么", n) % {"n": n},
        url=in_shop("shops:papers", found["shop"]),
        icon="medal",
        tab=TAB,
        urgency=Urgency.OWN,
        since=found["since"],
    )


@waits(in_admin=True)
def deciding(user: User) -> Iterator[Wait]:
    """Listings, papers and complaints of the places one answers for. Four queries, none for who decides nothing."""
    if not user.is_superuser and not user.holds(Membership.Role.ORGANISER):
        return
    found = queue.waiting(user).order_by().aggregate(n=Count("pk"), oldest=Min("submitted_at"))
    yield Wait(
        kind="listing_submitted",
        count=found["n"],
        sentence=ngettext("%(n)s 款商品等审核", "%(n)s 款商品等审核", found["n"]) % found,
        url=reverse("shops:queue"),
        icon="box",
        tab="me",
        since=found["oldest"],
    )
    found = complaints.open_to(user).order_by().aggregate(n=Count("pk"), until=Min("due_at"), pk=Min("pk"))
    n = found["n"]
    yield Wait(
        kind="complaint",
        count=n,
        sentence=ngettext("%(n)s 个投诉等答复", "%(n)s 个投诉等答复", n) % found,
        url=reverse("shops:complaint_answer", args=[found["pk"]])
        if n == 1
        else reverse("shops:complaints_waiting"),
        icon="bell",
        tab="me",
        urgency=Urgency.CLOCK,
        until=found["until"],
    )
    waiting = Paper.objects.manageable_by(user).filter(status=Paper.Status.WAITING).order_by()
    found = waiting.aggregate(n=Count("pk"), since=Min("created_at"))
    papers_url = f"{reverse('admin:shops_paper_changelist')}?status={Paper.Status.WAITING}"
    yield Wait(
        kind="paper_waiting",
        count=found["n"],
        sentence=ngettext("%(n)s 张证书等核对", "%(n)s 张证书等核对", found["n"]) % found,
        url=papers_url,
        admin_url=papers_url,
        icon="medal",
        tab="me",
        since=found["since"],
    )
