"""Pages of a shop's orders for its sellers: the queue, one order and its steps, damage claims, packing slips."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
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
from shops.orders.seller import notifications, order_page, parcel_costs, queue
from shops.orders.seller.claim_forms import REFUSE, AnswerForm
from shops.orders.seller.forms import STEPS, CostForm, StepForm
from shops.sellers import payment_codes
from shops.shortcuts import RoleEnded, find_seller_context, private_page
from ui import qr
from ui.pagination import Page, page
from ui.parameters import read_id

ROWS = 24
Status = Order.Status
# The order in which an order goes, for the pills above the list.
STATES = (
    Status.REQUESTED,
    Status.ACCEPTED,
    Status.PAID,
    Status.PACKED,
    Status.SHIPPED,
    Status.RECEIVED,
    Status.DECLINED,
    Status.CANCELLED,
    Status.EXPIRED,
    Status.REFUNDED,
)
LISTS = (*Status.values, queue.CLAIMED, queue.OWED)


@private_page
@require_safe
@login_required_keeping_post
def my_orders(request: HttpRequest) -> HttpResponse:
    ground = find_seller_context(request)
    if ground is None or ground.shop is None:
        return redirect("shops:mine")
    shop, now = ground.shop, timezone.now()
    state, typed = request.GET.get("state", ""), request.GET.get("q", "").strip()
    after = request.GET.get("after", "")
    is_front = not (state in LISTS or state == queue.WAITING or typed or after)
    first = waiting_page(shop, "", now) if is_front else None
    rest = listed(shop, state, typed, after, now)
    context = {
        "ground": ground,
        "shop": shop,
        "state": state,
        "typed": typed,
        "counts": queue.counts(shop, now),
        "states": pills(state),
        "first": with_words(first, now) if first else None,
        "page": with_words(rest, now),
        "is_front": is_front,
        "sends": settings.SMS_SENDER != "none",
    }
    return render(request, "shops/orders/seller/mine_orders.html", context)


def pills(state: str) -> list[tuple[str, str, bool]]:
    """Value, words and whether it is chosen; a list that a row of what waits has opened has its pill in front."""
    opened = {queue.CLAIMED: _("报坏果"), queue.OWED: _("等您发货")}
    found = [(value, words, True) for value, words in opened.items() if value == state]
    return [*found, *((value.value, value.for_seller, value == state) for value in STATES)]


def listed(shop, state: str, typed: str, after: str, now) -> Page:
    newest = ("-placed_at", "-id")
    if typed:
        return page(queue.found(shop, typed), newest, after, ROWS)
    if state == queue.WAITING:
        return waiting_page(shop, after, now)
    if state in LISTS:
        return page(queue.in_state(shop, state, now), newest, after, ROWS)
    return page(queue.list_others(shop, now), newest, after, ROWS)


def waiting_page(shop, after: str, now) -> Page:
    return page(queue.list_waiting(shop, now), ("turn", "placed_at", "id"), after, ROWS)


def with_words(found: Page, now) -> Page:
    for order in found.items:
        order.goods, order.left = queue.goods(order), queue.time_left(order, now)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def put_away(request: SignedInRequest) -> HttpResponse:
    """The seller has read what stands at the top of the shop. A GET comes from a session lost on the way."""
    if request.method != "POST":
        return redirect("shops:mine")
    read = [read_id(pk) for pk in request.POST.getlist("read")]
    notifications.put_away(request.user, read[: notifications.MOST])
    messages.success(request, _("收好了。"))
    return redirect("shops:mine")


Verb = OrderEvent.Verb


def my_order_or_404(request: SignedInRequest, number: str) -> Order:
    """Of a shop this person sells in; an organiser reads an order through a complaint or in the admin."""
    rows = Order.objects.filter(number=number).select_related("shop__place", "shop__owner", "point")
    if found := rows.of(request.user).first():
        return found
    if rows.filter(shop__owner=request.user).exists():
        raise RoleEnded
    raise Http404


@private_page
@require_safe
@login_required_keeping_post
def my_order(request: HttpRequest, number: str) -> HttpResponse:
    order = my_order_or_404(request, number)
    now = timezone.now()
    is_owner = order.shop.owner_id == request.user.pk
    claims = list(order.claims.prefetch_related("photos"))
    context = {
        "order": order,
        "state": order.state,
        "left": queue.time_left(order, now),
        "lines": order.lines.all(),
        "events": order_page.list_history(order),
        "claims": claims,
        "unanswered": next((one for one in claims if one.status == one.Status.OPEN), None),
        "next": order_page.find_next_steps(order),
        "key": uuid.uuid4(),
        "slip": slip_text(order),
        "is_owner": is_owner,
        "lacks_code": order.state in (Order.Status.REQUESTED, Order.Status.ACCEPTED)
        and payment_codes.current(order.shop) is None,
        "reopens_until": transitions.reopens_until(order)
        if transitions.can_apply(Verb.REOPENED, order)
        else None,
        "freight": parcel_costs.booked(order) if order.parcel else None,
        "told": last_told(order),
        "back_url": f"{reverse('shops:my_orders')}?shop={order.shop_id}",
    }
    return render(request, "shops/orders/seller/mine_order.html", context)


def slip_text(order: Order) -> str:
    """What a courier's form asks for, in one line that can be pasted."""
    place = f"{order.region}{order.address}" if order.address else ""
    phone = order.phone.as_national.replace(" ", "") if order.phone else ""
    return " ".join(part for part in (order.buyer, phone, place) if part)


