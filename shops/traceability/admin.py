"""Admin of batches, and of certificates, which an organiser accepts or refuses next to their file."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.backoffice.filters import WaitingFilter, by_place
from accounts.backoffice.object_actions import ObjectActionsMixin, ask_reason
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from accounts.models import Membership
from accounts.requests import get_person
from shops.exceptions import ActionNotAllowed
from shops.models import Batch, Paper, Pledge
from shops.traceability import certificates
from ui import formats

ORGANISER = (Membership.Role.ORGANISER,)


@admin.register(Batch)
class BatchAdmin(ReadOnlyMixin, ScopedAdmin):
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
        return f"{formats.jin(obj.grams)} · {formats.kg(obj.grams)}"

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
class PledgeAdmin(ReadOnlyMixin, ScopedAdmin):
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
        return f"{formats.jin(obj.grams)} · {formats.kg(obj.grams)}"


Status = Paper.Status
FACTS = ("picture", "kind", "number", "holder", "seller", "issuer", "issued_on", "expires_on", "for_what")
HISTORY = ("status", "accepted_reason", "refused_reason", "made_by", "created_at", "decided_by", "decided_at")


@admin.register(Paper)
class PaperAdmin(ObjectActionsMixin, ScopedAdmin):
    view_roles = change_roles = ORGANISER
    list_display = ("__str__", "shop", "holder", "is_its_own", "expires_on", "worth", "created_at")
    list_select_related = ("shop",)
    list_filter = (WaitingFilter.of(Status, Status.WAITING), by_place("shop__place"), "kind")
    search_fields = ("number", "holder", "shop__name")
    search_help_text = gettext_lazy("编号、持证人或店名")
    ordering = ("created_at", "id")
    steps = actions = ("accept", "refuse")
    fieldsets = ((None, {"fields": FACTS}), (gettext_lazy("经过"), {"fields": HISTORY}))

    def has_add_permission(self, request):
        return False

    def get_readonly_fields(self, request, obj=None):
        """Make the seller's fields read-only: a wrong certificate is refused with a reason."""
        return (*FACTS, *HISTORY)

    def ready_to_name(self, rows):
        return rows.select_related("shop")

    def name_of(self, obj):
        return f"{obj} · {obj.shop}"

    def steps_for(self, request, obj):
        if obj.status == Status.WAITING:
            return [("accept", _("收下"), "main"), ("refuse", _("不收"), "")]
        return [("refuse", _("标为失效"), "stop")] if obj.status == Status.ACCEPTED else []

    @admin.action(description=gettext_lazy("收下"), permissions=["change"])
    def accept(self, request: HttpRequest, queryset: QuerySet):
        rows = list(queryset.select_related("shop__place"))
        if not any(paper.holder_differs and not paper.is_over() for paper in rows):
            return self.each(request, rows, lambda paper: certificates.accept(paper, get_person(request)))

        def then(reason: str) -> None:
            self.each(request, rows, lambda paper: certificates.accept(paper, get_person(request), reason))

        title = _("持证人不是卖家本人，收下的依据是什么？")
        return ask_reason(self, request, queryset, title=title, button=_("收下"), then=then)

    @admin.action(description=gettext_lazy("不收"), permissions=["change"])
    def refuse(self, request: HttpRequest, queryset: QuerySet):
        rows = list(queryset.select_related("shop__place"))

        def then(reason: str) -> None:
            self.each(request, rows, lambda paper: certificates.refuse(paper, reason, get_person(request)))

        return ask_reason(self, request, queryset, title=_("不收这张证"), button=_("不收"), then=then)

    def each(self, request: HttpRequest, rows: list[Paper], step) -> None:
        done = 0
        for paper in rows:
            try:
                step(paper)
                done += 1
            except ActionNotAllowed as problem:
                names = {"paper": self.name_of(paper), "why": problem.sentence}
                messages.error(request, _("“%(paper)s”：%(why)s。") % names)
        if done:
            messages.success(request, ngettext("办好了 %(n)d 张。", "办好了 %(n)d 张。", done) % {"n": done})

    # --- columns and read-only fields ---

    @admin.display(description=gettext_lazy("证书照片或 PDF"))
    def picture(self, obj: Paper) -> str:
        url = reverse("shops:paper_file", args=[obj.pk])
        if not obj.file.is_picture:
            return format_html('<a href="{}">{}</a>', url, _("下载 PDF"))
        size = {
            "width": min(obj.file.width, 420),
            "height": obj.file.height * min(obj.file.width, 420) // obj.file.width,
        }
        picture = '<a href="{}"><img src="{}" width="{}" height="{}" alt="{}"></a>'
        return format_html(picture, url, url, size["width"], size["height"], str(obj))

    @admin.display(description=gettext_lazy("卖家全称"))
    def seller(self, obj: Paper) -> str:
        name = obj.shop.legal_name or "—"
        return _("%(name)s（和持证人不一样）") % {"name": name} if obj.holder_differs else name

    @admin.display(description=gettext_lazy("持证人是卖家"), boolean=True)
    def is_its_own(self, obj: Paper) -> bool:
        return not obj.holder_differs

    @admin.display(description=gettext_lazy("只管哪几款"))
    def for_what(self, obj: Paper) -> str:
        return _("、").join(product.name for product in obj.products.all()) or _("店里的都管")

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def worth(self, obj: Paper) -> str:
        """Show the certificate's state today: an accepted one that has expired is not valid."""
        over = obj.status == Status.ACCEPTED and obj.is_over()
        return _("过期了，已失效") if over else obj.get_status_display()
