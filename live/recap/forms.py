"""Forms after a live: figures, notes, comments, a platform's export and its columns, the replay."""

from __future__ import annotations

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from live.models import Figure, Livestream
from live.recap.platform_exports import columns, reader, values
from live.recap.platform_exports.formats import Sheet
from shops.forms import AGAIN
from ui.fields import CleanCharField, CountField, FigureField, YuanField
from ui.forms import FarmForm

Name = Figure.Name
MOST_COUNT, MOST_FEN = 1_000_000_000, 10_000_000_000_000


class SecondsField(FigureField):
    """Take a duration (3分12秒, 3:12, 192); cleaned to seconds."""

    inputmode = "text"
    example = _("3分12秒")

    def parse(self, text: str) -> int | None:
        try:
            return values.parse_seconds(f"00:{text}" if text.count(":") == 1 else text) if text else None
        except values.UnreadableCell as odd:
            raise self.make_error("invalid") from odd

    def format_value(self, seconds: int) -> str:
        return format_seconds(seconds)


def format_seconds(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return str(_("%(m)d分%(s)d秒") % {"m": minutes, "s": rest} if minutes else _("%(s)d秒") % {"s": rest})


def make_figure_field(name: str) -> FigureField:
    label = Name(name).spoken
    if name in columns.MONEY:
        return YuanField(label=label, required=False, least=0, most=MOST_FEN)
    if name in columns.SECONDS:
        return SecondsField(label=label, required=False, most=24 * 3600)
    return CountField(label=label, required=False, most=MOST_COUNT)


class FiguresForm(FarmForm):
    """Take all figures; each may stay empty."""

    marks_required = False

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in Name.values:
            self.fields[name] = make_figure_field(name)

    def clean(self) -> dict:
        facts = super().clean()
        for part, whole, message in NOT_MORE_THAN:
            if (
                (small := facts.get(part)) is not None
                and (large := facts.get(whole)) is not None
                and small > large
            ):
                self.add_error(part, message)
        if facts.get(Name.REFUND_FEN) and facts[Name.REFUND_FEN] > (facts.get(Name.SALES_FEN) or MOST_FEN):
            self.add_error(Name.REFUND_FEN, _("退的比卖的还多，看看是不是填反了"))
        return facts


NOT_MORE_THAN = (
    (Name.PAID_ORDERS, Name.ORDERS, _("付款的比下单的还多，看看是不是填反了")),
    (Name.REFUND_ORDERS, Name.PAID_ORDERS, _("退款的比付款的还多，看看是不是填反了")),
    (Name.BUYERS, Name.PAID_ORDERS, _("买家人数比付款的单还多，看看是不是填反了")),
)


class NotesForm(FarmForm):
    """Take one thing to keep and two to change."""

    keep = CleanCharField(
        label=_("一点保持"), max_length=200, help_text=_("写做了什么，比如：过秤时把秤面对着镜头，停了三秒。")
    )
    change_one = CleanCharField(label=_("一处改进"), max_length=200)
    change_two = CleanCharField(label=_("第二处改进"), max_length=200, required=False)


class CommentForm(FarmForm):
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": AGAIN, "invalid": AGAIN})
    text = CleanCharField(label=_("说一句"), lines=True, max_length=600)

    def __init__(self, *args, **kwargs) -> None:
        kwargs["initial"] = {"key": uuid.uuid4()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)


class ExportForm(FarmForm):
    file = forms.FileField(
        label=_("平台导出的表"),
        help_text=_("CSV 或 XLSX，最多 5 MB。原样传上来，不用改。"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,text/csv"}),
        error_messages={"empty": _("这个文件是空的，重新选一次")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > reader.MOST_BYTES:
            raise ValidationError(_("表格太大了，最多 5 MB"))
        return file


class ColumnsForm(FarmForm):
    """Choose the meaning of each column: one select a column, named by its position."""

    marks_required = False

    def __init__(self, *args, sheet: Sheet, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = columns.list_meaning_choices(sheet.shape == "orders")
        for column in sheet.columns:
            known = {value for value, _words in choices}
            self.fields[f"c{column.place}"] = forms.ChoiceField(
                label=column.label,
                choices=choices,
                required=False,
                initial=column.meaning if column.meaning in known else "",
                help_text=_("比如：%(example)s") % {"example": column.example} if column.example else "",
            )
        self.labels = {f"c{column.place}": column.label for column in sheet.columns}

    def clean(self) -> dict:
        facts = super().clean()
        met: dict[str, str] = {}
        for name in self.labels:
            means = facts.get(name)
            if means and means in met:
                self.add_error(name, _("“%(other)s”那一列已经选了这个") % {"other": met[means]})
            met.setdefault(means or name, self.labels[name])
        return facts

    def chosen(self) -> dict[str, str]:
        """Return {label of a column: its meaning}."""
        return {label: self.cleaned_data.get(name, "") for name, label in self.labels.items()}


class ReplayForm(FarmForm):
    """Take the platform's replay, which is part of the evidence."""

    replay_url = forms.URLField(
        label=_("回放链接"),
        required=False,
        max_length=300,
        assume_scheme="https",
        error_messages={"invalid": _("贴完整的链接，https:// 开头")},
    )

    def save(self, live: Livestream) -> None:
        live.replay_url = self.cleaned_data["replay_url"]
        live.save(update_fields=["replay_url"])
