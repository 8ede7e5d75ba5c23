"""Verbs of the audit trail (accounts.models.AuditEntry), and the description of changed fields."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import phones


class AuditVerb(models.TextChoices):
    """Values of AuditEntry.verb. A verb is never renamed, so that old rows keep their meaning."""

    MEMBERSHIP_ASKED = "membership_asked", _("申请身份")
    MEMBERSHIP_GRANTED = "membership_granted", _("同意身份")
    MEMBERSHIP_DECLINED = "membership_declined", _("驳回身份申请")
    MEMBERSHIP_ENDED = "membership_ended", pgettext_lazy("trail", "取消身份")
    PASSWORD_RESET = "password_reset", _("重置密码")
    PHONE_VERIFIED = "phone_proven", _("验证手机号")
    PHONE_CHANGED = "phone_changed", _("换了手机号")
    SIGNED_IN = "signed_in", pgettext_lazy("trail", "登录")
    SIGN_IN_FAILED = "sign_in_failed", _("登录没成功")
    SIGN_IN_STOPPED = "sign_in_stopped", _("登录试太多，挡住了")
    PASSWORD_CHANGED = "password_changed", _("改了密码")
    SECOND_FACTOR_SET_UP = "second_factor_set_up", _("开通两步登录")
    SECOND_FACTOR_ENDED = "second_factor_ended", _("关掉两步登录")
    SECOND_FACTOR_FAILED = "second_factor_failed", _("两步登录的验证码不对")
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed", _("换了恢复码")
    SETUP_CODE_GIVEN = "setup_code_given", _("给了开通码")
    CONSENT_GIVEN = "consent_given", _("签了同意")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("撤回同意")
    CLEARANCE_WITHDRAWN = "clearance_withdrawn", _("收回上岗许可")
    ACCOUNT_CLOSED = "account_closed", pgettext_lazy("trail", "注销账号")
    PERSON_ERASED = "person_erased", _("删了个人资料")
    DATA_TAKEN = "data_taken", _("要了一份个人资料")
    TERM_OVER = "term_over", _("到期删了个人资料")
    PERSON_ADDED = "person_added", _("开了账号")
    PERSON_CHANGED = "person_changed", _("改了个人资料")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("取消二次验证")
    PLACE_ADDED = "place_added", _("加了地区")
    PLACE_CHANGED = "place_changed", _("改了地区")
    LIST_EXPORTED = "list_exported", pgettext_lazy("trail", "导出表格")


VERB_LABELS: dict[str, str | Promise] = dict(AuditVerb.choices)


def register_verbs(verbs: type[models.TextChoices]) -> type[models.TextChoices]:
    """Register the verbs of an upper app, so that the trail can show them (a decorator)."""
    VERB_LABELS.update(verbs.choices)
    return verbs


def get_verb_label(verb: str) -> str:
    return str(VERB_LABELS.get(verb, verb))


def list_changed_values(before: dict, after: dict) -> dict[str, list[str]]:
    """Return what changed as {"name": ["周梅英", "周梅"]}; numbers are masked, values cut at 200 characters."""
    return {
        name: [format_value(before.get(name)), format_value(value)]
        for name, value in after.items()
        if before.get(name) != value
    }


def format_value(value: object) -> str:
    text = "" if value is None else str(value)
    return phones.mask(text) if text.startswith("+86") else text[:200]
