"""The order form of a shop: a request, and nothing is paid before the seller accepts (电子商务法 §49)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits, proving, sms
from shops.models import Order, Shop, ShopQuerySet
from shops.order_form import OrderForm, line_name
from shops.orders import attribution, placement
from shops.orders.exceptions import Closed, KeyTaken, PriceMoved, Refused, SoldOut
from shops.orders.limits import HOLD_HOURS, address_key
from shops.orders.obstacles import offered
from shops.sellers import identity
from shops.shipping import pasted_address, policy
from shops.shipping.pasted_address import Pasted
from shops.views import order_proof
from ui.parameters import read_id

PROVEN, UNPROVEN, ASKED, LATER = "proven", "unproven", "asked", "later"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method == "POST":
        return receive(request, get_object_or_404(shops(), slug=slug))
    shop = open_shop(slug)
    asked = numbers(request.GET.getlist("product"))
    ways = policy.ways_of(shop)
    offers = offered(shop, ways, asked)
    initial = {line_name(offer.product): 1 for offer in offers if offer.product.pk in asked and offer.left}
    initial["came_from"] = attribution.source_of(request.GET.get("from", ""))
    if request.user.is_authenticated:
        initial |= {"buyer": request.user.name, "phone": str(request.user.phone)}
    form = OrderForm(shop=shop, ways=ways, offers=offers, asked=asked, initial=initial)
    return form_page(request, form)


@never_cache
@require_safe
def order_sum(request: HttpRequest, slug: str) -> HttpResponse:
    """The place's lists and the sum again, after another province or another number: parts of the order's page, to which
    whoever opens this address by itself is led."""
    shop = open_shop(slug)
    asked = numbers(name.removeprefix("q") for name in request.GET if name.startswith("q"))
    if not request.htmx:
        page = reverse("shops:order_new", args=[slug])
        return redirect(f"{page}?{urlencode({'product': asked}, doseq=True)}" if asked else page)
    ways = policy.ways_of(shop)
    form = OrderForm(shop=shop, ways=ways, offers=offered(shop, ways, asked), initial=request.GET.dict())
    return render(request, "shops/_order_again.html", page_of(form))


def receive(request: HttpRequest, shop: Shop) -> HttpResponse:
    asked = numbers(name.removeprefix("q") for name, said in request.POST.items() if name[:1] == "q" and said)
    ways = policy.ways_of(shop)
    offers = offered(shop, ways, asked)
    if not shop.is_open:
        offers = [offer for offer in offers if offer.product.pk in asked]
    shown = {"shop": shop, "ways": ways, "offers": offers, "asked": asked}
    if not offers and not shop.is_open:
        raise Http404
    if request.POST.get("do") == "look":
        return form_page(request, OrderForm(initial=request.POST.dict(), **shown))
    if request.POST.get("do") == "paste":
        pasted = pasted_address.read(request.POST.get("paste", ""))
        return form_page(
            request, OrderForm(initial=request.POST.dict() | pasted.fields, **shown), pasted=pasted
        )
    form = OrderForm(request.POST, **shown)
    if (
        not shop.is_open
    ):  # it was open when the page was made: what was typed comes back, for when it opens again
        return form_page(request, form, Closed())
    if not form.is_valid():
        return form_page(request, form)
    try:
        wish = form.wish(False, "")
        if earlier := placement.find_placed(form.cleaned_data["key"], wish):
            return done(request, earlier)
        told = ready(request, form)
        if told is not None:
            return form_page(request, form, told)
        wish = form.wish(form.proof == PROVEN, address_key(limits.address(request)))
        return done(request, placement.place_order(wish, form.cleaned_data["key"]))
    except KeyTaken:
        return form_page(request, form, _("没看懂，再记一次"))
    except SoldOut as problem:
        for short in problem.lines:
            form.add_error(line_name(short.product), short.sentence)
    except PriceMoved as problem:
        form.show_price(problem)
        return form_page(request, form, problem)
    except Refused as problem:
        return form_page(request, form, problem)
    return form_page(request, form)


def ready(request: HttpRequest, form: OrderForm) -> str | Refused | None:
    """What the buyer must still see or do; None when the request can go."""
    if gone := set(form.asked) - {product.pk for product in form.products}:
        lost = form.shop.products.filter(pk__in=gone).first()
        if lost:
            return Closed(lost)
    if form.seen_total is None:
        return _("运费算好了。看一眼合计，没错就再点一次。")
    form.proof = proof(request, form)
    if form.proof == ASKED:
        return _("我们给这个手机号发了一条短信，把验证码填上。")
    if form.proof == LATER:
        if proving.asked_phone(request.session) == form.cleaned_data["phone"]:
            return _("验证码要得太勤了。刚才那条短信里的还能用，填上就行；没收到，过十分钟再来。")
        return _("这个号码要验证码的次数太多了，这会儿发不了。过一会儿或者明天再下，要得急就给卖家打电话。")
    return None


def proof(request: HttpRequest, form: OrderForm) -> str:
    """Whether the phone is shown to be the buyer's. Where codes cannot be sent, or the gateway fails, an unproven one may
    hold a little; but not once a limit is reached, or whoever wants an order in another's name only had to reach it."""
    phone, code = form.cleaned_data["phone"], form.cleaned_data["code"]
    if not settings.PROVES_PHONES:
        return UNPROVEN
    if proving.proven_phone(request.session) == phone or is_own(request, phone):
        return PROVEN
    if code and proving.asked_phone(request.session) == phone:
        if proving.prove(request.session, code):
            return PROVEN
        form.add_error("code", _("验证码不对，再看一眼短信。"))
        return ASKED
    if not limits.allows(request, "order_code", phone):
        return LATER
    try:
        proving.begin(request, phone)
    except sms.UsedUp:
        return LATER
    except sms.NotSent:
        return UNPROVEN
    return ASKED


