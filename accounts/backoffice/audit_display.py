"""Describe entries of the audit trail for the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.audit import VERB_LABELS
from accounts.models import Membership

KEYS = {
    "role": gettext_lazy("身份"),
    "reason": gettext_lazy("原因"),
    "note": gettext_lazy("说明"),
    "name": gettext_lazy("名字"),
    "fields": gettext_lazy("改了"),
    "count": gettext_lazy("多少条"),
    "kind": gettext_lazy("种类"),
    "version": gettext_lazy("版本"),
    "by": pgettext_lazy("granted", "依据"),
    "helper": gettext_lazy("帮手"),
    "phone": gettext_lazy("手机号"),
    "ways": gettext_lazy("怎么登的"),
    "changes": gettext_lazy("改前和改后"),
}
WAYS = {"password": gettext_lazy("密码"), "code": gettext_lazy("短信验证码"), "mfa": gettext_lazy("验证器")}
VALUES: dict[str, dict[str, Any]] = {
    "by": {"join_code": gettext_lazy("进班码"), "role_ended": gettext_lazy("身份结束")},
    "role": dict(Membership.Role.choices),
}


def link_to_subject(named: str) -> str:
    """Return 小店 12 for "shop 12", with a link to its page in the admin if it has one."""
    name, _blank, pk = named.partition(" ")
    for model in admin.site._registry:
        if model._meta.model_name == name and pk:
            url = reverse(f"admin:{model._meta.app_label}_{name}_change", args=[pk])
            return format_html('<a href="{}">{} {}</a>', url, model._meta.verbose_name, pk)
        if model._meta.model_name == name:
            return str(model._meta.verbose_name)
    return named


def describe_detail(detail: dict) -> str:
    """Return the facts of an entry as HTML, 身份：卖家 · 原因：……, in one order, because PostgreSQL keeps none."""
    order = list(KEYS)
    facts = sorted(detail.items(), key=lambda one: order.index(one[0]) if one[0] in KEYS else len(order))
    shown = [(KEYS.get(key, key), text) for key, value in facts if (text := display_value(key, value))]
    return format_html_join(" · ", _("%(what)s：%(value)s") % {"what": "{}", "value": "{}"}, shown)


def display_value(key: str, value: Any) -> str:
    """Return one fact in words; a helper is stored by number, because the name may change or be erased."""
    if key == "helper":
        return link_to_subject(f"user {value}")
    if key == "ways":
        return _("、").join(str(WAYS.get(way, way)) for way in value)
    if isinstance(value, dict):
        return _("；").join(
            f"{name} {before or '—'} → {after or '—'}" for name, (before, after) in value.items()
        )
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(VALUES.get(key, {}).get(value, value))


class VerbFilter(admin.SimpleListFilter):
    title = gettext_lazy("操作")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return list(VERB_LABELS.items())

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else None
