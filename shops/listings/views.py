"""The seller's pages of a product, and the form in which it is listed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import decorators
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from media.photos.forms import MOST, read_keys
from shops.exceptions import ActionNotAllowed, IdempotencyConflict
from shops.inventory import presales
from shops.inventory import stock as stocks
from shops.inventory import views as inventory_views
from shops.inventory.views import LOG_ROWS
from shops.labels import format_change
from shops.listings import drafts, patterns, requirements, review, services, waiting_text
from shops.listings.forms import (
    STALE,
    FirstListingForm,
    ListingForm,
    ProductForm,
    list_initial_values,
    list_last_product_values,
)
from shops.models import ListingDraft, Product, StockMove
from shops.pricing import prices
from shops.shipping import policy
from shops.shortcuts import (
    SellerContext,
    find_seller_context,
    get_my_shop_url,
    my_product_or_404,
)
from shops.texts import evidence, text_check
from shops.texts.changes import REWRITE, TextChanged, apply_rewrite
from ui.pagination import Page, fetch_page
from ui.parameters import add_return_url, get_return_url, read_id, read_key

# The buttons that put a description to fill in after what was typed, and take it out again.
PATTERN, PATTERN_BACK = "pattern", "pattern-back"


@require_safe
@login_required_keeping_post
def my_product(request: SignedInRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    moves = list_moves(product, request.GET.get("after", ""))
    context = {
        "product": product,
        "photos": [row.photo for row in review.load_photos(product)],
        "missing": [] if product.is_published else review.list_missing(product, for_publishing=False),
        "why_not": requirements.find_obstacles(product.shop, [product]).get(product.pk)
        if product.is_published
        else None,
        "warnings": requirements.list_warnings(product),
        "batch": product.batch,
        "appeal": evidence.find_last_appeal(product),
        "waiting": waiting_text.describe_waiting(product),
        "blocked": not product.is_published and bool(text_check.check_product(product).blocking),
        "moves": [
            (row, format_change(row.delta), Product.Unit(product.unit).after(row.delta))
            for row in moves.items
        ],
        "page": moves,
        "pattern": patterns.find_pattern(product),
        "presale": presales.find_current(product),
        "prices": product.price_changes.select_related("actor")[:LOG_ROWS],
        "back_url": get_return_url(request, get_my_shop_url(product.shop)),
        "submit_url": make_url_with_return(request, "shops:submit", pk),
        "edit_url": make_url_with_return(request, "shops:edit_product", pk),
    }
    return render(request, "shops/listings/product_mine.html", context)


def list_moves(product: Product, after: str) -> Page:
    """Return one page of the stock's changes, the newest first."""
    rows = product.moves.filter(presale=None).select_related("actor", "order")
    return fetch_page(rows, ("-at", "-id"), after, LOG_ROWS)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submit the product for review. A GET (after signing in again) redirects to its page, which has the button."""
    product = my_product_or_404(request, pk)
    if request.method == "POST":
        submit_and_report(request, product)
    return redirect(make_url_with_return(request, "shops:my_product", pk))


def make_url_with_return(request: HttpRequest, name: str, pk: int) -> str:
    """Return the URL of a page of this product that leads back to where the seller came from."""
    url, back = reverse(name, args=[pk]), get_return_url(request, "")
    return add_return_url(url, back) if back else url


def submit_and_report(request: SignedInRequest, product: Product, done: str = "") -> bool:
    """Submit the product and show a message that says so or what is missing; `done` names the phone's draft to delete."""
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
    seller_context = find_seller_context(request)
    if seller_context is None:
        return redirect("shops:mine")
    if request.method == "POST":
        return receive(request, seller_context)
    draft = find_asked_draft(request)
    again = seller_context.shop if "again" in request.GET else None
    unfinished = None if draft else find_open_form(request, seller_context)
    if not again:
        draft, unfinished = draft or unfinished, None
    typed = decorators.get_kept_post(request) or (draft and draft.as_typed())
    initial = list_initial_values(request.user, seller_context.place, seller_context.shop)
    if (
        not seller_context.shop and "phone" in request.GET
    ):  # the button that led here says that the number becomes public
        initial["contact_ok"] = True
    if typed:
        initial |= drafts.list_initial_values(typed, request.user)
    elif again:
        initial |= list_last_product_values(again)
    form = choose_form_class(seller_context)(initial=initial, user=request.user, shop=seller_context.shop)
    context = build_form_context(form, seller_context, draft) | {"unfinished": unfinished}
    if again and not draft:
        context["draft_name"] = f"again-{again.pk}"
    return render(request, "shops/listings/product_edit.html", context)


