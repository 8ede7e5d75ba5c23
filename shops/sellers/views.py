"""Pages of a shop's owner: what buyers read of it, its helpers, its payment code and its pick-up points."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import decorators, limits
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from media.documents.services import send_document
from shops import permissions
from shops.models import PayCode, PickUpPoint, Shop
from shops.sellers import payment_codes, services
from shops.sellers.forms import HelperForm, PayCodeForm, PointForm, ShopPageForm
from shops.shortcuts import (
    find_seller_context,
    get_my_shop_url,
    my_own_shop_or_404,
    private_page,
    staff_first,
)
from shops.texts import text_check
from shops.texts.changes import REWRITE, TextChanged, apply_rewrite
from ui.parameters import add_return_url, get_return_url

HISTORY = 20  # the newest changes of the payment code that its page lists


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def shop_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    shop = my_own_shop_or_404(request, pk)
    back_url = get_return_url(request, get_my_shop_url(shop))
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ShopPageForm.of(shop, *given, user=request.user)
    if request.POST.get("do", "").startswith(REWRITE):
        try:
            typed = apply_rewrite(request.POST, request.POST["do"], text_check.SHOP_FIELDS)
        except TextChanged as problem:
            messages.warning(request, problem.sentence)
            typed = request.POST
        form = ShopPageForm.of(shop, typed, request.FILES, user=request.user)
    elif form.is_valid():
        services.change_shop(shop, form.facts(), request.user)
        messages.success(request, _("改好了。"), extra_tags=f"done:shop-{pk}")
        return redirect(back_url)
    if request.method != "POST" and (kept := decorators.get_kept_post(request)):
        form.initial.update({name: kept[name] for name in form.TEXTS if name in kept})
    context = {"shop": shop, "form": form, "draft_name": f"shop-{pk}", "back_url": back_url}
    return render(request, "shops/sellers/mine_settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def helpers(request: SignedInRequest, pk: int) -> HttpResponse:
    shop = my_own_shop_or_404(request, pk)
    form = HelperForm(request.POST if request.method == "POST" else None, shop=shop)
    if form.is_valid():
        helper = form.cleaned_data["phone"]
        services.add_helper(shop, helper, request.user)
        messages.success(request, _("%(name)s可以帮你上架、改价、点库存了。") % {"name": helper.name})
        return redirect("shops:helpers", pk)
    context = {"shop": shop, "form": form, "helpers": shop.helpers.all(), "back_url": get_my_shop_url(shop)}
    return render(request, "shops/sellers/mine_helpers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def remove_helper(request: SignedInRequest, pk: int, helper: int) -> HttpResponse:
    """Remove a helper, by the owner or by the helper."""
    shops = Shop.objects.of(request.user).filter(helpers=helper)
    shop = get_object_or_404(shops.select_related("place"), pk=pk)
    person = get_object_or_404(shop.helpers, pk=helper)
    if not permissions.can_remove_helper(request.user, shop, person):
        raise Http404
    back = reverse("shops:helpers", args=[pk]) if shop.owner_id == request.user.pk else reverse("shops:mine")
    if request.method == "POST":
        services.remove_helper(shop, person, request.user)
        messages.success(request, _("%(name)s不再是帮手了。") % {"name": person.name})
        return redirect(back)
    context = {
        "title": _("不让%(name)s再帮“%(shop)s”？") % {"name": person.name, "shop": shop.name},
        "text": _("以前上架的商品都留着。"),
        "cancel_url": back,
        "confirm": _("去掉"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def paycode(request: SignedInRequest) -> HttpResponse:
    """Show and change the payment code of the owner's shop (?shop=); a helper cannot change it.

    ?order= names an order that waits for the code, to which the page leads back.
    """
    shop = choose_own_shop_or_404(request)
    back_url = find_back_url(request, shop)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PayCodeForm(*given, user=request.user)
    if request.method == "POST" and not limits.allows(request, "paycode", str(request.user.pk)):
        messages.warning(request, _("试得太多了，过十分钟再试。"))
        return redirect(request.get_full_path())
    if form.is_valid():
        code = payment_codes.change_code(shop, form.chosen, request.user)
        if code.status == PayCode.Status.WAITING:
            messages.info(request, _("交上去了，管理员同意了才换。没同意以前，买家看到的还是原来的。"))
        else:
            messages.success(request, _("收款码改好了，也记下了是你改的。"))
        return redirect(back_url)
    context = {
        "shop": shop,
        "form": form,
        "current": payment_codes.find_current(shop),
        "locked_until": payment_codes.get_lock_end(shop.owner),
        "waiting": payment_codes.find_waiting(shop),
        "history": shop.pay_codes.select_related("set_by")[:HISTORY],
        "back_url": back_url,
    }
    return render(request, "shops/sellers/mine_paycode.html", context)


def find_back_url(request: HttpRequest, shop: Shop) -> str:
    """Return the URL of the order that waits for the code, if it is one of this shop, else of the shop."""
    number = request.GET.get("order", "")
    waits = number.isascii() and number.isalnum() and shop.orders.filter(number=number).exists()
    return reverse("shops:my_order", args=[number]) if waits else get_my_shop_url(shop)


def choose_own_shop_or_404(request: SignedInRequest) -> Shop:
    """Return the shop of ?shop=, or the first one, that the user owns; 404 without one."""
    seller_context = find_seller_context(request)
    if seller_context is None:
        raise Http404
    own = [shop for shop in seller_context.shops if shop.owner_id == request.user.pk]
    if "shop" in request.GET:
        own = [shop for shop in own if shop == seller_context.shop]
    if not own:
        raise Http404
    return own[0]


@private_page
@require_safe
@login_required_keeping_post
def paycode_picture(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """Send a payment code's picture.

    Sellers of the shop see the present one, its owner also earlier ones, and an organiser the one to decide about.
    """
    mine = Q(shop__in=Shop.objects.of(request.user))
    asked = Q(pk__in=payment_codes.list_to_decide(request.user).values("pk"))
    rows = PayCode.objects.filter(mine | asked, picture__isnull=False)
    row = get_object_or_404(rows.select_related("picture", "shop__owner", "shop__place"), pk=pk)
    assert row.picture is not None  # filtered above
    if row.status == PayCode.Status.WAITING and payment_codes.can_decide(request.user, row):
        return staff_first(request, row.shop) or send_document(request, row.picture, row.shop.name)
    if row.shop.owner_id != request.user.pk and payment_codes.find_current(row.shop) != row:
        raise Http404
    return send_document(request, row.picture, row.shop.name)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def points(request: SignedInRequest) -> HttpResponse:
    """List the shop's pick-up points, and add one."""
    seller_context = find_seller_context(request)
    if seller_context is None or seller_context.shop is None:
        return redirect("shops:mine")
    form = (
        PointForm(request.POST) if request.method == "POST" else PointForm(initial=read_kept_input(request))
    )
    back_url = get_return_url(request, seller_context.url)
    here = add_return_url(f"{reverse('shops:points')}?{seller_context.query}", back_url)
    if form.is_valid():
        try:
            services.add_point(seller_context.shop, form.facts(), request.user)
        except services.TooManyPoints:
            form.add_error(None, _("自提点太多了，先改用不着的那个。"))
        else:
            messages.success(request, _("自提点加好了。"))
            return redirect(here)
    rows = seller_context.shop.points.all()
    context = {
        "shop": seller_context.shop,
        "points": rows,
        "form": form,
        "back_url": back_url,
        "here": here,
    }
    return render(request, "shops/sellers/mine_points.html", context)


def read_kept_input(request: HttpRequest) -> dict:
    found = decorators.get_kept_post(request) or QueryDict()
    return {"is_open": True} | {name: found[name] for name in PointForm.FACTS if name in found}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def point(request: SignedInRequest, pk: int) -> HttpResponse:
    rows = PickUpPoint.objects.filter(shop__in=Shop.objects.of(request.user))
    found = get_object_or_404(rows.select_related("shop__place"), pk=pk)
    form = PointForm.of(found, request.POST) if request.method == "POST" else PointForm.of(found)
    back_url = f"{reverse('shops:points')}?shop={found.shop_id}"
    if form.is_valid():
        services.change_point(found, form.facts(), request.user)
        messages.success(request, _("改好了。"))
        return redirect(back_url)
    context = {"point": found, "form": form, "back_url": back_url}
    return render(request, "shops/sellers/mine_point.html", context)
