"""One order on its seller's screen: where it stands, the next step under the thumb, and the steps themselves."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import kept
from accounts.kept import signed_in
from accounts.models import Notice
from media import documents
from shops import next_steps, order_desk, parcel_costs, trail_words
from shops.forms import AGAIN
from shops.ledger import entries
from shops.ledger.forms import ONE_MORE
from shops.models import Order, OrderEvent
from shops.orders import transitions
from shops.orders.exceptions import KeyTaken, TransitionNotAllowed
from shops.orders.seller import notifications
from shops.parcel_forms import CostForm
from shops.sellers import payment_codes
from shops.shortcuts import RoleEnded, private_page
from shops.step_form import StepForm
from shops.step_forms import STEPS
from shops.views.order_page import photo_or_404

Verb = OrderEvent.Verb


def my_order_or_404(request: HttpRequest, number: str) -> Order:
    """Of a shop this person sells in; an organiser reads an order through a complaint or in the admin."""
    rows = Order.objects.filter(number=number).select_related("shop__place", "shop__owner", "point")
    if found := rows.of(request.user).first():
        return found
    if rows.filter(shop__owner=request.user).exists():
        raise RoleEnded
    raise Http404


@private_page
@require_safe
@signed_in
def my_order(request: HttpRequest, number: str) -> HttpResponse:
    order = my_order_or_404(request, number)
    now = timezone.now()
    is_owner = order.shop.owner_id == request.user.pk
    claims = list(order.claims.prefetch_related("photos"))
    context = {
        "order": order,
        "state": order.state,
        "left": order_desk.time_left(order, now),
        "lines": order.lines.all(),
        "events": trail_words.of(order),
        "claims": claims,
        "unanswered": next((one for one in claims if one.status == one.Status.OPEN), None),
        "next": next_steps.of(order),
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
    return render(request, "shops/mine_order.html", context)


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
@signed_in
def order_step(request: HttpRequest, number: str, step: str) -> HttpResponse:
    order = my_order_or_404(request, number)
    form_class = STEPS.get(step)
    if form_class is None:
        raise Http404
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    initial = typed_before(request, form_class) | next_steps.initial(step, order)
    form = form_class(*given, order=order, user=request.user, initial=initial)
    if form.is_valid():
        return taken(request, form)
    if not transitions.may_apply(form.verb, OrderEvent.By.SELLER, order):
        messages.warning(request, next_steps.too_late(order))
        return redirect("shops:my_order", number)
    context = {"order": order, "form": form, "step": step, "draft": f"step-{order.pk}-{step}"}
    return render(request, "shops/mine_step.html", context)


def typed_before(request: HttpRequest, form_class: type[StepForm]) -> dict:
    """What was written before the session was lost; never the sum or the key of then."""
    typed = kept.take(request) if request.method != "POST" else None
    names = set(form_class.base_fields) - {"fen", "key", "photo"}
    return {name: typed[name] for name in names if typed and name in typed}


def taken(request: HttpRequest, form: StepForm) -> HttpResponse:
    """Back to the order as it is now, whatever came of it."""
    step = next(name for name, one in STEPS.items() if isinstance(form, one))
    try:
        form.take()
        if is_undone(form):
            messages.warning(request, next_steps.too_late(form.order))
        else:
            messages.success(request, form.done, extra_tags=f"done:step-{form.order.pk}-{step}")
    except TransitionNotAllowed as problem:
        messages.warning(request, problem.sentence)
    except KeyTaken:
        messages.warning(request, _("没看懂，再点一次"))
    return redirect("shops:my_order", form.order.number)


def is_undone(form: StepForm) -> bool:
    """Whether an old page was sent again: its key stands for a step that a later one has undone or gone beyond."""
    leads = transitions.LEADS[form.verb]
    return leads in (Order.Status.ACCEPTED, Order.Status.REQUESTED) and form.order.state != leads


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def order_cost(request: HttpRequest, number: str) -> HttpResponse:
    """What the courier took, written down after the parcel has gone; a slip is mended in the ledger."""
    order = my_order_or_404(request, number)
    if not order.parcel:
        raise Http404
    form = CostForm(kept.typed(request))
    if request.method == "POST" and form.is_valid() and booked(request, form, order):
        messages.success(request, _("记到账上了。"), extra_tags=f"done:cost-{order.pk}")
        return redirect("shops:my_order", number)
    rows, _fen = parcel_costs.booked(order)
    context = {"order": order, "form": form, "rows": rows, "draft": f"cost-{order.pk}"}
    return render(request, "shops/mine_order_cost.html", context)


def booked(request: HttpRequest, form: CostForm, order: Order) -> bool:
    """False where the form's key was another row's already: somebody went back to a page and wrote the next one on it."""
    facts = form.entry(order)
    try:
        entry = entries.write(order.shop, actor=request.user, key=form.cleaned_data["key"], **facts)
    except entries.KeyTaken:
        form.come_back(AGAIN)
        return False
    if entries.is_what(entry, facts):
        return True
    form.come_back(ONE_MORE)
    return False


@private_page
@require_safe
@signed_in
def my_order_photo(request: HttpRequest, number: str, key: str) -> HttpResponse:
    order = my_order_or_404(request, number)
    return documents.send(request, photo_or_404(order, key), order.number)
