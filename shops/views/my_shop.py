"""The shop itself: what buyers read of it, its public number, and who helps. Its owner's alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import kept
from accounts.kept import signed_in
from shops import keeping, permissions, saying
from shops.models import Shop
from shops.sellers.shop_forms import HelperForm, ShopPageForm
from shops.views.fetching import my_own_shop_or_404, shelf_url
from shops.wording_fields import REWRITE, rewritten
from ui.returning import way_back


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def shop_edit(request: HttpRequest, pk: int) -> HttpResponse:
    shop = my_own_shop_or_404(request, pk)
    back_url = way_back(request, shelf_url(shop))
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ShopPageForm.of(shop, *given, user=request.user)
    if request.POST.get("do", "").startswith(REWRITE):
        typed = rewritten(request.POST, request.POST["do"], saying.SHOP_FIELDS)
        form = ShopPageForm.of(shop, typed, request.FILES, user=request.user)
    elif form.is_valid():
        keeping.change(shop, form.facts(), request.user)
        messages.success(request, _("改好了。"), extra_tags=f"done:shop-{pk}")
        return redirect(back_url)
    if request.method != "POST" and (typed := kept.take(request)):
        form.initial |= {name: typed[name] for name in form.TEXTS if name in typed}
    context = {"shop": shop, "form": form, "draft_name": f"shop-{pk}", "back_url": back_url}
    return render(request, "shops/mine_settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def helpers(request: HttpRequest, pk: int) -> HttpResponse:
    shop = my_own_shop_or_404(request, pk)
    form = HelperForm(request.POST if request.method == "POST" else None, shop=shop)
    if form.is_valid():
        helper = form.cleaned_data["phone"]
        keeping.add_helper(shop, helper, request.user)
        messages.success(request, _("%(name)s可以帮您上架、改价、点库存了。") % {"name": helper.name})
        return redirect("shops:helpers", pk)
    context = {"shop": shop, "form": form, "helpers": shop.helpers.all(), "back_url": shelf_url(shop)}
    return render(request, "shops/mine_helpers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def remove_helper(request: HttpRequest, pk: int, helper: int) -> HttpResponse:
    """The owner takes a helper out; a helper may leave by themselves."""
    shops = Shop.objects.of(request.user).filter(helpers=helper)
    shop = get_object_or_404(shops.select_related("place"), pk=pk)
    person = get_object_or_404(shop.helpers, pk=helper)
    if not permissions.can_remove_helper(request.user, shop, person):
        raise Http404
    back = reverse("shops:helpers", args=[pk]) if shop.owner_id == request.user.pk else reverse("shops:mine")
    if request.method == "POST":
        keeping.remove_helper(shop, person, request.user)
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
