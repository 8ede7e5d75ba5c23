"""Permissions of one object and lists agree for everybody in the cast."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from shops import permissions
from shops.models import Product, Shop
from tests.factories import add_helpers, make_person, make_product, make_shop

CAST = ["seller", "helper", "trainee", "trainer", "organiser", "stranger", "superuser", "nobody"]


@pytest.fixture
def people(seller, trainee, trainer, organiser, stranger, village) -> dict:
    return {
        "seller": seller,
        "helper": make_person("帮手", ("trainee", village)),
        "trainee": trainee,
        "trainer": trainer,
        "organiser": organiser,
        "stranger": stranger,
        "superuser": User.objects.create_superuser("+8618900009999", "x-long-password", name="站长"),
        "nobody": AnonymousUser(),
    }


@pytest.fixture
def shops(people, village, other_village) -> list[Shop]:
    """Open and closed, here and in the other county."""
    made = []
    for is_open in (True, False):
        here = make_shop(people["seller"], village, is_open=is_open)
        add_helpers(here, people["helper"])
        made += [here, make_shop(people["stranger"], other_village, is_open=is_open)]
    return made


@pytest.fixture
def products(shops) -> list[Product]:
    return [make_product(shop, status=status) for shop in shops for status in Product.Status]


def agree(listed, rule, person, rows) -> list[int]:
    by_list = sorted(listed.values_list("pk", flat=True))
    assert by_list == sorted(row.pk for row in rows if rule(person, row))
    return by_list


@pytest.mark.parametrize("who", CAST)
def test_visible_to_and_can_see_agree(who, people, shops, products):
    person = people[who]
    agree(Product.objects.visible_to(person), permissions.can_see, person, products)
    agree(Shop.objects.visible_to(person), permissions.can_see_shop, person, shops)


@pytest.mark.parametrize("who", CAST[:-1])
def test_sold_by_and_can_edit_agree(who, people, shops, products):
    person = people[who]
    agree(Product.objects.sold_by(person), permissions.can_edit, person, products)
    agree(Shop.objects.of(person), permissions.can_sell_in, person, shops)


@pytest.mark.parametrize("who", CAST[:-1])
def test_manageable_by_and_can_approve_agree(who, people, products):
    person = people[who]
    agree(Product.objects.manageable_by(person), permissions.can_approve, person, products)


@pytest.mark.parametrize(
    ("who", "seen", "edited", "approved"),
    [
        ("nobody", 2, 0, 0),
        ("trainee", 2, 0, 0),
        ("trainer", 2, 0, 0),
        ("seller", 11, 10, 0),
        ("helper", 11, 10, 0),
        ("organiser", 11, 0, 10),
        ("stranger", 11, 10, 10),
        ("superuser", 20, 0, 20),
    ],
)
def test_each_of_the_cast_reaches_so_many(who, seen, edited, approved, people, products):
    person = people[who]
    assert sum(permissions.can_see(person, product) for product in products) == seen
    if person.is_authenticated:
        assert sum(permissions.can_edit(person, product) for product in products) == edited
        assert sum(permissions.can_approve(person, product) for product in products) == approved


def test_only_the_owner_keeps_the_shop(people, shops):
    kept = {who: [permissions.can_keep(person, shop) for shop in shops] for who, person in people.items()}
    assert kept["seller"] == [True, False, True, False]
    assert kept["stranger"] == [False, True, False, True]
    assert not any(kept["helper"] + kept["organiser"] + kept["superuser"])


def test_a_shop_is_opened_by_a_granted_seller_of_that_village(people, village, other_village):
    assert permissions.can_open_shop(people["seller"], village)
    assert not permissions.can_open_shop(people["seller"], other_village)
    assert not permissions.can_open_shop(people["trainee"], village)
    assert not permissions.can_open_shop(people["organiser"], village)


def test_asking_to_sell_is_not_yet_selling(trainee, village):
    trainee.memberships.create(place=village, role="seller")
    assert not permissions.can_open_shop(trainee, village)
