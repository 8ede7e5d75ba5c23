"""The fields of the seller's card, in the shop's own form and, folded away, in the first listing."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shops import cards
from shops.models import Shop
from ui.forms import FarmForm
from ui.inputs import CleanCharField, NameField, plain


class CardFields(FarmForm):
    """None of them is required of what is sent: what was left out stays what is usual (`cards.USUAL`)."""

    seller = forms.ChoiceField(
        label=_("谁在卖"), choices=Shop.Seller, required=False, widget=forms.RadioSelect
    )
    legal_name = NameField(
        label=_("姓名或单位全称"),
        max_length=60,
        required=False,
        help_text=_("照身份证或执照上写，买家看得到。"),
    )
    licence_no = CleanCharField(
        label=_("统一社会信用代码"),
        required=False,
        pictures=False,
        help_text=_("执照上的 18 位。农户个人没有就空着。"),
    )
    sources = forms.ChoiceField(
        label=_("卖谁家的"),
        choices=Shop.Sources,
        required=False,
        widget=forms.RadioSelect,
    )
    exemption = forms.ChoiceField(
        label=_("没有执照，为什么不用登记"),
        choices=Shop.Exemption,
        required=False,
        widget=forms.RadioSelect,
    )

    CARD = cards.FIELDS
    # What a field that was not sent is taken for.
    usual: dict[str, str] = {}

    @property
    def consequences(self) -> list[str]:
        return [str(sentence) for sentence in cards.CONSEQUENCES.values()]

    @property
    def card_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.CARD]

    @property
    def card_is_open(self) -> bool:
        return any(name in self.errors for name in self.CARD)

    def clean_licence_no(self) -> str:
        return plain(self.cleaned_data.get("licence_no") or "").upper()

    def clean(self) -> dict:
        facts = super().clean()
        for field in self.CARD:
            if not facts.get(field) and self.add_prefix(field) not in self.data and field not in self.errors:
                facts[field] = self.usual.get(field, "")
        if facts.get("seller") not in ("", Shop.Seller.PERSON, None) or facts.get("licence_no"):
            facts["exemption"] = ""
        for field, sentence in cards.problems(facts).items():
            if field not in self.errors:
                self.add_error(field, sentence)
        return facts

    def card_facts(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in self.CARD}
