"""Forms about two accounts of one person, and the sentences for why two cannot become one."""

from __future__ import annotations

from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.auth import sign_in_limits
from accounts.fields import PasswordField, PhoneField
from accounts.models import User
from programme.models import AccountMerge
from ui.fields import CleanCharField, get_max_length
from ui.forms import FarmForm

REFUSALS = {
    "same": _("这就是你现在用的账号，填另外那个的手机号。"),
    "closed": _("这个账号已经注销或者合并过了。"),
    "staff": _("那个账号是老师或者管理员，不能并掉。请登录那个账号，把这个并过去。"),
    "second_factor": _("那个账号开了两步登录。先登录那个账号把两步登录关掉，再来合并。"),
    "seller": _("那个账号在卖东西，收得到钱。请管理员来合并。"),
    "signed_in": _("那个账号刚有人登录过。让本人自己来合并。"),
    "open_try": _("两个账号都有同一份测验没交卷。先把其中一份交了，再来合并。"),
    "examined": _("两个账号都排过同一门课的实操考试，或者给同一位考生打过分，合不到一起。请找管理员。"),
    "reviewed": _("两个账号都点评过同一份彩排，合不到一起。请找管理员。"),
    "lineage": _("合起来师徒就成了一圈。先让管理员撤回一条师徒记录。"),
}


class OtherAccountForm(FarmForm):
    """The number and the password of the person's other account: who knows both may make two into one."""

    phone = PhoneField(label=_("另一个账号的手机号"))
    password = PasswordField(label=_("另一个账号的密码"))

    def __init__(self, *args, request: HttpRequest, **kwargs) -> None:
        self.request = request
        self.other: User | None = None
        super().__init__(*args, **kwargs)

    def clean(self) -> dict:
        """Check the password. Tries are counted as those of signing in; a number without an account takes as long."""
        typed = super().clean() or {}
        phone, password = typed.get("phone"), typed.get("password")
        if not phone or not password:
            return typed
        try:
            tries = sign_in_limits.count_try(self.request, phone)
        except sign_in_limits.TooManyTries:
            raise forms.ValidationError(_("试的次数太多了，过一会儿再来。")) from None
        other = User.objects.filter(phone=phone, is_active=True).first()
        if other is None:
            make_password(password)
        if other is None or not other.check_password(password):
            self.add_error("password", _("手机号或者密码不对。"))
            return typed
        tries.rollback()
        self.other = other
        return typed


class ReasonForm(FarmForm):
    reason = CleanCharField(
        label=_("怎么知道是同一个人"),
        max_length=get_max_length(AccountMerge, "reason"),
        help_text=_("比如：当面问过，导名单时号码写错了。"),
        error_messages={"required": _("写一句怎么知道是同一个人。")},
    )
