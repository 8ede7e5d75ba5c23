"""The text of a poster: what the listing states and nothing else, and its layout in lines and fonts."""

import datetime

from django.utils import timezone, translation

from accounts import consents
from media.models import Document
from shops.inventory import presales
from shops.models import Batch, Deal, Paper, PriceChange, Product
from shops.printables import text_layout
from shops.printables.content import describe_product, find_products, write_share_text
from ui import formats


def facts(product):
    with translation.override("zh-hans"):
        return describe_product(find_products().get(pk=product.pk), "http://testserver/x")


def test_poster_names_a_person_only_while_their_number_is_public(product, seller):
    assert facts(product).seller == "周梅英"
    assert ("谁种的", "周梅英") in facts(product).batch
    consents.withdraw(seller, "public_contact")
    assert facts(product).seller == ""
    assert [what for what, _how in facts(product).batch] == ["哪块地", "糖度"]


def test_poster_says_what_the_listing_says(product):
    told = facts(product)
    today = timezone.localdate()
    assert (told.per_jin, told.per_kg, told.pack) == ("5.98", "合 ¥11.96/公斤", "5斤装 ¥29.90")
    assert (told.whereabouts, told.shop, told.picked) == ("柚山县青溪镇石榴冲村", "梅姨家的橙园", "今天采的")
    assert told.chips == (("在采", "zest"), ("自家种的", "leaf"))
    day = f"{today.month}月{today.day}日"
    assert ("糖度", f"13.2 °Bx（{day}，手持折光仪）") in told.batch
    assert (told.struck, told.basis) == ("", "")


def test_poster_says_today_only_on_the_day(product):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    Batch.objects.update(harvested_on=yesterday)
    assert facts(product).picked == f"{formats.day(yesterday)}采的"


def test_poster_strikes_a_price_only_with_its_basis(product):
    now = timezone.now()
    week = now - datetime.timedelta(days=3)
    PriceChange.objects.filter(product=product).update(price_fen=3490, at=now - datetime.timedelta(days=9))
    Deal.objects.create(product=product, price_fen=3490, net_grams=2500, unit="box", quantity=1, at=week)
    PriceChange.objects.create(product=product, price_fen=2990, net_grams=2500, unit="box")
    assert facts(product).struck == ""
    Product.objects.update(shows_earlier=True)
    told = facts(product)
    assert told.struck == "6.98"
    assert "降价前 7 天里最低的成交价" in told.basis


def test_poster_shows_a_mark_while_its_paper_is_in_force(product, shop, seller):
    file = Document.objects.create(owner=seller, content_type="image/webp", bytes=1, sha256="0" * 64)
    today = timezone.localdate()
    paper = Paper.objects.create(
        shop=shop,
        kind="green",
        number="LB-1",
        holder="周梅英",
        file=file,
        status="accepted",
        expires_on=today,
    )
    assert ("绿色食品", "calico") in facts(product).chips
    paper.expires_on = today - datetime.timedelta(days=1)
    paper.save()
    assert ("绿色食品", "calico") not in facts(product).chips


def test_poster_of_a_presale_says_by_when_it_is_sent(product, seller):
    today = timezone.localdate()
    Product.objects.update(stock=0)
    assert facts(product).chips[-1] == ("卖完了", "sunk")
    ship_by = today + datetime.timedelta(days=20)
    presales.open_presale(product, seller, quota=50, closes_on=today, ship_by=ship_by)
    assert facts(product).chips[-1][0].startswith("预售 · ")


def test_share_text_is_the_listing_in_a_line_and_its_address(product):
    with translation.override("zh-hans"):
        text = write_share_text(product, "https://farm.example/products/1/")
    assert (
        text == "冰糖橙，每斤 ¥5.98（5斤装 ¥29.90），柚山县青溪镇石榴冲村\nhttps://farm.example/products/1/"
    )


def test_rare_characters_of_names_are_drawn_and_pictures_left_out():
    assert {path.name for path, _text in text_layout.split_runs("周梅英䶮", bold=True)} == {
        "NotoSansSC-Bold.ttf"
    }
    assert [path.name for path, _text in text_layout.split_runs("張", bold=True)] == ["NotoSansSC-Rare.otf"]
    assert "".join(text for _path, text in text_layout.split_runs("橙🍊好", bold=False)) in ("橙好", "橙🍊好")
    assert text_layout.measure_width("喆", 40) == 40


def test_lines_keep_words_whole_and_signs_at_their_end():
    lines, whole = text_layout.break_text("甲乙丙，丁", 20, False, 60, 3)
    assert (lines, whole) == (["甲乙", "丙，丁"], True)
    assert text_layout.break_text("red orange", 20, False, 70, 2)[0] == ["red", "orange"]
    assert text_layout.break_text("甲乙丙丁戊", 20, False, 60, 1) == (["甲乙…"], False)
