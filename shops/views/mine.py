"""小店: what a seller has on the shelf, in every state, and the page of one product."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import waiting
from accounts.kept import signed_in
from accounts.models import Membership
from shops import appeals, approval, lacks, missing, saying, told
from shops.inventory import presales
from shops.models import ListingDraft, Product, Shop
from shops.shipping import policy
from shops.shortcuts import SellerContext, find_seller_context, my_product_or_404, my_shop_url, places_to_open
from ui.paging import Page, page
from ui.returning import going_back, way_back

Status = Product.Status
# What wants doing comes first.
RANK = (Status.RETURNED, Status.DRAFT, Status.SUBMITTED, Status.PUBLISHED, Status.WITHDRAWN)
ROWS = 24
LOG_ROWS = 50
LOW = "low"  # in place of a state: what is on sale and runs low


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    ground = find_seller_context(request)
    if ground is None:
        page = {"asked": asked_to_sell(request), "ended": ended_shop(request), "helped": helped_shop(request)}
        return render(request, "shops/mine_ask.html", page)
    state = request.GET.get("state", "")
    found = shelf(ground, state, request.GET.get("after", ""))
    ways = policy.ways_of(ground.shop) if ground.shop else None
    block = None if state else waiting.block(request, "mine")
    context = {
        "ground": ground,
        "shop": ground.shop,
        "free": places_to_open(request.user, ground.shops),
        "drafts": drafts_of(request, ground),
        "states": states(ground, state),
        "state": state,
        "page": with_events(found, missing.why_not_ordered(ground.shop, found.items, ways) if ways else {}),
        "missing": missing.of_shop(ground.shop, ways) if ways else [],
        "news": told.to(request.user, [row.kind for row in block.rows] if block else ()),
        "waits": block,
        "share_url": request.build_absolute_uri(ground.shop.get_absolute_url()) if ground.shop else "",
    }
    return render(request, "shops/mine_shop.html", context)


def asked_to_sell(request: HttpRequest) -> Membership | None:
    asked = request.user.asked_to_join()
    return next((row for row in asked if row.role == Membership.Role.SELLER), None)


def ended_shop(request: HttpRequest) -> Shop | None:
    """A shop of one's own in which one sells no more, because the role has ended."""
    return Shop.objects.filter(owner=request.user).select_related("place").first()


def helped_shop(request: HttpRequest) -> Shop | None:
    """One in whose list of helpers this person stands without being a seller of its village."""
    return Shop.objects.filter(helpers=request.user).select_related("place").first()


def shelf(ground: SellerContext, state: str, after: str) -> Page:
    """One page of the shop's products, what wants doing first."""
    rows = Product.objects.filter(shop=ground.shop).for_cards()
    if state == LOW:
        rows = rows.running_low()
    elif state in Status.values:
        rows = rows.filter(status=state)
    return page(ranked(rows), ("rank", "-created_at", "-id"), after, ROWS)


def with_events(found: Page, why_not: dict[int, lacks.Lack]) -> Page:
    """Each row with why it cannot be ordered, if it cannot; its plus and minus carry an event of their own, so that a tap
    sent twice counts once."""
    for product in found.items:
        product.next_event = uuid.uuid4()
        product.why_not = why_not.get(product.pk)
    return found


def ranked(rows: QuerySet) -> QuerySet:
    whens = [When(status=status, then=Value(rank)) for rank, status in enumerate(RANK)]
    return rows.annotate(rank=Case(*whens, default=Value(len(RANK)), output_field=IntegerField()))


def states(ground: SellerContext, state: str) -> list[dict]:
    """Each state that has products, with how many."""
    counted = Product.objects.filter(shop=ground.shop).order_by().values_list("status").annotate(Count("id"))
    counts = dict(counted)
    return [
        {"value": status.value, "label": status.label, "count": counts[status], "current": status == state}
        for status in RANK
        if counts.get(status)
    ]


def drafts_of(request: HttpRequest, ground: SellerContext) -> list[ListingDraft]:
    return list(ListingDraft.objects.visible_to(request.user).put_aside().filter(shop=ground.shop)[:ROWS])


@require_safe
@signed_in
def my_product(request: HttpRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    moves = moves_of(product, request.GET.get("after", ""))
    context = {
        "product": product,
        "photos": [row.photo for row in approval.photos_of(product)],
        "missing": [] if product.is_published else approval.what_is_missing(product, for_publishing=False),
        "why_not": missing.why_not_ordered(product.shop, [product]).get(product.pk)
        if product.is_published
        else None,
        "warnings": lacks.warnings(product),
        "batch": product.batch,
        "appeal": appeals.last(product),
        "blocked": not product.is_published and bool(saying.look_at(product).blocking),
        "moves": [
            (row, signed(row.delta), Product.Unit(product.unit).after(row.delta)) for row in moves.items
        ],
        "page": moves,
        "presale": presales.current(product),
        "prices": product.price_changes.select_related("actor")[:LOG_ROWS],
        "back_url": way_back(request, my_shop_url(product.shop)),
        "submit_url": with_its_way_back(request, "shops:submit", pk),
        "edit_url": with_its_way_back(request, "shops:edit_product", pk),
    }
    return render(request, "shops/mine_product.html", context)


def moves_of(product: Product, after: str) -> Page:
    """The changes of the stock, the newest first."""
    rows = product.moves.filter(presale=None).select_related("actor", "order")
    return page(rows, ("-at", "-id"), after, LOG_ROWS)


def signed(delta: int) -> str:
    """+5, −3, 0: the minus is the long one, as in amounts of money."""
    return f"+{delta:,}" if delta > 0 else f"−{-delta:,}" if delta < 0 else "0"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """A GET comes from a session lost on the way: the product's page has the button."""
    product = my_product_or_404(request, pk)
    if request.method == "POST":
        tell_submitted(request, product)
    return redirect(with_its_way_back(request, "shops:my_product", pk))


def with_its_way_back(request: HttpRequest, name: str, pk: int) -> str:
    """A page of this product that still leads back to where the seller came from."""
    url, back = reverse(name, args=[pk]), way_back(request, "")
    return going_back(url, back) if back else url


def tell_submitted(request: HttpRequest, product: Product, done: str = "") -> bool:
    """Sends it to be looked at and says so, or says what it lacks; `done` ends the phone's own draft."""
    tags = f"done:{done}" if done else ""
    try:
        approval.submit(product, request.user)
    except approval.NotPossible as problem:
        for reason in problem.reasons:
            messages.warning(request, reason, extra_tags=tags)
        return False
    messages.success(request, _("收到了，管理员看过就上架。"), extra_tags=tags)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    if request.method == "POST":
        try:
            approval.withdraw(product, request.user)
            messages.success(request, _("已下架，买家看不到了。"))
        except approval.NotPossible as problem:
            messages.warning(request, problem.reasons[0])
        return redirect("shops:my_product", pk)
    context = {
        "title": _("把“%(name)s”下架？") % {"name": product.name},
        "text": _("买家就看不到它了。以后可以再提交，管理员看过再上架。"),
        "cancel_url": reverse("shops:my_product", args=[pk]),
        "confirm": _("下架"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)
