"""Pages of a shop's orders for its sellers: the queue, one order and its steps, damage claims, packing slips."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import decorators
from accounts.decorators import login_required_keeping_post
from accounts.models import Notice
from accounts.requests import SignedInRequest
from media.documents.services import send_document
from shops.exceptions import IdempotencyConflict
from shops.forms import AGAIN
from shops.ledger import entries
from shops.ledger.forms import ONE_MORE
from shops.models import Claim, Order, OrderEvent, Shop
from shops.orders import damage_claims, transitions
from shops.orders.buyer.views import photo_or_404
from shops.orders.exceptions import TransitionNotAllowed
from shops.orders.seller import notifications, order_page, order_rows, parcel_costs, queue
from shops.orders.seller.claim_forms import REFUSE, AnswerForm
from shops.orders.seller.forms import STEPS, CostForm, StepForm
from shops.sellers import payment_codes
from shops.shortcuts import RoleEnded, find_seller_context, private_page
from ui import svg
from ui.pagination import Page, fetch_page
from ui.parameters import read_id

Status = Order.Status
Verb = OrderEvent.Verb
LISTS = (*Status.values, queue.CLAIMED, queue.OWED)
# Within this time a seller promises to answer a damage claim. The promise takes no right from the buyer (消费者权益保护法
# §23–24).
PROMISED = timedelta(hours=24)
# Orders that are paid and not sent have packing slips, at most MOST at a time.
PACKING = (Status.PAID, Status.PACKED)
MOST = 60


@private_page
@require_safe
@login_required_keeping_post
def my_orders(request: SignedInRequest) -> HttpResponse:
    """List the shop's orders: those that wait first, then the rest, or the filtered or searched ones."""
    seller_context = find_seller_context(request)
    if seller_context is None or seller_context.shop is None:
        return redirect("shops:mine")
    shop, now = seller_context.shop, timezone.now()
    state, typed = request.GET.get("state", ""), request.GET.get("q", "").strip()
    after = request.GET.get("after", "")
    is_front = not (state in LISTS or state == queue.WAITING or typed or after)
    first, rest = (
        queue.load_front_pages(shop, now) if is_front else (None, find_page(shop, state, typed, after, now))
    )
    add_row_texts([*(first.items if first else ()), *rest.items], now)
    counts = (
        queue.count_listed(first.items)
        if first is not None and not first.after
        else queue.count_waiting(shop, now)
    )
    context = {
        "seller_context": seller_context,
        "shop": shop,
        "typed": typed,
        "counts": counts,
        "filters": order_rows.list_filters(shop.pk, None if typed else state, counts.all),
        "first": first,
        "first_rows": order_rows.list_orders(first.items) if first else "",
        "page": rest,
        "rows": order_rows.list_orders(rest.items),
        "is_front": is_front,
        "sends": settings.SMS_SENDER != "none",
    }
    return render(request, "shops/orders/seller/mine_orders.html", context)


def find_page(shop, state: str, typed: str, after: str, now) -> Page:
    if state == queue.WAITING and not typed:
        return fetch_page(queue.list_waiting(shop, now), queue.QUEUE, after, queue.ROWS)
    if typed:
        rows = queue.search_orders(shop, typed)
    elif state in LISTS:
        rows = queue.filter_by_state(shop, state, now)
    else:
        rows = queue.list_others(shop, now)
    return fetch_page(rows, queue.NEWEST, after, queue.ROWS)


def add_row_texts(orders: list[Any], now) -> None:
    goods = queue.describe_goods(orders)
    for order in orders:
        order.goods, order.left = goods.get(order.pk, ""), queue.describe_wait(order, now)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def mark_notices_read(request: SignedInRequest) -> HttpResponse:
    """Mark the notices at the top of the shop page as read.

    A GET redirects: it happens after signing in again when the session was lost.
    """
    if request.method != "POST":
        return redirect("shops:mine")
    read = [read_id(pk) for pk in request.POST.getlist("read")]
    notifications.mark_read(request.user, read[: notifications.MOST])
    messages.success(request, _("收好了。"))
    return redirect("shops:mine")


def my_order_or_404(request: SignedInRequest, number: str) -> Order:
    """Fetch an order of a shop in which this person sells; 404 for others, RoleEnded for an owner who no longer sells."""
    rows = Order.objects.filter(number=number).select_related("shop__place", "shop__owner", "point")
    if found := rows.of(request.user).first():
        return found
    if rows.filter(shop__owner=request.user).exists():
        raise RoleEnded
    raise Http404


