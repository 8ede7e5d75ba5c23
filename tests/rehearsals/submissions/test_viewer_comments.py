"""Viewers ask about the goods that a plan shows, and about a guess only where one is planned."""

import json

import pytest
from django.urls import reverse

from courses.models import ViewerComment
from live.models import RundownItem, ScriptVersion
from rehearsals.recordings.viewer_comments import find_fitting, guess_goods
from shops.models import Category
from tests.factories import make_product
from tests.lives import make_ready_shop
from tests.rehearsals.worlds import make_plan


@pytest.fixture
def drill(drill):
    drill.comments.all().delete()
    asked = [("any", "", ""), ("guess", "", "猜")] + [(code, code, "") for code in ViewerComment.Goods.values]
    for code, goods, only_if in asked:
        ViewerComment.objects.create(
            drill=drill, code=code, name=code, text="?", wants="!", goods=goods, only_if=only_if
        )
    return drill


def codes(plan) -> list[str]:
    return [one.code for one in find_fitting(plan)]


def show(plan, *names: str) -> None:
    plan.items.all().delete()
    for name in names:
        RundownItem.objects.create(livestream=plan, name=name)


@pytest.mark.parametrize(
    ("names", "asked"),
    [
        (["冰糖橙 5 斤箱"], ["any", "fruit"]),
        (["土鸡蛋 30 枚"], ["any", "egg"]),
        (["茶叶蛋"], ["any", "egg"]),
        (["高山绿茶", "香米 10 斤"], ["any", "tea", "rice"]),
        (["糯玉米"], ["any", "vegetable"]),
        (["香芋", "西瓜"], ["any", "fruit", "vegetable"]),
        (["我家的货"], ["any"]),
        (["Our own fruit"], ["any", "fruit"]),
    ],
)
def test_questions_are_about_the_goods_that_are_shown(plan, names, asked):
    show(plan, *names)
    assert codes(plan) == asked


def test_listing_whose_name_says_nothing_is_known_by_its_category(seller, village, plan):
    shop = make_ready_shop(seller, village)
    branch = Category.objects.create(name="大类", slug="field")
    leaf = Category.objects.create(name="小类", slug="root-1", parent=branch)
    product = make_product(shop, name="山里的", category=leaf)
    item = RundownItem.objects.create(livestream=plan, product=product, position=9)
    assert guess_goods(item) == "vegetable"


def test_guess_is_asked_about_only_where_script_or_talking_points_have_one(plan):
    show(plan, "冰糖橙")
    item = plan.items.get()
    ScriptVersion.objects.create(item=item, number=1, parts={"proof": "上秤前猜猜几斤"}, text_hash="0" * 64)
    assert codes(plan) == ["any", "guess", "fruit"]
    ScriptVersion.objects.create(item=item, number=2, parts={"proof": "上秤"}, text_hash="1" * 64)
    assert codes(plan) == ["any", "fruit"]
    item.talking_points = "猜个数"
    item.save()
    assert codes(plan) == ["any", "guess", "fruit"]


@pytest.mark.long
def test_studio_brings_only_the_questions_that_fit(mine, plan):
    show(plan, "我家的蛋")
    facts = json.loads(mine.get(reverse("rehearsals:studio", args=[plan.pk])).context["facts"])
    assert [one["name"] for one in facts["comments"]] == ["any", "egg"]


def test_plan_without_a_drill_is_asked_nothing(learner):
    assert find_fitting(make_plan(learner)) == []
