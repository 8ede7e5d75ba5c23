"""Pages on which a buyer places an order and follows it by its secret link."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import limits
from accounts.auth import phone_verification
from accounts.notifications import sms
from accounts.requests import SignedInRequest
from media.documents.services import send_document
from media.views import receive_document
from shops import identity
from shops.exceptions import IdempotencyConflict
from shops.forms import KeyForm
from shops.models import Order, OrderEvent, PayCode, Shop, ShopQuerySet
from shops.orders import damage_claims, departure, placement, snapshots, transitions
from shops.orders.buyer import phone_proof
from shops.orders.buyer.forms import CancelForm, ClaimForm, OrderForm, TailForm, name_line
from shops.orders.buyer.phone_proof import grant_proof, is_proven, try_tail
from shops.orders.exceptions import (
    Closed,
    OrderRefused,
    PriceMoved,
    SoldOut,
    TransitionNotAllowed,
    describe_state,
)
from shops.orders.limits import HOLD_HOURS, hash_ip
from shops.orders.obstacles import MOST, list_offers
from shops.orders.request import read_source
from shops.sellers import payment_codes
from shops.shipping import couriers, pasted_address, policy
from shops.shipping.pasted_address import Pasted
from shops.shortcuts import name_or_404, private_page
from ui.parameters import read_id

VERIFIED = "verified"
UNVERIFIED = "unverified"
ASKED = "asked"
LATER = "later"  # the answers of prove_phone
By, Verb = OrderEvent.By, OrderEvent.Verb


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the shop's order form, and place the order it sends."""
    if request.method == "POST":
        return receive(request, get_object_or_404(find_shops(), slug=slug))
    shop = open_shop(slug)
    asked = read_ids(request.GET.getlist("product"))
    ways = policy.read_ways(shop)
    offers = list_offers(shop, ways, asked)
    initial: dict[str, Any] = {
        name_line(offer.product): 1 for offer in offers if offer.product.pk in asked and offer.left
    }
    initial["came_from"] = read_source(request.GET.get("from", ""))
    if request.user.is_authenticated:
        initial |= {"buyer": request.user.name, "phone": str(request.user.phone)}
    form = OrderForm(shop=shop, ways=ways, offers=offers, asked=asked, initial=initial)
    return render_form_page(request, form)


@never_cache
@require_safe
def order_sum(request: SignedInRequest, slug: str) -> HttpResponse:
    """Render the place lists and the totals of the order form again, after a change of province or quantity.

    Opened without htmx it redirects to the form.
    """
    shop = open_shop(slug)
    asked = read_ids(name.removeprefix("q") for name in request.GET if name.startswith("q"))
    if not request.htmx:
        page = reverse("shops:order_new", args=[slug])
        return redirect(f"{page}?{urlencode({'product': asked}, doseq=True)}" if asked else page)
    ways = policy.read_ways(shop)
    form = OrderForm(shop=shop, ways=ways, offers=list_offers(shop, ways, asked), initial=request.GET.dict())
    return render(request, "shops/orders/buyer/_order_again.html", build_form_context(form))


def receive(request: HttpRequest, shop: Shop) -> HttpResponse:
    """Place the order of a submitted form, or show the form again with what the buyer must still see or do."""
    filled = (name for name, value in request.POST.items() if name[:1] == "q" and value)
    asked = read_ids(name.removeprefix("q") for name in filled)
    ways = policy.read_ways(shop)
    offers = list_offers(shop, ways, asked)
    if not shop.is_open:
        offers = [offer for offer in offers if offer.product.pk in asked]
    shown: dict[str, Any] = {"shop": shop, "ways": ways, "offers": offers, "asked": asked}
    if not offers and not shop.is_open:
        raise Http404
    if request.POST.get("do") == "look":
        return render_form_page(request, OrderForm(initial=request.POST.dict(), **shown))
    if request.POST.get("do") == "paste":
        pasted = pasted_address.read(request.POST.get("paste", ""))
        return render_form_page(
            request, OrderForm(initial=request.POST.dict() | pasted.fields, **shown), pasted=pasted
        )
    form = OrderForm(request.POST, **shown)
    # The shop was closed since the page was rendered: keep what was typed for when it opens again.
    if not shop.is_open:
        return render_form_page(request, form, Closed())
    if not form.is_valid():
        return render_form_page(request, form)
    try:
        order_request = form.to_request(False, "")
        if earlier := placement.find_placed(form.cleaned_data["key"], order_request):
            return finish_order(request, earlier, _("这一单之前就收到了，没有再下一单。"))
        notice = find_missing_step(request, form)
        if notice is not None:
            return render_form_page(request, form, notice)
        order_request = form.to_request(form.proof == VERIFIED, hash_ip(limits.get_ip(request)))
        return finish_order(request, placement.place_order(order_request, form.cleaned_data["key"]))
    except IdempotencyConflict:
        return render_form_page(request, form, _("没看懂，再记一次"))
    except SoldOut as problem:
        for short in problem.lines:
            form.add_error(name_line(short.product), short.sentence)
    except PriceMoved as problem:
        form.show_price(problem)
        return render_form_page(request, form, problem)
    except OrderRefused as problem:
        return render_form_page(request, form, problem)
    return render_form_page(request, form)