@private_page
@require_safe
@login_required_keeping_post
def my_order(request: SignedInRequest, number: str) -> HttpResponse:
    """Show one order with its history and the next steps."""
    order = my_order_or_404(request, number)
    now = timezone.now()
    is_owner = order.shop.owner_id == request.user.pk
    claims = list(order.claims.prefetch_related("photos"))
    context = {
        "order": order,
        "state": order.state,
        "left": queue.describe_wait(order, now),
        "lines": order.lines.all(),
        "events": order_page.list_history(order),
        "claims": claims,
        "unanswered": next((one for one in claims if one.status == one.Status.OPEN), None),
        "next": order_page.find_next_steps(order),
        "key": uuid.uuid4(),
        "slip": write_slip_text(order),
        "is_owner": is_owner,
        "lacks_code": order.state in (Order.Status.REQUESTED, Order.Status.ACCEPTED)
        and payment_codes.find_current(order.shop) is None,
        "reopens_until": transitions.get_reopening_end(order)
        if transitions.is_possible(Verb.REOPENED, order)
        else None,
        "freight": parcel_costs.list_booked(order) if order.parcel else None,
        "unread_notice": find_unread_notice(order),
        "back_url": f"{reverse('shops:my_orders')}?shop={order.shop_id}",
    }
    return render(request, "shops/orders/seller/mine_order.html", context)


def write_slip_text(order: Order) -> str:
    """Return name, phone and address in one line, to paste into a courier's form."""
    place = f"{order.region}{order.address}" if order.address else ""
    phone = order.phone.as_national.replace(" ", "") if order.phone else ""
    return " ".join(part for part in (order.buyer, phone, place) if part)


def find_unread_notice(order: Order) -> tuple[Notice, str] | None:
    """Return the notice of the last step if it has not reached the buyer, and why; None for an order just placed."""
    event = order.events.last()
    if event is None or event.verb == Verb.PLACED:
        return None
    unread = Notice.objects.filter(sent_at=None, pushed_at=None, seen_at=None)
    notice = unread.filter(key=f"order-{event.pk}-buyer").first()
    return (notice, notifications.describe_delivery(notice)) if notice else None


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def order_step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    """Show the form of a step (a key of STEPS), and take the step."""
    order = my_order_or_404(request, number)
    form_class = STEPS.get(step)
    if form_class is None:
        raise Http404
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = read_kept_input(request, form_class) | order_page.list_initial_values(step, order)
    form = form_class(*given, order=order, user=request.user, initial=initial)
    if form.is_valid():
        return take_step(request, form)
    if not transitions.can_apply(form.verb, OrderEvent.By.SELLER, order):
        messages.warning(request, order_page.describe_lateness(order))
        return redirect("shops:my_order", number)
    context = {"order": order, "form": form, "step": step, "draft": f"step-{order.pk}-{step}"}
    return render(request, "shops/orders/seller/mine_step.html", context)


def read_kept_input(request: HttpRequest, form_class: type[StepForm]) -> dict:
    """Return what was typed before the session was lost, without the amount, the key and the photo."""
    typed = decorators.get_kept_post(request) if request.method != "POST" else None
    names = set(form_class.base_fields) - {"fen", "key", "photo"}
    return {name: typed[name] for name in names if typed and name in typed}


def take_step(request: HttpRequest, form: StepForm) -> HttpResponse:
    """Take the form's step and redirect to the order with a message that says what came of it."""
    step = next(name for name, one in STEPS.items() if isinstance(form, one))
    try:
        form.take()
        if is_undone(form):
            messages.warning(request, order_page.describe_lateness(form.order))
        else:
            messages.success(request, str(form.done), extra_tags=f"done:step-{form.order.pk}-{step}")
    except TransitionNotAllowed as problem:
        messages.warning(request, problem.sentence)
    except IdempotencyConflict:
        messages.warning(request, _("没看懂，再点一次"))
    return redirect("shops:my_order", form.order.number)


