"""Forms of a batch, its sprays and notes, and of a certificate that a seller hands in."""

from __future__ import annotations

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from media.documents.forms import DocumentField
from media.photos.forms import PhotosField, PhotosFormMixin
from shops.models import Batch, Paper, Pledge, Product, Shop
from shops.products import categories
from shops.products.fields import BrixField, KindField
from shops.products.public_words import refuse_forbidden_words
from shops.traceability import batches, certificates
from ui.fields import CleanCharField, CountField, DayField, JinField, NameField
from ui.forms import FarmForm
from wording.facts import Facts

# Fresh fruit of an older harvest is no longer on sale; dried goods and tea are.
OLDEST = datetime.timedelta(days=730)
# More than a thousand tons from one plot is a typing error.
MOST_GRAMS = 1_000_000_000
MARKS_HELD = Facts(certificates=("organic", "green", "gi", "selenium"))


class BatchForm(PhotosFormMixin, FarmForm):
    marks_required = False

    name = NameField(label=_("品名"), max_length=30)
    category = KindField(label=_("种类"), required=False)
    variety = CleanCharField(label=_("品种"), max_length=30, required=False, pictures=False)
    harvested_on = DayField(label=_("哪天采的"))
    grams = JinField(
        label=_("采了多少"),
        most=MOST_GRAMS,
        help_text=_("单位是斤，写“30公斤”也行。"),
    )
    plot = CleanCharField(label=_("哪块地"), max_length=60, pictures=False)
    origin = CleanCharField(label=_("产地"), max_length=60, pictures=False)
    grower_name = NameField(label=_("谁种的"), max_length=60)
    brix_tenths = BrixField(label=_("糖度"), required=False)
    brix_on = DayField(label=_("哪天测的"), required=False)
    brix_tool = CleanCharField(
        label=_("用什么测的"),
        max_length=40,
        required=False,
        pictures=False,
        help_text=_("比如：手持糖度计"),
    )
    note = CleanCharField(label=_("说几句"), lines=True, max_length=500, required=False)
    photos = PhotosField(label=pgettext_lazy("many", "照片"), required=False)
    is_public = forms.BooleanField(
        label=_("买家能查"), required=False, help_text=_("不勾，扫码的人看不到这一批。")
    )

    WORDED = ("name", "variety", "plot", "origin", "grower_name", "brix_tool", "note")
    SWEET = ("brix_tenths", "brix_on", "brix_tool")
    NAMES = (*batches.FACTS, "note", "is_public")

    def __init__(self, *args, user: User, locked: bool = False, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photos"].owner = user
        if locked:
            for name in batches.FACTS:
                self.fields[name].disabled = True

    def clean(self) -> dict:
        facts = super().clean()
        today, day = timezone.localdate(), facts.get("harvested_on")
        if day and not self.fields["harvested_on"].disabled:
            if day > today:
                self.add_error("harvested_on", _("还没到这一天，采了再记"))
            elif day < today - OLDEST:
                self.add_error("harvested_on", _("太早了，最多记两年以内采的"))
        self.find_kind(facts)
        self.check_sweetness(facts, today)
        self.check_wording(facts)
        return facts

    def check_wording(self, facts: dict) -> None:
        """Refuse forbidden words in what buyers read of the batch; its name also describes its photos to who cannot see them.

        Marks of certification are not looked for: a certificate covers products, which are checked with it.
        """
        refuse_forbidden_words(self, facts, self.WORDED, MARKS_HELD)

    def find_kind(self, facts: dict) -> None:
        if facts.get("category") or "category" in self.errors or not facts.get("name"):
            return
        facts["category"] = categories.guess(facts["name"], self.fields["category"].queryset)
        if facts["category"] is None:
            self.add_error("category", _("看名称猜不出来，选一个种类"))

    def check_sweetness(self, facts: dict, today: datetime.date) -> None:
        """Require day and instrument with a figure of sweetness (广告法 §11): all three, or none."""
        given = [name for name in self.SWEET if facts.get(name)]
        if given and len(given) < 3 and not any(name in self.errors for name in self.SWEET):
            for name in self.SWEET:
                if not facts.get(name):
                    self.add_error(name, _("写了糖度，哪天测的、用什么测的都要写；不写就都空着"))
        if (day := facts.get("brix_on")) and day > today:
            self.add_error("brix_on", _("还没到这一天"))

    def facts(self) -> dict:
        facts = {name: self.cleaned_data[name] for name in self.NAMES}
        return facts | {"brix_tool": facts["brix_tool"] or ""}

    @classmethod
    def of(cls, batch: Batch, *args, user: User) -> BatchForm:
        initial = {name: getattr(batch, name) for name in cls.NAMES}
        initial["photos"] = list(batch.photos.all())
        return cls(*args, user=user, initial=initial, locked=batches.is_locked(batch))


def list_initial_values(shop: Shop, product: Product | None = None) -> dict:
    """Return the initial values of a new batch: those of the shop's last batch or of the product it is for; picked today."""
    last = shop.batches.select_related("category").first()
    first = {"harvested_on": timezone.localdate(), "is_public": True, "origin": shop.place.full_name()[:60]}
    first["grower_name"] = shop.legal_name or shop.owner.name
    if last:
        names = ("name", "category", "variety", "origin", "plot", "grower_name", "brix_tool")
        first |= {name: getattr(last, name) for name in names}
    if product:
        first |= {"name": product.name, "category": product.category_id, "variety": product.variety}
        first["origin"] = product.origin or first["origin"]
    return first


class SprayForm(FarmForm):
    what = CleanCharField(
        label=_("用了什么"), max_length=60, pictures=False, help_text=_("照瓶子上的名称写。")
    )
    on = DayField(label=_("哪天用的"))
    dose = CleanCharField(
        label=_("用量"), max_length=60, pictures=False, help_text=_("比如：10 克兑 15 公斤水")
    )
    against = CleanCharField(label=_("防什么"), max_length=60, pictures=False)
    interval_days = CountField(
        label=_("安全间隔期"), most=365, unit=_("天"), help_text=_("瓶子或袋子的标签上印着。")
    )

    def __init__(self, *args, batch: Batch, **kwargs) -> None:
        self.batch = batch
        super().__init__(*args, **kwargs)

    def clean_on(self) -> datetime.date:
        on = self.cleaned_data["on"]
        if on > self.batch.harvested_on:
            raise forms.ValidationError(_("采了以后才用的，不算这一批的用药"))
        if on < self.batch.harvested_on - OLDEST:
            raise forms.ValidationError(_("太早了，看看年份"))
        return on


class NoteForm(FarmForm):
    text = CleanCharField(label=_("更正或补充"), lines=True, max_length=200)

    def clean(self) -> dict:
        facts = super().clean()
        refuse_forbidden_words(self, facts, ("text",), MARKS_HELD)
        return facts


class PledgeForm(FarmForm):
    basis = forms.ChoiceField(
        label=_("承诺依据"),
        choices=Pledge.Basis,
        initial=Pledge.Basis.CONTROL,
        widget=forms.RadioSelect,
    )


class WithdrawForm(FarmForm):
    reason = CleanCharField(label=_("为什么作废"), max_length=100)


class ChooseForm(FarmForm):
    """Choose which of the shop's products are sold from this batch."""

    products = forms.ModelMultipleChoiceField(
        Product.objects.none(),
        label=_("哪些商品是这一批的"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, batch: Batch, **kwargs) -> None:
        rows = Product.objects.filter(shop=batch.shop_id).exclude(status=Product.Status.WITHDRAWN)
        kwargs.setdefault("initial", {"products": rows.filter(batch=batch)})
        super().__init__(*args, **kwargs)
        self.fields["products"].queryset = rows.order_by("name", "id")


class PaperForm(FarmForm):
    marks_required = False

    kind = forms.ChoiceField(label=_("什么证"), choices=[("", _("选一个")), *Paper.Kind.choices])
    file = DocumentField(
        label=_("证书照片或 PDF"), help_text=_("只有本店和管理员看得到，买家只看到编号和有效期。")
    )
    number = CleanCharField(label=_("证书编号"), max_length=60, pictures=False)
    holder = CleanCharField(label=_("持证人"), max_length=60, pictures=False, help_text=_("照证书上写的写。"))
    expires_on = DayField(label=_("到哪天"), required=False, help_text=_("证书上没写就空着。"))
    issued_on = DayField(label=_("发证日期"), required=False)
    issuer = CleanCharField(label=_("发证单位"), max_length=60, required=False, pictures=False)
    products = forms.ModelMultipleChoiceField(
        Product.objects.none(),
        label=_("只管哪几款"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不勾，就是店里的都管。"),
    )

    MORE = ("issued_on", "issuer", "products")
    NAMES = ("kind", "number", "holder", "issuer", "issued_on", "expires_on")

    def __init__(self, *args, shop: Shop, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].sent_by(user)
        rows = Product.objects.filter(shop=shop).exclude(status=Product.Status.WITHDRAWN)
        self.fields["products"].queryset = rows.order_by("name", "id")

    def clean(self) -> dict:
        facts, today = super().clean(), timezone.localdate()
        issued, expires = facts.get("issued_on"), facts.get("expires_on")
        if expires and expires < today:
            self.add_error("expires_on", _("这张证已经过期了，交新的"))
        elif not expires and facts.get("kind") in certificates.MUST_END and "expires_on" not in self.errors:
            self.add_error("expires_on", _("这种证有有效期，写到哪天"))
        if issued and issued > today:
            self.add_error("issued_on", _("还没到这一天"))
        if issued and expires and issued > expires:
            self.add_error("issued_on", _("发证日期在到期以后，看看写反没有"))
        return facts

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.NAMES}

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    @property
    def more_is_open(self) -> bool:
        return any(name in self.errors or self[name].value() for name in self.MORE)
