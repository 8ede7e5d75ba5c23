"""The form fields of the house; forms take all of them from here."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ui import cleaning
from ui.figures import CountField, JinField, KgField, YuanField, plain

__all__ = [
    "CleanCharField",
    "CountField",
    "DayField",
    "JinField",
    "KgField",
    "NameField",
    "YuanField",
    "plain",
]


class DayField(forms.DateField):
    """A day, picked in the phone's own calendar; without one, typed as 2026-11-24."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
    default_error_messages = {"invalid": _("写成 2026-11-24 这样")}

    def to_python(self, value):
        return super().to_python(plain(value) if isinstance(value, str) else value)


class CleanCharField(forms.CharField):
    """Text without invisible characters. Too much of it is told in characters and never cut off silently.

    `lines` keeps line breaks, `pictures=False` refuses emoji.
    """

    default_error_messages = {
        "max_length": _("最多 %(most)s 个字，多了 %(over)s 个"),
        "min_length": _("至少写 %(least)s 个字"),
        "pictures": _("这里不能用表情符号"),
    }

    def __init__(
        self, *, lines: bool = False, pictures: bool = True, max_length=None, min_length=None, **kwargs
    ):
        self.lines, self.pictures = lines, pictures
        self.most, self.least = max_length, min_length
        if lines:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)

    def to_python(self, value: str | None) -> str:
        value = super().to_python(value)
        return cleaning.tidy(value, self.lines) if value else value

    def validate(self, value: str) -> None:
        super().validate(value)
        if self.most and len(value) > self.most:
            params = {"most": self.most, "over": len(value) - self.most}
            raise ValidationError(self.error_messages["max_length"], code="max_length", params=params)
        if value and self.least and len(value) < self.least:
            params = {"least": self.least}
            raise ValidationError(self.error_messages["min_length"], code="min_length", params=params)
        if not self.pictures and cleaning.has_picture(value):
            raise ValidationError(self.error_messages["pictures"], code="pictures")


class NameField(CleanCharField):
    """What people, shops and goods are called: no emoji, and the middle dot of 阿依古丽·买买提 in one form."""

    def __init__(self, *, max_length: int = 40, **kwargs) -> None:
        super().__init__(pictures=False, max_length=max_length, **kwargs)

    def to_python(self, value: str | None) -> str:
        return cleaning.one_dot(super().to_python(value) or "")
