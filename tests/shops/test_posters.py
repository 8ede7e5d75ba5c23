import datetime
import io

import pytest
import zxingcpp
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone, translation
from PIL import Image

from accounts import consents
from media.models import Document
from shops import posters, presales
from shops.models import Batch, Deal, Paper, PriceChange, Product
from shops.posters import lettering
from shops.posters.said import rows, said, share_text
from tests.factories import make_category, make_photo, make_product, make_shop

LAYOUTS = ("large", "tagged", "fresh")


@pytest.fixture(autouse=True)
def _no_kept_posters():
    caches["posters"].clear()


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, name="梅姨家的橙园", contact="+8613800000003")


@pytest.fixture
def product(shop):
    """With a batch picked today that buyers may look up, and a photo."""
    batch = make_batch(shop)
    return make_product(shop, name="冰糖橙", origin="柚山县青溪镇", batch=batch, cover=make_photo())


def make_batch(shop, **fields) -> Batch:
    today = timezone.localdate()
    given = {
        "category": make_category(),
        "name": "冰糖橙",
        "origin": "柚山县",
        "plot": "屋后老井边那块坡",
        "grower_name": "周梅英",
        "harvested_on": today,
        "grams": 900_000,
        "brix_tenths": 132,
        "brix_on": today,
        "brix_tool": "手持折光仪",
    }
    return Batch.objects.create(**{"shop": shop} | given | fields)


def url_of(product, layout="large") -> str:
    return reverse("shops:poster", args=[product.pk, layout])


def facts(product):
    with translation.override("zh-hans"):
        return said(rows().get(pk=product.pk), "http://testserver/x")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_poster_is_a_picture_whose_code_leads_to_the_product(client, product, layout):
    response = client.get(url_of(product, layout))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    image = Image.open(io.BytesIO(response.content))
    assert (image.format, image.size) == ("PNG", (750, 1200))
    [code] = zxingcpp.read_barcodes(image)
    assert code.text == f"http://testserver{product.get_absolute_url()}?from=poster"
    page = client.get(code.text)
    assert page.status_code == 200
    assert '<h1 itemprop="name">冰糖橙</h1>' in page.content.decode()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_code_is_read_from_a_poster_that_a_chat_has_made_small(client, product, layout):
    image = Image.open(io.BytesIO(client.get(url_of(product, layout)).content)).convert("RGB")
    file = io.BytesIO()
    image.resize((540, 864)).save(file, "JPEG", quality=60)
    [code] = zxingcpp.read_barcodes(Image.open(file))
    assert code.text.endswith("?from=poster")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_poster_holds_the_longest_names_in_either_language(client, product, village, layout, settings):
    settings.SITE_ROLE = "practice"
    Product.objects.update(name="柚" * 30, price_fen=1_000_000_000, net_grams=10)
    product.shop.name, product.shop.legal_name = "园" * 30, "社" * 60
    product.shop.save()
    for language in ("zh-hans", "en"):
        response = client.get(url_of(product, layout), headers={"accept-language": language})
        image = Image.open(io.BytesIO(response.content))
        assert image.size == (750, 1200)
        assert len(zxingcpp.read_barcodes(image)) == 1


def test_poster_without_a_photo_or_with_a_lost_one_shows_the_mark_of_the_house(client, product):
    whole = client.get(url_of(product)).content
    Product.objects.update(cover=None)
    without = client.get(url_of(product)).content
    lost = make_photo()
    for name in lost.names:
        default_storage.delete(name)
    Product.objects.update(cover=lost)
    assert client.get(url_of(product)).content == without
    assert without != whole


def test_fresh_poster_needs_a_batch_that_buyers_may_look_up(client, product):
    Batch.objects.update(is_public=False)
    assert client.get(url_of(product, "fresh")).status_code == 404
    assert client.get(url_of(product, "large")).status_code == 200


def test_poster_of_an_unknown_layout_or_product_is_not_found(client, product):
    assert client.get(url_of(product, "gold")).status_code == 404
    assert client.get(reverse("shops:poster", args=[987654, "large"])).status_code == 404


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "withdrawn"])
def test_poster_of_what_is_not_on_sale_is_not_found_even_for_its_seller(as_user, product, status):
    client = as_user(product.shop.owner)
    assert client.get(url_of(product)).status_code == 200
    Product.objects.update(status=status)
    assert client.get(url_of(product)).status_code == 404


def test_poster_of_a_withdrawn_product_is_not_found_though_it_was_kept(client, product):
    first = client.get(url_of(product))
    product.status = Product.Status.WITHDRAWN
    product.save()
    assert client.get(url_of(product), headers={"if-none-match": first["ETag"]}).status_code == 404


def test_poster_of_a_closed_shop_is_not_found(client, product):
    product.shop.is_open = False
    product.shop.save()
    assert client.get(url_of(product)).status_code == 404


def test_poster_unchanged_is_304_by_one_query(client, product, django_assert_num_queries):
    first = client.get(url_of(product))
    with django_assert_num_queries(1):
        again = client.get(url_of(product), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_poster_unchanged_is_304_for_its_seller_too(as_user, product):
    client = as_user(product.shop.owner)
    first = client.get(url_of(product))
    assert client.get(url_of(product), headers={"if-none-match": first["ETag"]}).status_code == 304


def test_poster_is_drawn_once_and_again_when_what_it_says_has_changed(
    client, product, monkeypatch, django_assert_num_queries
):
    drawn = []
    draw = posters.drawn
    monkeypatch.setattr(posters, "drawn", lambda *args: drawn.append(args) or draw(*args))
    first = client.get(url_of(product)).content
    with django_assert_num_queries(
        4
    ):  # the stamp; the product; what stands beside its price; its batch's pledge
        assert client.get(url_of(product)).content == first
    product.stock = 9
    product.save()
    assert client.get(url_of(product)).content == first
    assert len(drawn) == 1
    product.price_fen = 2890
    product.save()
    assert client.get(url_of(product)).content != first
    assert len(drawn) == 2


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
    assert facts(product).picked == f"{yesterday.month}月{yesterday.day}日采的"


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
        text = share_text(product, "https://farm.example/products/1/")
    assert (
        text == "冰糖橙，每斤 ¥5.98（5斤装 ¥29.90），柚山县青溪镇石榴冲村\nhttps://farm.example/products/1/"
    )


def test_rare_characters_of_names_are_drawn_and_pictures_left_out():
    assert {path.name for path, _text in lettering.runs("周梅英䶮", bold=True)} == {"NotoSansSC-Bold.ttf"}
    assert [path.name for path, _text in lettering.runs("張", bold=True)] == ["NotoSansSC-Rare.woff2"]
    assert "".join(text for _path, text in lettering.runs("橙🍊好", bold=False)) in ("橙好", "橙🍊好")
    assert lettering.width("喆", 40) == 40


def test_lines_keep_words_whole_and_signs_at_their_end():
    lines, whole = lettering.broken("甲乙丙，丁", 20, False, 60, 3)
    assert (lines, whole) == (["甲乙", "丙，丁"], True)
    assert lettering.broken("red orange", 20, False, 70, 2)[0] == ["red", "orange"]
    assert lettering.broken("甲乙丙丁戊", 20, False, 60, 1) == (["甲乙…"], False)
