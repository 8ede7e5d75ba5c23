"""The fields by which people are entered: phone, name, month of birth, village, password, code."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import months, phones
from accounts.places import Place
from ui.inputs import NameField, plain

# Letters and marks of any script; between them a space, the middle dot, a hyphen or an apostrophe.
LETTERS = re.compile(r"[^\W\d_]")
NOT_IN_NAMES = re.compile(r"[^\w\s·'’-]|[\d_]")


class PhoneField(forms.CharField):
    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "placeholder": "138 0000 0001"})
    default_error_messages = {"required": _("填一下手机号。")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("手机号"))
        super().__init__(**kwargs)

    def to_python(self, value: str | None) -> str:
        value = super().to_python(value)
        return phones.normalised(value) if value else ""

    def prepare_value(self, value: object) -> object:
        return phones.local(value) if str(value or "").startswith("+86") else value


class PersonNameField(NameField):
    """As on the identity card: 田巧云, 阿依古丽·买买提, Mary-Ann O'Neil."""

    def __init__(self, **kwargs) -> None:
        super().__init__(
            **{
                "label": _("姓名"),
                "min_length": 2,
                "widget": forms.TextInput(attrs={"autocomplete": "name"}),
                "error_messages": {"required": _("填一下姓名。"), "min_length": _("姓名至少两个字。")},
            }
            | kwargs
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (NOT_IN_NAMES.search(value) or not LETTERS.search(value)):
            raise ValidationError(_("姓名里只写字，不写数字和符号。"), code="not_letters")


class BirthMonthField(forms.Field):
    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "198506", "autocomplete": "off"})
    default_error_messages = {"required": _("填一下出生年月。")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("出生年月"))
        super().__init__(**kwargs)

    def to_python(self, value: str | date | None) -> date | None:
        return months.read(value) if isinstance(value, str) and value.strip() else value or None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value:
            months.check_age(value, timezone.localdate())


class VillageChoices(forms.models.ModelChoiceIterator):
    """Villages under the township they lie in; one query."""

    def __iter__(self) -> Iterator[tuple]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        rows = self.queryset.select_related("parent__parent__parent")
        for township, villages in groupby(rows, key=lambda village: village.parent):
            yield (township.full_name() if township else "", [self.choice(village) for village in villages])


class VillageField(forms.ModelChoiceField):
    iterator = VillageChoices
    default_error_messages = {"invalid_choice": _("没有这个村，重新选一下。")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("您的村"))
        super().__init__(Place.objects.villages(), empty_label=_("选一个村"), **kwargs)


class ShownPassword(forms.PasswordInput):
    """Its script adds a button that shows what was typed, instead of asking for it twice."""

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        words = {"data-show": _("显示密码"), "data-hide": _("藏起密码")}
        module = {"data-module": static("accounts/show.js")}
        return {**super().build_attrs(base_attrs, extra_attrs), **module, **words}


class PasswordField(forms.CharField):
    """Typed once; the page offers to show it."""

    default_error_messages = {"required": _("填一下密码。")}

    def __init__(self, *, new: bool = False, **kwargs) -> None:
        known = {"autocomplete": "new-password" if new else "current-password", "autocapitalize": "none"}
        kwargs.setdefault("label", _("密码"))
        super().__init__(strip=False, widget=ShownPassword(attrs=known), **kwargs)


class CodeField(forms.CharField):
    """Six digits from a text message or an app; full-width digits and spaces are forgiven."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "num"})
    default_error_messages = {"required": _("填一下验证码。")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("验证码"))
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: str | None) -> str:
        return plain(super().to_python(value))
