"""Forms of a shop: its page, the seller's identity, its payment code and its helpers."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import consents
from accounts.fields import PasswordField, PhoneField
from accounts.models import Consent, Membership, Place, User
from media.documents.forms import DocumentField
from media.models import Document
from media.photos.forms import PhotosField, PhotosFormMixin
from shops import identity, site_mode
from shops.models import PickUpPoint, Shop
from shops.products.public_words import refuse_forbidden_words, shorten_sentences
from shops.sellers import services
from shops.texts import text_check
from shops.texts.changes import make_text_checker
from shops.texts.findings import FindingWidget, Slot, choose_shown, describe_blocks
from ui.fields import CleanCharField, NameField, to_ascii
from ui.forms import Farm, FarmForm
from wording.facts import Facts

NEW, NONE = "new", "none"  # choices of PayCodeForm.way


class CardFields(FarmForm):
    """Take the seller's identity; a field that was not posted keeps its usual value (`identity.USUAL`)."""

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
    # The values of fields that were not posted.
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
        return to_ascii(self.cleaned_data.get("licence_no") or "").upper()

    def clean(self) -> dict:
        facts = super().clean()
        for field in self.CARD:
            if not facts.get(field) and self.add_prefix(field) not in self.data and field not in self.errors:
                facts[field] = self.usual.get(field, "")
        if facts.get("seller") not in ("", Shop.Seller.PERSON, None) or facts.get("licence_no"):
            facts["exemption"] = ""
        for field, sentence in identity.find_problems(facts).items():
            if field not in self.errors:
                self.add_error(field, sentence)
        return facts

    def card_facts(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in self.CARD}


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
        help_text=_("微信或支付宝里保存的“个人收款码”，上面看得到你的名字。"),
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


class ShopTextCheckMixin(Farm):
    """Check the texts of the shop's page; `shop` is the one that is changed."""

    shop: Shop | None = None

    def check_shop_wording(self, facts: dict) -> None:
        """Add an error for each blocking finding, unless the texts are unchanged. Call at the end of `clean`."""
        texts = {name: text_check.normalize_text(facts.get(name) or "") for name in text_check.SHOP_FIELDS}
        if self.shop is None or texts == text_check.list_texts(self.shop):
            return
        blocking: dict[str, list[text_check.Found]] = {}
        for one in text_check.check_shop(self.shop, texts).blocking:
            blocking.setdefault(one.field, []).append(one)
        for name, found in blocking.items():
            self.add_error(name, shorten_sentences(describe_blocks(found, texts[name])))

    def shop_slot(self, name: str) -> Slot:
        text = text_check.normalize_text(self[name].value())
        check = make_text_checker(name)
        found = check(text) if text else []
        shown = [FindingWidget.of(one, text, check) for one in choose_shown(found)]
        pk, rest = self.shop.pk if self.shop else None, len(found) - len(shown)
        return Slot.of(name, shown, reverse("shops:wording"), f"page={pk}", pk, rest=rest)

    @property
    def worded(self) -> dict[str, Slot]:
        return {name: self.shop_slot(name) for name in text_check.SHOP_FIELDS}


class ShopForm(FarmForm):
    """Take what buyers see of a shop; its phone is public only with the owner's consent, which is never pre-ticked."""

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


class ShopPageForm(ShopTextCheckMixin, PhotosFormMixin, CardFields, ShopForm):
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
        if not site_mode.points_elsewhere():
            del self.fields["platform_url"]

    def clean(self) -> dict:
        facts = super().clean()
        self.check_shop_wording(facts)
        if self.shop and facts.get("address") != self.shop.address:
            refuse_forbidden_words(self, facts, ("address",), Facts())
        return facts

    def clean_platform_url(self) -> str:
        url = self.cleaned_data.get("platform_url") or ""
        if url and not url.startswith("https://"):
            raise ValidationError(_("链接要以 https:// 开头"))
        return url

    def keep_closed(self) -> None:
        """Disable reopening, for a shop that an organiser has closed."""
        self.fields["is_open"].disabled = True
        self.fields["is_open"].help_text = _("店是管理员关的。要再开，找管理员。")

    def facts(self) -> dict:
        """Return the shop's own fields; the consent belongs to its owner."""
        names = [name for name in (*self.TEXTS, "is_open") if name in self.fields]
        facts = {name: self.cleaned_data[name] for name in names}
        return facts | {"cover": next(iter(self.cleaned_data["cover"]), None)}

    @classmethod
    def of(cls, shop: Shop, *args, user: User) -> ShopPageForm:
        initial = {name: getattr(shop, name) for name in (*cls.TEXTS, "is_open")}
        usual = identity.USUAL | {"legal_name": shop.owner.name}
        initial |= {name: value for name, value in usual.items() if not shop.seller}
        initial["contact"] = str(shop.contact or shop.owner.phone)
        initial["contact_ok"] = bool(shop.contact) and consents.is_given(
            shop.owner, Consent.Kind.PUBLIC_CONTACT
        )
        form = cls(*args, user=user, initial=initial | {"cover": [shop.cover] if shop.cover else []})
        form.shop = shop
        # Forms rendered before these fields existed do not post them; keep the stored values.
        form.usual = {name: initial[name] for name in cls.CARD}
        if services.is_closed_by_others(shop):
            form.keep_closed()
        return form


class HelperForm(FarmForm):
    """Find a seller of the shop's village by phone.

    Errors name only people of the same township, so that the form does not reveal who else has an account.
    """

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


class PointForm(FarmForm):
    name = NameField(label=_("自提点叫什么"), max_length=30, min_length=2)
    address = CleanCharField(label=_("在哪里"), min_length=4, max_length=120, pictures=False)
    hours = CleanCharField(
        label=_("什么时候能取"),
        min_length=2,
        max_length=60,
        pictures=False,
        help_text=_("比如：每天 8 点到 18 点，先打电话"),
    )
    is_open = forms.BooleanField(label=_("开着"), required=False, initial=True)

    FACTS = ("name", "address", "hours", "is_open")

    def clean(self) -> dict:
        facts = super().clean()
        refuse_forbidden_words(self, facts, ("name", "address", "hours"), Facts())
        return facts

    @classmethod
    def of(cls, point: PickUpPoint, *args) -> PointForm:
        return cls(*args, initial={name: getattr(point, name) for name in cls.FACTS})

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.FACTS}
