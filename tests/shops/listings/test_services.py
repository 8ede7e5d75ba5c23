"""Opening a shop and creating listings, also when the same form arrives several times at once."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Consent
from shops.listings import review, services
from shops.models import Product, Shop, StockMove
from tests.factories import (
    make_category,
    make_person,
    make_photo,
    make_product,
    make_shop,
    make_waiting_product,
)

SHOP = {"name": "梅姨家的橙园", "contact": "+8613912345678", "address": "石榴冲村三组"}


def facts(**fields) -> dict:
    today = timezone.localdate()
    return {
        "name": "冰糖橙",
        "category": make_category(),
        "variety": "",
        "unit": "box",
        "net_grams": 2500,
        "price_fen": 2990,
        "harvest_from": today,
        "harvest_until": today + timedelta(days=20),
        "grower": "own",
        "origin": "",
        "description": "",
    } | fields


def at_once(works: list) -> list:
    """Return what each returned or raised, all started together on separate connections."""
    start, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(n: int) -> None:
        try:
            start.wait(20)
            answers[n] = works[n]()
        except Exception as problem:
            answers[n] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_one_shop_a_person_and_village(seller, village):
    one = services.open_shop(seller, village, **SHOP)
    assert services.open_shop(seller, village, **SHOP | {"name": "另一个店"}) == one
    assert (one.slug, Shop.objects.count()) == ("mei-yi-jia-de-cheng-yuan", 1)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("梅姨家的橙园", "mei-yi-jia-de-cheng-yuan"),
        ("Li's 果园 2026", "li-s-guo-yuan-2026"),
        ("·····", "shop"),
        ("柑橘" * 15, "gan-ju-gan-ju-gan-ju-gan-ju-gan-ju"),
    ],
)
def test_a_slug_can_be_read_aloud(name, slug):
    assert services.make_slug(name) == slug


def test_a_taken_slug_gets_four_letters_more(seller, village, trainee):
    services.open_shop(seller, village, **SHOP)
    second = services.open_shop(trainee, village, **SHOP)
    assert second.slug.startswith("mei-yi-jia-de-cheng-yuan-")
    assert len(second.slug) == len("mei-yi-jia-de-cheng-yuan-abcd")


def test_nothing_stays_of_a_listing_that_fails_half_way(seller, village, monkeypatch):
    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr(services, "replace_photos", fail)
    with pytest.raises(RuntimeError):
        services.open_and_list(seller, village, SHOP, facts(), [], 40, uuid.uuid4())
    assert (Shop.objects.count(), Product.objects.count(), StockMove.objects.count()) == (0, 0, 0)
    assert not Consent.objects.filter(user=seller, kind="public_contact").exists()


def test_photos_keep_their_order_and_are_there_once(seller, village):
    product = make_product(make_shop(seller, village))
    one, two, three = (make_photo(seller) for _n in range(3))
    assert services.replace_photos(product, [two, one, two])
    assert [row.photo for row in product.photos.all()] == [two, one]
    assert not services.replace_photos(product, [two, one])
    assert services.replace_photos(product, [three, two])
    assert [row.photo for row in product.photos.all()] == [three, two]
    assert product.cover == three


def test_words_changed_while_somebody_publishes_are_looked_at_again(seller, village, organiser):
    product = make_waiting_product(make_shop(seller, village))
    photos = [row.photo for row in product.photos.all()]
    review.publish(Product.objects.get(pk=product.pk), organiser)
    assert services.change_product(product, facts(name="特效药橙"), photos, seller)
    assert Product.objects.get().status == product.status == Product.Status.SUBMITTED


def test_words_changed_while_somebody_takes_it_off_are_kept(seller, village, organiser):
    product = make_product(make_shop(seller, village))
    review.withdraw(Product.objects.get(pk=product.pk), organiser)
    assert not services.change_product(product, facts(name="大果冰糖橙"), [make_photo(seller)], seller)
    now = Product.objects.get()
    assert (now.status, now.name) == (Product.Status.WITHDRAWN, "大果冰糖橙")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_one_first_listing_sent_five_times(seller, village):
    key, given, photo = uuid.uuid4(), facts(), make_photo(seller)
    work = lambda: services.open_and_list(seller, village, SHOP, given, [photo], 40, key).pk  # noqa: E731
    answers = at_once([work] * 5)
    assert len(set(answers)) == 1
    assert answers[0] == Product.objects.get().pk
    assert (Shop.objects.count(), StockMove.objects.get().delta) == (1, 40)
    assert Product.objects.get().photos.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_two_forms_of_one_person_open_one_shop(seller, village):
    given = facts()
    works = [
        lambda: services.open_and_list(seller, village, SHOP, given, [], 40, uuid.uuid4()).shop_id
        for _n in range(4)
    ]
    answers = at_once(works)
    assert set(answers) == {Shop.objects.get().pk}
    assert Product.objects.count() == 4


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_race_four_people_open_shops_of_one_name(village):
    people = [make_person(f"周梅英{n}", ("seller", village)) for n in range(4)]
    answers = at_once(
        [lambda person=person: services.open_shop(person, village, **SHOP).slug for person in people]
    )
    assert len(set(answers)) == 4
    assert sorted(answers)[0] == "mei-yi-jia-de-cheng-yuan"