def find_missing_step(request: HttpRequest, form: OrderForm) -> str | OrderRefused | None:
    """Return what the buyer must still see or do, as a sentence or a refusal; None when the order can be placed.

    Sets `form.proof` to the answer of prove_phone.
    """
    if gone := set(form.asked) - {product.pk for product in form.products}:
        lost = form.shop.products.filter(pk__in=gone).first()
        if lost:
            return Closed(lost)
    if form.seen_total is None:
        return _("运费算好了。看一眼合计，没错就再点一次。")
    form.proof = prove_phone(request, form)
    if form.proof == ASKED:
        return _("我们给这个手机号发了一条短信，把验证码填上。")
    if form.proof == LATER:
        if phone_verification.get_asked_phone(request.session) == form.cleaned_data["phone"]:
            return _("验证码要得太勤了。刚才那条短信里的还能用，填上就行；没收到，过十分钟再来。")
        return _("这个号码要验证码的次数太多了，这会儿发不了。过一会儿或者明天再下，要得急就给卖家打电话。")
    return None


def prove_phone(request: HttpRequest, form: OrderForm) -> str:
    """Check whether the phone is the buyer's, sending a code if needed; return VERIFIED, UNVERIFIED, ASKED or LATER.

    A form that comes again within a minute gets no second code. Where codes cannot be sent, or the gateway fails, the order
    goes on as unverified, with narrower limits. A limit on codes answers LATER instead: otherwise one would only have to
    reach it to order in another person's name.
    """
    phone, code = form.cleaned_data["phone"], form.cleaned_data["code"]
    if not settings.PROVES_PHONES:
        return UNVERIFIED
    if phone_verification.get_verified_phone(request.session) == phone or is_own_number(request, phone):
        return VERIFIED
    if code and phone_verification.get_asked_phone(request.session) == phone:
        if phone_verification.check_code(request.session, code):
            return VERIFIED
        form.add_error("code", _("验证码不对，再看一眼短信。"))
        return ASKED
    key = str(form.cleaned_data["key"])
    if phone_verification.expect_sent_code(request, phone, key):
        return ASKED
    if not limits.allows(request, "order_code", phone):
        return LATER
    try:
        phone_verification.send_code_for_form(request, phone, key)
    except sms.SmsUsedUp:
        return LATER
    except sms.SmsNotSent:
        return UNVERIFIED
    return ASKED


def is_own_number(request: HttpRequest, phone: str) -> bool:
    """Return whether this is the verified number of the signed-in user, who then needs no code."""
    user = request.user
    return user.is_authenticated and user.phone_verified and str(user.phone) == phone


def finish_order(request: HttpRequest, order: Order, news: str = "") -> HttpResponse:
    """Redirect to the placed order, with the proof cookie, and have the browser drop the form's draft."""
    draft = f"done:order-{order.shop.slug}"
    messages.success(request, news or _("下单请求发给卖家了，现在不用付钱。"), extra_tags=draft)
    return phone_proof.grant_proof(redirect(order), order)


def render_form_page(
    request: HttpRequest, form: OrderForm, notice: str | OrderRefused = "", pasted: Pasted | None = None
) -> HttpResponse:
    """Render the order form, naming each price that changed since the buyer's page was rendered.

    `notice` is a sentence, or why the order was refused; `pasted` is what was read from a pasted address.
    """
    sentences = [problem.sentence for problem in form.moved]
    if notice:
        sentences.append(notice.sentence if isinstance(notice, OrderRefused) else notice)
    context = build_form_context(form) | {
        "problems": list(dict.fromkeys(sentences)),
        "moved": bool(form.moved) or isinstance(notice, PriceMoved),
        "pasted": pasted,
        "asks_code": bool(form.is_bound and phone_verification.get_asked_phone(request.session)),
    }
    return render(request, "shops/orders/buyer/order_new.html", context)