def receive(request: SignedInRequest, seller_context: SellerContext) -> HttpResponse:
    form = choose_form_class(seller_context)(
        request.POST, request.FILES, user=request.user, shop=seller_context.shop
    )
    if changes_text(request.POST):
        form = choose_form_class(seller_context)(
            change_text(request, form), request.FILES, user=request.user, shop=seller_context.shop
        )
    key = drafts.read_form_key(request.POST).get("key") or uuid.uuid4()
    if made := services.find_made_product(key, request.user):
        if request.POST.get("do") == "photos":
            return HttpResponse(status=204)
        messages.success(
            request, _("这一款已经收到了。"), extra_tags=f"done:{name_local_draft(seller_context, None)}"
        )
        return redirect("shops:my_product", made.pk)
    if request.POST.get("do") == "photos":
        photos = drafts.find_photos(read_keys(request.POST, "photos")[:MOST], request.user)
        drafts.save_photos(request.user, seller_context.shop, key, photos)
        return HttpResponse(status=204)
    whole = form.is_valid()
    begin_at_description(request, form)
    if request.POST.get("do") == "draft":
        return keep_draft(request, form, seller_context, key)
    if whole and not changes_text(form.data) and (done := finish(request, form, seller_context)):
        return done
    draft = drafts.save_draft(*draft_values(request, form, seller_context, key))
    came_back = not form.is_arranging
    return render(
        request,
        "shops/listings/product_edit.html",
        build_form_context(form, seller_context, draft, came_back),
    )


def keep_draft(
    request: HttpRequest, form: ListingForm, seller_context: SellerContext, key: uuid.UUID
) -> HttpResponse:
    """Store the form as a draft without validating it."""
    before = ListingDraft.objects.visible_to(request.user).filter(key=key).first()
    if drafts.save_draft(*draft_values(request, form, seller_context, key)) is None:
        messages.warning(request, _("还没有照片，也没有名称，没什么可存的。"))
        return redirect(request.get_full_path())
    messages.success(
        request, _("草稿存好了。"), extra_tags=f"done:{name_local_draft(seller_context, before)}"
    )
    return redirect(seller_context.url)


def draft_values(
    request: HttpRequest, form: ListingForm, seller_context: SellerContext, key: uuid.UUID
) -> tuple:
    """Return the arguments of drafts.save_draft for this form."""
    return request.user, seller_context.shop, key, form.data, form.photos_kept, form.papers_kept


def finish(request: SignedInRequest, form: ListingForm, seller_context: SellerContext) -> HttpResponse | None:
    """Create the product, for a newcomer together with the shop, and submit it; None with an error on the form."""
    key, facts = form.cleaned_data["key"], form.cleaned_data
    draft = ListingDraft.objects.visible_to(request.user).filter(key=key).first()
    given = form.facts(), facts["photos"], facts["stock"]
    more = {"gifts": form.gifts(), "sent": facts.get("sending", ""), "proven": form.proofs()}
    try:
        if seller_context.shop:
            product = services.list_product(seller_context.shop, *given, request.user, key, **more)
        else:
            assert isinstance(form, FirstListingForm)
            opening = form.shop_facts()
            product = services.open_and_list(request.user, seller_context.place, opening, *given, key, **more)
    except IdempotencyConflict:
        form.add_error("key", STALE)
        return None
    if request.POST.get("do") == "appeal":
        return redirect_to_appeal(request, product, done=name_local_draft(seller_context, draft))
    submit_and_report(request, product, done=name_local_draft(seller_context, draft))
    return redirect("shops:my_product", product.pk)


def changes_text(data: QueryDict) -> bool:
    """Return whether a button was tapped that changes a text of the form and stores nothing."""
    do = data.get("do", "")
    return do.startswith(REWRITE) or do in (PATTERN, PATTERN_BACK)


def change_text(request: HttpRequest, form: ProductForm) -> QueryDict:
    """Return the form's data as the tapped button changes it; as it is, with a message, if that cannot be done."""
    form.is_valid()
    do = form.data.get("do", "")
    if do == PATTERN:
        return put_pattern(request, form)
    if do == PATTERN_BACK:
        return take_pattern_back(request, form)
    try:
        return apply_rewrite(form.data, form.data.get("do", ""), text_check.FIELDS, form.known_facts)
    except TextChanged as problem:
        messages.warning(request, problem.sentence)
        return form.data


def begin_at_description(request: HttpRequest, form: ProductForm) -> None:
    """Where a tap put the pattern in or took it out, open the page there, without errors of what is still to be filled in."""
    if form.data.get("pattern_text", "") != request.POST.get("pattern_text", ""):
        form.errors.clear()
        form.fields["description"].widget.attrs["autofocus"] = True


