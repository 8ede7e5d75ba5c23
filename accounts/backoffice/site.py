"""The only admin site: Django's own, opened by memberships instead of a staff flag."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts import devices, second_factor
from accounts.backoffice.filters import ScopedAutocomplete
from accounts.backoffice.scoped import ScopedAdmin
from accounts.decorators import sign_out
from accounts.requests import get_person
from accounts.worklist.items import Urgency, list_admin_items


class BackOffice(AdminSite):
    site_header = site_title = _("新农活后台")
    index_title = _("等着办的事")
    index_template = "admin/waiting.html"
    site_url = "/"
    empty_value_display = "—"

    # --- access ---

    def has_permission(self, request: HttpRequest) -> bool:
        """Admit staff who have shown their second factor; allauth asks for it at sign-in once it is set up."""
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

    def logout(self, request: HttpRequest, extra_context=None) -> Any:
        """Accept only POST, as everywhere; Django's page would greet a person who has signed out."""
        response = redirect("home")
        if request.method == "POST":
            sign_out(request)
            devices.mark_signed_out(request, response)
        return response

    def password_change(self, request: HttpRequest, extra_context=None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context=None) -> Any:
        return redirect("account_change_password")

    # --- contents ---

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Accept only pages that are limited to a person's places.

        Those that libraries register (second factors, groups, the task queue) show secrets or rows of other counties.
        """
        if admin_class is not None and issubclass(admin_class, ScopedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list:
        """Return the URLs without Django's redirect by content type, which reveals which ids exist."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return ScopedAutocomplete.as_view(admin_site=self)(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """Return the models that settings.BACK_OFFICE_GROUPS names, by what people do rather than by app."""
        apps = self._build_app_dict(request).values()
        models = {model["model"]._meta.label_lower: model for app in apps for model in app["models"]}
        groups = []
        for name, title, labels in settings.BACK_OFFICE_GROUPS:
            if shown := [models[label] for label in labels if label in models]:
                groups.append(make_group(name, title, shown))
        return groups

    def app_index(self, request: HttpRequest, app_label: str, extra_context=None) -> Any:
        """Redirect to the first page, which lists all models in groups that people know."""
        return redirect("admin:index")

    def index(self, request: HttpRequest, extra_context=None) -> Any:
        found = list_admin_items(get_person(request))
        context = {
            "waits": [wait for wait in found if wait.urgency < Urgency.LATER],
            "notes": [wait for wait in found if wait.urgency == Urgency.LATER],
        }
        return super().index(request, context | (extra_context or {}))


def make_group(name: str, title: str | Promise, models: Iterable[dict]) -> dict:
    """Return a group in the form in which Django's templates expect an app."""
    url = f"{reverse('admin:index')}#{name}"
    return {"name": title, "app_label": name, "app_url": url, "has_module_perms": True, "models": models}
