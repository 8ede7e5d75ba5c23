"""The audit trail in words: what was done in the admin, and how any entry reads."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Membership
from accounts.trail import Verb


class Doing(models.TextChoices):
    """Stored in AuditEntry.verb by the admin; never renamed."""

    PERSON_ADDED = "person_added", gettext_lazy("开了账号")
    PERSON_CHANGED = "person_changed", gettext_lazy("改了个人资料")
    SECOND_FACTOR_REMOVED = "second_factor_removed", gettext_lazy("取消二次验证")
    PLACE_ADDED = "place_added", gettext_lazy("加了地区")
    PLACE_CHANGED = "place_changed", gettext_lazy("改了地区")
    LIST_EXPORTED = "list_exported", pgettext_lazy("trail", "导出表格")
    PRODUCT_FILED = "product_filed", gettext_lazy("改了商品种类")
    COURSE_PUBLISHED = "course_published", pgettext_lazy("trail", "发布课程")
    COURSE_VERSION = "course_version", pgettext_lazy("trail", "发布课程新版本")
    COURSE_WITHDRAWN = "course_withdrawn", gettext_lazy("收回课程")
    LESSON_WITHDRAWN = "lesson_withdrawn", gettext_lazy("收回一课")
    JOIN_CODE_RENEWED = "join_code_renewed", gettext_lazy("换了进班码")
    CLASS_CHANGED = "class_changed", gettext_lazy("改了班")


WORDS = dict([*Verb.choices, *Doing.choices])
KEYS = {
    "role": gettext_lazy("身份"),
    "reason": gettext_lazy("原因"),
    "note": gettext_lazy("说明"),
    "name": gettext_lazy("名字"),
    "fields": gettext_lazy("改了"),
    "count": gettext_lazy("多少条"),
    "kind": gettext_lazy("种类"),
    "version": gettext_lazy("版本"),
    "by": gettext_lazy("凭什么"),
    "helper": gettext_lazy("帮手"),
    "phone": gettext_lazy("手机号"),
    "ways": gettext_lazy("怎么登的"),
    "changes": gettext_lazy("改前和改后"),
}
WAYS = {"password": gettext_lazy("密码"), "code": gettext_lazy("短信验证码"), "mfa": gettext_lazy("验证器")}
VALUES = {
    "by": {"join_code": gettext_lazy("进班码"), "role_ended": gettext_lazy("身份结束")},
    "role": dict(Membership.Role.choices),
}


def know(verbs: type[models.TextChoices]) -> None:
    """For the apps above, which have verbs of their own."""
    WORDS.update(verbs.choices)


def said(verb: str) -> str:
    return str(WORDS.get(verb, verb))


def subject(named: str) -> str:
    """ "shop 12" → 小店 12, with a link to its page in the admin if it has one."""
    name, _blank, pk = named.partition(" ")
    for model in admin.site._registry:
        if model._meta.model_name == name and pk:
            url = reverse(f"admin:{model._meta.app_label}_{name}_change", args=[pk])
            return format_html('<a href="{}">{} {}</a>', url, model._meta.verbose_name, pk)
        if model._meta.model_name == name:
            return str(model._meta.verbose_name)
    return named


def told(detail: dict) -> str:
    """The facts of an entry, one after another: 身份：卖家 · 原因：…… In one order, as PostgreSQL keeps none."""
    order = list(KEYS)
    facts = sorted(detail.items(), key=lambda one: order.index(one[0]) if one[0] in KEYS else len(order))
    facts = [(KEYS.get(key, key), text) for key, value in facts if (text := value_of(key, value))]
    parts = [
        _("%(what)s：%(value)s") % {"what": conditional_escape(what), "value": conditional_escape(text)}
        for what, text in facts
    ]
    return mark_safe(" · ".join(parts))


def value_of(key: str, value: object) -> str:
    """A helper is kept by number: the name may change, or be taken away."""
    if key == "helper":
        return subject(f"user {value}")
    if key == "ways":
        return _("、").join(str(WAYS.get(way, way)) for way in value)
    if isinstance(value, dict):
        return _("；").join(
            f"{name} {before or '—'} → {after or '—'}" for name, (before, after) in value.items()
        )
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(VALUES.get(key, {}).get(value, value))


class DoingFilter(admin.SimpleListFilter):
    title = gettext_lazy("做了什么")
    parameter_name = "verb"

    def lookups(self, request, model_admin):
        return list(WORDS.items())

    def queryset(self, request, queryset):
        return queryset.filter(verb=self.value()) if self.value() else None
