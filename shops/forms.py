"""The small forms around a listing: price, stock, the shop itself, its helpers."""

from __future__ import annotations

import json
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import consents
from accounts.fields import PhoneField
from accounts.models import Consent, Membership, User
from accounts.places import Place
from media.forms import PhotosField, WithPhotos
from shops import cards, keeping, pricing, site_role
from shops.card_form import CardFields
from shops.models import Product, Shop, StockMove
from shops.shop_words import WithShopWords
from shops.stock import LIMIT
from ui.forms import FarmForm
from ui.inputs import CleanCharField, CountField, JinField, NameField, YuanField

# 100,000 yuan for a box is a slip of the finger.
MOST_FEN = 10_000_000
LEAST_GRAMS, MOST_GRAMS = 10, 1_000_000
SOLD_BY = {"box": _("一箱卖"), "jin": _("一斤卖"), "kg": _("一公斤卖")}
AGAIN = _("没看懂，再记一次")
# Ways in which what is on the shelf grows and shrinks.
COMES = (StockMove.Reason.HARVEST, StockMove.Reason.BACK)
GOES = (StockMove.Reason.LOSS, StockMove.Reason.GIFT)
NEXT = {"enterkeyhint": "next"}


class PriceFields(FarmForm):
    """What one unit is, weighs and costs."""

    marks_required = False

    unit = forms.ChoiceField(
        label=_("按什么卖"), choices=Product.Unit, initial=Product.Unit.BOX, widget=forms.RadioSelect
    )
    box_grams = JinField(
        label=_("一箱净重"),
        least=LEAST_GRAMS,
        most=MOST_GRAMS,
        required=False,
        widget=forms.TextInput(attrs=NEXT),
    )
    price_fen = YuanField(label=SOLD_BY["box"], most=MOST_FEN, widget=forms.TextInput(attrs=NEXT))

    def __init__(self, *args, unit_now: str = "", **kwargs) -> None:
        super().__init__(*args, **kwargs)
        chosen = self["unit"].value()
        self.fields["price_fen"].label = SOLD_BY.get(chosen, SOLD_BY["box"])
        if unit_now and chosen != unit_now and chosen in Product.Unit.values:
            self.ask_count(Product.Unit(chosen))

    def ask_count(self, unit: Product.Unit) -> None:
        """12 boxes are not 12 斤: what is sold by another unit from now on is counted in it."""
        told = {"required": _("换了单位，数一数现在有多少")}
        self.fields["stock"] = CountField(label=_("现在有"), most=LIMIT, error_messages=told)
        self.fields["stock"].unit = unit.after(2)

    def clean(self) -> dict:
        facts = super().clean()
        unit, grams = facts.get("unit"), facts.get("box_grams")
        if unit == Product.Unit.BOX and not grams and "box_grams" not in self.errors:
            self.add_error("box_grams", _("称一称，一箱净重几斤"))
        if unit in pricing.UNIT_GRAMS and "box_grams" in self.errors:
            del self.errors["box_grams"]
        facts["net_grams"] = grams = pricing.grams_of(unit, grams)
        if grams and (fen := facts.get("price_fen")) and not pricing.can_be_shown(fen, grams):
            self.add_error("price_fen", _("这样一斤不到 1 分钱，看看价钱和净重写对没有"))
        return facts

    @property
    def unit_words(self) -> str:
        """What the script changes when another unit is chosen."""
        words = {unit.value: {"sold": str(SOLD_BY[unit]), "unit": unit.after(2)} for unit in Product.Unit}
        return json.dumps(words, ensure_ascii=False)

    @property
    def price_now(self) -> tuple[int, int] | None:
        """Fen and grams of what stands in the boxes, for the price tag; None while they cannot be read."""
        try:
            fen = self.fields["price_fen"].clean(self["price_fen"].value())
            grams = self.fields["box_grams"].clean(self["box_grams"].value())
            grams = pricing.grams_of(self["unit"].value(), grams)
        except ValidationError:
            return None
        return (fen, grams) if fen and grams else None


class PriceForm(PriceFields):
    shows_earlier = forms.BooleanField(
        label=_("降了价，把以前的成交价划出来给买家看"),
        required=False,
        help_text=_("只划真成交过的：降价前 7 天里最低的那一笔，没有就用最后一笔，旁边写明出处。"),
    )

    @classmethod
    def of(cls, product: Product, *args) -> PriceForm:
        initial = price_initial(product) | {"shows_earlier": product.shows_earlier}
        return cls(*args, initial=initial, unit_now=product.unit)


def price_initial(product: Product) -> dict:
    box = product.unit == Product.Unit.BOX
    return {
        "unit": product.unit,
        "box_grams": product.net_grams if box else None,
        "price_fen": product.price_fen,
    }


