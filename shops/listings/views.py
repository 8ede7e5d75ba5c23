"""The seller's pages of their shop, its products and the listing form."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db import transaction
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import decorators
from accounts.decorators import login_required_keeping_post
from accounts.models import Membership
from accounts.requests import SignedInRequest
from accounts.worklist import items
from media.photos.forms import MOST, read_keys
from shops.exceptions import ActionNotAllowed, IdempotencyConflict
from shops.inventory import presales
from shops.inventory import stock as stocks
from shops.inventory import views as inventory_views
from shops.inventory.views import LOG_ROWS
from shops.labels import signed
from shops.listings import drafts, readiness, requirements, review, services
from shops.listings.forms import STALE, FirstListingForm, ListingForm, ProductForm, empty, like_last_time
from shops.models import ListingDraft, Product, Shop, StockMove
from shops.orders.seller import notifications
from shops.pricing import prices
from shops.shipping import policy
from shops.shortcuts import SellerContext, find_seller_context, my_product_or_404, my_shop_url, places_to_open
from shops.texts import evidence, text_check
from shops.texts.forms import REWRITE, apply_rewrite
from ui.pagination import Page, page
from ui.parameters import add_return_url, get_return_url, read_id, read_key

Status = Product.Status
# What wants doing comes first.
RANK = (Status.RETURNED, Status.DRAFT, Status.SUBMITTED, Status.PUBLISHED, Status.WITHDRAWN)
ROWS = 24
LOW = "low"  # in place of a state: what is on sale and runs low


@require_safe
@login_required_keeping_post
def mine(request: SignedInRequest) -> HttpResponse:
    ground = find_seller_context(request)
    if ground is None:
        page = {"asked": asked_to_sell(request), "ended": ended_shop(request), "helped": helped_shop(request)}
        return render(request, "shops/listings/shop_ask.html", page)
    state = request.GET.get("state", "")
    found = shelf(ground, state, request.GET.get("after", ""))
    ways = policy.ways_of(ground.shop) if ground.shop else None
    block = None if state else items.block(request, "mine")
    context = {
        "ground": ground,
        "shop": ground.shop,
        "free": places_to_open(request.user, ground.shops),
        "drafts": drafts_of(request, ground),
        "states": states(ground, state),
        "state": state,
        "page": with_events(found, readiness.why_not_ordered(ground.shop, found.items, ways) if ways else {}),
        "missing": readiness.of_shop(ground.shop, ways) if ways else [],
        "news": notifications.list_notifications(
            request.user, [row.kind for row in block.rows] if block else ()
        ),
        "waits": block,
        "share_url": request.build_absolute_uri(ground.shop.get_absolute_url()) if ground.shop else "",
    }
    return render(request, "shops/listings/shop_mine.html", context)


def asked_to_sell(request: SignedInRequest) -> Membership | None:
    asked = request.user.asked_to_join()
    return next((row for row in asked if row.role == Membership.Role.SELLER), None)


def ended_shop(request: SignedInRequest) -> Shop | None:
    """A shop of one's own in which one sells no more, because the role has ended."""
    return Shop.objects.filter(owner=request.user).select_related("place").first()


def helped_shop(request: SignedInRequest) -> Shop | None:
    """One in whose list of helpers this person stands without being a seller of its village."""
    return Shop.objects.filter(helpers=request.user).select_related("place").first()


def shelf(ground: SellerContext, state: str, after: str) -> Page:
    """One page of the shop's products, what wants doing first."""
    rows = Product.objects.filter(shop=ground.shop).for_cards()
    if state == LOW:
        rows = rows.running_low()
    elif state in Status.values:
        rows = rows.filter(status=state)
    return page(ranked(rows), ("rank", "-created_at", "-id"), after, ROWS)


def with_events(found: Page, why_not: dict[int, requirements.MissingRequirement]) -> Page:
    """Each row with why it cannot be ordered, if it cannot; its plus and minus carry an event of their own, so that a tap
    sent twice counts once."""
    for product in found.items:
        product.next_event = uuid.uuid4()
        product.why_not = why_not.get(product.pk)
    return found


def ranked(rows: QuerySet) -> QuerySet:
    whens = [When(status=status, then=Value(rank)) for rank, status in enumerate(RANK)]
    return rows.annotate(rank=Case(*whens, default=Value(len(RANK)), output_field=IntegerField()))


def states(ground: SellerContext, state: str) -> list[dict]:
    """Each state that has products, with how many."""
    counted = Product.objects.filter(shop=ground.shop).order_by().values_list("status").annotate(Count("id"))
    counts = dict(counted)
    return [
        {"value": status.value, "label": status.label, "count": counts[status], "current": status == state}
        for status in RANK
        if counts.get(status)
    ]


