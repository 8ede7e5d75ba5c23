"""Check what a real live requires of the seller and the host: public identity, age, training."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from live.models import Livestream
from live.readiness import hosts
from live.readiness.hosts import AgeGroup
from shops import identity
from shops.exceptions import MissingRequirement
from shops.listings import requirements as listing_requirements
from shops.permissions import can_sell_in
from ui.formats import day as spoken_day


@dataclass(frozen=True)
class Requirement:
    """One check that the program makes itself. `summary` describes it when nothing is missing."""

    code: str
    title: str
    missing: list[MissingRequirement]
    summary: str = ""

    @property
    def is_met(self) -> bool:
        return not self.missing


def check_seller_card(live: Livestream) -> Requirement:
    """Name, real address and contact of the seller are public all the time (直播电商监督管理办法 §26)."""
    shop = live.shop
    assert shop is not None  # a real live has one
    found = listing_requirements.check_card(shop)
    url = reverse("shops:shop_edit", args=[shop.pk])
    if not shop.address:
        found.append(MissingRequirement.of(_("小店还没填实际地址"), f"{url}#id_address", _("去填地址"), True))
    if not identity.is_public(shop):
        # The page proposes a number; the owner's consent is missing.
        sentence = _("小店还没有公开的联系电话：去勾上“买家可以打这个电话”")
        found.append(MissingRequirement.of(sentence, f"{url}#id_contact_ok", _("去勾上"), True))
    if not can_sell_in(live.host, shop):
        sentence = _("%(name)s现在不在这家店卖货，不能替它开播") % {"name": live.host.name}
        found.append(
            MissingRequirement.of(sentence, reverse("live:edit_plan", args=[live.pk]), _("换个人讲"))
        )
    return Requirement("card", _("卖家名片"), found, shop.legal_name)


def check_age(live: Livestream) -> Requirement:
    """Check the host's age: at least 16, and with a guardian's consent at 16 and 17 (未成年人保护法 §76)."""
    host = live.host
    url, title = reverse("live:host", args=[live.pk]), _("主播年龄")
    group = hosts.get_age_group(host)
    if group == AgeGroup.UNKNOWN:
        return Requirement(
            "age",
            title,
            [MissingRequirement.of(_("%(name)s还没填出生年月") % {"name": host.name}, url, _("去填"))],
        )
    if group == AgeGroup.TOO_YOUNG:
        sentence = _("%(name)s不满 16 岁，不能开播") % {"name": host.name}
        return Requirement(
            "age",
            title,
            [MissingRequirement.of(sentence, reverse("live:edit_plan", args=[live.pk]), _("换个人讲"))],
        )
    if group == AgeGroup.FULL:
        return Requirement("age", title, [], _("满 18 岁"))
    if hosts.find_active_consent(host) is None:
        sentence = _("%(name)s不满 18 岁，要有监护人签字的同意书") % {"name": host.name}
        return Requirement("age", title, [MissingRequirement.of(sentence, url, _("去交同意书"))])
    return Requirement("age", title, [], _("满 16 岁，监护人同意了"))


def check_training(live: Livestream) -> Requirement:
    """Check the host's training: before the first live and again within a year (直播电商监督管理办法 §10)."""
    host, title = live.host, _("首播培训")
    if found := hosts.find_active_clearance(host):
        return Requirement(
            "training", title, [], _("到 %(day)s 有效") % {"day": spoken_day(found.valid_until)}
        )
    quiz = hosts.find_first_live_quiz(get_language() or "")
    url = quiz.course.get_absolute_url() if quiz else reverse("courses:catalogue")
    sentence = _("%(name)s一年内没考过首播培训") % {"name": host.name}
    return Requirement("training", title, [MissingRequirement.of(sentence, url, _("去学、去考"))])