def put_pattern(request: HttpRequest, form: ProductForm) -> QueryDict:
    """Put the description to fill in after what was typed."""
    # A name with an error is read, too: 腊肉 is refused without its paper, and the pattern says which.
    product = form.as_product(form.cleaned_data | {"name": form["name"].value() or ""})
    pattern = patterns.find_pattern(product)
    data = form.data.copy()
    if pattern is None:
        messages.info(
            request, _("看名称认不出是哪样货，没有现成的样子。写上多重、哪天采的、毛病、坏了怎么赔就行。")
        )
    elif pattern.needs:
        sentence = _("这样货要有证才能卖，小店里还没有核对过、没过期的。先不播、不挂。")
        messages.warning(request, f"{sentence} {pattern.needs[0]}")
    else:
        typed = data.get("description", "").replace("\r\n", "\n")
        most = Product._meta.get_field("description").max_length or 0
        joined = patterns.insert_text(typed, pattern.text, most)
        if joined is None:
            messages.warning(request, _("已经写得够长了，样子放不下。"))
        else:
            data["description"], data["pattern_text"] = joined, pattern.text
    return data


def take_pattern_back(request: HttpRequest, form: ProductForm) -> QueryDict:
    data = form.data.copy()
    typed, text = (data.get(name, "").replace("\r\n", "\n") for name in ("description", "pattern_text"))
    left = patterns.take_back(typed, text)
    if left is None:
        messages.warning(request, _("样子已经改过，没有替你删：不要的自己删。"))
    else:
        data["description"] = left
    data["pattern_text"] = ""
    return data


