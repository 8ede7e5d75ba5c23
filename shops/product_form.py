"""The listing form: photo first, then what the law and the buyer ask for, the rest folded away."""

from __future__ import annotations

import datetime
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.places import Place
from media.forms import PhotosField, WithPhotos
from media.models import Photo
from shops import cards, gift_fields, harvest, kinds, marks, pricing, sending
from shops.card_form import CardFields
from shops.forms import NEXT, PriceFields, ShopForm, price_initial
from shops.gift_fields import WithGifts
from shops.harvest import SaidDayField
from shops.models import Category, Product, Shop
from shops.naming import in_language
from shops.stock import LIMIT
from ui import amounts
from ui.forms import MISSING_CHOICE
from ui.inputs import CleanCharField, CountField, JinField, NameField

STALE = _("这一页放得太久了，刷新再填")
WORDS = ("name", "category", "variety", "grower", "origin", "description")
# What a buyer gets beside the words; it holds at once, like the price.
TERMS = ("gross_grams", "freight_included", "low_stock")
ORDER = ("photos", "name", "category", "unit", "box_grams", "price_fen", "stock", "harvest_until", "grower")
MOST_GROSS = 1_200_000


class KindSelect(forms.Select):
    """Each option carries the words that suggest it, for the script that guesses as the name is typed."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if hints := getattr(getattr(value, "instance", None), "hints", ""):
            option["attrs"]["data-hints"] = hints
        return option


class KindField(forms.ModelChoiceField):
    widget = KindSelect

    def __init__(self, **kwargs) -> None:
        super().__init__(Category.objects.leaves(), empty_label=_("看名称自动选"), **kwargs)

    def label_from_instance(self, kind: Category) -> str:
        return in_language(kind.name, kind.name_en)


class ProductForm(WithGifts, WithPhotos, PriceFields):
    """All that a listing says, but for its stock. `today` decides the year of a day written without one.

    A shop that has neither a freight table nor a point to fetch at is asked how it sends.
    """

    photos = PhotosField(label=pgettext_lazy("many", "照片"))
    name = NameField(label=_("名称"), max_length=30, widget=forms.TextInput(attrs=NEXT))
    category = KindField(label=_("种类"), required=False)
    harvest_until = SaidDayField(
        label=_("采到哪天"),
        help_text=_("写 12.10 也行"),
        widget=forms.TextInput(attrs=NEXT | {"inputmode": "decimal"}),
    )
    grower = forms.ChoiceField(label=_("谁家的果子"), choices=Product.Grower, widget=forms.RadioSelect)
    description = CleanCharField(
        label=_("说几句"),
        lines=True,
        max_length=1000,
        required=False,
        help_text=_("个头多大、怎么种的、哪天采的，写量过的数。"),
    )
    variety = CleanCharField(label=_("品种"), max_length=30, required=False, pictures=False)
    harvest_from = SaidDayField(label=_("从哪天采"), required=False)
    origin = CleanCharField(label=_("产地"), max_length=60, required=False, pictures=False)

    gross_grams = JinField(
        label=_("连箱子一共几斤"),
        most=MOST_GROSS,
        required=False,
        help_text=_("称一称寄出去的整箱。空着的话，运费先按净重算，箱子的重量您自己贴。"),
    )
    freight_included = forms.BooleanField(
        label=_("包邮"), required=False, help_text=_("运费算在价钱里，买家不另付。")
    )
    low_stock = CountField(label=_("剩多少时提醒我"), required=False, most=LIMIT)

    field_order = ORDER
    # The fields behind "more": filled in already or not needed.
    MORE = (
        "description",
        "gross_grams",
        "freight_included",
        "variety",
        "harvest_from",
        "origin",
        "low_stock",
    )

    def __init__(
        self,
        *args,
        user: User,
        shop: Shop | None = None,
        today: datetime.date | None = None,
        kept_until=None,
        **kwargs,
    ) -> None:
        self.today, self.kept_until = today or timezone.localdate(), kept_until
        super().__init__(*args, **kwargs)
        self.fields["photos"].owner = user
        if not sending.is_settled(shop):
            self.ask_how_it_is_sent()

    def ask_how_it_is_sent(self) -> None:
        """In place of the switch: one answer, none of them given beforehand."""
        was_included = self.initial.get("freight_included")
        del self.fields["freight_included"]
        self.fields["sending"] = forms.ChoiceField(
            label=_("运费谁出"),
            choices=sending.Sending,
            widget=forms.RadioSelect,
            initial=sending.Sending.INCLUDED if was_included else None,
            help_text=sending.table_in_words(),
            error_messages={"required": MISSING_CHOICE},
        )

    def clean_name(self) -> str:
        """The names of marks are said by the papers themselves, as long as these are in force."""
        name = self.cleaned_data["name"]
        if found := marks.first_in(name):
            raise ValidationError(_("名称里不写“%(word)s”，证书交上来、核对过会自动挂出来") % {"word": found})
        return name

    def clean(self) -> dict:
        facts = super().clean()
        self.find_kind(facts)
        self.weigh(facts)
        if "sending" in self.fields:
            facts["freight_included"] = facts.get("sending") == sending.Sending.INCLUDED
        if facts.get("low_stock") is None:
            facts["low_stock"] = Product._meta.get_field("low_stock").default
        until, begin = facts.get("harvest_until"), facts.get("harvest_from")
        if until and "harvest_from" not in self.errors:
            first, last, problems = harvest.window(until, begin, self.today, self.kept_until)
            facts |= {"harvest_from": first, "harvest_until": last}
            for field, sentence in problems.items():
                self.add_error(field, sentence)
        return facts

    def weigh(self, facts: dict) -> None:
        """A box with its padding weighs no less than what is in it; what is sold by weight has no box of its own."""
        if facts.get("unit") in pricing.UNIT_GRAMS:
            self._errors.pop("gross_grams", None)
            facts["gross_grams"] = None
        gross, net = facts.get("gross_grams"), facts.get("net_grams")
        if gross is not None and net and gross < net:
            self.add_error("gross_grams", _("连箱子不会比净重 %(net)s还轻") % {"net": amounts.jin(net)})

    def find_kind(self, facts: dict) -> None:
        if facts.get("category") or "category" in self.errors or not facts.get("name"):
            return
        facts["category"] = kinds.guess(facts["name"], self.fields["category"].queryset)
        if facts["category"] is None:
            self.add_error("category", _("看名称猜不出来，选一个种类"))

    def facts(self) -> dict:
        """The product's own fields."""
        names = (*WORDS, *TERMS, "unit", "net_grams", "price_fen", "harvest_from", "harvest_until")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE if name in self.fields]

    @property
    def more_is_open(self) -> bool:
        return any(name in self.errors for name in (*self.MORE, *gift_fields.NAMES))

    @property
    def photos_kept(self) -> list[Photo]:
        """What has arrived, whatever else is wrong with the form."""
        return self.fields["photos"].widget.shown or []

    @classmethod
    def of(cls, product: Product, *args, user: User) -> ProductForm:
        initial, until = initial_of(product), product.harvest_until
        shop, unit = product.shop, product.unit
        return cls(*args, user=user, shop=shop, initial=initial, kept_until=until, unit_now=unit)


