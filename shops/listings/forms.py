"""Forms to create and change a product, with its price, terms and gifts."""

from __future__ import annotations

import datetime
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Place, User
from media.models import Photo
from media.photos.forms import PhotosField, PhotosFormMixin
from shops import identity
from shops.inventory.stock import LIMIT
from shops.listings import gifts
from shops.listings.gifts import GiftsMixin
from shops.models import Product, ProductQuerySet, Shop
from shops.pricing import prices
from shops.pricing.forms import NEXT, PriceFields, get_initial_price
from shops.products import categories, fields
from shops.products.fields import KindField, TypedDayField
from shops.products.public_words import refuse_forbidden_words
from shops.sellers.forms import CardFields, ShopForm
from shops.shipping import policy
from shops.texts.forms import TextCheckMixin
from shops.traceability import certificates
from ui import formats
from ui.fields import CleanCharField, CountField, JinField, NameField
from ui.forms import MISSING_CHOICE
from wording.facts import Facts

TERMS = ("gross_grams", "freight_included", "low_stock")
MOST_GROSS = 1_200_000  # grams
USUAL_HARVEST = datetime.timedelta(days=30)
STALE = _("这一页放得太久了，刷新再填")
WORDS = ("name", "category", "variety", "grower", "origin", "description")
ORDER = ("photos", "name", "category", "unit", "box_grams", "price_fen", "stock", "harvest_until", "grower")