def build_form_context(form: OrderForm) -> dict:
    """Return the template context that the form and its htmx parts share."""
    shop = form.shop
    return {
        "form": form,
        "shop": shop,
        "contact": shop.contact if identity.is_public(shop) else "",
        "hold_hours": HOLD_HOURS if settings.PROVES_PHONES else settings.UNPROVEN_HOLD_HOURS,
        "rests_at_night": not settings.PROVES_PHONES,
    }


def open_shop(slug: str) -> Shop:
    return get_object_or_404(find_shops().open(), slug=slug)


def find_shops() -> ShopQuerySet:
    return Shop.objects.select_related("place", "owner")


def read_ids(texts: Iterable[str]) -> list[int]:
    """Return the ids among the texts, at most as many as an order form shows."""
    return [pk for text in texts if (pk := read_id(text))][:MOST]


def order_or_404(token: str) -> Order:
    """Fetch the order of this secret 128-bit token by its unique index."""
    rows = Order.objects.select_related("shop__place", "shop__owner", "point")
    return get_object_or_404(rows, token=name_or_404(token))


@private_page
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    return render_order_page(request, order_or_404(token))


def render_order_page(request: HttpRequest, found: Order, tail: TailForm | None = None) -> HttpResponse:
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
        # A buyer who could see the payment code may have paid, whatever the order's state is now.
        "was_accepted": any(one.verb in (Verb.ACCEPTED, Verb.REOPENED) for one in events),
        "packed": next((one for one in reversed(events) if one.verb == Verb.PACKED and one.photo), None),
        "courier": couriers.TABLE.get(found.courier),
        "lines": found.lines.select_related("product__cover"),
        "claims": found.claims.prefetch_related("photos"),
        "can": {verb.value for verb in transitions.list_possible(found, By.BUYER)} if proven else set(),
        "seller": snapshots.describe_seller(found),
        "seller_phone": snapshots.get_seller_phone(found),
        "pay_code": (pay_code := find_payment_code(found) if proven else None),
        "pay_code_is_new": pay_code is not None and payment_codes.is_new(pay_code),
        "key": uuid.uuid4(),
    }
    return render(request, "shops/orders/buyer/order_show.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def order_tail(request: HttpRequest, token: str) -> HttpResponse:
    """Check the phone's last four digits; if they are right, this browser may see the address and act on the order.

    A GET redirects to the order: it happens when a page with an error is loaded again.
    """
    found = order_or_404(token)
    if request.method != "POST":
        return redirect(found)
    form = TailForm(request.POST)
    if form.is_valid():
        right = try_tail(request, found, form.cleaned_data["tail"])
        if right:
            return grant_proof(redirect(found), found)
        wrong = _("不是这一单的手机号，再看一眼。")
        form.add_error("tail", _("试得太多了，过十分钟再试。") if right is None else wrong)
    return render_order_page(request, found, form)


def proven_or_404(request: HttpRequest, token: str) -> Order:
    """Fetch the order for a browser that has proven the buyer's phone; 404 for any other."""
    found = order_or_404(token)
    if not is_proven(request, found):
        raise Http404
    return found


def find_payment_code(order: Order) -> PayCode | None:
    """Return the shop's payment code while an accepted order waits for payment (电子商务法 §49), else None.

    Also None when the shop's seller's role has ended. The caller must have checked that the buyer is proven.
    """
    if order.state != Order.Status.ACCEPTED or departure.is_stranded(order):
        return None
    return payment_codes.find_current(order.shop)


@private_page
@require_safe
def order_paycode(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the picture of the payment code to a proven buyer, while the order waits for payment."""
    order = proven_or_404(request, token)
    row = find_payment_code(order)
    if row is None or row.picture is None:
        raise Http404
    return send_document(request, row.picture, order.number)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def order_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a reason, and cancel the order for its buyer."""
    found = proven_or_404(request, token)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        facts = form.cleaned_data
        return run_step(
            request, found, lambda: transitions.cancel(found, By.BUYER, None, facts["key"], facts["reason"])
        )
    if request.method != "POST" and not transitions.is_possible(Verb.CANCELLED, found):
        return redirect(found)
    return render(request, "shops/orders/buyer/order_cancel.html", {"order": found, "form": form})


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def order_received(request: HttpRequest, token: str) -> HttpResponse:
    """Record that the buyer has the goods."""
    found = proven_or_404(request, token)
    if request.method != "POST":
        return redirect(found)
    form = KeyForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("没看懂，再点一次"))
        return redirect(found)
    key = form.cleaned_data["key"]
    return run_step(request, found, lambda: transitions.receive(found, By.BUYER, None, key))


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
def order_claim(request: HttpRequest, token: str) -> HttpResponse:
    """Show the damage form, and open the claim it sends."""
    found = proven_or_404(request, token)
    if request.method == "POST" and (why := explain_no_claim(found, request)):
        messages.warning(request, why)
        return redirect(found)
    form = make_claim_form(request, found)
    if form.is_valid():
        facts = form.cleaned_data
        return run_step(
            request,
            found,
            lambda: damage_claims.claim_damage(found, facts["key"], facts["text"], facts["photos"]),
        )
    if request.method != "POST" and not transitions.is_possible(Verb.CLAIMED, found):
        return redirect(found)
    return render(
        request,
        "shops/orders/buyer/order_claim.html",
        {"order": found, "form": form, "draft": f"order-{found.pk}"},
    )


def explain_no_claim(found: Order, request: HttpRequest) -> str:
    """Return why this claim cannot be opened; empty if it can, or if it was received before.

    Called before any photo is read: each is processed again and kept on the disk for days.
    """
    return "" if is_repeated_claim(found, request) else damage_claims.explain_closed(found)


@csrf_exempt  # checked by receive_document, which looks at the size first
@private_page
@require_POST
def order_claim_photo(request: HttpRequest, token: str) -> HttpResponse:
    """Receive one photo of the damage, which scripts send before the form."""
    found = proven_or_404(request, token)
    if not transitions.is_possible(Verb.CLAIMED, found):
        return JsonResponse({"error": describe_state(found)}, status=400)
    if not limits.allows(request, "order_claim_photo", found.token):
        return JsonResponse({"error": _("试得太多了，过十分钟再试。")}, status=429)
    return receive_document(request, None, name_visitor(request))


def make_claim_form(request: HttpRequest, found: Order) -> ClaimForm:
    """Build the damage form; over the rate limit it keeps what was typed and received, but reads no new photos."""
    upload = reverse("shops:order_claim_photo", args=[found.token])
    if request.method != "POST":
        return ClaimForm(upload=upload)
    if limits.allows(request, "order_claim", found.token):
        return ClaimForm(request.POST, request.FILES, upload=upload, sender=name_visitor(request))
    form = ClaimForm(request.POST, upload=upload)
    form.add_error(None, _("试得太多了，过十分钟再试。"))
    return form


def name_visitor(request: HttpRequest) -> str:
    """Return the name under which the photos of a visitor without an account are counted: one for each IP."""
    return f"visitor {limits.get_ip(request)}"


def is_repeated_claim(found: Order, request: HttpRequest) -> bool:
    """Return whether a claim with this form's key is stored already; it is answered like the first time."""
    return request.POST.get("key", "") in {str(key) for key in found.claims.values_list("key", flat=True)}


def run_step(request: HttpRequest, found: Order, step: Callable[[], object]) -> HttpResponse:
    """Run the step and redirect to the order with a message that says whether it worked."""
    try:
        step()
        messages.success(request, _("记下了。"), extra_tags=f"done:order-{found.pk}")
    except TransitionNotAllowed as problem:
        messages.warning(request, problem.sentence)
    except IdempotencyConflict:
        messages.warning(request, _("没看懂，再点一次"))
    return redirect(found)


@private_page
@require_safe
def order_photo(request: HttpRequest, token: str, key: str) -> HttpResponseBase:
    """Send a photo of this order's packing or damage to its proven buyer."""
    found = proven_or_404(request, token)
    return send_document(request, photo_or_404(found, name_or_404(key)), found.number)


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
    """Show what the product pages said when the order was placed."""
    found = order_or_404(token)
    return render_frozen_page(request, found, found.get_absolute_url())


def render_frozen_page(request: HttpRequest, found: Order, back_url: str) -> HttpResponse:
    lines = found.lines.prefetch_related("photos")
    context = {
        "order": found,
        "back_url": back_url,
        "seller": snapshots.describe_seller(found),
        "freight": found.page.get("freight"),
        "lines": [(line, snapshots.describe_line(line), line.photos.all()) for line in lines],
    }
    return render(request, "shops/orders/buyer/order_frozen.html", context)
