"""Forms of a buyer: the order itself, the phone's last digits, a reason, a damage claim, a lost link."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.fields import CodeField, PhoneField
from media.documents.forms import DocumentField
from shops.forms import KeyForm
from shops.models import PickUpPoint, Product, Shop
from shops.orders import obstacles, request
from shops.orders.exceptions import NotShipped, PriceMoved
from shops.orders.obstacles import MOST, Offer
from shops.orders.placement import MOST_UNITS
from shops.orders.request import OrderRequest, OrderTotals
from shops.shipping import regions
from shops.shipping.policy import Ways
from ui.fields import CleanCharField, CountField, NameField, to_ascii
from ui.forms import FarmForm
from ui.parameters import read_number

SEND = "send"
PICK = _("选一个")


@dataclass(frozen=True)
class QuantityRow:
    """Pair an offer with the field for its quantity."""

    offer: Offer
    field: BoundField


class OrderForm(KeyForm):
    """Take an order for products of one shop; each offered product has a quantity field `q<id>`."""

    marks_required = False

    way = forms.ChoiceField(label=_("怎么拿"), widget=forms.RadioSelect, initial=SEND)
    province = forms.ChoiceField(label=_("省份"), required=False)
    city = forms.ChoiceField(label=_("城市"), required=False)
    county = forms.ChoiceField(label=_("区县"), required=False)
    address = CleanCharField(
        label=_("详细地址"),
        min_length=4,
        max_length=120,
        pictures=False,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    buyer = NameField(
        label=_("收货人"), max_length=30, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(label=_("手机号"), help_text=_("只给这一单的卖家看。"))
    note = CleanCharField(label=_("给卖家留句话（选填）"), max_length=200, required=False)
    # Only read to fill in the fields above; an order is placed from those.
    paste = forms.CharField(
        label=_("把收货信息整段贴在这里"),
        required=False,
        help_text=_("微信里发来的姓名、电话、地址，一起贴，自己填到下面各格里。"),
        widget=forms.Textarea(
            attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false", "data-draft-not": ""}
        ),
    )
    perishable_ok = forms.BooleanField(
        label=_("我知道这是鲜活易腐的东西，不适用七天无理由退货。坏了、货不对板，照样可以要卖家赔。"),
        required=False,
        widget=forms.CheckboxInput(attrs={"data-draft-not": ""}),
    )
    code = CodeField(label=_("短信验证码"), required=False)
    # An Order.Source, carried from the printed code's URL through the product's page.
    came_from = forms.CharField(required=False, widget=forms.HiddenInput)
    proof: str  # how the phone is verified, set by the view

    def __init__(
        self, *args, shop: Shop, ways: Ways, offers: list[Offer], asked: Collection[int] = (), **kwargs
    ) -> None:
        self.shop, self.ways, self.asked = shop, ways, asked
        super().__init__(*args, **kwargs)
        # A product that has become unavailable stays on a submitted form, with the reason next to it.
        self.offers = [one for one in offers if self.is_bound or one.obstacle in (None, *obstacles.MAY_END)]
        self.left_out = [one for one in offers if one not in self.offers]
        self.points = ways.points
        for offer in self.offers:
            self.fields[name_line(offer.product)] = make_line_field(offer)
        self.choose_ways()
        self.choose_places()
        for name in ("way", "province", "city", "county", *map(name_line, self.products)):
            self.fields[name].widget.attrs["data-sum"] = ""
        if not self.has_perishable:
            del self.fields["perishable_ok"]

    def choose_ways(self) -> None:
        """Offer sending and the shop's pick-up points; a single choice is hidden."""
        ways: list[tuple[str, str | Promise]] = (
            [(SEND, _("寄到家"))] if self.sent_to or not self.points else []
        )
        label = _("自提：%(name)s，%(address)s，%(hours)s")
        for point in self.points:
            facts = {"name": point.name, "address": point.address, "hours": point.hours}
            ways.append((f"point-{point.pk}", label % facts))
        field = self.fields["way"]
        field.choices = ways
        if len(ways) == 1:
            field.required, field.widget = False, forms.HiddenInput()
        if not self.is_bound and self.initial.get("way") not in dict(ways):
            self.initial["way"] = ways[0][0]

    def choose_places(self) -> None:
        """Fill the lists of provinces, cities and counties; each depends on the choice in the one before."""
        province, city = self["province"].value() or "", self["city"].value() or ""
        provinces = [
            (code, name if code in self.sent_to else _("%(name)s（不发货）") % {"name": name})
            for code, name in regions.list_provinces()
        ]
        self.fields["province"].choices = [("", PICK), *provinces]
        self.fields["city"].choices = [("", PICK), *regions.list_cities(province)]
        counties = regions.list_counties(city) if city[:2] == province[:2] else []
        self.fields["county"].choices = [("", PICK), *counties]

    @property
    def products(self) -> list[Product]:
        return [offer.product for offer in self.offers]

    @cached_property
    def sent_to(self) -> set[str]:
        """Return the codes of the provinces to which at least one product of this form is sent."""
        return {code for one in self.products for code in self.ways.provinces_of(one)}

    @property
    def why_not(self) -> str:
        """Return why nothing here can be ordered; empty if something can, and for a submitted form."""
        if self.is_bound or any(offer.obstacle is None for offer in self.offers):
            return ""
        first = next((one.obstacle for one in (*self.left_out, *self.offers) if one.obstacle), None)
        return first.for_buyer if first else gettext("眼下没有在卖的")

    @property
    def left_out_asked(self) -> list[Offer]:
        """Return the asked-for products that cannot be ordered."""
        return [offer for offer in self.left_out if offer.product.pk in self.asked]

    @property
    def is_cut(self) -> bool:
        """Return whether the shop may have more products than the form shows."""
        return len(self.offers) + len(self.left_out) >= MOST

    @property
    def asks_place(self) -> bool:
        return bool(self.sent_to) or not self.points

    @property
    def has_perishable(self) -> bool:
        return any(offer.product.category.is_perishable for offer in self.offers)

    @cached_property
    def rows(self) -> list[QuantityRow]:
        return [QuantityRow(offer, self[name_line(offer.product)]) for offer in self.offers]

    @cached_property
    def first_rows(self) -> list[QuantityRow]:
        """Return the rows of the asked-for products, or of the three newest."""
        return [row for row in self.rows if row.offer.product.pk in self.asked] or self.rows[:3]

    @property
    def more_rows(self) -> list[QuantityRow]:
        return [row for row in self.rows if row not in self.first_rows]

    @property
    def chosen_way(self) -> str:
        ways = [value for value, _label in self.fields["way"].choices]
        value = self["way"].value()
        return value if value in ways else ways[0]

    @property
    def sends(self) -> bool:
        return self.chosen_way == SEND

    @property
    def point(self) -> PickUpPoint | None:
        return next((one for one in self.points if f"point-{one.pk}" == self.chosen_way), None)

    @property
    def province_names(self) -> str:
        return regions.get_province_name(self["province"].value() or "")

    @cached_property
    def lines(self) -> list[tuple[Product, int]]:
        """Return the products with a valid quantity above 0, with it."""
        found = []
        for offer in self.offers:
            name = name_line(offer.product)
            try:
                number = self.fields[name].clean(self[name].value())
            except ValidationError:
                continue
            if number:
                found.append((offer.product, number))
        return found

    @cached_property
    def sum(self) -> OrderTotals | None:
        return self.compute_sum()

    def compute_sum(self) -> OrderTotals | None:
        """Compute the totals; None without a product or a province, or if the shop does not send to it."""
        if not self.lines or (self.sends and not self.province_names):
            return None
        try:
            return request.compute_totals(self.shop, self.lines, self["province"].value() or "", self.point)
        except NotShipped:
            return None

    @property
    def is_included(self) -> bool:
        """Return whether freight is included in the price of every chosen product."""
        return all(product.freight_included for product, _number in self.lines)

    @property
    def goods_fen(self) -> int:
        return sum(product.price_fen * number for product, number in self.lines)

    @property
    def is_not_shipped(self) -> bool:
        return bool(self.sends and self.province_names and self["province"].value() not in self.sent_to)

    def seen_fen(self, product: Product) -> int:
        """Return the price in fen that the buyer's page showed, or the present one."""
        seen = read_number((self.data or self.initial).get(f"seen-{product.pk}"))
        return product.price_fen if seen is None else seen

    @property
    def moved(self) -> list[PriceMoved]:
        """List the chosen products whose price differs from the one the buyer saw; the page then shows the new price."""
        seen = ((self.seen_fen(product), product) for product, _number in self.lines)
        return [PriceMoved(fen, one.price_fen, one) for fen, one in seen if fen != one.price_fen]

    def show_price(self, moved: PriceMoved) -> None:
        """Show the product's new price, and the total computed from it, on the returned page."""
        for product in self.products:
            if product == moved.product:
                product.price_fen = moved.new
        self.sum = self.compute_sum()

    @property
    def seen_total(self) -> int | None:
        return read_number(self.data.get("seen_total"))

    def clean(self) -> dict:
        facts = super().clean()
        names = [name_line(product) for product in self.products]
        if names and not any(facts.get(name) for name in names) and not any(n in self.errors for n in names):
            self.add_error(names[0], _("请填份数"))
        if self.sends:
            self.check_place(facts)
        self.check_possible()
        perishable = any(product.category.is_perishable for product, _number in self.lines)
        if perishable and not facts.get("perishable_ok"):
            self.add_error("perishable_ok", _("看一看这一条，同意就勾上"))
        return facts

    def check_possible(self) -> None:
        """Add an error to each chosen product that can no longer be ordered, or that the shop does not send.

        Without a freight table a shop sends only products with their freight included.
        """
        wanted = {product.pk for product, _number in self.lines}
        for offer in self.offers:
            name = name_line(offer.product)
            if offer.product.pk not in wanted:
                continue
            if offer.obstacle in obstacles.STOPS_LISTING:
                self.add_error(name, offer.obstacle.for_buyer)
            elif self.sends and not self.ways.can_send(offer.product):
                self.add_error(name, _("这一款不寄，只能来取。分开下单，或者都来取。"))

    def check_place(self, facts: dict) -> None:
        """Require a full address in a province that the shop sends to."""
        if self.is_not_shipped:
            self.add_error("province", _("这家店不往这个省发货"))
        for name in ("province", "city", "county"):
            if not facts.get(name) and name not in self.errors:
                self.add_error(name, PICK)
        if not facts.get("address") and "address" not in self.errors:
            self.add_error("address", _("写到门牌号，快递才送得到"))

    def to_request(self, verified: bool, placed_from: str) -> OrderRequest:
        """Build the order request; the form must be valid. `placed_from` is the hash of the IP."""
        facts = self.cleaned_data
        codes = [facts["province"], facts["city"], facts["county"]] if self.sends else ["", "", ""]
        return OrderRequest(
            shop=self.shop,
            lines=[(product, number, self.seen_fen(product)) for product, number in self.lines],
            buyer=facts["buyer"],
            phone=facts["phone"],
            phone_verified=verified,
            province=codes[0],
            city=codes[1],
            county=codes[2],
            region=regions.format_region(*codes),
            address=facts["address"] if self.sends else "",
            point=self.point,
            note=facts["note"],
            perishable_ok=bool(facts.get("perishable_ok")),
            placed_from=placed_from,
            seen_total_fen=self.seen_total,
            came_from=request.read_source(facts["came_from"]),
        )


