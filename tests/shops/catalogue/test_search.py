import random

import pytest
from django.core.management import call_command
from django.db import connection

from shops.catalogue import queries
from shops.catalogue.queries import ProductQuery
from shops.models import Product
from shops.products import search
from shops.products.search import split_words
from tests.factories import make_category, make_person, make_product, make_shop
from tests.shops.catalogue.all_pages import every_id

pytestmark = pytest.mark.both_databases


@pytest.fixture
def shop(seller, village):
    return make_shop(seller, village, name="梅姨家的橙园")


def listed(shop, **fields):
    product = make_product(shop, **fields)
    search.index_products([product])
    return product


def found(typed: str) -> list[str]:
    wish = ProductQuery(words=split_words(typed))
    return [row.name for row in queries.fetch_page(wish).rows]


@pytest.mark.parametrize(
    "typed",
    [
        "红心蜜柚", "红心", "心蜜", "蜜柚", "柚", "红", "沙田", "hongxinmiyou", "hongxin", "xinmi", "you",
        "HXMY", "hx", "my", "ｈｘｍｙ", "水果柚", "石榴冲", "榴冲村", "冲", "shiliuchong", "slc", "青溪", "qxz",
        "梅姨", "橙园", "meiyi", "myjdcy", "红心 石榴", "柚 slc 梅", "h", "5.5", "·",
    ],
)  # fmt: skip
def test_search_finds_any_piece_of_its_names(shop, typed):
    listed(shop, name="红心蜜柚·5.5斤", variety="沙田柚", category=make_category("水果柚子"))
    listed(shop, name="茶", category=make_category("茶叶"))
    assert "红心蜜柚·5.5斤" in found(typed)


@pytest.mark.parametrize("typed", ["蜜红", "柚心", "龘靐", "zzzz", "红心 竹坪", "心蜜柚子红", "村青", "柚山"])
def test_search_finds_nothing_else(shop, typed):
    listed(shop, name="红心蜜柚", category=make_category("水果"))
    assert found(typed) == []


@pytest.mark.parametrize("typed", ["橘子", "桔子", "橘", "桔", "juzi"])
def test_search_finds_tangerines_however_they_are_written(shop, typed):
    listed(shop, name="南丰蜜橘")
    listed(shop, name="早熟蜜桔")
    listed(shop, name="红柑", category=make_category("柑橘"))
    listed(shop, name="冰糖橙", category=make_category("橙"))
    listed(shop, name="橙子", category=make_category("橙"))
    assert found(typed) == ["红柑", "早熟蜜桔", "南丰蜜橘"]


def test_search_finds_names_beyond_the_common_characters(shop):
    listed(shop, name="𠮷家㛃橙")
    assert found("𠮷") == found("𠮷家") == found("㛃") == found("家㛃") == ["𠮷家㛃橙"]


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "withdrawn"])
def test_search_leaves_out_what_is_not_on_sale(shop, status):
    listed(shop, name="红心蜜柚", status=status)
    assert found("蜜柚") == []


def test_search_leaves_out_closed_shops(shop):
    listed(shop, name="红心蜜柚")
    shop.is_open = False
    shop.save()
    assert found("蜜柚") == []


def test_index_follows_a_new_name(shop):
    product = listed(shop, name="红心蜜柚", category=make_category("水果"))
    product.name = "冰糖橙"
    product.save()
    search.index_products([product])
    assert (found("蜜柚"), found("糖橙")) == ([], ["冰糖橙"])


def test_index_follows_a_renamed_shop(shop):
    listed(shop, name="红心蜜柚")
    shop.name = "老吴坡地"
    shop.save()
    search.index_many(Product.objects.filter(shop=shop))
    assert (found("梅姨"), found("老吴")) == ([], ["红心蜜柚"])


def test_index_forgets_a_deleted_product(shop):
    product = make_product(shop, stock=0)
    search.index_products([product])
    product.price_changes.all().delete()
    product.delete()
    with connection.cursor() as cursor:
        cursor.execute(search.build_hits_sql(), [search.build_query(["冰糖"])])
        assert cursor.fetchall() == []


def test_index_many_takes_chunks(shop, monkeypatch):
    monkeypatch.setattr(search, "CHUNK", 2)
    products = [make_product(shop, name=f"蜜柚{n}") for n in range(5)]
    search.index_many(Product.objects.all())
    assert sorted(found("蜜柚")) == [product.name for product in products]
    assert not Product.objects.filter(search_text="").exists()


def test_index_products_mends_what_came_in_another_way(shop, capsys):
    make_product(shop, name="红心蜜柚")
    assert found("蜜柚") == []
    call_command("index_products")
    assert (found("蜜柚"), capsys.readouterr().out) == (["红心蜜柚"], "1 products\n")


def test_index_writes_the_text_with_every_spelling_once(shop):
    product = listed(shop, name="蜜柚", category=make_category("蜜柚"))
    product.refresh_from_db()
    assert product.search_text.split("\n") == [
        "蜜柚", "miyou", "my",
        "梅姨家的橙园", "meiyijiadechengyuan", "myjdcy",
        "石榴冲村", "shiliuchongcun", "slcc",
        "青溪镇", "qingxizhen", "qxz",
    ]  # fmt: skip


LETTERS = "红心蜜柚橙子山村ab1 ·.%_'\"\\"


@pytest.mark.long
@pytest.mark.parametrize(
    ("window", "sample", "common"), [(5000, 400, 24), (5000, 4, 2), (7, 4, 2), (3, 9, 99)]
)
def test_search_agrees_with_reading_every_text(village, monkeypatch, window, sample, common):
    """For rare and common words, by the index and by scanning, in windows of any size."""
    for name, value in {"WINDOW": window, "SAMPLE": sample, "COMMON": common}.items():
        monkeypatch.setattr(queries, name, value)
    dice = random.Random(window * sample)
    shops = [make_shop(make_person(name), village, name=name) for name in ("老吴", "ab柚园", "红'心")]
    for _n in range(60):
        name = "".join(dice.choices(LETTERS, k=dice.randrange(1, 7)))
        make_product(dice.choice(shops), name=name, variety=dice.choice(["", "沙田柚", "b1"]))
    search.index_many(Product.objects.all())
    texts = dict(Product.objects.values_list("pk", "search_text"))
    for typed in typings(dice, list(texts.values())):
        asked = split_words(typed)
        expected = {pk for pk, text in texts.items() if all(word in text for word in asked)}
        ids = every_id(ProductQuery(words=asked), size=5)
        assert (len(ids), set(ids)) == (len(expected), expected), typed


def typings(dice: random.Random, texts: list[str]) -> list[str]:
    made = []
    for _n in range(25):
        text = dice.choice(texts)
        start = dice.randrange(len(text))
        made.append(text[start : start + dice.randrange(1, 6)])
        made.append("".join(dice.choices(LETTERS, k=dice.randrange(1, 4))))
    return made + [f"{made[n]} {made[n + 1]}" for n in range(0, 20, 2)]
