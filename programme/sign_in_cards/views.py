"""The page on which a trainer prints the sign-in cards of a class."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.requests import SignedInRequest
from courses.models import Cohort
from programme.exceptions import PdfNotMade
from programme.sign_in_cards import cards
from progress.classes.views import of_class
from ui.parameters import read_id


@of_class
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def class_cards(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """Ask who gets a new password, because it ends the old one; POST answers with the PDF, which is stored nowhere."""
    if request.method == "POST":
        return send_cards(request, cohort)
    context = {
        "cohort": cohort,
        "holders": cards.list_holders(request.user, cohort),
        "key": cards.make_key(cohort),
    }
    return render(request, "programme/sign_in_cards/class_cards.html", context)


def send_cards(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    if not limits.allows(request, "class_cards_pdf"):
        messages.error(request, _("印得太多了，过十分钟再来。"))
        return redirect("programme:class_cards", cohort.pk)
    chosen = {pk for text in request.POST.getlist("user")[:1000] if (pk := read_id(text))}
    sign_in = request.build_absolute_uri(reverse("account_login"))
    try:
        made = cards.print_cards(
            request.user, cohort, chosen, request.POST.get("key", ""), sign_in, request.get_host()
        )
    except cards.KeyTooOld:
        messages.error(request, _("这一页放太久了。再看一眼勾着谁，重新点一次。"))
    except PdfNotMade:
        messages.error(request, _("PDF 没做成，过一会儿再试。还不行就告诉管理员。"))
    else:
        response = HttpResponse(made, content_type="application/pdf")
        name = content_disposition_header(True, _("%(name)s登录卡.pdf") % {"name": cohort.name})
        response["Content-Disposition"] = name or "attachment"
        return response
    return redirect("programme:class_cards", cohort.pk)