def last_told(order: Order) -> tuple[Notice, str] | None:
    """The message about the last step that has not reached the buyer, and why; who has only just ordered knows it."""
    event = order.events.last()
    if event is None or event.verb == Verb.PLACED:
        return None
    unread = Notice.objects.filter(sent_at=None, pushed_at=None, seen_at=None)
    notice = unread.filter(key=f"order-{event.pk}-buyer").first()
    return (notice, notifications.how_it_went(notice)) if notice else None


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def order_step(request: SignedInRequest, number: str, step: str) -> HttpResponse:
    order = my_order_or_404(request, number)
    form_class = STEPS.get(step)
    if form_class is None:
        raise Http404
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = typed_before(request, form_class) | order_page.initial(step, order)
    form = form_class(*given, order=order, user=request.user, initial=initial)
    if form.is_valid():
        return taken(request, form)
    if not transitions.may_apply(form.verb, OrderEvent.By.SELLER, order):
        messages.warning(request, order_page.too_late(order))
        return redirect("shops:my_order", number)
    context = {"order": order, "form": form, "step": step, "draft": f"step-{order.pk}-{step}"}
    return render(request, "shops/orders/seller/mine_step.html", context)


def typed_before(request: HttpRequest, form_class: type[StepForm]) -> dict:
    """What was written before the session was lost; never the sum or the key of then."""
    typed = decorators.kept_post(request) if request.method != "POST" else None
    names = set(form_class.base_fields) - {"fen", "key", "photo"}
    return {name: typed[name] for name in names if typed and name in typed}


def taken(request: HttpRequest, form: StepForm) -> HttpResponse:
    """Back to the order as it is now, whatever came of it."""
    step = next(name for name, one in STEPS.items() if isinstance(form, one))
    try:
        form.take()
        if is_undone(form):
            messages.warning(request, order_page.too_late(form.order))
        else:
            messages.success(request, form.done, extra_tags=f"done:step-{form.order.pk}-{step}")
    except TransitionNotAllowed as problem:
        messages.warning(request, problem.sentence)
    except IdempotencyConflict:
        messages.warning(request, _("没看懂，再点一次"))
    return redirect("shops:my_order", form.order.number)


