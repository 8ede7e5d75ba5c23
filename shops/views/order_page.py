"""An order as its buyer follows it, by a link that nobody guesses."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from media import documents
from media.document_views import receive_document
from shops.models import Order, OrderEvent
from shops.order_forms import CancelForm, ClaimForm, Keyed, TailForm
from shops.orders import damage_claims, snapshots, transitions
from shops.orders.exceptions import KeyTaken, TransitionNotAllowed, describe_state
from shops.sellers import departure, payment_codes
from shops.shipping import couriers
from shops.shortcuts import name_or_404, private_page
from shops.views.order_proof import grant, is_proven, try_tail

By, Verb = OrderEvent.By, OrderEvent.Verb
CLAIMS_AN_ORDER = 5


def order_or_404(token: str) -> Order:
    """A guess costs one look into an index of 128-bit tokens, hit or miss."""
    rows = Order.objects.select_related("shop__place", "shop__owner", "point")
    return get_object_or_404(rows, token=name_or_404(token))


@private_page
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    return order_page(request, order_or_404(token))


def order_page(request: HttpRequest, found: Order, tail: TailForm | None = None) -> HttpResponse:
    proven = is_proven(request, found)
    events = list(found.events.select_related("photo"))
    context = {
        "order": found,
        "state": found.state,
        "proven": proven,
        "tail": tail or TailForm(),
        "events": events,
        "is_stranded": departure.is_stranded(found),
        "is_reopened": found.state == Order.Status.REQUESTED and events[-1].verb == Verb.REOPENED,
        # Whoever could see the payment code may have paid, whatever came of the order.
        "was_accepted": any(one.verb in (Verb.ACCEPTED, Verb.REOPENED) for one in events),
        "packed": next((one for one in reversed(events) if one.verb == Verb.PACKED and one.photo), None),
        "courier": couriers.TABLE.get(found.courier),
        "lines": found.lines.select_related("product__cover"),
        "claims": found.claims.prefetch_related("photos"),
        "can": {verb.value for verb in transitions.list_possible(found, By.BUYER)} if proven else set(),
        "seller": snapshots.seller_facts(found),
        "seller_phone": snapshots.seller_phone(found),
        "pay_code": (pay_code := payment_codes.for_buyer(found) if proven else None),
        "pay_code_is_new": pay_code is not None and payment_codes.is_new(pay_code),
        "key": uuid.uuid4(),
    }
    return render(request, "shops/order_show.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def order_tail(request: HttpRequest, token: str) -> HttpResponse:
    """The phone's last four digits, once: then this phone sees the address and may cancel.

    A GET is the page with its mistake loaded again.
    """
    found = order_or_404(token)
    if request.method != "POST":
        return redirect(found)
    form = TailForm(request.POST)
    if form.is_valid():
        right = try_tail(request, found, form.cleaned_data["tail"])
        if right:
            return grant(redirect(found), found)
        told = _("不是这一单的手机号，再看一眼。")
        form.add_error("tail", _("试得太多了，过十分钟再试。") if right is None else told)
    return order_page(request, found, form)


def proven_or_404(request: HttpRequest, token: str) -> Order:
    found = order_or_404(token)
    if not is_proven(request, found):
        raise Http404
    return found


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def order_cancel(request: HttpRequest, token: str) -> HttpResponse:
    found = proven_or_404(request, token)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        facts = form.cleaned_data
        return stepped(
            request, found, lambda: transitions.cancel(found, By.BUYER, None, facts["key"], facts["reason"])
        )
    if request.method != "POST" and not transitions.can_apply(Verb.CANCELLED, found):
        return redirect(found)
    return render(request, "shops/order_cancel.html", {"order": found, "form": form})


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def order_received(request: HttpRequest, token: str) -> HttpResponse:
    found = proven_or_404(request, token)
    if request.method != "POST":
        return redirect(found)
    form = Keyed(request.POST)
    if not form.is_valid():
        messages.warning(request, _("没看懂，再点一次"))
        return redirect(found)
    key = form.cleaned_data["key"]
    return stepped(request, found, lambda: transitions.receive(found, By.BUYER, None, key))


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def order_claim(request: HttpRequest, token: str) -> HttpResponse:
    found = proven_or_404(request, token)
    if request.method == "POST" and (why := why_no_claim(found, request)):
        messages.warning(request, why)
        return redirect(found)
    form = claim_form(request, found)
    if form.is_valid():
        facts = form.cleaned_data
        return stepped(
            request, found, lambda: damage_claims.claim(found, facts["key"], facts["text"], facts["photos"])
        )
    if request.method != "POST" and not transitions.can_apply(Verb.CLAIMED, found):
        return redirect(found)
    return render(
        request, "shops/order_claim.html", {"order": found, "form": form, "draft": f"order-{found.pk}"}
    )


def why_no_claim(found: Order, request: HttpRequest) -> str:
    """Asked before a photo is looked at: each of them is drawn anew and lies on the disk for days."""
    return "" if known(found, request) else why_closed(found)


def why_closed(found: Order) -> str:
    """Why nobody can report damage now; empty where it is possible."""
    if not transitions.can_apply(Verb.CLAIMED, found):
        return describe_state(found)
    return _("报得太多了，打电话找卖家，或者投诉。") if found.claims.count() >= CLAIMS_AN_ORDER else ""


@csrf_exempt  # checked by receive_document, which looks at the size first
@private_page
@require_POST
def order_claim_photo(request: HttpRequest, token: str) -> HttpResponse:
    """One photo of the damage, sent by itself before the form."""
    found = proven_or_404(request, token)
    if not transitions.can_apply(Verb.CLAIMED, found):
        return JsonResponse({"error": describe_state(found)}, status=400)
    if not limits.allows(request, "order_claim_photo", found.token):
        return JsonResponse({"error": _("试得太多了，过十分钟再试。")}, status=429)
    return receive_document(request, None, visitor(request))


def claim_form(request: HttpRequest, found: Order) -> ClaimForm:
    """Whoever tries too often keeps what was written and received, and no more photos are taken in."""
    upload = reverse("shops:order_claim_photo", args=[found.token])
    if request.method != "POST":
        return ClaimForm(upload=upload)
    if limits.allows(request, "order_claim", found.token):
        return ClaimForm(request.POST, request.FILES, upload=upload, sender=visitor(request))
    form = ClaimForm(request.POST, upload=upload)
    form.add_error(None, _("试得太多了，过十分钟再试。"))
    return form


def visitor(request: HttpRequest) -> str:
    """By whom the photos of somebody without an account are counted: an address may hold many orders."""
    return f"visitor {limits.address(request)}"


def known(found: Order, request: HttpRequest) -> bool:
    """Whether this very claim has come before: then it is answered like the first time."""
    return request.POST.get("key", "") in {str(key) for key in found.claims.values_list("key", flat=True)}


def stepped(request: HttpRequest, found: Order, step) -> HttpResponse:
    """Back to the order, with the words for what has happened."""
    try:
        step()
        messages.success(request, _("记下了。"), extra_tags=f"done:order-{found.pk}")
    except TransitionNotAllowed as problem:
        messages.warning(request, problem.sentence)
    except KeyTaken:
        messages.warning(request, _("没看懂，再点一次"))
    return redirect(found)


@private_page
@require_safe
def order_photo(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """A photo of this order: of its packing or of its damage."""
    found = proven_or_404(request, token)
    return documents.send(request, photo_or_404(found, name_or_404(key)), found.number)


def photo_or_404(found: Order, key: str):
    for claim in found.claims.prefetch_related("photos"):
        for photo in claim.photos.all():
            if photo.key == key:
                return photo
    event = found.events.filter(photo__key=key).select_related("photo").first()
    if event is None:
        raise Http404
    return event.photo


@private_page
@require_safe
def order_frozen(request: HttpRequest, token: str) -> HttpResponse:
    """What the pages said when it was ordered."""
    found = order_or_404(token)
    return frozen_page(request, found, found.get_absolute_url())


def frozen_page(request: HttpRequest, found: Order, back_url: str) -> HttpResponse:
    lines = found.lines.prefetch_related("photos")
    context = {
        "order": found,
        "back_url": back_url,
        "seller": snapshots.seller_facts(found),
        "freight": found.page.get("freight"),
        "lines": [(line, snapshots.line_facts(line), line.photos.all()) for line in lines],
    }
    return render(request, "shops/order_frozen.html", context)
