"""The one admin: Django's own, opened by memberships instead of a staff flag."""

from collections.abc import Iterable

from django.contrib.admin import AdminSite
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import second_factor
from accounts.backoffice.filters import ScopedAutocomplete
from accounts.backoffice.scoped import ScopedAdmin
from accounts.worklist.items import Urgency, admin_items_for

# What people do here, and with which rows; in the order of the side bar.
GROUPS = (
    ("teach", _("教课"), ("courses.course", "courses.module", "courses.lesson", "courses.cohort", "courses.announcement",
                          "courses.quiz", "courses.bank", "courses.question", "courses.objective",
                          "courses.assignment", "courses.drill", "courses.quickphrase",
                          "rehearsals.submission", "rehearsals.review", "media.video", "progress.enrolment",
                          "progress.lessondone", "outbox.event")),
    ("sell", _("卖货"), ("shops.product", "shops.shop", "shops.village", "shops.category",
                         "shops.batch", "shops.pledge", "shops.paper",
                         "shops.order", "shops.orderevent", "shops.claim", "shops.paycode",
                         "shops.pricechange", "shops.stockmove")),
    ("live", _("直播"), ("live.livestream", "live.scriptversion", "live.checklisttick", "live.livesale", "live.slip",
                         "live.quotamove", "live.guardianconsent")),
    ("people", pgettext_lazy("many", "人"), ("accounts.membership", "accounts.user", "accounts.place", "accounts.clearance",
                                            "accounts.consent", "accounts.auditentry", "accounts.notice", "media.photo")),
)  # fmt: skip


class BackOffice(AdminSite):
    site_header = site_title = _("新农活后台")
    index_title = _("等着办的事")
    index_template = "admin/waiting.html"
    site_url = "/"
    empty_value_display = "—"

    # --- who comes in ---

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff who have shown their second factor: allauth asks for it at sign-in once it is set up."""
        user = request.user
        return user.is_authenticated and user.works_in_the_admin and not second_factor.is_due(request)

    def login(self, request: HttpRequest, extra_context=None):
        user = request.user
        target = request.GET.get("next") or reverse("admin:index")
        if second_factor.is_due(request):
            return second_factor.redirect_to_second_factor(request, target)
        if user.is_authenticated and not user.works_in_the_admin:
            return redirect("home")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")

    def logout(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        """Only by POST, like everywhere: Django's page would greet a person who is gone."""
        if request.method == "POST":
            logout(request)
        return redirect("home")

    def password_change(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return redirect("account_change_password")

    # --- what is in it ---

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Only pages that keep to a person's places: what libraries would add (second factors, groups,
        the task queue) shows secrets or other counties."""
        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list:
        """Without the detour that tells which ids exist of any kind of row."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return ScopedAutocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Grouped by what people do rather than by app."""
        apps = self._build_app_dict(request).values()
        models = {model["model"]._meta.label_lower: model for app in apps for model in app["models"]}
        groups = []
        for name, title, labels in GROUPS:
            if shown := [models[label] for label in labels if label in models]:
                groups.append(group(name, title, shown))
        return groups

    def app_index(self, request: HttpRequest, app_label: str, extra_context=None) -> HttpResponse:
        """The first page has it all, in groups that people know."""
        return redirect("admin:index")

    def index(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        found = admin_items_for(request.user)
        context = {
            "waits": [wait for wait in found if wait.urgency < Urgency.LATER],
            "notes": [wait for wait in found if wait.urgency == Urgency.LATER],
        }
        return super().index(request, context | (extra_context or {}))


def group(name: str, title: str, models: Iterable[dict]) -> dict:
    """A group in the shape that Django's templates expect of an app."""
    url = f"{reverse('admin:index')}#{name}"
    return {"name": title, "app_label": name, "app_url": url, "has_module_perms": True, "models": models}