def name_line(product: Product) -> str:
    return f"q{product.pk}"


def make_line_field(offer: Offer) -> CountField:
    field = CountField(label=offer.product.name, most=MOST_UNITS, required=False)
    field.unit = Product.Unit(offer.product.unit).after(2)
    return field


class TailForm(FarmForm):
    tail = forms.CharField(
        label=_("手机号后四位"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
    )

    def clean_tail(self) -> str:
        tail = to_ascii(self.cleaned_data["tail"])
        if not (len(tail) == 4 and tail.isascii() and tail.isdigit()):
            raise ValidationError(_("写四个数字。"))
        return tail


class CancelForm(KeyForm):
    reason = CleanCharField(label=_("为什么不要了（选填）"), max_length=100, required=False)


class ClaimForm(KeyForm):
    marks_required = False

    text = CleanCharField(label=_("坏了什么、坏了多少"), lines=True, min_length=2, max_length=500)
    photos = DocumentField(label=_("照片"), max=6, pdf=False)

    def __init__(self, *args, upload: str = "", sender: str = "", **kwargs) -> None:
        """`upload` is the URL to which scripts send each photo; `sender` names whose uploads are counted."""
        super().__init__(*args, **kwargs)
        self.fields["photos"].sender = sender
        self.fields["photos"].widget.upload = upload


class LostForm(FarmForm):
    phone = PhoneField(label=_("下单时填的手机号"))


class CodeForm(FarmForm):
    code = CodeField(label=_("短信验证码"))


class NumberForm(TailForm):
    number = forms.CharField(
        label=_("订单号"),
        max_length=40,
        help_text=_("12 位数字，装箱单上有；问卖家也行。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "num"}),
    )
    field_order = ("number", "tail")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if settings.SMS_SENDER != "none":
            self.fields["number"].help_text = _("12 位数字，短信里、装箱单上都有；问卖家也行。")

    def clean_number(self) -> str:
        number = to_ascii(self.cleaned_data["number"]).replace("-", "")
        if not (len(number) == 12 and number.isascii() and number.isdigit()):
            raise ValidationError(_("订单号是 12 位数字。"))
        return number