class TermsFields(PriceFields):
    """Take a product's terms; a shop with neither a rate table nor a pick-up point is also asked how it sends."""

    gross_grams = JinField(
        label=_("连箱子一共几斤"),
        most=MOST_GROSS,
        required=False,
        help_text=_(
            "称一称寄出去的整箱。空着的话，买家出的运费先按净重算，箱子的重量你自己贴。包邮的不用称。"
        ),
    )
    freight_included = forms.BooleanField(
        label=_("包邮"), required=False, help_text=_("运费算在价钱里，买家不另付。")
    )
    low_stock = CountField(label=_("剩多少时提醒我"), required=False, most=LIMIT)

    def __init__(self, *args, shop: Shop | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        unit = self["unit"].value()
        self.fields["low_stock"].unit = Product.Unit(unit if unit in Product.Unit.values else "box").after(2)
        if not policy.is_settled(shop):
            self.ask_how_it_is_sent()

    def ask_how_it_is_sent(self) -> None:
        """Replace the switch for included freight by the choice of Sending, preset to what is usual in the village."""
        was_included = self.initial.get("freight_included")
        usual = self.initial.get("sending")
        del self.fields["freight_included"]
        self.fields["sending"] = forms.ChoiceField(
            label=_("运费谁出"),
            choices=policy.Sending,
            widget=forms.RadioSelect,
            initial=usual or (policy.Sending.INCLUDED if was_included else None),
            help_text=policy.describe_start_table(),
            error_messages={"required": MISSING_CHOICE},
        )

    def clean(self) -> dict:
        facts = super().clean()
        self.weigh(facts)
        if "sending" in self.fields:
            facts["freight_included"] = facts.get("sending") == policy.Sending.INCLUDED
        if facts.get("low_stock") is None:
            facts["low_stock"] = Product._meta.get_field("low_stock").default
        return facts

    def weigh(self, facts: dict) -> None:
        """Check that the gross weight is not below the net weight; what is sold by weight has no gross weight."""
        if facts.get("unit") in prices.UNIT_GRAMS:
            self.errors.pop("gross_grams", None)
            facts["gross_grams"] = None
        gross, net = facts.get("gross_grams"), facts.get("net_grams")
        if gross is not None and net and gross < net:
            self.add_error("gross_grams", gettext("连箱子不会比净重 %(net)s还轻") % {"net": formats.jin(net)})


class ProductForm(TextCheckMixin, GiftsMixin, PhotosFormMixin, TermsFields):
    """Take everything of a product but its stock. `today` decides the year of a day written without one."""

    photos = PhotosField(label=pgettext_lazy("many", "照片"))
    name = NameField(label=_("名称"), max_length=30, widget=forms.TextInput(attrs=NEXT))
    category = KindField(label=_("种类"), required=False)
    harvest_until = TypedDayField(
        label=_("采到哪天"),
        help_text=_("写 12.10 也行"),
        widget=forms.TextInput(attrs=NEXT | {"inputmode": "decimal", "data-guess": ""}),
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
    harvest_from = TypedDayField(label=_("从哪天采"), required=False)
    origin = CleanCharField(label=_("产地"), max_length=60, required=False, pictures=False)

    field_order: tuple[str, ...] = ORDER
    # The fields behind "more": filled in already or not needed.
    MORE = (
        "description",
        "gross_grams",
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
        self.user, self.shop = user, shop
        super().__init__(*args, shop=shop, **kwargs)
        self.fields["photos"].owner = user

    def clean_name(self) -> str:
        """Refuse names of certification marks, which are shown from certificates while these are in force."""
        name = self.cleaned_data["name"]
        if found := certificates.find_first_mark(name):
            raise ValidationError(_("名称里不写“%(word)s”，证书交上来、核对过会自动挂出来") % {"word": found})
        return name

    def clean(self) -> dict:
        facts = super().clean()
        self.find_kind(facts)
        until, begin = facts.get("harvest_until"), facts.get("harvest_from")
        if until and "harvest_from" not in self.errors:
            first, last, problems = fields.read_window(until, begin, self.today, self.kept_until)
            facts |= {"harvest_from": first, "harvest_until": last}
            for field, sentence in problems.items():
                self.add_error(field, str(sentence))
        self.check_wording(facts)
        self.check_gift_words(facts)
        return facts

    def check_gift_words(self, facts: dict) -> None:
        """Refuse forbidden words in the gifts; their own weights and numbers are not those of the listing."""
        held = self.checked.facts.certificates if self.checked else ()
        known = Facts(certificates=held, gift_known=True, freight_known=True)
        refuse_forbidden_words(self, facts, gifts.WORDED, known)

    def find_kind(self, facts: dict) -> None:
        if facts.get("category") or "category" in self.errors or not facts.get("name"):
            return
        facts["category"] = categories.guess(facts["name"], self.fields["category"].queryset)
        if facts["category"] is None:
            self.add_error("category", _("看名称猜不出来，选一个种类"))

    def facts(self) -> dict:
        """Return the product's own fields."""
        names = (*WORDS, *TERMS, "unit", "net_grams", "price_fen", "harvest_from", "harvest_until")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE if name in self.fields]

    @property
    def more_is_open(self) -> bool:
        begins_there = "autofocus" in self.fields["description"].widget.attrs
        return begins_there or any(name in self.errors for name in (*self.MORE, *gifts.NAMES))

    @property
    def photos_kept(self) -> list[Photo]:
        """Return the photos that were received, even if the form has errors."""
        return self.fields["photos"].widget.shown or []

    @classmethod
    def of(cls, product: Product, *args, user: User) -> ProductForm:
        initial, until = list_product_values(product), product.harvest_until
        shop, unit = product.shop, product.unit
        form = cls(*args, user=user, shop=shop, initial=initial, kept_until=until, unit_now=unit)
        form.product = product
        return form


def list_product_values(product: Product) -> dict:
    """Return a product's values as initial values of its form."""
    today = timezone.localdate()
    first, last = product.harvest_from, product.harvest_until
    days = fields.TypedDay(last.month, last.day), fields.TypedDay(first.month, first.day)
    return get_initial_price(product) | {
        **{name: getattr(product, name) for name in (*WORDS, *TERMS)},
        **gifts.list_initial_gifts(product),
        "photos": [row.photo for row in product.photos.select_related("photo")],
        "harvest_until": fields.format_typed_day(last, days[0].next(today)),
        "harvest_from": fields.format_typed_day(first, days[1].last(last)),
    }


class ListingForm(ProductForm):
    """Take a new product; `key` is made with the empty form, so that a form sent twice creates one product."""

    stock = CountField(label=_("现在有"), least=1, most=LIMIT, widget=forms.TextInput(attrs=NEXT))
    key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        chosen = self["unit"].value()
        known = chosen if chosen in Product.Unit.values else Product.Unit.BOX
        self.fields["stock"].unit = Product.Unit(known).after(2)


class FirstListingForm(CardFields, ListingForm):
    """Take the first product of somebody without a shop, and what is needed to open the shop.

    The seller's identity is filled in with the usual values and collapsed.
    """

    shop_name = NameField(label=_("店名"), max_length=30, min_length=2)
    contact = ShopForm.base_fields["contact"]
    contact_ok = ShopForm.base_fields["contact_ok"]
    address = ShopForm.base_fields["address"]

    SHOP = ("shop_name", "contact", "contact_ok", "address")
    field_order = (*ORDER, *SHOP, *CardFields.CARD)

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.usual = identity.USUAL | {"legal_name": user.name[:60]}

    def clean(self) -> dict:
        facts = super().clean()
        refuse_forbidden_words(self, facts, ("shop_name", "address"), Facts())
        shop = Shop(seller=facts.get("seller") or "")
        bought_in = identity.is_bought_in(shop, facts.get("grower") or "")
        if bought_in and facts.get("sources") == Shop.Sources.OWN:
            self.add_error("sources", _("这一款不是自家种的，选“也卖收来的”"))
        return facts

    def shop_facts(self) -> dict:
        facts = self.cleaned_data
        shop = {"name": facts["shop_name"], "contact": facts["contact"], "address": facts["address"]}
        return shop | self.card_facts()

    @property
    def card_said(self) -> str:
        """Return the seller's identity in one line, as filled in: 农户个人·周梅英·只卖自家种的."""
        chosen = [
            dict(self.fields[name].choices).get(self[name].value(), "") for name in ("seller", "sources")
        ]
        return _("·").join(str(word) for word in (chosen[0], self["legal_name"].value(), chosen[1]) if word)


def list_initial_values(user: User, place: Place, shop: Shop | None = None) -> dict:
    """Return the initial values of a new form."""
    full = place.full_name()
    first = {"key": uuid.uuid4(), "origin": full[:60], "low_stock": 5} | list_usual_values(place, shop)
    if shop:
        return first
    name = gettext("%(name)s家的小店") % {"name": user.name[:20]}
    card = identity.USUAL | {"legal_name": user.name[:60]}
    return first | card | {"shop_name": name, "contact": str(user.phone), "address": full}


def list_usual_values(place: Place, shop: Shop | None) -> dict:
    """Return the usual values: those of the shop's last product, else of the village; at most three queries.

    The defaults cost the seller nothing: own produce, freight paid by the buyer.
    """
    last = shop.products.order_by("-created_at", "-id").first() if shop else None
    here = Product.objects.published().filter(place=place)
    included = (
        last.freight_included if last else 2 * here.filter(freight_included=True).count() > here.count()
    )
    until = find_harvest_end(last, here)
    return {
        "grower": last.grower if last and last.grower else Product.Grower.OWN,
        "freight_included": included,
        "sending": policy.Sending.INCLUDED if included else policy.Sending.TABLE,
        "harvest_until": fields.format_typed_day(
            until, fields.TypedDay(until.month, until.day).next(timezone.localdate())
        ),
    }


def find_harvest_end(last: Product | None, here: ProductQuerySet) -> datetime.date:
    """Return the last harvest day of the shop's last product, else of the village's newest, else in a month."""
    today = timezone.localdate()
    if last and last.harvest_until >= today:
        return last.harvest_until
    newest = here.filter(harvest_until__gte=today).order_by("-listed_at", "-id")
    return newest.values_list("harvest_until", flat=True).first() or today + USUAL_HARVEST


def list_last_product_values(shop: Shop) -> dict:
    """Return the values of the shop's newest product, without its photos, stock and harvest days."""
    last = shop.products.order_by("-created_at", "-id").first()
    again = list_product_values(last) if last else {}
    return {
        name: value
        for name, value in again.items()
        if name not in ("photos", "harvest_from", "harvest_until")
    }
