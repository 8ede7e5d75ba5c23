"""The fields of the seller's card, in the shop's own form and, folded away, in the first listing."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.fields import PasswordField
from accounts.models import User
from media.document_forms import DocumentField
from media.models import Document
from shops import saying
from shops.models import Shop
from shops.sellers import identity
from shops.wording_fields import Slip, Slot, looking
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

    CARD = identity.FIELDS
    # What a field that was not sent is taken for.
    usual: dict[str, str] = {}

    @property
    def consequences(self) -> list[str]:
        return [str(sentence) for sentence in identity.CONSEQUENCES.values()]

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
        for field, sentence in identity.problems(facts).items():
            if field not in self.errors:
                self.add_error(field, sentence)
        return facts

    def card_facts(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in self.CARD}


# MERGED from shops.sellers.forms
# A new payment code, with the password again: the phone may lie on a stall's table.

NEW, NONE = "new", "none"


class PayCodeForm(FarmForm):
    marks_required = False

    way = forms.ChoiceField(
        label=_("怎么改"),
        choices=[(NEW, _("换一张")), (NONE, _("先不放"))],
        initial=NEW,
        widget=forms.RadioSelect,
    )
    picture = DocumentField(
        label=_("收款码图片"),
        max=1,
        pdf=False,
        required=False,
        help_text=_("微信或支付宝里保存的“个人收款码”，上面看得到您的名字。"),
    )
    password = PasswordField(label=_("登录密码"), help_text=_("确认是店主本人。"))

    def __init__(self, *args, user: User, **kwargs) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["picture"].sent_by(user)

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise get_adapter().validation_error("incorrect_password")
        return self.cleaned_data["password"]

    def clean(self) -> dict:
        facts = super().clean()
        if facts.get("way") == NEW and not facts.get("picture") and "picture" not in self.errors:
            self.add_error("picture", self.fields["picture"].error_messages["required"])
        return facts

    @property
    def chosen(self) -> Document | None:
        wanted = self.cleaned_data["way"] == NEW
        return next(iter(self.cleaned_data["picture"]), None) if wanted else None


# MERGED from shops.sellers.forms
# What a shop says of itself, looked at like a listing; warnings are only told, because a shop keeps no proofs.


class WithShopWords:
    """Mixed into the form of the shop's page; `shop` is the one that is changed."""

    shop: Shop | None = None

    def mind_shop_words(self, facts: dict) -> None:
        """Called at the end of the form's own `clean`. What was written before is not asked about again."""
        texts = {name: saying.as_typed(facts.get(name) or "") for name in saying.SHOP_FIELDS}
        if self.shop is None or texts == saying.words_of(self.shop):
            return
        for one in saying.look_at_shop(self.shop, texts).blocking:
            self.add_error(
                one.field, ValidationError(gettext("“%(words)s”不能用") % {"words": one.finding.words})
            )

    def shop_slot(self, name: str) -> Slot:
        text = saying.as_typed(self[name].value())
        look = looking(name)
        slips = [Slip.of(one, text, look) for one in look(text)] if text else []
        return Slot.of(name, slips, reverse("shops:wording"), f"page={self.shop.pk}", self.shop.pk)

    @property
    def worded(self) -> dict[str, Slot]:
        return {name: self.shop_slot(name) for name in saying.SHOP_FIELDS}
