"""Django's admin with our own site."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    default_site = "accounts.backoffice.site.BackOffice"