def redirect_to_appeal(
    request: HttpRequest, product: Product, done: str, on_sale: bool = False
) -> HttpResponse:
    """Redirect to the appeal. The product is stored as written but not submitted; `on_sale`, only the text, beside it."""
    sentence = _("存好了，还没有提交。写写为什么，管理员会看。")
    if on_sale:
        sentence = _("新写的存在一边，现在卖的还是原来的。写写为什么，管理员会看。")
    messages.info(request, sentence, extra_tags=f"done:{done}")
    return redirect("shops:appeal", product.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def edit_product(request: SignedInRequest, pk: int) -> HttpResponse:
    product = my_product_or_404(request, pk)
    waiting = waiting_text.find_waiting_text(product)
    edits_waiting = waiting is not None and "waiting" in request.GET
    texts_opened = waiting_text.mark_texts(product)
    if request.method == "POST":
        marks = request.POST.get("texts_opened", "")
        merged, replaced = waiting_text.merge_texts(product, request.POST, marks)
        form = ProductForm.of(product, merged, request.FILES, user=request.user)
        if changes_text(request.POST):
            form = ProductForm.of(product, change_text(request, form), request.FILES, user=request.user)
            begin_at_description(request, form)
            texts_opened = marks if replaced else texts_opened
        elif replaced:
            for name, text in replaced.items():
                form.add_error(name, _("这里刚换成了“%(text)s”。还是要你写的，就再按一次。") % {"text": text})
        elif form.is_valid() and (done := save(request, form, product)):
            return done
    else:
        form = ProductForm.of(product, user=request.user)
        if waiting and edits_waiting:
            form.initial.update(text_check.list_texts(waiting))
        if typed := decorators.get_kept_post(request):
            form.initial.update(drafts.list_initial_values(typed, request.user, here=form.initial["photos"]))
            texts_opened = typed.get("texts_opened", texts_opened)
    context = {"form": form, "product": product, "draft_name": name_edit(request, product),
               "texts_opened": texts_opened, "waiting": waiting, "edits_waiting": edits_waiting,
               "back_url": get_return_url(request, get_product_url(product))}  # fmt: skip
    return render(request, "shops/listings/product_edit.html", context)


def name_edit(request: HttpRequest, product: Product) -> str:
    """Return the name of the phone's draft of this form; the waiting text is edited under a name of its own."""
    return f"{'waiting' if 'waiting' in request.GET else 'product'}-{product.pk}"


def save(request: SignedInRequest, form: ProductForm, product: Product) -> HttpResponse | None:
    """Change the product as the form says; None with an error on the form."""
    done = name_edit(request, product)
    given, stock = form.cleaned_data["photos"], form.cleaned_data.get("stock")
    appeals = request.POST.get("do") == "appeal"
    if appeals and product.is_published and form.checked and not form.checked.blocking:
        form.add_wording_errors(form.checked)
        if not form.errors:
            form.add_error(None, _("现在没有不能用的话，不用请管理员看，点“保存”就行。"))
        return None
    try:
        with transaction.atomic():
            policy.apply_sending(product.shop, form.cleaned_data.get("sending", ""), request.user)
            edit = waiting_text.Edit(form.facts(), given, stock, form.gifts(), form.proofs())
            if appeals and waiting_text.store_text(product, edit, request.user):
                return redirect_to_appeal(request, product, done, on_sale=True)
            waits = services.change_product(
                product,
                edit.facts,
                given,
                request.user,
                stock,
                gifts=edit.gifts,
                proven=edit.proven,
            )
            waiting_text.forget_if_used(product, request.user, appeals or "waiting" in request.GET)
    except ActionNotAllowed as problem:
        form.add_error(None, problem.reasons)
        return None
    except prices.CountNeeded:  # the unit was changed elsewhere in the meantime
        messages.warning(request, _("单位刚刚改过，看一看再改。"))
        return redirect("shops:edit_product", product.pk)
    except prices.PresaleRuns as problem:
        form.add_error("unit", str(problem.sentence))
        return None
    if appeals:
        return redirect_to_appeal(request, product, done)
    if request.POST.get("do") == "submit" and submit_and_report(request, product, done):
        return redirect(get_return_url(request, get_product_url(product)))
    sentence = _("改好了。改过文字或照片，要等管理员再看一遍。") if waits else _("改好了。")
    messages.success(request, sentence, extra_tags=f"done:{done}")
    return redirect(get_return_url(request, get_product_url(product)))


def get_product_url(product: Product) -> str:
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


def build_form_context(
    form: ListingForm, seller_context: SellerContext, draft: ListingDraft | None, came_back: bool = False
) -> dict:
    """Return the form's template context; `arrived` names the phone's draft that the server's draft replaces."""
    new_name = name_local_draft(seller_context, None)
    return {
        "form": form,
        "back_url": seller_context.url,
        "draft_name": name_local_draft(seller_context, draft),
        "draft_kept": came_back and draft,
        "arrived": new_name if came_back and draft else "",
    }


def choose_form_class(seller_context: SellerContext) -> type[ListingForm]:
    return ListingForm if seller_context.shop else FirstListingForm


def find_asked_draft(request: HttpRequest) -> ListingDraft | None:
    if "draft" not in request.GET:
        return None
    return get_object_or_404(ListingDraft.objects.visible_to(request.user), pk=read_id(request.GET["draft"]))


def find_open_form(request: HttpRequest, seller_context: SellerContext) -> ListingDraft | None:
    """Find the form that was being filled in when the page was closed."""
    return (
        ListingDraft.objects.visible_to(request.user).filter(shop=seller_context.shop, is_open=True).first()
    )


def name_local_draft(seller_context: SellerContext, draft: ListingDraft | None) -> str:
    """Return the name of the phone's own draft, which is deleted once the server has stored it."""
    return (
        f"draft-{draft.pk}"
        if draft and not draft.is_open
        else f"listing-{seller_context.shop.pk if seller_context.shop else 'first'}"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def stock(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change the stock by one from the product's row in the list, or show the page of its stock."""
    # One URL for both. The row of the list shows why a product cannot be ordered (requirements), which shops.inventory, a package
    # below, must not know; so the change from the list is here, the page of the stock there.
    if request.method == "POST" and "step" in request.POST:
        return change_stock_by_one(request, my_product_or_404(request, pk))
    return inventory_views.stock(request, pk)


def change_stock_by_one(request: SignedInRequest, product: Any) -> HttpResponse:
    """Count one unit more or fewer; htmx gets the row back, with a new event for the next tap."""
    problem_text, status, delta = "", 200, 0
    try:
        delta = {"1": 1, "-1": -1}[request.POST["step"]]
        event = read_key(request.POST["event_id"])
        if event is None:
            raise KeyError
        stocks.change_stock(product, delta, StockMove.Reason.COUNT, request.user, event)
    except (KeyError, IdempotencyConflict):
        problem_text, status = _("没看懂，再点一次"), 422
    except stocks.OutOfRange as problem:
        problem_text, status = inventory_views.describe_out_of_range(problem, product), 422
    if request.htmx:
        product.next_event = uuid.uuid4()
        product.why_not = requirements.find_obstacles(product.shop, [product]).get(product.pk)
        context = {"product": product, "problem": problem_text, "step": delta, "swapped": True}
        return render(request, "shops/listings/_product_row.html", context, status=status)
    if problem_text:
        messages.warning(request, problem_text)
    return redirect(f"{get_my_shop_url(product.shop)}#product-{product.pk}")
