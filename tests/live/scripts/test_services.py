"""Scripts are append-only versions; the newest is the script, with its facts filled in."""

import pytest
from django.db import transaction

from live.models import ScriptVersion
from live.scripts import services, speech
from tests.factories import make_product
from tests.lives import PARTS, make_item, make_live, make_script
from wording.models import Check


def test_a_script_is_kept_with_what_was_found_in_its_words(item, seller):
    version = make_script(item, what="全县最甜的{品名}。")
    check = version.check_made
    assert (version.number, version.made_by, version.parts["what"]) == (1, seller, "全县最甜的{品名}。")
    assert (check.kind, check.subject, check.blocks) == (
        Check.Kind.SCRIPT,
        f"live.rundownitem:{item.pk}",
        True,
    )
    assert "全县最甜的冰糖橙。" in check.text
    assert [one["words"] for one in check.findings if one["severity"] == "block"] == ["全县最甜"]


def test_the_same_words_are_the_same_version(item):
    first = make_script(item)
    assert make_script(item) == first
    second = make_script(item, who="我是周梅英。")
    assert (second.number, make_script(item).number) == (2, 3)
    assert services.find_latest_versions([item])[item.pk].number == 3


@pytest.mark.long
def test_the_newest_of_many_items_is_one_query(live, shop, django_assert_num_queries):
    items = [make_item(live, make_product(shop)) for _n in range(5)]
    for item in items:
        make_script(item, who="一")
        make_script(item, who="二")
    with django_assert_num_queries(1):
        found = services.find_latest_versions(items)
    assert {version.parts["who"] for version in found.values()} == {"二"}
    assert services.find_latest_versions([]) == {}


def test_lines_are_the_parts_that_say_something(item):
    version = make_script(item, what="", proof="  ")
    assert services.list_readable_parts(version, item) == [
        ("who", "我是谁，货从哪儿来", "我是石榴冲村的周梅英。"),
        ("price", "报价，怎么下单", "净重5斤，29.9元一箱，合5.98元一斤。"),
        ("promise", "讲售后：发货，坏了怎么办", "坏了拍照给我，坏几个赔几个。"),
    ]
    assert services.list_readable_parts(None, item) == []


def test_unknown_parts_and_too_much_are_not_kept(item, seller):
    version = services.save_version(item, {"who": "好" * 3000, "extra": "x"}, seller)
    assert sorted(version.parts) == sorted(ScriptVersion.PARTS)
    assert len(version.parts["who"]) == services.MAX_PART_LENGTH


def test_a_new_item_begins_with_the_drills_words(seller, shop, drill):
    live = make_live(seller, shop=shop, drill=drill)
    item = make_item(live, make_product(shop))
    services.write_first_scripts(live, [item], {}, seller)
    assert services.find_latest_versions([item])[item.pk].parts == PARTS


def test_without_a_drill_it_begins_with_what_the_listing_knows(live, product):
    begun = services.make_starting_parts(live, make_item(live, product))
    assert begun["who"] == "我是{村}的{主播}，今天给大家看的是{品名}。"
    # Neither the day of picking nor the sweetness is known.
    assert begun["what"] == "产地{产地}。"
    assert begun["price"] == "净重{净重}，{价钱}，合{每斤}一斤。{运费}。点{几号链接}下单。"


def test_a_broken_template_is_no_template(live, product, course):
    from tests.lives import make_drill

    live.drill = make_drill(course, template={"parts": "不是"})
    assert services.make_starting_parts(live, make_item(live, product))["who"].startswith("我是{村}")


def test_seconds_count_the_facts_as_they_are_said(item):
    assert speech.measure_script({"who": "{品名}" * 20}, item) == 18


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_two_versions(item):
    from tests.progress.quizzes.test_attempts import at_once

    at_once(*[lambda n=n: make_script(item, who=f"我{n}") for n in range(4)])
    numbers = list(item.scripts.order_by("number").values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4]
    assert transaction.get_connection().in_atomic_block is False
