"""Batches and their pledges, for the organiser to look up; what growers wrote down is not written by others."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choosing import by_place
from accounts.models import Membership
from accounts.scoping import ReadOnly, ScopedAdmin
from shops.models import Batch, Pledge
from ui import amounts

ORGANISER = (Membership.Role.ORGANISER,)


@admin.register(Batch)
class BatchAdmin(ReadOnly, ScopedAdmin):
    view_roles = ORGANISER
    list_display = ("name", "shop", "plot", "harvested_on", "weight", "grower_name", "is_public")
    list_select_related = ("shop",)
    list_filter = (by_place("shop__place"), "is_public")
    search_fields = ("name", "code", "plot", "shop__name")
    search_help_text = gettext_lazy("品名、追溯码、地块或店名")
    ordering = ("-harvested_on", "-id")
    fields = ("shop", "category", "name", "variety", "origin", "plot", "grower_name", "harvested_on", "weight",
              "sweetness", "sprayed", "note", "corrections", "code", "is_public", "made_by", "created_at")  # fmt: skip

    @admin.display(description=gettext_lazy("重量"), ordering="grams")
    def weight(self, obj: Batch) -> str:
        return f"{amounts.jin(obj.grams)} · {amounts.kg(obj.grams)}"

    @admin.display(description=gettext_lazy("糖度"))
    def sweetness(self, obj: Batch) -> str:
        return f"{obj.brix} · {obj.brix_on:%Y-%m-%d} · {obj.brix_tool}" if obj.brix else "—"

    @admin.display(description=gettext_lazy("用药记录"))
    def sprayed(self, obj: Batch) -> str:
        line = _("%(on)s %(what)s，%(dose)s，防%(against)s，间隔 %(days)s 天")
        rows = [
            (
                line
                % {
                    "on": one.on,
                    "what": one.what,
                    "dose": one.dose,
                    "against": one.against,
                    "days": one.interval_days,
                },
            )
            for one in obj.sprays.all()
        ]
        return format_html_join("", "<p>{}</p>", rows) or "—"

    @admin.display(description=gettext_lazy("更正"))
    def corrections(self, obj: Batch) -> str:
        rows = ((f"{note.created_at:%Y-%m-%d}", note.text) for note in obj.notes.all())
        return format_html_join("", "<p>{} {}</p>", rows) or "—"


@admin.register(Pledge)
class PledgeAdmin(ReadOnly, ScopedAdmin):
    view_roles = ORGANISER
    within = "batch"
    list_display = ("number", "name", "promiser", "weight", "issued_on", "withdrawn_at")
    search_fields = ("number", "promiser", "name")
    search_help_text = gettext_lazy("编号、承诺主体或品名")
    ordering = ("-id",)
    fields = ("number", "batch", "name", "weight", "origin", "promiser", "contact", "basis", "promise", "issued_on",
              "issued_by", "withdrawn_at", "withdrawn_reason")  # fmt: skip

    @admin.display(description=gettext_lazy("重量"), ordering="grams")
    def weight(self, obj: Pledge) -> str:
        return f"{amounts.jin(obj.grams)} · {amounts.kg(obj.grams)}"
