"""A certificate is valid through its last day, and the words of its mark are shown only as long."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import Notice
from shops.models import Paper, Shop
from shops.traceability import certificates
from tests.factories import make_product, make_shop
from tests.shops.traceability.certificates import make_paper

Status = Paper.Status


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村三组")


def test_paper_counts_through_its_last_day_and_not_after(shop):
    day = datetime.date(2026, 11, 24)
    paper = make_paper(shop, expires_on=day)
    assert list(Paper.objects.in_force(day)) == [paper]
    assert not Paper.objects.in_force(day + datetime.timedelta(days=1)).exists()


def test_owner_is_told_once_thirty_days_before(shop, seller):
    day = datetime.date(2026, 11, 24)
    make_paper(shop, expires_on=day + datetime.timedelta(days=30))
    make_paper(shop, expires_on=day + datetime.timedelta(days=31))
    make_paper(shop, expires_on=day + datetime.timedelta(days=5), status=Status.WAITING)
    assert [certificates.notify_expiring(day), certificates.notify_expiring(day)] == [1, 0]
    note = Notice.objects.get()
    assert (note.phone, note.template, note.params["day"]) == (seller.phone, "paper_expiring", "2026-12-24")


TEXT = "果径 60 毫米，绿色食品认证。施有机肥，皮薄。"


def test_words_of_a_mark_stand_only_while_its_paper_does(shop):
    product = make_product(shop, description=TEXT)
    day = datetime.date(2026, 11, 24)
    assert certificates.filter_description(product, day) == "果径 60 毫米。施有机肥，皮薄。"
    make_paper(shop, expires_on=day)
    assert certificates.filter_description(product, day) == TEXT
    assert (
        certificates.filter_description(product, day + datetime.timedelta(days=1))
        == "果径 60 毫米。施有机肥，皮薄。"
    )


def test_paper_for_one_product_says_nothing_of_the_others(shop):
    one, other = make_product(shop, description=TEXT), make_product(shop, description=TEXT)
    make_paper(shop).products.add(one)
    assert [certificates.filter_description(product) == TEXT for product in (one, other)] == [True, False]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("有机橙，甜。", "甜。"),
        ("施有机肥，土里有机质多，有机会来摘。", "施有机肥，土里有机质多，有机会来摘。"),
        ("皮薄\n国家地理标志产品\n汁多", "皮薄\n汁多"),
        ("富硒土里长的！皮薄。", "皮薄。"),
        ("Organic oranges, thin skin.", "thin skin."),
        ("有 机", ""),
    ],
)
def test_clauses_of_marks_are_taken_out_whole(text, left):
    assert certificates.remove_clauses(text, certificates.MARK_PATTERNS) == left


def test_product_page_shows_the_mark_in_force_and_drops_it_the_day_after(shop, client):
    product, paper = make_product(shop, description=TEXT), make_paper(shop)
    html = client.get(product.get_absolute_url()).content.decode()
    assert "绿色食品认证" in html
    assert "LB-18-1" in html
    paper.expires_on = timezone.localdate() - datetime.timedelta(days=1)
    paper.save()
    html = client.get(product.get_absolute_url()).content.decode()
    assert "绿色食品" not in html
    assert "LB-18-1" not in html
