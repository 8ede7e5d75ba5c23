"""Forms for what a seller writes into the ledger by hand: a cost, other income, a correction, a delivery."""

from __future__ import annotations

import datetime
import uuid
from typing import Self

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.fields import PhoneField
from accounts.models import User
from shops.forms import KeyForm
from shops.ledger import entries
from shops.models import LedgerEntry, Shop
from ui.fields import CleanCharField, DayField, JinField, NameField, YuanField
from ui.forms import FarmForm

MOST_FEN, MOST_GRAMS = 1_000_000_000, 1_000_000_000
ONE_MORE = _("这一页上的已经记过一笔。要再记一笔，看一看，再点一次。")
OLDEST = datetime.date(2000, 1, 1)


class DatedForm(KeyForm):
    """Take one entry or delivery; its day is today unless another is chosen."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs["initial"] = {"on": timezone.localdate()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def come_back(self, sentence: str | Promise) -> None:
        """Redisplay what was typed with a new key, so that the next tap writes another row."""
        self.add_error(None, str(sentence))
        self.data = self.data.copy()
        self.data[self.add_prefix("key")] = str(uuid.uuid4())

    def clean_on(self) -> datetime.date:
        day = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError(_("还没到这一天"))
        if day < OLDEST:
            raise ValidationError(_("太早了，看看年份"))
        return day


class EntryForm(DatedForm):
    """Take an entry; amounts are typed without a sign, the kind decides whether it is income or a cost."""

    kind = forms.ChoiceField(
        label=_("类型"),
        choices=[(kind.value, kind.label) for kind in entries.BY_HAND_OUT + entries.BY_HAND_IN],
        widget=forms.RadioSelect,
    )
    fen = YuanField(label=_("多少钱"), most=MOST_FEN)
    on = DayField(label=_("哪天"))
    grams = JinField(
        label=_("卖了多少斤"), required=False, most=MOST_GRAMS, help_text=_("只有其他收入要填。")
    )
    villager = forms.ModelChoiceField(User.objects.none(), label=_("谁的"), empty_label=None)
    note = CleanCharField(label=_("说明"), max_length=100, required=False, help_text=_("比如：200 套纸箱"))

    field_order: tuple[str, ...] = ("kind", "fen", "on", "note", "grams", "villager", "key")

    def __init__(self, *args, shop: Shop, **kwargs) -> None:
        kwargs["initial"] = {"villager": shop.owner_id} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        people = (
            User.objects.filter(Q(pk=shop.owner_id) | Q(shops_helped=shop)).distinct().order_by("name", "pk")
        )
        self.fields["villager"].queryset = people
        self.fields["villager"].label_from_instance = lambda person: person.name
        if len(people) < 2:  # there is nobody to choose from
            del self.fields["villager"]

    def clean(self) -> dict:
        facts = super().clean()
        if facts.get("grams") and facts.get("kind") not in entries.BY_HAND_IN:
            self.add_error("grams", _("支出不用填斤数"))
        return facts

    def entry(self) -> dict:
        """Return the arguments of entries.write."""
        facts = self.cleaned_data
        sign = 1 if facts["kind"] in entries.BY_HAND_IN else -1
        return {
            "kind": facts["kind"],
            "fen": sign * facts["fen"],
            "grams": facts["grams"] or 0,
            "on": facts["on"],
            "villager": facts.get("villager"),
            "note": facts["note"],
        }

    @classmethod
    def of(cls, entry: LedgerEntry, *args) -> Self:
        """Build the form filled with an entry's values, so that it can be corrected."""
        initial = {
            "kind": entry.kind,
            "fen": abs(entry.fen),
            "on": entry.on,
            "grams": entry.grams or None,
            "villager": entry.villager_id,
            "note": entry.note,
        }
        return cls(*args, shop=entry.shop, initial=initial)


class CorrectForm(EntryForm):
    """Correct an entry; the posted `do` says whether it is only cancelled or also written again."""

    why = CleanCharField(label=_("错在哪里"), min_length=2, max_length=100)
    field_order = ("why", *EntryForm.field_order)


class SupplyForm(DatedForm):
    """Take a farmer's delivery; the farmer need not have an account."""

    name = NameField(label=_("农户姓名"), max_length=30)
    address = CleanCharField(label=_("哪里的"), max_length=60, pictures=False, help_text=_("写到村或组。"))
    contact = PhoneField(label=_("联系电话"))
    grams = JinField(label=_("收了多少斤"), most=MOST_GRAMS)
    fen_per_jin = YuanField(label=_("每斤多少钱"), most=100_000)
    on = DayField(label=_("哪天收的"))
    pledge_number = CleanCharField(
        label=_("他的合格证编号"),
        max_length=40,
        required=False,
        pictures=False,
        help_text=_("收别人的果要有合格证，没有就让他补开。"),
    )

    field_order = ("name", "grams", "fen_per_jin", "on", "address", "contact", "pledge_number", "key")

    def facts(self) -> dict:
        facts = {name: self.cleaned_data[name] for name in self.field_order if name != "key"}
        facts["contact"] = str(facts["contact"])
        known = User.objects.filter(phone=facts["contact"], name=facts["name"]).first()
        return facts | {"villager": known}


class ReasonForm(FarmForm):
    reason = CleanCharField(label=_("为什么作废"), min_length=2, max_length=100)
