"""What the audit trail says happened, in words an organiser reads."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Verb(models.TextChoices):
    """Stored in AuditEntry.verb; never renamed, so that old rows keep their meaning."""

    MEMBERSHIP_ASKED = "membership_asked", _("申请身份")
    MEMBERSHIP_GRANTED = "membership_granted", _("同意身份")
    MEMBERSHIP_DECLINED = "membership_declined", _("没同意身份")
    MEMBERSHIP_ENDED = "membership_ended", pgettext_lazy("trail", "结束身份")
    PASSWORD_RESET = "password_reset", _("重置密码")
    PHONE_PROVEN = "phone_proven", _("验证手机号")
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
    CONSENT_GIVEN = "consent_given", _("给出同意")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("撤回同意")
    CLEARANCE_WITHDRAWN = "clearance_withdrawn", _("收回上岗许可")
    ACCOUNT_CLOSED = "account_closed", pgettext_lazy("trail", "注销账号")
    PERSON_ERASED = "person_erased", _("删了个人资料")
    DATA_TAKEN = "data_taken", _("要了一份个人资料")
    TERM_OVER = "term_over", _("到期删了个人资料")
