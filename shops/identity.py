"""Publish who sells: the identity shown to buyers, an organiser's check of it, and the contact number.

On a platform the identity is checked at least every six months. The number is public only while its owner agrees
(个人信息保护法 §15), whatever the shop's row still holds.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import consents
from accounts.models import AuditEntry, Consent, User
from shops.audit import Verb
from shops.exceptions import ActionNotAllowed
from shops.models import Product, Shop

Seller, Sources, Exemption = Shop.Seller, Shop.Sources, Shop.Exemption
PUBLIC = Consent.Kind.PUBLIC_CONTACT
FIELDS = ("seller", "legal_name", "licence_no", "sources", "exemption")
# This holds for most people who list something for the first time: villagers who sell what they grew under their own name.
USUAL = {"seller": Seller.PERSON, "sources": Sources.OWN, "exemption": Exemption.OWN_PRODUCE}
# 统一社会信用代码, GB 32100-2015: without I, O, S, V, Z; the last of the 18 characters is a check digit.
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CONSEQUENCES = {
    Sources.OWN: gettext_lazy("只卖自家种的：个人卖自产的农产品，不用办执照。"),
    Sources.MIXED: gettext_lazy(
        "也卖收来的：要办执照，或者属于“零星小额”（限额以法规为准）。收谁的、多少、哪天收的要记账，留半年；收货要收下合格证，混装、分装以后要重新开。"
    ),
}


def check_letter(first: str) -> str:
    """Return the check character of the first 17."""
    total = sum(LETTERS.index(letter) * pow(3, place, 31) for place, letter in enumerate(first))
    return LETTERS[-total % 31]


def is_licence_no(code: str) -> bool:
    known = len(code) == 18 and all(letter in LETTERS for letter in code)
    return known and check_letter(code[:17]) == code[17]


def find_problems(card: Mapping[str, str]) -> dict[str, str]:
    """Return what is missing or contradictory, by field, as sentences for the seller."""
    found = {}
    if not card.get("seller"):
        found["seller"] = _("还没说是谁在卖")
    if not card.get("legal_name"):
        found["legal_name"] = _("还没填姓名或单位全称")
    if not card.get("sources"):
        found["sources"] = _("还没说卖谁家的")
    code, person = card.get("licence_no", ""), card.get("seller") == Seller.PERSON
    if code and not is_licence_no(code):
        found["licence_no"] = _("统一社会信用代码不对，照着执照上的 18 位再抄一遍")
    elif not code and card.get("seller") and not person:
        found["licence_no"] = _("个体户、合作社和公司要填统一社会信用代码")
    if person and not code:
        if not card.get("exemption"):
            found["exemption"] = _("没有执照，要说为什么不用登记")
        elif card["exemption"] == Exemption.OWN_PRODUCE and card.get("sources") == Sources.MIXED:
            found["exemption"] = _("也卖收来的，就不能再写“个人卖自产农副产品”")
    return found


def list_problems(shop: Shop) -> list[str]:
    return list(find_problems({field: getattr(shop, field) for field in FIELDS}).values())


def is_registered(shop: Shop) -> bool:
    return bool(shop.licence_no)


def is_bought_in(shop: Shop, grower: str) -> bool:
    """Return whether the produce was grown by others; a co-operative's members count as itself."""
    if grower == Product.Grower.COOP:
        return shop.seller != Seller.COOP
    return grower == Product.Grower.NEIGHBOURS


def explain_no_licence(shop: Shop) -> str:
    """Return what is shown instead of a licence number (电子商务法 §15)."""
    if shop.licence_no or not shop.exemption:
        return ""
    return _("属于不需要办理登记的情形：%(why)s") % {"why": shop.get_exemption_display()}


@transaction.atomic
def verify(shop: Shop, actor: User) -> None:
    """Record that the identity was checked against documents today; a second call on a day changes nothing."""
    if problems := list_problems(shop):
        raise ActionNotAllowed(*problems)
    today = timezone.localdate()
    if (
        not Shop.objects.filter(pk=shop.pk)
        .exclude(verified_on=today)
        .update(verified_on=today, verified_by=actor)
    ):
        return
    AuditEntry.write(actor, Verb.SHOP_VERIFIED, shop, shop.place, name=shop.legal_name)


def annotate_agreed(owner: str) -> Exists:
    """Return an annotation that tells whether the contact is public; `owner` is the lookup of the shop's owner."""
    return Exists(Consent.objects.filter(user=OuterRef(owner), kind=PUBLIC, withdrawn_at__isnull=True))


def is_public(shop: Shop) -> bool:
    """Return whether the shop's contact is public; one query."""
    return bool(shop.contact) and consents.is_given(shop.owner, PUBLIC)