def is_own(request: HttpRequest, phone: str) -> bool:
    """Of somebody signed in whose number was proven: no code is needed, and no message paid for."""
    user = request.user
    return user.is_authenticated and user.phone_verified and str(user.phone) == phone


def done(request: HttpRequest, order: Order) -> HttpResponse:
    draft = f"done:order-{order.shop.slug}"
    messages.success(request, _("下单请求发给卖家了，现在不用付钱。"), extra_tags=draft)
    return order_proof.grant(redirect(order), order)


def form_page(
    request: HttpRequest, form: OrderForm, told: str | Refused = "", pasted: Pasted | None = None
) -> HttpResponse:
    """`told` is a sentence, or why the request was refused; `pasted` is what was read out of a pasted address. Whatever
    it comes back for, it names each price that has changed since the buyer's page was made."""
    sentences = [problem.sentence for problem in form.moved]
    if told:
        sentences.append(told.sentence if isinstance(told, Refused) else told)
    context = page_of(form) | {
        "told": list(dict.fromkeys(sentences)),
        "moved": bool(form.moved) or isinstance(told, PriceMoved),
        "pasted": pasted,
        "asks_code": bool(form.is_bound and proving.asked_phone(request.session)),
    }
    return render(request, "shops/order_new.html", context)


def page_of(form: OrderForm) -> dict:
    shop = form.shop
    return {
        "form": form,
        "shop": shop,
        "contact": shop.contact if identity.is_public(shop) else "",
        "hold_hours": HOLD_HOURS if settings.PROVES_PHONES else settings.UNPROVEN_HOLD_HOURS,
        "rests_at_night": not settings.PROVES_PHONES,
    }


def open_shop(slug: str) -> Shop:
    return get_object_or_404(shops().open(), slug=slug)


def shops() -> ShopQuerySet:
    return Shop.objects.select_related("place", "owner")


def numbers(said) -> list[int]:
    """Those of the texts that are ids."""
    return [pk for text in said if (pk := read_id(text))][:40]
