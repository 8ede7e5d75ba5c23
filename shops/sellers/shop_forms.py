"""The forms of a shop: its page, its helpers and its pick-up points."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts import consents
from accounts.fields import PhoneField
from accounts.models import Consent, Membership, User
from accounts.places import Place
from media.forms import PhotosField, WithPhotos
from shops import site_mode
from shops.models import PickUpPoint, Shop
from shops.sellers import identity, services
from shops.sellers.forms import CardFields, WithShopWords
from ui.forms import FarmForm
from ui.inputs import CleanCharField, NameField


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
        if not site_mode.points_elsewhere():
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
        usual = identity.USUAL | {"legal_name": shop.owner.name}
        initial |= {name: value for name, value in usual.items() if not shop.seller}
        initial["contact"] = str(shop.contact or shop.owner.phone)
        initial["contact_ok"] = bool(shop.contact) and consents.given(shop.owner, Consent.Kind.PUBLIC_CONTACT)
        form = cls(*args, user=user, initial=initial | {"cover": [shop.cover] if shop.cover else []})
        form.shop = shop
        # A page that was opened before the card was asked for sends none of it.
        form.usual = {name: initial[name] for name in cls.CARD}
        if services.is_closed_by_others(shop):
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

    @classmethod
    def of(cls, point: PickUpPoint, *args) -> PointForm:
        return cls(*args, initial={name: getattr(point, name) for name in cls.FACTS})

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.FACTS}
