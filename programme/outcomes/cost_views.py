"""The page on which an organiser enters what a class cost."""

from __future__ import annotations

import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.decorators import get_posted_or_kept
from accounts.requests import SignedInRequest
from courses.models import Cohort
from programme import permissions
from programme.models import TrainingCost
from programme.models.outcomes import MOST_FEN
from programme.outcomes.figures import cost
from progress.classes.views import of_class
from shops.exceptions import IdempotencyConflict
from shops.forms import AGAIN, KeyForm
from ui.fields import CleanCharField, DayField, YuanField, get_max_length
from ui.pagination import fetch_page
from ui.parameters import read_id


class CostForm(KeyForm):
    on = DayField(label=gettext_lazy("哪天"))
    what = CleanCharField(
        label=gettext_lazy("花在什么上"),
        max_length=get_max_length(TrainingCost, "what"),
        help_text=gettext_lazy("比如：老师课酬、场地、三脚架。"),
    )
    fen = YuanField(label=gettext_lazy("多少钱"), most=MOST_FEN // 100)

    def clean_on(self) -> datetime.date:
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise ValidationError(_("还没到这一天"))
        if on.year < 2000:
            raise ValidationError(_("太早了，看看年份"))
        return on


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def class_costs(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """List the costs of a class; POST enters one, or cancels one named in `cancel`."""
    if not permissions.can_enter_costs(request.user, cohort):
        raise Http404
    mine = TrainingCost.objects.filter(cohort=cohort).select_related("cohort__place")
    kept = get_posted_or_kept(request)
    if request.method == "POST" and "cancel" in request.POST:
        row = mine.filter(pk=read_id(request.POST["cancel"])).first()
        if row is None:
            raise Http404
        cost.cancel_cost(row, request.user)
        messages.success(request, _("作废了。"))
        return redirect("programme:class_costs", cohort.pk)
    form = CostForm(kept if kept and "cancel" not in kept else None, initial={"on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            cost.record_cost(cohort, by=request.user, **form.cleaned_data)
        except IdempotencyConflict:
            form.add_error(None, str(AGAIN))
        else:
            messages.success(request, _("记下了。"))
            return redirect("programme:class_costs", cohort.pk)
    context = {
        "cohort": cohort,
        "form": form,
        "total": mine.counting().aggregate(all=Sum("fen"))["all"] or 0,
        "page": fetch_page(mine, ("-on", "-pk"), request.GET.get("after", "")),
    }
    return render(request, "programme/outcomes/class_costs.html", context)
