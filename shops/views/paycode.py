"""The shop's payment code: its owner changes it, its sellers see it, and the buyer of an accepted order."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import limits
from accounts.kept import signed_in
from media import documents
from shops import paycodes
from shops.models import PayCode, Shop
from shops.paycode_form import PayCodeForm
from shops.views.fetching import my_ground, shelf_url, staff_first
from shops.views.order_page import proven_or_404
from shops.views.private import private

HISTORY = 20


@private
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def paycode(request: HttpRequest) -> HttpResponse:
    """?shop= names one of several, ?order= the order that waits for the code. A helper sells with this code and cannot
    change it."""
    shop = my_own_shop_or_404(request)
    back_url = way_back(request, shop)
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PayCodeForm(*given, user=request.user)
    if request.method == "POST" and not limits.allows(request, "paycode", str(request.user.pk)):
        messages.warning(request, _("试得太多了，过十分钟再试。"))
        return redirect(request.get_full_path())
    if form.is_valid():
        code = paycodes.change(shop, form.chosen, request.user)
        if code.status == PayCode.Status.WAITING:
            messages.info(request, _("交上去了，管理员同意了才换。没同意以前，买家看到的还是原来的。"))
        else:
            messages.success(request, _("收款码改好了，也记下了是您改的。"))
        return redirect(back_url)
    context = {
        "shop": shop,
        "form": form,
        "current": paycodes.current(shop),
        "locked_until": paycodes.locked_until(shop.owner),
        "waiting": paycodes.waiting(shop),
        "history": shop.pay_codes.select_related("set_by")[:HISTORY],
        "back_url": back_url,
    }
    return render(request, "shops/mine_paycode.html", context)


def way_back(request: HttpRequest, shop: Shop) -> str:
    """To the order that waits for the code, when it is one of this shop."""
    number = request.GET.get("order", "")
    waits = number.isascii() and number.isalnum() and shop.orders.filter(number=number).exists()
    return reverse("shops:my_order", args=[number]) if waits else shelf_url(shop)


def my_own_shop_or_404(request: HttpRequest) -> Shop:
    ground = my_ground(request)
    own = [shop for shop in (ground.shops if ground else []) if shop.owner_id == request.user.pk]
    if "shop" in request.GET:
        own = [shop for shop in own if shop == ground.shop]
    if not own:
        raise Http404
    return own[0]


@private
@require_safe
@signed_in
def paycode_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """For who sells in the shop; the pictures of before are its owner's. One that waits is for who decides about it."""
    mine = Q(shop__in=Shop.objects.of(request.user))
    asked = Q(pk__in=paycodes.waiting_for(request.user).values("pk"))
    rows = PayCode.objects.filter(mine | asked, picture__isnull=False)
    row = get_object_or_404(rows.select_related("picture", "shop__owner", "shop__place"), pk=pk)
    if row.status == PayCode.Status.WAITING and paycodes.can_decide(request.user, row):
        return staff_first(request, row.shop) or documents.send(request, row.picture, row.shop.name)
    if row.shop.owner_id != request.user.pk and paycodes.current(row.shop) != row:
        raise Http404
    return documents.send(request, row.picture, row.shop.name)


@private
@require_safe
def order_paycode(request: HttpRequest, token: str) -> HttpResponse:
    """The picture on the buyer's page: only after the phone's tail, and only while the order waits for its money."""
    order = proven_or_404(request, token)
    row = paycodes.for_buyer(order)
    if row is None:
        raise Http404
    return documents.send(request, row.picture, order.number)
