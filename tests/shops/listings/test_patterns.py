"""A description to fill in: put after what was typed, taken out again, refused where a paper is missing."""

import pytest

from shops.listings import patterns
from shops.models import Product
from tests.factories import make_shop
from tests.shops.listings.kit import NEW, errors_of, first, typed


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village)


def test_description_to_fill_in_comes_after_what_was_typed(as_user, seller, shop, photo, kinds):
    sent = typed(photo, name="石榴冲香柚", description="自家种的。", do="pattern")
    answer = as_user(seller).post(f"{NEW}?shop={shop.pk}", sent)
    form = answer.context["form"]
    text = form["description"].value()
    assert text.startswith("自家种的。\n\n品种：＿\n单果重：＿\n一箱净重和个数：5斤，＿\n")
    assert errors_of(answer) == {}
    assert form.fields["description"].widget.attrs["autofocus"]
    [shown] = form.slot("description").findings
    assert (shown.title, form.slot("description").rest) == ("“＿”还空着", text.count("＿") - 1)
    assert not Product.objects.exists()
    sent_as_is = as_user(seller).post(f"{NEW}?shop={shop.pk}", dict(sent) | {"description": text, "do": ""})
    n = text.count("＿")
    assert errors_of(sent_as_is)["description"] == [f"还有 {n} 处空着，头一处是“品种：＿”，填好再交"]
    back = dict(sent) | {"description": text.replace("\n", "\r\n"), "pattern_text": form.data["pattern_text"]}
    answer = as_user(seller).post(f"{NEW}?shop={shop.pk}", back | {"do": "pattern-back"})
    assert answer.context["form"]["description"].value() == "自家种的。"


def test_pattern_that_was_changed_meanwhile_is_not_taken_out(as_user, seller, shop, photo, kinds):
    sent = typed(
        photo, name="石榴冲香柚", description="品种：沙田柚", pattern_text="品种：＿", do="pattern-back"
    )
    answer = as_user(seller).post(f"{NEW}?shop={shop.pk}", sent)
    assert answer.context["form"]["description"].value() == "品种：沙田柚"
    assert "样子已经改过" in answer.content.decode()


def test_person_without_a_shop_may_fill_in_too(as_user, seller, photo, kinds):
    answer = as_user(seller).post(NEW, first(photo, name="石榴冲香柚", do="pattern"))
    assert answer.context["form"]["description"].value().startswith("品种：＿")


@pytest.mark.parametrize(
    ("name", "told"),
    [("后腿腊肉", "这样货要有证才能卖"), ("冰糖橙", "看名称认不出是哪样货"), ("", "看名称认不出是哪样货")],
)
def test_no_description_for_goods_without_their_paper_or_unknown(
    as_user, seller, shop, photo, kinds, name, told
):
    sent = typed(photo, name=name, description="写了一句。", do="pattern")
    answer = as_user(seller).post(f"{NEW}?shop={shop.pk}", sent)
    assert answer.context["form"]["description"].value() == "写了一句。"
    assert told in answer.content.decode()


def test_description_that_is_long_already_stays_as_it_is(as_user, seller, shop, photo, kinds):
    long = "一句。" * 330
    answer = as_user(seller).post(
        f"{NEW}?shop={shop.pk}", typed(photo, name="香柚", description=long, do="pattern")
    )
    assert answer.context["form"]["description"].value() == long
    assert "样子放不下" in answer.content.decode()


def test_only_the_inserted_text_is_taken_out():
    assert patterns.take_back("前面。\n\n样子\n后面", "样子") == "前面。\n后面"
    assert patterns.take_back("前面。", "样子") is None
    assert patterns.take_back("前面。", "") is None
    assert patterns.insert_text("", "样子", 5) == "样子"
    assert patterns.insert_text("前面。", "样子", 5) is None