def is_undone(form: StepForm) -> bool:
    """Return whether the key belongs to an earlier step that a later one has undone or followed (an old page was sent)."""
    leads = transitions.LEADS[form.verb]
    return leads in (Order.Status.ACCEPTED, Order.Status.REQUESTED) and form.order.state != leads


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def order_cost(request: SignedInRequest, number: str) -> HttpResponse:
    """Book what the courier charged, after the parcel was sent; a mistake is corrected in the ledger."""
    order = my_order_or_404(request, number)
    if not order.parcel:
        raise Http404
    form = CostForm(decorators.get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid() and book_cost(request, form, order):
        messages.success(request, _("记到账上了。"), extra_tags=f"done:cost-{order.pk}")
        return redirect("shops:my_order", number)
    rows, _fen = parcel_costs.list_booked(order)
    context = {"order": order, "form": form, "rows": rows, "draft": f"cost-{order.pk}"}
    return render(request, "shops/orders/seller/mine_order_cost.html", context)


def book_cost(request: SignedInRequest, form: CostForm, order: Order) -> bool:
    """Write the cost to the ledger; False, with an error on the form, if its key was used for another entry."""
    facts = form.entry(order)
    try:
        entry = entries.write(order.shop, actor=request.user, key=form.cleaned_data["key"], **facts)
    except IdempotencyConflict:
        form.come_back(AGAIN)
        return False
    if entries.has_facts(entry, facts):
        return True
    form.come_back(ONE_MORE)
    return False


@private_page
@require_safe
@login_required_keeping_post
def my_order_photo(request: SignedInRequest, number: str, key: str) -> HttpResponseBase:
    order = my_order_or_404(request, number)
    return send_document(request, photo_or_404(order, key), order.number)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def my_claim(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Show a damage claim, and answer it."""
    order = my_order_or_404(request, number)
    claim = claim_or_404(order, pk)
    form = AnswerForm(decorators.get_posted_or_kept(request), claim=claim)
    if request.method == "POST" and form.is_valid() and answer_claim(request, form):
        return redirect("shops:my_order", number)
    context = {
        "order": order,
        "claim": claim,
        "is_open": claim.status == Claim.Status.OPEN,
        "photos": claim.photos.all(),
        "packed": order.events.filter(verb=OrderEvent.Verb.PACKED).select_related("photo").last(),
        "lines": order.lines.all(),
        "form": form,
        "promised_at": claim.at + PROMISED,
        "is_late": timezone.now() > claim.at + PROMISED,
        "draft": f"claim-{claim.pk}",
    }
    return render(request, "shops/orders/seller/mine_claim.html", context)


def claim_or_404(order: Order, pk: int) -> Claim:
    found = next((claim for claim in order.claims.all() if claim.pk == pk), None)
    if found is None:
        raise Http404
    found.order = order
    return found


def answer_claim(request: SignedInRequest, form: AnswerForm) -> bool:
    """Return whether to go back to the order; too little stock is an error on the form, with nothing typed lost."""
    facts, claim = form.cleaned_data, form.claim
    try:
        if facts["way"] == REFUSE:
            damage_claims.refuse(claim, request.user, facts["key"], facts["answer"])
        else:
            damage_claims.settle_claim(
                claim, request.user, facts["key"], form.fen, form.units, facts["answer"]
            )
        messages.success(request, _("告诉买家了。"), extra_tags=f"done:claim-{claim.pk}")
    except IdempotencyConflict:
        messages.warning(request, _("没看懂，再点一次"))
    except TransitionNotAllowed as problem:
        claim.refresh_from_db()
        if claim.status == Claim.Status.OPEN:
            form.add_error(None, problem.sentence)
            return False
        messages.warning(request, problem.sentence)
    return True


@private_page
@require_safe
@login_required_keeping_post
def slips(request: SignedInRequest) -> HttpResponse:
    """Ask which orders to print packing slips for; with ?order=…&order=… show the slips."""
    seller_context = find_seller_context(request)
    if seller_context is None or seller_context.shop is None:
        return redirect("shops:mine")
    asked = request.GET.getlist("order")
    rows = list_orders_to_pack(seller_context.shop)
    context = {"seller_context": seller_context, "shop": seller_context.shop, "most": MOST}
    if not asked:
        return render(request, "shops/orders/seller/mine_slips.html", context | {"orders": rows[:MOST]})
    numbers = [number for number in asked[:MOST] if number.isascii() and number.isdigit()]
    orders = list(rows.filter(number__in=numbers))
    for order in orders:
        order.qr = svg.draw_code(order.number)
    context |= {
        "orders": orders,
        "with_prices": request.GET.get("prices") == "1",
        "one_a_page": request.GET.get("each") == "1",
    }
    return render(request, "shops/orders/seller/slips_print.html", context)


def list_orders_to_pack(shop: Shop):
    rows = Order.objects.filter(shop=shop, status__in=PACKING).select_related("point")
    return rows.prefetch_related("lines").order_by("placed_at", "id")
