"""Answer what the site's legal role (the setting SITE_ROLE) allows and requires.

practice: for training, nothing is sold. copilot: helps to sell on another platform. single_seller: one shop's own site.
multi_seller: a platform of many sellers, which must verify them (直播电商监督管理办法 §8–9, 电子商务法 §27).
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    PRACTICE = "practice", _("练习站")
    COPILOT = "copilot", _("在别的平台卖，这里帮忙")
    SINGLE_SELLER = "single_seller", _("一家自己的店")
    MULTI_SELLER = "multi_seller", _("很多家一起卖")


# Sellers are verified at least every six months; six months are never fewer days than this.
VERIFY_DAYS = 180
# 直播电商监督管理办法 §9: the platform reports its sellers in January and July.
REPORT_MONTHS = (1, 7)


def get_mode() -> Role:
    return Role(settings.SITE_ROLE)


def takes_orders() -> bool:
    """Return whether orders can be placed on this site."""
    return get_mode() in (Role.SINGLE_SELLER, Role.MULTI_SELLER)


def is_practice() -> bool:
    return get_mode() == Role.PRACTICE


def points_elsewhere() -> bool:
    return get_mode() == Role.COPILOT


def can_open_another() -> bool:
    """Return whether another shop may be opened on this site."""
    from shops.models import Shop

    return get_mode() != Role.SINGLE_SELLER or not Shop.objects.exists()


def verifies_sellers() -> bool:
    return get_mode() == Role.MULTI_SELLER


def filter_to_verify(day: datetime.date | None = None) -> Q:
    """Return the filter for shops whose seller was never verified, or more than VERIFY_DAYS ago."""
    last = (day or timezone.localdate()) - datetime.timedelta(days=VERIFY_DAYS)
    return Q(verified_on=None) | Q(verified_on__lte=last)


def is_reporting_month(day: datetime.date | None = None) -> bool:
    return verifies_sellers() and (day or timezone.localdate()).month in REPORT_MONTHS


def get_note() -> str:
    """Return the notice about the site's role that product pages show; empty if none is needed."""
    notes = {
        Role.PRACTICE: _("模拟：这是练习用的站点，商品和价钱都是练习，不能下单。"),
        Role.COPILOT: _("这里只展示，买在店家写的平台上。"),
    }
    return str(notes.get(get_mode(), ""))
