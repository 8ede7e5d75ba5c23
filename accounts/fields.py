"""Form fields about people: phone, name, month of birth, village, password, code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q, Value
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import phones
from accounts.models import Place
from ui.fields import NameField, to_ascii
from ui.text import tidy

# Letters and marks of any script; between them a space, the middle dot, a hyphen or an apostrophe.
LETTERS = re.compile(r"[^\W\d_]")
LONGEST_PK = 18
NOT_IN_NAMES = re.compile(r"[^\w\s·'’-]|[\d_]")
LEAST_AGE = 14
MOST_AGE = 120
MONTH = re.compile(r"([0-9]{4})(?:年|[-/.])?([0-9]{1,2})月?")
# So many villages are offered in a list; more would be a long way to scroll and a large page.
MOST_LISTED = 60
# So many villages of one name are listed; for more the township's name has to be added.
MOST_READ = 500
LONGEST_NAME = 60


class PhoneField(forms.CharField):
    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "placeholder": "138 0000 0001"})
    default_error_messages = {"required": _("填一下手机号。")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("手机号"))
        super().__init__(**kwargs)

    def to_python(self, value: str | None) -> str:
        value = super().to_python(value)
        return phones.normalise(value) if value else ""

    def prepare_value(self, value: object) -> object:
        return phones.format_local(value) if str(value or "").startswith("+86") else value


class PersonNameField(NameField):
    """Take a name as on the identity card: 田巧云, 阿依古丽·买买提, Mary-Ann O'Neil."""

    def __init__(self, **kwargs) -> None:
        usual: dict[str, Any] = {
            "label": _("姓名"),
            "min_length": 2,
            "widget": forms.TextInput(attrs={"autocomplete": "name"}),
            "error_messages": {"required": _("填一下姓名。"), "min_length": _("姓名至少两个字。")},
        }
        super().__init__(**usual | kwargs)

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
        if isinstance(value, str):
            return read_month(value) if value.strip() else None
        return value

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value:
            check_age(value, timezone.localdate())


class VillageChoices(forms.models.ModelChoiceIterator):
    """List villages grouped by township, at most MOST_LISTED; one query."""

    def __iter__(self) -> Iterator[tuple]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        rows = self.queryset.select_related("parent__parent__parent")[:MOST_LISTED]
        for township, villages in groupby(rows, key=lambda village: village.parent):
            yield (township.full_name() if township else "", [self.choice(village) for village in villages])


class VillageField(forms.ModelChoiceField):
    """Choose a village: from a list if the site has few villages, else by typing its name.

    The township's name may come before it; if several villages have the name, the form is shown again with a list of them.
    """

    iterator = VillageChoices
    default_error_messages = {
        "invalid_choice": _("没有这个村，重新选一下。"),
        "unknown": _("没有叫这个名字的村，再看一眼。写村名就行，比如石榴冲村。"),
        "several": _("叫这个名字的村不止一个，在单子里选你的村。"),
        "too_many": _("叫这个名字的村太多了，连乡镇一起写，比如青溪镇石榴冲村。"),
    }

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("你的村"))
        super().__init__(Place.objects.villages(), empty_label=_("选一个村"), **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Turn this form's own copy of the field into a text input if there are many villages."""
        if Place.objects.villages().order_by()[: MOST_LISTED + 1].count() > MOST_LISTED:
            self.widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": _("村名")})
        return super().get_bound_field(form, field_name)

    def prepare_value(self, value: object) -> object:
        """Show a village that was chosen before by its name in the text input."""
        if isinstance(self.widget, forms.TextInput) and is_pk(value):
            rows: Any = self.queryset
            village = rows.select_related("parent__parent").filter(pk=value).first()
            return village.full_name() if village else ""
        return super().prepare_value(value)

    def to_python(self, value: object) -> Place | None:
        if not isinstance(value, str) or not value.strip() or is_pk(value):
            return super().to_python(value)
        found = find_villages(value)
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
    """A password input; its script adds a button that shows what was typed, instead of asking for it twice."""

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        words = {"data-show": _("显示密码"), "data-hide": _("隐藏密码")}
        module = {"data-module": static("accounts/show.js")}
        return {**super().build_attrs(base_attrs, extra_attrs), **module, **words}


class PasswordField(forms.CharField):
    """Take a password, typed once; the page offers to show it."""

    default_error_messages = {"required": _("填一下密码。")}

    def __init__(self, *, new: bool = False, **kwargs) -> None:
        known = {"autocomplete": "new-password" if new else "current-password", "autocapitalize": "none"}
        kwargs.setdefault("label", _("密码"))
        super().__init__(strip=False, widget=ShownPassword(attrs=known), **kwargs)


class CodeField(forms.CharField):
    """Take six digits from an SMS or an app; full-width digits and spaces are accepted."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "num"})
    default_error_messages = {"required": _("填一下验证码。")}

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("label", _("验证码"))
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: str | None) -> str:
        return to_ascii(super().to_python(value) or "")


# --- months of birth ---


def read_month(typed: str) -> date:
    """Read 1985-06, 1985年6月, 1985.6 or １９８５０６ as date(1985, 6, 1). Raises ValidationError."""
    match = MONTH.fullmatch(to_ascii(typed))
    if not match or not 1 <= int(match[2]) <= 12 or int(match[1]) < 1:
        raise ValidationError(_("写成 198506 这样：四位年，两位月。"), code="invalid")
    return date(int(match[1]), int(match[2]), 1)


def has_reached_age(born: date, age: int, today: date) -> bool:
    """Return whether everybody born in that month has reached the age: the month must be over."""
    full = born.month % 12 + 1, born.year + age + born.month // 12
    return (today.year, today.month) >= (full[1], full[0])


def check_age(born: date, today: date) -> None:
    """Raise ValidationError for a future month, one too long ago, and for people under 14."""
    if (born.year, born.month) > (today.year, today.month) or born.year < today.year - MOST_AGE:
        raise ValidationError(_("这个年月不对，再看一眼。"), code="impossible")
    if not has_reached_age(born, LEAST_AGE, today):
        raise ValidationError(_("满 %(age)d 岁才能注册。"), code="too_young", params={"age": LEAST_AGE})


# --- villages ---


def find_villages(typed: str) -> list[Place]:
    """Return the villages of the typed name, with or without 村 and the names of the places above; else those whose name
    contains it.

    At most MOST_LISTED + 1; two queries.
    """
    typed = tidy(typed[: 2 * LONGEST_NAME])  # no LIKE of SQLite takes more than 50,000 bytes
    text = "".join(to_ascii(typed).split())[:LONGEST_NAME]
    whole = text if text.endswith("村") else f"{text}村"
    rows = Place.objects.villages().select_related("parent__parent")
    rows = rows.alias(said=Value(text), whole=Value(whole))
    ends = Q(said__endswith=F("name")) | Q(whole__endswith=F("name")) | Q(name_en__iexact=typed)
    ending = [
        village
        for village in rows.filter(ends)[:MOST_READ]
        if village.full_name().endswith((text, whole)) or village.name_en.lower() == typed.lower()
    ]
    return ending[: MOST_LISTED + 1] or list(rows.filter(name__contains=text)[: MOST_LISTED + 1])
