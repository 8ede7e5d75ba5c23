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
from accounts.models import Place
from accounts.village_names import MOST_LISTED, villages_called
from ui.inputs import NameField, plain

# Letters and marks of any script; between them a space, the middle dot, a hyphen or an apostrophe.
LETTERS = re.compile(r"[^\W\d_]")
LONGEST_PK = 18
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
        return months.read_month(value) if isinstance(value, str) and value.strip() else value or None

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value:
            months.check_age(value, timezone.localdate())


class VillageChoices(forms.models.ModelChoiceIterator):
    """Villages under the township they lie in, never more than MOST_LISTED; one query."""

    def __iter__(self) -> Iterator[tuple]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        rows = self.queryset.select_related("parent__parent__parent")[:MOST_LISTED]
        for township, villages in groupby(rows, key=lambda village: village.parent):
            yield (township.full_name() if township else "", [self.choice(village) for village in villages])


class VillageField(forms.ModelChoiceField):
    """A list where the site has few villages. Where it has more its name is typed, with the township's before it if need
    be; of several villages of one name the form comes back with a list of them."""

    iterator = VillageChoices
    default_error_messages = {
        "invalid_choice": _("没有这个村，重新选一下。"),
        "unknown": _("没有叫这个名字的村，再看一眼。写村名就行，比如石榴冲村。"),
        "several": _("叫这个名字的村不止一个，在单子里选您的村。"),
        "too_many": _("叫这个名字的村太多了，连乡镇一起写，比如青溪镇石榴冲村。"),
    }

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("您的村"))
        super().__init__(Place.objects.villages(), empty_label=_("选一个村"), **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Each form has a copy of its own of this field, which becomes a box to type in where there are many."""
        if Place.objects.villages().order_by()[: MOST_LISTED + 1].count() > MOST_LISTED:
            self.widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("村名")})
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: object) -> object:
        """In the box a village that was chosen before stands by its name."""
        if isinstance(self.widget, forms.TextInput) and is_pk(value):
            village = self.queryset.select_related("parent__parent").filter(pk=value).first()
            return village.full_name() if village else ""
        return super().prepare_value(value)

    def to_python(self, value: object) -> Place | None:
        if not isinstance(value, str) or not value.strip() or is_pk(value):
            return super().to_python(value)
        found = villages_called(value)
        if len(found) == 1:
            return found[0]
        if 1 < len(found) <= MOST_LISTED:
            labels = [(village.pk, village.full_name()) for village in found]
            self.widget = forms.Select(choices=[("", self.empty_label), *labels])
        code = "unknown" if not found else "several" if len(found) <= MOST_LISTED else "too_many"
        raise ValidationError(self.error_messages[code], code=code)


def is_pk(value: object) -> bool:
    text = str(value) if isinstance(value, int | str) else ""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_PK


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
