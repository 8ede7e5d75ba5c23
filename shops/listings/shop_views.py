"""The seller's page of their shop: its products by state, drafts, and what is missing before a sale."""

from __future__ import annotations

import uuid

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.models import Membership
from accounts.requests import SignedInRequest
from accounts.worklist import items
from shops.listings import requirements
from shops.models import ListingDraft, Product, Shop
from shops.orders.seller import notifications
from shops.shipping import policy
from shops.shortcuts import (
    SellerContext,
    find_places_to_open,
    find_seller_context,
)
from ui.pagination import Page, fetch_page

Status = Product.Status
# The order of the states in the list: those that need the seller first.
RANK = (Status.RETURNED, Status.DRAFT, Status.SUBMITTED, Status.PUBLISHED, Status.WITHDRAWN)
ROWS = 24
LOW = "low"  # used like a state in the URL: published products that run low


@require_safe
@login_required_keeping_post
def mine(request: SignedInRequest) -> HttpResponse:
    """Show the seller's shop with its products, or how to become a seller."""
    seller_context = find_seller_context(request)
    if seller_context is None:
        page = {
            "asked": find_seller_request(request),
            "ended": find_ended_shop(request),
            "helped": find_helped_shop(request),
        }
        return render(request, "shops/listings/shop_ask.html", page)
    state = request.GET.get("state", "")
    found = list_products_page(seller_context, state, request.GET.get("after", ""))
    shop = seller_context.shop
    ways = policy.read_ways(shop) if shop else None
    block = None if state else items.make_block(request, "mine")
    context = {
        "seller_context": seller_context,
        "shop": shop,
        "free": find_places_to_open(request.user, seller_context.shops),
        "drafts": list_drafts(request, seller_context),
        "states": count_states(seller_context, state),
        "state": state,
        "page": add_row_facts(found, requirements.find_obstacles(shop, found.items, ways) if shop else {}),
        "missing": requirements.list_shop_problems(shop, ways) if shop else [],
        "news": notifications.list_notifications(
            request.user, [row.kind for row in block.rows] if block else ()
        ),
        "waits": block,
        "share_url": request.build_absolute_uri(shop.get_absolute_url()) if shop else "",
    }
    return render(request, "shops/listings/shop_mine.html", context)


def find_seller_request(request: SignedInRequest) -> Membership | None:
    asked = request.user.asked_to_join()
    return next((row for row in asked if row.role == Membership.Role.SELLER), None)


def find_ended_shop(request: SignedInRequest) -> Shop | None:
    """Find a shop that the user owns although their seller's role has ended."""
    return Shop.objects.filter(owner=request.user).select_related("place").first()


def find_helped_shop(request: SignedInRequest) -> Shop | None:
    """Find a shop that lists the user as helper although they are no seller of its village."""
    return Shop.objects.filter(helpers=request.user).select_related("place").first()


def list_products_page(seller_context: SellerContext, state: str, after: str) -> Page:
    """Return one page of the shop's products, those that need the seller first."""
    rows = Product.objects.filter(shop=seller_context.shop).for_cards()
    if state == LOW:
        rows = rows.running_low()
    elif state in Status.values:
        rows = rows.filter(status=state)
    return fetch_page(rank_by_status(rows), ("rank", "-created_at", "-id"), after, ROWS)


def add_row_facts(found: Page, why_not: dict[int, requirements.MissingRequirement]) -> Page:
    """Add to each product why it cannot be ordered, and an event id for its plus and minus, so that a tap counts once."""
    for product in found.items:
        product.next_event = uuid.uuid4()
        product.why_not = why_not.get(product.pk)
    return found


def rank_by_status(rows: QuerySet) -> QuerySet:
    whens = [When(status=status, then=Value(rank)) for rank, status in enumerate(RANK)]
    return rows.annotate(rank=Case(*whens, default=Value(len(RANK)), output_field=IntegerField()))


def count_states(seller_context: SellerContext, state: str) -> list[dict]:
    """Return the states that have products, with their number."""
    counted = (
        Product.objects.filter(shop=seller_context.shop)
        .order_by()
        .values_list("status")
        .annotate(Count("id"))
    )
    counts = dict(counted)
    return [
        {"value": status.value, "label": status.label, "count": counts[status], "current": status == state}
        for status in RANK
        if counts.get(status)
    ]


def list_drafts(request: HttpRequest, seller_context: SellerContext) -> list[ListingDraft]:
    return list(
        ListingDraft.objects.visible_to(request.user).unfinished().filter(shop=seller_context.shop)[:ROWS]
    )