class StockForm(FarmForm):
    """`way` says what the number means: newly picked, back again, lost, given away, or found by counting."""

    way = forms.ChoiceField(
        label=_("怎么变的"),
        choices=[(reason.value, reason.label) for reason in (*COMES, *GOES, StockMove.Reason.COUNT)],
        widget=forms.RadioSelect,
    )
    number = CountField(label=_("多少"), most=LIMIT)
    note = CleanCharField(
        label=_("说明（可以不写）"), max_length=100, required=False, help_text=_("比如：冻坏的、送合作社试吃")
    )
    event_id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": AGAIN, "invalid": AGAIN})

    def __init__(self, *args, product: Product, **kwargs) -> None:
        kwargs["initial"] = {"event_id": uuid.uuid4(), "way": StockMove.Reason.HARVEST} | kwargs.get(
            "initial", {}
        )
        super().__init__(*args, **kwargs)
        self.fields["number"].unit = Product.Unit(product.unit).after(2)

    def clean(self) -> dict:
        facts = super().clean()
        if facts.get("number") == 0 and facts.get("way") in (*COMES, *GOES):
            self.add_error("number", _("要大于 0"))
        return facts


class ShopForm(FarmForm):
    """What buyers see of a shop. The contact is public only with its owner's word, which is never pre-ticked."""

    name = NameField(label=_("店名"), max_length=30, min_length=2)
    contact = PhoneField(label=_("公开的联系电话"), help_text=_("买家看到的就是这个号码。"))
    contact_ok = forms.BooleanField(
        label=_("买家可以打这个电话"),
        error_messages={"required": _("卖家要公开一个联系电话，同意就勾上。")},
    )
    address = CleanCharField(
        label=_("实际地址"),
        min_length=4,
        max_length=120,
        pictures=False,
        help_text=_("买家会看到，写到村或组就行。"),
    )


class ShopPageForm(WithShopWords, WithPhotos, CardFields, ShopForm):
    story = CleanCharField(label=_("种地的故事"), lines=True, max_length=1000, required=False)
    cover = PhotosField(label=_("封面"), most=1, required=False)
    is_open = forms.BooleanField(
        label=_("店开着"), required=False, help_text=_("关上以后，买家看不到店和商品。")
    )
    platform_url = forms.URLField(
        label=_("在别的平台的店"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("把平台上店铺的链接贴进来，买家从商品页过去买。"),
        error_messages={"invalid": _("链接不对，从平台的“分享”里复制")},
    )

    TEXTS = ("name", "contact", "address", "story", *CardFields.CARD, "platform_url")
    field_order = ("name", "contact", "contact_ok", "address", *CardFields.CARD)

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cover"].owner = user
        self.fields["sources"].help_text = " ".join(self.consequences)
        if not site_role.points_elsewhere():
            del self.fields["platform_url"]

    def clean(self) -> dict:
        facts = super().clean()
        self.mind_shop_words(facts)
        return facts

    def clean_platform_url(self) -> str:
        url = self.cleaned_data.get("platform_url") or ""
        if url and not url.startswith("https://"):
            raise ValidationError(_("链接要以 https:// 开头"))
        return url

    def keep_closed(self) -> None:
        """What an organiser has closed is not its owner's to open."""
        self.fields["is_open"].disabled = True
        self.fields["is_open"].help_text = _("店是管理员关的。要再开，找管理员。")

    def facts(self) -> dict:
        """The shop's own fields; the consent is a row of its owner's."""
        names = [name for name in (*self.TEXTS, "is_open") if name in self.fields]
        facts = {name: self.cleaned_data[name] for name in names}
        return facts | {"cover": next(iter(self.cleaned_data["cover"]), None)}

    @classmethod
    def of(cls, shop: Shop, *args, user: User) -> ShopPageForm:
        initial = {name: getattr(shop, name) for name in (*cls.TEXTS, "is_open")}
        usual = cards.USUAL | {"legal_name": shop.owner.name}
        initial |= {name: value for name, value in usual.items() if not shop.seller}
        initial["contact"] = str(shop.contact or shop.owner.phone)
        initial["contact_ok"] = bool(shop.contact) and consents.given(shop.owner, Consent.Kind.PUBLIC_CONTACT)
        form = cls(*args, user=user, initial=initial | {"cover": [shop.cover] if shop.cover else []})
        form.shop = shop
        # A page that was opened before the card was asked for sends none of it.
        form.usual = {name: initial[name] for name in cls.CARD}
        if keeping.is_closed_by_others(shop):
            form.keep_closed()
        return form


class HelperForm(FarmForm):
    """A seller of the shop's village. Of others it says only who is of the same township, so that it tells nobody who else
    has an account."""

    phone = PhoneField(
        label=_("帮手的手机号"),
        help_text=_("他得先是这个村的卖家：他在“我”里的“我的身份”申请，管理员同意了才加得上。"),
    )

    def __init__(self, *args, shop: Shop, **kwargs) -> None:
        self.shop = shop
        super().__init__(*args, **kwargs)

    def clean_phone(self) -> User:
        near = User.objects.belonging_to(Place.objects.within(self.shop.place.parent or self.shop.place))
        found = near.filter(phone=self.cleaned_data["phone"], is_active=True).first()
        if found is None:
            raise ValidationError(_("本乡镇没有用这个号码的人，请他先注册、选好村。"))
        if found.pk == self.shop.owner_id:
            raise ValidationError(_("这是店主自己的号码。"))
        sells = found.memberships.granted().filter(role=Membership.Role.SELLER, place=self.shop.place_id)
        if not sells.exists():
            facts = {"name": found.name, "village": self.shop.place.name}
            raise ValidationError(
                _("%(name)s还不是%(village)s的卖家，等管理员同意了他的卖家身份再加。") % facts
            )
        return found
