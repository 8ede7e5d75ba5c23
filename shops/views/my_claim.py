"""Damage that a buyer reported, beside the order as it was packed, and the seller's answer."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import kept
from accounts.kept import signed_in
from shops.claim_forms import REFUSE, AnswerForm
from shops.models import Claim, Order, OrderEvent
from shops.orders import damage_claims
from shops.orders.exceptions import KeyTaken, TransitionNotAllowed
from shops.shortcuts import private_page
from shops.views.my_order import my_order_or_404

# The seller's own promise: it binds the seller and takes nothing from the buyer (消费者权益保护法 §23–24).
PROMISED = timedelta(hours=24)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def my_claim(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    order = my_order_or_404(request, number)
    claim = claim_or_404(order, pk)
    form = AnswerForm(kept.typed(request), claim=claim)
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
    return render(request, "shops/mine_claim.html", context)


def claim_or_404(order: Order, pk: int) -> Claim:
    found = next((claim for claim in order.claims.all() if claim.pk == pk), None)
    if found is None:
        raise Http404
    found.order = order
    return found


def answered(request: HttpRequest, form: AnswerForm) -> bool:
    """Whether to go back to the order; a shelf that is too empty is told on the form, with nothing typed lost."""
    facts, claim = form.cleaned_data, form.claim
    try:
        if facts["way"] == REFUSE:
            damage_claims.refuse(claim, request.user, facts["key"], facts["answer"])
        else:
            damage_claims.settle_claim(
                claim, request.user, facts["key"], form.fen, form.units, facts["answer"]
            )
        messages.success(request, _("告诉买家了。"), extra_tags=f"done:claim-{claim.pk}")
    except KeyTaken:
        messages.warning(request, _("没看懂，再点一次"))
    except TransitionNotAllowed as problem:
        claim.refresh_from_db()
        if claim.status == Claim.Status.OPEN:
            form.add_error(None, problem.sentence)
            return False
        messages.warning(request, problem.sentence)
    return True