def initial_of(product: Product) -> dict:
    """A product's values as they may be typed again."""
    today = timezone.localdate()
    first, last = product.harvest_from, product.harvest_until
    said = harvest.Said(last.month, last.day), harvest.Said(first.month, first.day)
    return price_initial(product) | {
        **{name: getattr(product, name) for name in (*WORDS, *TERMS)},
        **gift_fields.initial(product),
        "photos": [row.photo for row in product.photos.select_related("photo")],
        "harvest_until": harvest.written(last, said[0].next(today)),
        "harvest_from": harvest.written(first, said[1].last(last)),
    }


class ListingForm(ProductForm):
    """A new listing. `key` is made with the empty form: however often it is sent, it is one product."""

    stock = CountField(label=_("现在有"), least=1, most=LIMIT, widget=forms.TextInput(attrs=NEXT))
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        chosen = self["unit"].value()
        known = chosen if chosen in Product.Unit.values else Product.Unit.BOX
        for name in ("stock", "low_stock"):
            self.fields[name].unit = Product.Unit(known).after(2)


class FirstListingForm(CardFields, ListingForm):
    """The first listing of somebody without a shop opens it with four fields more, and with the seller's card, which
    is filled in with what is true of most and folded away."""

    shop_name = NameField(label=_("店名"), max_length=30, min_length=2)
    contact = ShopForm.base_fields["contact"]
    contact_ok = ShopForm.base_fields["contact_ok"]
    address = ShopForm.base_fields["address"]

    SHOP = ("shop_name", "contact", "contact_ok", "address")
    field_order = (*ORDER, *SHOP, *CardFields.CARD)

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.usual = cards.USUAL | {"legal_name": user.name[:60]}

    def clean(self) -> dict:
        facts = super().clean()
        shop = Shop(seller=facts.get("seller") or "")
        bought_in = cards.is_bought_in(shop, facts.get("grower") or "")
        if bought_in and facts.get("sources") == Shop.Sources.OWN:
            self.add_error("sources", _("这一款不是自家种的，选“也卖收来的”"))
        return facts

    def shop_facts(self) -> dict:
        facts = self.cleaned_data
        shop = {"name": facts["shop_name"], "contact": facts["contact"], "address": facts["address"]}
        return shop | self.card_facts()

    @property
    def card_said(self) -> str:
        """The card in a line, as it stands in the boxes: 农户个人·周梅英·只卖自家种的."""
        chosen = [
            dict(self.fields[name].choices).get(self[name].value(), "") for name in ("seller", "sources")
        ]
        return _("·").join(str(word) for word in (chosen[0], self["legal_name"].value(), chosen[1]) if word)


def empty(user: User, place: Place, shop: Shop | None = None) -> dict:
    """What a new form holds before anything is typed."""
    full = place.full_name()
    first = {"key": uuid.uuid4(), "origin": full[:60], "low_stock": 5}
    if shop:
        return first
    name = gettext("%(name)s家的小店") % {"name": user.name[:20]}
    card = cards.USUAL | {"legal_name": user.name[:60]}
    return first | card | {"shop_name": name, "contact": str(user.phone), "address": full}


def like_last_time(shop: Shop) -> dict:
    """The shop's newest product again: all but its photos, its stock and the days of its harvest."""
    last = shop.products.order_by("-created_at", "-id").first()
    again = initial_of(last) if last else {}
    return {
        name: value
        for name, value in again.items()
        if name not in ("photos", "harvest_from", "harvest_until")
    }
