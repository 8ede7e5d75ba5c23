"""The one admin: Django's own, opened by memberships instead of a staff flag."""

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _


class BackOffice(AdminSite):
    site_header = site_title = _("新农活后台")
    index_title = _("等着办的事")
    index_template = "admin/waiting.html"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and user.works_in_the_admin and self.second_factor_done(request)

    def second_factor_done(self, request: HttpRequest) -> bool:
        """Outside DEMO, staff need TOTP; allauth asks for the code at sign-in once it is set up."""
        if settings.DEMO:
            return True
        from allauth.mfa.utils import is_mfa_enabled

        return is_mfa_enabled(request.user)

    def login(self, request: HttpRequest, extra_context=None):
        user = request.user
        if user.is_authenticated and user.works_in_the_admin and not self.second_factor_done(request):
            return redirect("mfa_activate_totp")
        if user.is_authenticated and not user.works_in_the_admin:
            return redirect("home")
        target = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")


class BackOfficeConfig(AdminConfig):
    default_site = "accounts.backoffice.BackOffice"