def is_undone(form: StepForm) -> bool:
    """Whether an old page was sent again: its key stands for a step that a later one has undone or gone beyond."""
    leads = transitions.LEADS[form.verb]
    return leads in (Order.Status.ACCEPTED, Order.Status.REQUESTED) and form.order.state != leads


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def order_cost(request: HttpRequest, number: str) -> HttpResponse:
    """What the courier took, written down after the parcel has gone; a slip is mended in the ledger."""
    order = my_order_or_404(request, number)
    if not order.parcel:
        raise Http404
    form = CostForm(decorators.posted_or_kept(request))
    if request.method == "POST" and form.is_valid() and booked(request, form, order):
        messages.success(request, _("记到账上了。"), extra_tags=f"done:cost-{order.pk}")
        return redirect("shops:my_order", number)
    rows, _fen = parcel_costs.booked(order)
    context = {"order": order, "form": form, "rows": rows, "draft": f"cost-{order.pk}"}
    return render(request, "shops/orders/seller/mine_order_cost.html", context)


def booked(request: SignedInRequest, form: CostForm, order: Order) -> bool:
    """False where the form's key was another row's already: somebody went back to a page and wrote the next one on it."""
    facts = form.entry(order)
    try:
        entry = entries.write(order.shop, actor=request.user, key=form.cleaned_data["key"], **facts)
    except IdempotencyConflict:
        form.come_back(AGAIN)
        return False
    if entries.is_what(entry, facts):
        return True
    form.come_back(ONE_MORE)
    return False


@private_page
@require_safe
@login_required_keeping_post
def my_order_photo(request: HttpRequest, number: str, key: str) -> HttpResponse:
    order = my_order_or_404(request, number)
    return send_document(request, photo_or_404(order, key), order.number)


# The seller's own promise: it binds the seller and takes nothing from the buyer (消费者权益保护法 §23–24).
PROMISED = timedelta(hours=24)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def my_claim(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    order = my_order_or_404(request, number)
    claim = claim_or_404(order, pk)
    form = AnswerForm(decorators.posted_or_kept(request), claim=claim)
    if request.method == "POST" and form.is_valid() and answered(request, form):
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
        "draft": f"claim-{claim.pk}",
    }
    return render(request, "shops/orders/seller/mine_claim.html", context)


def claim_or_404(order: Order, pk: int) -> Claim:
    found = next((claim for claim in order.claims.all() if claim.pk == pk), None)
    if found is None:
        raise Http404
    found.order = order
    return found


def answered(request: SignedInRequest, form: AnswerForm) -> bool:
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


# Money is there and the box is not gone: nothing else is packed.
PACKING = (Status.PAID, Status.PACKED)
MOST = 60


@private_page
@require_safe
@login_required_keeping_post
def slips(request: HttpRequest) -> HttpResponse:
    """Which orders, and how; the sheet itself with ?order=…&order=…"""
    ground = find_seller_context(request)
    if ground is None or ground.shop is None:
        return redirect("shops:mine")
    asked = request.GET.getlist("order")
    rows = to_pack(ground.shop)
    context = {"ground": ground, "shop": ground.shop, "most": MOST}
    if not asked:
        return render(request, "shops/orders/seller/mine_slips.html", context | {"orders": rows[:MOST]})
    numbers = [number for number in asked[:MOST] if number.isascii() and number.isdigit()]
    orders = list(rows.filter(number__in=numbers))
    for order in orders:
        order.qr = qr.draw_code(order.number)
    context |= {
        "orders": orders,
        "with_prices": request.GET.get("prices") == "1",
        "one_a_page": request.GET.get("each") == "1",
    }
    return render(request, "shops/orders/seller/slips_print.html", context)


def to_pack(shop: Shop):
    rows = Order.objects.filter(shop=shop, status__in=PACKING).select_related("point")
    return rows.prefetch_related("lines").order_by("placed_at", "id")
