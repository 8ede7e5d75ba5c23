"""Facts that a script needs and nobody has entered: named, never shown in braces, each with the page where to enter it."""

import pytest

from live.scripts import missing_facts, placeholders, speech
from tests.factories import make_product
from tests.lives import make_item, make_live, make_script


def test_a_gap_is_named_where_a_person_reads_the_script(item):
    assert (
        placeholders.show_gaps("我是{村}的，{品种}，糖度{糖度}。", item)
        == "我是石榴冲村的，（还没写：品种），糖度（还没写：糖度）。"
    )


def test_an_english_script_names_its_gaps_as_they_were_typed(item, settings):
    from django.utils.translation import override

    with override("en"):
        assert placeholders.show_gaps("This is {variety} from {village}.", item) == (
            "This is (not written yet: variety) from 石榴冲村."
        )


def test_what_is_known_is_never_a_gap(item):
    assert placeholders.show_gaps("{品名}{净重}{价钱}", item) == placeholders.get_filled_text(
        "{品名}{净重}{价钱}", item
    )


@pytest.mark.parametrize("shown", ["prompter/", "sheet/", "items/{item}/script/versions/"])
def test_no_page_shows_a_word_in_braces(as_user, seller, live, item, shown):
    make_script(item, what="这是{品种}。")
    text = as_user(seller).get(f"/live/{live.pk}/{shown.format(item=item.pk)}").content.decode()
    assert "{品种}" not in text
    assert "（还没写：品种）" in text


def test_the_prompter_s_lines_are_those_that_the_studio_shows(live, item):
    make_script(item, what="这是{品种}。")
    lines = [line.text for part in speech.list_prompter_items(live)[0].parts for line in part.lines]
    assert "这是（还没写：品种）。" in lines


def test_under_a_box_stands_how_it_will_be_heard(as_user, seller, live, item):
    make_script(item, who="我是{村}的{主播}。", what="早上摘的。")
    page = as_user(seller).get(f"/live/{live.pk}/items/{item.pk}/script/")
    heard = {one["field"].name: one["heard"] for one in page.context["form"].worded}
    assert (heard["who"], heard["what"]) == ("我是石榴冲村的周梅英。", "")
    assert "我是石榴冲村的周梅英。" in page.content.decode()


def test_a_gap_under_its_box_leads_to_where_it_is_written(as_user, seller, live, item, product):
    make_script(item, what="这是{品种}。")
    url = f"/live/{live.pk}/items/{item.pk}/script/"
    page = as_user(seller).get(url).content.decode()
    assert (
        f"/me/shop/products/{product.pk}/edit/?next=%2Flive%2F{live.pk}%2Fitems%2F{item.pk}%2Fscript%2F"
        in page
    )


def test_of_goods_typed_by_hand_the_item_itself_is_changed(trainee, village):
    live = make_live(trainee, village)
    item = make_item(live, net_grams=None)
    [gap] = missing_facts.find_missing_in_text(item, "净重{净重}。")
    assert gap.url == f"/live/{live.pk}/items/{item.pk}/"


def test_without_a_shop_only_the_script_can_be_changed(trainee, village):
    live = make_live(trainee, village)
    item = make_item(live)
    [gap] = missing_facts.find_missing_in_text(item, "有事打{电话}。")
    assert (gap.is_of_shop, gap.url) == (False, f"/live/{live.pk}/items/{item.pk}/script/")


def test_gaps_of_one_page_are_one_row(live, shop, product):
    item = make_item(live, product)
    rows = missing_facts.list_requirements(
        missing_facts.find_missing_in_text(item, "{品种}，{颜色}，{采摘日}摘的，{糖度}。")
    )
    assert rows == [
        "冰糖橙：脚本里要说“品种”，还没写",
        "冰糖橙：脚本里要说“颜色”，还没写",
        "冰糖橙：脚本里要说“采摘日、糖度”，还没写",
    ]


def test_every_fact_has_its_page(live, shop):
    """Uses a product of which no fact is known."""
    bare = make_product(shop, origin="", variety="", freight_included=False)
    item = make_item(live, bare)
    for name in placeholders.PLACEHOLDERS:
        gap = missing_facts.describe_missing_fact(name, item)
        assert (gap.fact, bool(gap.words), gap.url.startswith("/")) == (name, True, True)


def test_seconds_are_those_of_the_facts_alone(item):
    assert speech.measure_script({"who": "{村}"}, item) == speech.measure_script({"who": "石榴冲村"}, item)
