"""The site's legal role, and the pages that depend on it."""

import datetime
import os
import subprocess
import sys

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from shops import site_mode
from shops.models import Shop
from shops.shortcuts import find_places_to_open
from shops.worklist import sellers_to_look_at
from tests.factories import make_product, make_shop

DAY = datetime.date(2026, 11, 24)


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村三组")


@pytest.mark.parametrize(
    ("role", "orders", "note"),
    [
        ("practice", False, "模拟：这是练习用的站点，商品和价钱都是练习，不能下单。"),
        ("copilot", False, "这里只展示，买在店家写的平台上。"),
        ("single_seller", True, ""),
        ("multi_seller", True, ""),
    ],
)
def test_role_decides_on_orders_and_on_what_pages_say(role, orders, note, settings, shop, client):
    settings.SITE_ROLE = role
    assert (site_mode.takes_orders(), site_mode.get_note()) == (orders, note)
    for url in ("/products/", make_product(shop).get_absolute_url(), shop.get_absolute_url()):
        html = client.get(url).content.decode()
        assert (note in html) if note else ("模拟" not in html)


def test_unknown_role_refuses_to_start():
    env = os.environ | {"SITE_ROLE": "bazaar"}
    started = subprocess.run(
        [sys.executable, "-c", "import config.settings"], env=env, capture_output=True, text=True, timeout=60
    )
    assert started.returncode != 0
    assert "SITE_ROLE is “bazaar”" in started.stderr
    assert "Set one of: practice, copilot, single_seller, multi_seller." in started.stderr


def test_copilot_leads_to_the_platform(settings, shop, client):
    product = make_product(shop)
    Shop.objects.update(platform_url="https://example.com/shop/7")
    assert "去平台买" not in client.get(product.get_absolute_url()).content.decode()
    settings.SITE_ROLE = "copilot"
    Shop.objects.get().save()  # moves the stamp: a site's role does not change while it runs
    html = client.get(product.get_absolute_url()).content.decode()
    assert 'href="https://example.com/shop/7" rel="noopener nofollow"' in html


@pytest.mark.parametrize("url", ["http://example.com", "javascript:alert(1)", "ftp://x.cn", "不是链接"])
def test_platform_link_is_an_https_address(url, settings, shop, as_user, seller):
    settings.SITE_ROLE = "copilot"
    sent = {
        "name": "梅姨家",
        "contact": "13900000003",
        "contact_ok": "on",
        "address": "石榴冲村三组",
        "platform_url": url,
    }
    form = as_user(seller).post(reverse("shops:shop_edit", args=[shop.pk]), sent).context["form"]
    assert "platform_url" in form.errors


def test_single_seller_has_one_shop(settings, shop, trainee, village):
    from accounts.models import Membership
    from tests.factories import make_person

    other = make_person("彭水莲", (Membership.Role.SELLER, village))
    assert find_places_to_open(other, []) == [village]
    settings.SITE_ROLE = "single_seller"
    assert find_places_to_open(other, []) == []


def waits(organiser) -> list[tuple[int, str]]:
    return [(wait.count, wait.sentence) for wait in sellers_to_look_at(organiser)]


def test_platform_verifies_its_sellers_every_six_months(settings, shop, organiser, as_user):
    settings.DEMO = True
    assert waits(organiser)[0] == (1, "1 家小店该核验了")
    as_user(organiser).post(reverse("admin:shops_shop_verify", args=[shop.pk]))
    assert waits(organiser)[0][0] == 0
    shop.refresh_from_db()
    assert shop.verified_by == organiser
    assert AuditEntry.objects.get(verb="shop_verified").actor == organiser
    late = site_mode.filter_to_verify(shop.verified_on + datetime.timedelta(days=180))
    assert Shop.objects.filter(late).exists()
    assert not Shop.objects.filter(
        site_mode.filter_to_verify(shop.verified_on + datetime.timedelta(days=179))
    ).exists()
    settings.SITE_ROLE = "single_seller"
    assert waits(organiser) == []


def test_card_with_a_gap_is_not_verified(settings, shop, organiser, as_user):
    settings.DEMO = True
    Shop.objects.update(legal_name="")
    as_user(organiser).post(reverse("admin:shops_shop_verify", args=[shop.pk]))
    assert Shop.objects.get().verified_on is None


@pytest.mark.parametrize(("month", "due"), [(1, True), (6, False), (7, True), (12, False)])
def test_reports_are_due_in_january_and_july(month, due):
    assert site_mode.is_reporting_month(DAY.replace(month=month)) is due