def drafts_of(request: HttpRequest, ground: SellerContext) -> list[ListingDraft]:
    return list(ListingDraft.objects.visible_to(request.user).put_aside().filter(shop=ground.shop)[:ROWS])


@require_safe
@login_required_keeping_post
def my_product(request: HttpRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    moves = moves_of(product, request.GET.get("after", ""))
    context = {
        "product": product,
        "photos": [row.photo for row in review.photos_of(product)],
        "missing": [] if product.is_published else review.list_missing(product, for_publishing=False),
        "why_not": readiness.why_not_ordered(product.shop, [product]).get(product.pk)
        if product.is_published
        else None,
        "warnings": requirements.list_warnings(product),
        "batch": product.batch,
        "appeal": evidence.last_appeal(product),
        "blocked": not product.is_published and bool(text_check.check_product(product).blocking),
        "moves": [
            (row, signed(row.delta), Product.Unit(product.unit).after(row.delta)) for row in moves.items
        ],
        "page": moves,
        "presale": presales.current(product),
        "prices": product.price_changes.select_related("actor")[:LOG_ROWS],
        "back_url": get_return_url(request, my_shop_url(product.shop)),
        "submit_url": with_its_way_back(request, "shops:submit", pk),
        "edit_url": with_its_way_back(request, "shops:edit_product", pk),
    }
    return render(request, "shops/listings/product_mine.html", context)


def moves_of(product: Product, after: str) -> Page:
    """The changes of the stock, the newest first."""
    rows = product.moves.filter(presale=None).select_related("actor", "order")
    return page(rows, ("-at", "-id"), after, LOG_ROWS)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """A GET comes from a session lost on the way: the product's page has the button."""
    product = my_product_or_404(request, pk)
    if request.method == "POST":
        tell_submitted(request, product)
    return redirect(with_its_way_back(request, "shops:my_product", pk))


def with_its_way_back(request: HttpRequest, name: str, pk: int) -> str:
    """A page of this product that still leads back to where the seller came from."""
    url, back = reverse(name, args=[pk]), get_return_url(request, "")
    return add_return_url(url, back) if back else url


def tell_submitted(request: SignedInRequest, product: Product, done: str = "") -> bool:
    """Sends it to be looked at and says so, or says what it lacks; `done` ends the phone's own draft."""
    tags = f"done:{done}" if done else ""
    try:
        review.submit(product, request.user)
    except ActionNotAllowed as problem:
        for reason in problem.reasons:
            messages.warning(request, reason, extra_tags=tags)
        return False
    messages.success(request, _("收到了，管理员看过就上架。"), extra_tags=tags)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    if request.method == "POST":
        try:
            review.withdraw(product, request.user)
            messages.success(request, _("已下架，买家看不到了。"))
        except ActionNotAllowed as problem:
            messages.warning(request, problem.reasons[0])
        return redirect("shops:my_product", pk)
    context = {
        "title": _("把“%(name)s”下架？") % {"name": product.name},
        "text": _("买家就看不到它了。以后可以再提交，管理员看过再上架。"),
        "cancel_url": reverse("shops:my_product", args=[pk]),
        "confirm": _("下架"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def new_product(request: SignedInRequest) -> HttpResponse:
    ground = find_seller_context(request)
    if ground is None:
        return redirect("shops:mine")
    if request.method == "POST":
        return receive(request, ground)
    draft, again = asked_draft(request), ground.shop and "again" in request.GET
    unfinished = None if draft else open_form(request, ground)
    if not again:
        draft, unfinished = draft or unfinished, None
    typed = decorators.kept_post(request) or (draft and draft.as_typed())
    initial = empty(request.user, ground.place, ground.shop)
    if (
        not ground.shop and "phone" in request.GET
    ):  # the button that led here says that the number becomes public
        initial["contact_ok"] = True
    if typed:
        initial |= drafts.initial(typed, request.user)
    elif again:
        initial |= like_last_time(ground.shop)
    form = form_of(ground)(initial=initial, user=request.user, shop=ground.shop)
    context = page_of(form, ground, draft) | {"unfinished": unfinished}
    if again and not draft:
        context["draft_name"] = f"again-{ground.shop.pk}"
    return render(request, "shops/listings/product_edit.html", context)


def receive(request: SignedInRequest, ground: SellerContext) -> HttpResponse:
    form = form_of(ground)(request.POST, request.FILES, user=request.user, shop=ground.shop)
    if request.POST.get("do", "").startswith(REWRITE):
        form = form_of(ground)(mended(form), request.FILES, user=request.user, shop=ground.shop)
    key = drafts.key_of(request.POST).get("key") or uuid.uuid4()
    if made := services.find_made_product(key, request.user):
        if request.POST.get("do") == "photos":
            return HttpResponse(status=204)
        messages.success(request, _("这一款已经收到了。"), extra_tags=f"done:{local_name(ground, None)}")
        return redirect("shops:my_product", made.pk)
    if request.POST.get("do") == "photos":
        photos = drafts.photos_of(read_keys(request.POST, "photos")[:MOST], request.user)
        drafts.keep_photos(request.user, ground.shop, key, photos)
        return HttpResponse(status=204)
    whole = form.is_valid()
    if request.POST.get("do") == "draft":
        return keep_draft(request, form, ground, key)
    is_rewritten = form.data.get("do", "").startswith(REWRITE)
    if whole and not is_rewritten and (done := finish(request, form, ground)):
        return done
    draft = drafts.keep(*kept_of(request, form, ground, key))
    came_back = not form.is_arranging
    return render(request, "shops/listings/product_edit.html", page_of(form, ground, draft, came_back))


def keep_draft(
    request: HttpRequest, form: ListingForm, ground: SellerContext, key: uuid.UUID
) -> HttpResponse:
    """With whatever there is; what is wrong in it is told when it is sent whole."""
    before = ListingDraft.objects.visible_to(request.user).filter(key=key).first()
    if drafts.keep(*kept_of(request, form, ground, key)) is None:
        messages.warning(request, _("还没有照片，也没有名称，没什么可存的。"))
        return redirect(request.get_full_path())
    messages.success(request, _("草稿存好了。"), extra_tags=f"done:{local_name(ground, before)}")
    return redirect(ground.url)


def kept_of(request: HttpRequest, form: ListingForm, ground: SellerContext, key: uuid.UUID) -> tuple:
    """All of the form that a draft keeps."""
    return request.user, ground.shop, key, form.data, form.photos_kept, form.papers_kept


def finish(request: SignedInRequest, form: ListingForm, ground: SellerContext) -> HttpResponse | None:
    """The draft becomes a product, the first one of a newcomer with its shop, and asks for approval."""
    key, facts = form.cleaned_data["key"], form.cleaned_data
    draft = ListingDraft.objects.visible_to(request.user).filter(key=key).first()
    given = form.facts(), facts["photos"], facts["stock"]
    more = {"gifts": form.gifts(), "sent": facts.get("sending", ""), "proven": form.proofs()}
    try:
        if ground.shop:
            product = services.list_product(ground.shop, *given, request.user, key, **more)
        else:
            opening = form.shop_facts()
            product = services.open_and_list(request.user, ground.place, opening, *given, key, **more)
    except IdempotencyConflict:
        form.add_error("key", STALE)
        return None
    if request.POST.get("do") == "appeal":
        return to_appeal(request, product, done=local_name(ground, draft))
    tell_submitted(request, product, done=local_name(ground, draft))
    return redirect("shops:my_product", product.pk)


def mended(form: ProductForm) -> QueryDict:
    """What was typed, with the finding mended whose button was tapped."""
    form.is_valid()
    return apply_rewrite(form.data, form.data["do"], text_check.FIELDS, form.known_facts)


def to_appeal(request: HttpRequest, product: Product, done: str) -> HttpResponse:
    """Stored as it is written, and not handed in: an organiser has to read why."""
    messages.info(request, _("存好了，还没有提交。写写为什么，管理员会看。"), extra_tags=f"done:{done}")
    return redirect("shops:appeal", product.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def edit_product(request: SignedInRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    if request.method == "POST":
        form = ProductForm.of(product, request.POST, request.FILES, user=request.user)
        if request.POST.get("do", "").startswith(REWRITE):
            form = ProductForm.of(product, mended(form), request.FILES, user=request.user)
        elif form.is_valid() and (done := save(request, form, product)):
            return done
    else:
        form = ProductForm.of(product, user=request.user)
        if typed := decorators.kept_post(request):
            form.initial |= drafts.initial(typed, request.user, here=form.initial["photos"])
    context = {"form": form, "product": product, "draft_name": f"product-{pk}",
               "back_url": get_return_url(request, product_url(product))}  # fmt: skip
    return render(request, "shops/listings/product_edit.html", context)


def save(request: SignedInRequest, form: ProductForm, product: Product) -> HttpResponse | None:
    """None with the reason beside its field."""
    done = f"product-{product.pk}"
    given, stock = form.cleaned_data["photos"], form.cleaned_data.get("stock")
    try:
        with transaction.atomic():
            policy.apply_sending(product.shop, form.cleaned_data.get("sending", ""), request.user)
            words = {"gifts": form.gifts(), "proven": form.proofs()}
            waits = services.change_product(product, form.facts(), given, request.user, stock, **words)
    except prices.CountNeeded:  # another unit was chosen elsewhere this very moment
        messages.warning(request, _("单位刚刚改过，看一看再改。"))
        return redirect("shops:edit_product", product.pk)
    except prices.PresaleRuns as problem:
        form.add_error("unit", str(problem.sentence))
        return None
    if request.POST.get("do") == "appeal":
        return to_appeal(request, product, done)
    if request.POST.get("do") == "submit" and tell_submitted(request, product, done):
        return redirect(get_return_url(request, product_url(product)))
    told = _("改好了。改过文字或照片，要等管理员再看一遍。") if waits else _("改好了。")
    messages.success(request, told, extra_tags=f"done:{done}")
    return redirect(get_return_url(request, product_url(product)))


def product_url(product: Product) -> str:
    return reverse("shops:my_product", args=[product.pk])


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def drop_draft(request: HttpRequest, pk: int) -> HttpResponse:
    draft = get_object_or_404(ListingDraft.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        draft.delete()
        messages.success(request, _("草稿删了。"), extra_tags=f"done:draft-{pk}")
        return redirect("shops:mine")
    context = {
        "title": _("删掉“%(name)s”的草稿？") % {"name": draft},
        "text": _("写过的字和传过的照片都会删掉。"),
        "cancel_url": reverse("shops:mine"),
        "confirm": _("删掉"),
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)


def page_of(
    form: ListingForm, ground: SellerContext, draft: ListingDraft | None, came_back: bool = False
) -> dict:
    """`arrived` names the phone's copy that the server's draft has taken over."""
    fresh = local_name(ground, None)
    return {
        "form": form,
        "back_url": ground.url,
        "draft_name": local_name(ground, draft),
        "draft_kept": came_back and draft,
        "arrived": fresh if came_back and draft else "",
    }


def form_of(ground: SellerContext) -> type[ListingForm]:
    return ListingForm if ground.shop else FirstListingForm


def asked_draft(request: HttpRequest) -> ListingDraft | None:
    if "draft" not in request.GET:
        return None
    return get_object_or_404(ListingDraft.objects.visible_to(request.user), pk=read_id(request.GET["draft"]))


def open_form(request: HttpRequest, ground: SellerContext) -> ListingDraft | None:
    """The form that was being filled in when the page was lost."""
    return ListingDraft.objects.visible_to(request.user).filter(shop=ground.shop, is_open=True).first()


def local_name(ground: SellerContext, draft: ListingDraft | None) -> str:
    """What the phone's own copy of the words is called, so that it can be forgotten when they have arrived."""
    return (
        f"draft-{draft.pk}"
        if draft and not draft.is_open
        else f"listing-{ground.shop.pk if ground.shop else 'first'}"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def stock(request: HttpRequest, pk: int) -> HttpResponse:
    """Plus or minus one from the product's row in the list, else the page of its stock."""
    if request.method == "POST" and "step" in request.POST:
        return one_step(request, my_product_or_404(request, pk))
    return inventory_views.stock(request, pk)


def one_step(request: SignedInRequest, product: Product) -> HttpResponse:
    """Count one unit more or fewer; htmx gets the row back, with a new event for the next tap."""
    told, status, delta = "", 200, 0
    try:
        delta = {"1": 1, "-1": -1}[request.POST["step"]]
        event = read_key(request.POST["event_id"])
        if event is None:
            raise KeyError
        stocks.change_stock(product, delta, StockMove.Reason.COUNT, request.user, event)
    except (KeyError, IdempotencyConflict):
        told, status = _("没看懂，再点一次"), 422
    except stocks.OutOfRange as problem:
        told, status = inventory_views.out_of_range(problem, product), 422
    if request.htmx:
        product.next_event = uuid.uuid4()
        product.why_not = readiness.why_not_ordered(product.shop, [product]).get(product.pk)
        context = {"product": product, "told": told, "step": delta, "swapped": True}
        return render(request, "shops/listings/_product_row.html", context, status=status)
    if told:
        messages.warning(request, told)
    return redirect(f"{my_shop_url(product.shop)}#product-{product.pk}")
