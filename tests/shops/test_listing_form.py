"""上架一款: from an empty form to a product that waits for approval, whatever is typed and however often it is sent."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Consent
from shops.models import Category, ListingDraft, PriceChange, Product, ProductPhoto, Shop, StockMove
from tests.factories import make_category, make_person, make_photo, make_product, make_shop

NEW = "/me/shop/new/"


@pytest.fixture
def kinds(db) -> dict[str, Category]:
    words = {"橙子": "橙", "柚子": "柚", "禽蛋": "蛋", "茶叶": "茶"}
    return {name: make_category(name, hints=hints) for name, hints in words.items()}


@pytest.fixture
def shop(seller, village, kinds) -> Shop:
    return make_shop(seller, village, contact=seller.phone, address="石榴冲村三组")


@pytest.fixture
def photo(seller):
    return make_photo(seller)


def typed(photo=None, **fields) -> dict:
    """What the browser sends for a whole form."""
    whole = {
        "key": str(uuid.uuid4()),
        "photos": [photo.key] if photo else [],
        "name": "石榴冲冰糖橙",
        "category": "",
        "unit": "box",
        "box_grams": "5",
        "price_fen": "29.90",
        "stock": "40",
        "harvest_until": "12月30日",
        "harvest_from": "",
        "grower": "own",
        "description": "",
        "variety": "",
        "origin": "柚山县青溪镇石榴冲村",
        "do": "submit",
    }
    return whole | fields


def first(photo, **fields) -> dict:
    """The same from somebody without a shop."""
    opening = {
        "shop_name": "周梅英家的小店",
        "contact": "139 1234 5678",
        "contact_ok": "on",
        "address": "石榴冲村三组 18 号",
    }
    return typed(photo, **opening | fields)


def errors_of(response) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# --- the first listing of a new shop ----------------------------------------------------------------------


def test_first_listing_opens_the_shop_and_submits_the_product(as_user, seller, village, photo, kinds):
    response = as_user(seller).post(NEW, first(photo))
    product, shop = Product.objects.get(), Shop.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/me/shop/products/{product.pk}/")
    assert (shop.owner, shop.place, shop.name) == (seller, village, "周梅英家的小店")
    assert (str(shop.contact), shop.address) == ("+8613912345678", "石榴冲村三组 18 号")
    assert shop.slug == "zhou-mei-ying-jia-de-xiao-dian"
    assert product.status == "submitted"
    assert (product.name, product.category, product.grower) == ("石榴冲冰糖橙", kinds["橙子"], "own")
    assert (product.unit, product.net_grams, product.price_fen, product.stock) == ("box", 2500, 2990, 40)
    assert (product.harvest_from, product.harvest_until.month) == (timezone.localdate(), 12)
    assert (product.cover, product.created_by, product.place) == (photo, seller, village)
    assert "bingtangcheng" in product.search_text


def test_first_listing_writes_its_rows(as_user, seller, photo, kinds):
    sent = first(photo)
    as_user(seller).post(NEW, sent)
    move, price = StockMove.objects.get(), PriceChange.objects.get()
    assert (move.delta, move.reason, move.actor, str(move.event_id)) == (40, "first", seller, sent["key"])
    assert (price.price_fen, price.net_grams, price.unit, price.actor) == (2990, 2500, "box", seller)
    assert ProductPhoto.objects.get().photo == photo
    assert Consent.objects.filter(user=seller, kind="public_contact", withdrawn_at=None).count() == 1
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["consent_given", "shop_opened", "product_submitted"]


def test_the_contact_is_public_only_when_ticked(as_user, seller, photo, kinds):
    sent = first(photo)
    del sent["contact_ok"]
    response = as_user(seller).post(NEW, sent)
    assert errors_of(response) == {"contact_ok": ["卖家要公开一个联系电话，同意就勾上。"]}
    assert not Shop.objects.exists()
    assert not Consent.objects.exists()


def test_the_empty_form_is_filled_in_as_far_as_it_can_be(as_user, seller, village, kinds):
    form = as_user(seller).get(NEW).context["form"]
    assert form.initial["shop_name"] == "周梅英家的小店"
    assert (form.initial["contact"], form.initial["address"]) == (str(seller.phone), "柚山县青溪镇石榴冲村")
    assert form["unit"].value() == "box"
    assert form["grower"].value() is None
    assert form["contact_ok"].value() is None


def test_a_second_listing_asks_nothing_about_the_shop(as_user, seller, shop):
    response = as_user(seller).get(NEW)
    assert "shop_name" not in response.context["form"].fields
    assert "必填" not in response.content.decode()


def test_who_may_not_sell_is_led_to_what_it_takes(as_user, trainee):
    assert as_user(trainee).get(NEW)["Location"] == "/me/shop/"
    assert as_user(trainee).post(NEW, first(None))["Location"] == "/me/shop/"
    assert not ListingDraft.objects.exists()


# --- sent twice, lost, put aside --------------------------------------------------------------------------


def test_a_form_sent_twice_is_one_product(as_user, seller, photo, kinds):
    sent, client = first(photo), as_user(seller)
    one, two = client.post(NEW, sent), client.post(NEW, sent)
    assert one["Location"] == two["Location"]
    assert (Product.objects.count(), Shop.objects.count(), StockMove.objects.count()) == (1, 1, 1)


def test_anothers_key_makes_nothing_of_theirs_visible(as_user, seller, shop, photo, stranger, other_village):
    theirs = make_product(make_shop(stranger, other_village))
    key = str(theirs.moves.get().event_id)
    response = as_user(seller).post(NEW, typed(photo, key=key))
    assert response.status_code == 200
    assert errors_of(response) == {"key": ["这一页放得太久了，刷新再填"]}
    assert Product.objects.sold_by(seller).count() == 0


def test_a_form_without_its_key_is_asked_to_be_made_anew(as_user, seller, shop, photo):
    response = as_user(seller).post(NEW, typed(photo, key="x"))
    assert errors_of(response) == {"key": ["这一页放得太久了，刷新再填"]}


def test_errors_keep_words_and_photos_and_a_draft(as_user, seller, shop, photo):
    client = as_user(seller)
    response = client.post(NEW, typed(photo, price_fen="12,5", description="皮薄汁多"))
    form = response.context["form"]
    assert errors_of(response) == {"price_fen": ["数字里不用逗号，写成 29.90 这样"]}
    assert form["price_fen"].value() == "12,5"
    assert form["description"].value() == "皮薄汁多"
    assert f'value="{photo.key}"' in response.content.decode()
    draft = ListingDraft.objects.get()
    assert (draft.user, draft.shop, draft.name, draft.is_open) == (seller, shop, "石榴冲冰糖橙", False)
    assert list(draft.photos.all()) == [photo]


def test_the_draft_becomes_the_product(as_user, seller, shop, photo):
    client, sent = as_user(seller), typed(photo)
    client.post(NEW, sent | {"stock": ""})
    client.post(NEW, sent)
    assert Product.objects.get().stock == 40
    assert not ListingDraft.objects.exists()


def test_half_a_form_can_be_put_aside_and_come_back_to(as_user, seller, shop, photo):
    client = as_user(seller)
    sent = typed(photo, price_fen="", stock="", grower="", do="draft")
    assert client.post(NEW, sent)["Location"] == f"/me/shop/?shop={shop.pk}"
    draft = ListingDraft.objects.get()
    page = client.get("/me/shop/")
    assert [one.name for one in page.context["drafts"]] == ["石榴冲冰糖橙"]
    form = client.get(f"{NEW}?draft={draft.pk}").context["form"]
    assert (form["name"].value(), form["box_grams"].value()) == ("石榴冲冰糖橙", "5")
    assert (str(form["key"].value()), form["photos"].value()) == (sent["key"], [photo])
    client.post(NEW, typed(photo, key=sent["key"]))
    assert Product.objects.get().moves.get().event_id == uuid.UUID(sent["key"])
    assert not ListingDraft.objects.exists()


def test_nothing_is_nothing_to_put_aside(as_user, seller, shop):
    response = as_user(seller).post(NEW, {"key": str(uuid.uuid4()), "do": "draft"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "还没有照片，也没有名称，没什么可存的。"
    ]
    assert not ListingDraft.objects.exists()


def test_a_draft_is_its_writers_alone(as_user, seller, shop, stranger, photo):
    as_user(seller).post(NEW, typed(photo, do="draft"))
    pk = ListingDraft.objects.get().pk
    client = as_user(stranger)
    make_shop(stranger, stranger.granted[0].place)
    assert client.get(f"{NEW}?draft={pk}").status_code == 404
    assert client.post(f"/me/shop/drafts/{pk}/drop/").status_code == 404
    assert ListingDraft.objects.filter(pk=pk).exists()


def test_a_draft_is_dropped_after_asking(as_user, seller, shop, photo):
    client = as_user(seller)
    client.post(NEW, typed(photo, do="draft"))
    url = f"/me/shop/drafts/{ListingDraft.objects.get().pk}/drop/"
    assert "删掉“石榴冲冰糖橙”的草稿？" in client.get(url).content.decode()
    assert ListingDraft.objects.exists()
    assert client.post(url)["Location"] == "/me/shop/"
    assert not ListingDraft.objects.exists()


def test_photos_of_an_open_form_are_there_again_after_the_page_was_lost(as_user, seller, shop, photo):
    client, key = as_user(seller), str(uuid.uuid4())
    assert client.post(NEW, {"key": key, "do": "photos", "photos": [photo.key]}).status_code == 204
    assert client.get("/me/shop/").context["drafts"] == []
    form = client.get(NEW).context["form"]
    assert (str(form["key"].value()), form["photos"].value(), form["name"].value()) == (key, [photo], None)
    client.post(NEW, {"key": key, "do": "photos", "photos": []})
    assert client.get(NEW).context["form"]["photos"].value() is None


def test_an_open_form_keeps_no_photos_of_others(as_user, seller, shop, stranger):
    theirs, key = make_photo(stranger), str(uuid.uuid4())
    as_user(seller).post(NEW, {"key": key, "do": "photos", "photos": [theirs.key]})
    assert not ListingDraft.objects.exists()


def test_photos_of_others_are_not_taken_into_a_listing(as_user, seller, shop, stranger):
    response = as_user(seller).post(NEW, typed(make_photo(stranger)))
    assert errors_of(response) == {"photos": ["有 1 张照片找不到了，重新传一次"]}
    assert not Product.objects.exists()


def test_a_session_lost_on_the_way_brings_the_words_back(client, seller, shop, photo):
    response = client.post(NEW, typed(photo, name="红心蜜柚"))
    assert response["Location"].startswith("/accounts/login/?next=")
    session = client.session["kept_form"]
    client.force_login(seller)
    kept = client.session
    kept["kept_form"] = session
    kept.save()
    form = client.get(NEW).context["form"]
    assert (form["name"].value(), form["price_fen"].value()) == ("红心蜜柚", "29.90")
    assert form["photos"].value() == [photo]


def test_a_get_writes_nothing(as_user, seller, shop, photo):
    client = as_user(seller)
    make_product(shop)
    client.get(NEW)
    client.get(f"{NEW}?again=1")
    assert (ListingDraft.objects.count(), Product.objects.count()) == (0, 1)


# --- bad input --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("price_fen", "-1", "不能是负数"),
        ("price_fen", "0", "要大于 0"),
        ("price_fen", "1e9", "用数字写，比如 29.90"),
        ("price_fen", "1000000000", "最多 100,000，看看是不是多打了 0"),
        ("price_fen", "12,5", "数字里不用逗号，写成 29.90 这样"),
        ("price_fen", "十二", "用数字写，比如 29.90"),
        ("price_fen", "29.999", "小数点后最多 2 位，比如 29.90"),
        ("price_fen", "", "这一项要填"),
        ("stock", "9" * 30, "用数字写，比如 40"),
        ("stock", "2147483648", "最多 1,000,000，看看是不是多打了 0"),
        ("stock", "0", "要大于 0"),
        ("stock", "3.5", "要整数，比如 40"),
        ("box_grams", "", "称一称，一箱净重几斤"),
        ("box_grams", "0", "要大于 0"),
        ("box_grams", "五", "用数字写，比如 2.5"),
        ("box_grams", "9999", "最多 2,000，看看是不是多打了 0"),
        ("name", "橙" * 200, "最多 30 个字，多了 170 个"),
        ("name", "冰糖橙🍊", "这里不能用表情符号"),
        ("name", "  ", "这一项要填"),
        ("harvest_until", "快过年", "写成 12月10日 或 12.10 这样"),
        ("harvest_until", "2月30日", "没有这一天，看看月份和日子"),
        ("harvest_until", "2020-01-01", "这一天已经过了，写采完的那天"),
        ("harvest_until", "", "这一项要填"),
        ("harvest_from", "12月31日", "开始采的那天，不能在采完以后"),
        ("grower", "", "选一个"),
        ("grower", "aliens", "没有这一项，重新选一个"),
        ("unit", "ton", "没有这一项，重新选一个"),
        ("category", "999999", "没有这一项，重新选一个"),
        ("description", "好" * 1001, "最多 1000 个字，多了 1 个"),
        ("origin", "村" * 61, "最多 60 个字，多了 1 个"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(as_user, seller, shop, photo, field, value, sentence):
    response = as_user(seller).post(NEW, typed(photo, **{field: value}))
    assert response.status_code == 200
    assert errors_of(response) == {field: [sentence]}
    assert sentence in response.content.decode()
    assert not Product.objects.exists()


def test_without_a_photo_it_says_so(as_user, seller, shop):
    assert errors_of(as_user(seller).post(NEW, typed())) == {"photos": ["先拍一张照片"]}


def test_a_name_that_fits_no_kind_asks_for_one(as_user, seller, shop, photo, kinds):
    client, sent = as_user(seller), typed(photo, name="手编竹篮")
    assert errors_of(client.post(NEW, sent)) == {"category": ["看名称猜不出来，选一个种类"]}
    client.post(NEW, sent | {"category": kinds["茶叶"].pk})
    assert Product.objects.get().category == kinds["茶叶"]


@pytest.mark.parametrize(
    ("name", "kind"), [("冰糖橙", "橙子"), ("红心蜜柚", "柚子"), ("茶叶蛋", "禽蛋"), ("橙皮茶", "茶叶")]
)
def test_the_kind_is_guessed_from_the_name(as_user, seller, shop, photo, kinds, name, kind):
    as_user(seller).post(NEW, typed(photo, name=name))
    assert Product.objects.get().category == kinds[kind]


def test_what_cannot_be_seen_is_taken_out_of_a_name(as_user, seller, shop, photo):
    as_user(seller).post(NEW, typed(photo, name="冰糖\u202e橙\u200b　大果"))
    assert Product.objects.get().name == "冰糖橙 大果"


def test_script_is_words_and_nothing_more(as_user, seller, shop, photo):
    client = as_user(seller)
    words = "<script>alert(1)</script>橙"
    response = client.post(NEW, typed(photo, name=words, description=words, variety=words[:30]), follow=True)
    html = response.content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;橙" in html
    assert "<script>alert" not in client.get("/me/shop/").content.decode()


@pytest.mark.parametrize(
    ("fields", "unit", "grams"),
    [
        ({"unit": "jin", "box_grams": ""}, "jin", 500),
        ({"unit": "kg", "box_grams": "abc"}, "kg", 1000),
        ({"box_grams": "２．５公斤"}, "box", 2500),
        ({"box_grams": "10 斤"}, "box", 5000),
    ],
)
def test_a_unit_weighs_what_it_says(as_user, seller, shop, photo, fields, unit, grams):
    as_user(seller).post(NEW, typed(photo, **fields))
    assert Product.objects.values_list("unit", "net_grams").get() == (unit, grams)


@pytest.mark.parametrize(
    ("price", "fen"), [("￥29.9", 2990), ("２９．９０", 2990), ("30元", 3000), (" 7 ", 700)]
)
def test_prices_are_read_as_people_write_them(as_user, seller, shop, photo, price, fen):
    as_user(seller).post(NEW, typed(photo, price_fen=price))
    assert Product.objects.get().price_fen == fen


def test_the_price_tag_stands_on_a_form_that_came_back(as_user, seller, shop, photo):
    html = as_user(seller).post(NEW, typed(photo, stock="")).content.decode()
    assert re.search(r"<b data-per-jin>5\.98</b>", html)
    assert re.search(r"合 ¥<span data-per-kg>11\.96</span>/公斤", html)
    empty = as_user(seller).get(NEW).content.decode()
    assert '<div class="tag" data-price-tag hidden>' in empty


def test_no_field_is_so_wrong_that_the_page_breaks(as_user, seller, shop, photo):
    client = as_user(seller)
    for rubbish in ("\x00", "☃" * 5000, "' OR 1=1", "${7*7}", "-0", "NaN", "٣", "[]", "\u202e"):
        for field in typed():
            if field in ("photos", "do"):
                continue
            assert client.post(NEW, typed(photo) | {field: rubbish}).status_code in (200, 302)


# --- the shop that is not ready, several shops, like last time ----------------------------------------------


def test_a_product_of_a_closed_shop_stays_a_draft_and_says_why(as_user, seller, shop, photo):
    Shop.objects.update(is_open=False)
    response = as_user(seller).post(NEW, typed(photo), follow=True)
    assert Product.objects.get().status == "draft"
    assert response.context["missing"] == ["小店关着，先把店打开"]
    assert [str(message) for message in response.context["messages"]] == ["小店关着，先把店打开"]


def test_like_last_time_brings_all_but_photos_stock_and_days(as_user, seller, shop, kinds):
    make_product(shop, name="旧橙", category=kinds["橙子"])
    make_product(
        shop,
        name="冰糖橙",
        category=kinds["橙子"],
        price_fen=3990,
        net_grams=5000,
        grower="coop",
        variety="锦红",
    )
    form = as_user(seller).get(f"{NEW}?again=1").context["form"]
    values = {name: form[name].value() for name in form.fields}
    assert (values["name"], values["category"], values["variety"]) == ("冰糖橙", kinds["橙子"].pk, "锦红")
    assert (values["unit"], values["box_grams"], values["price_fen"]) == ("box", "10", "39.90")
    assert (values["grower"], values["stock"], values["photos"]) == ("coop", None, None)
    assert (values["harvest_until"], values["harvest_from"]) == (None, None)


def test_each_shop_gets_its_own_listing(as_user, seller, shop, village, photo, kinds):
    other_owner = make_person("龙二妹", ("seller", village))
    helped = make_shop(other_owner, village, contact=other_owner.phone, address="四组")
    helped.helpers.add(seller)
    client = as_user(seller)
    client.post(f"{NEW}?shop={helped.pk}", typed(photo))
    assert Product.objects.get().shop == helped
    assert Product.objects.get().created_by == seller
    assert client.get(f"{NEW}?shop=999999").status_code == 404


def test_a_shop_of_others_is_not_there(as_user, seller, shop, stranger, other_village, photo):
    theirs = make_shop(stranger, other_village)
    client = as_user(seller)
    assert client.get(f"{NEW}?shop={theirs.pk}").status_code == 404
    assert client.post(f"{NEW}?shop={theirs.pk}", typed(photo)).status_code == 404
    assert client.get(f"{NEW}?place={other_village.pk}").status_code == 404
    assert not Product.objects.exists()


# --- the same form for what is there already ------------------------------------------------------------------


@pytest.fixture
def published(shop, seller, photo, kinds) -> Product:
    product = make_product(shop, category=kinds["橙子"], origin="柚山县青溪镇石榴冲村", cover=photo)
    ProductPhoto.objects.create(product=product, photo=photo)
    return product


def as_it_stands(client, product: Product, **fields) -> dict:
    """The edit form as the browser would send it back untouched, but for these fields."""
    form = client.get(f"/me/shop/products/{product.pk}/edit/").context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent["photos"] = [photo.key for photo in sent["photos"]]
    return {name: "" if value is None else value for name, value in sent.items()} | {"do": "save"} | fields


def edit(client, product: Product, **fields):
    sent = as_it_stands(client, product, **fields)
    response = client.post(f"/me/shop/products/{product.pk}/edit/", sent)
    product.refresh_from_db()
    return response


def test_saving_what_was_not_changed_changes_nothing(as_user, seller, published):
    before = Product.objects.filter(pk=published.pk).values().get() | {"search_text": ""}
    response = edit(as_user(seller), published)
    assert response["Location"] == f"/me/shop/products/{published.pk}/"
    assert Product.objects.filter(pk=published.pk).values().get() | {"search_text": ""} == before
    assert published.price_changes.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "冰糖橙大果"},
        {"description": "皮薄"},
        {"variety": "锦红"},
        {"origin": "别处"},
        {"grower": "coop"},
    ],
)
def test_other_words_send_it_back_to_be_looked_at(as_user, seller, published, fields):
    edit(as_user(seller), published, **fields)
    assert published.status == "submitted"
    assert {name: getattr(published, name) for name in fields} == fields


def test_another_kind_or_photo_sends_it_back_too(as_user, seller, published, kinds, photo):
    client = as_user(seller)
    edit(client, published, category=kinds["茶叶"].pk)
    assert published.status == "submitted"
    Product.objects.update(status="published")
    new = make_photo(seller)
    edit(client, published, photos=[new.key, photo.key])
    assert published.status == "submitted"
    assert published.cover == new
    assert list(published.photos.values_list("photo", "position")) == [(new.pk, 0), (photo.pk, 1)]


def test_price_weight_and_days_hold_at_once(as_user, seller, published):
    edit(as_user(seller), published, price_fen="35", box_grams="6", harvest_until="12月31日")
    assert published.status == "published"
    assert (published.price_fen, published.net_grams, published.harvest_until.month) == (3500, 3000, 12)
    change = published.price_changes.first()
    assert (change.price_fen, change.net_grams, change.actor) == (3500, 3000, seller)


def test_the_page_says_so_before_anything_is_saved(as_user, seller, published):
    html = as_user(seller).get(f"/me/shop/products/{published.pk}/edit/").content.decode()
    assert "改了名称、文字、种类或照片，要等管理员再看一遍" in html


def test_a_returned_one_is_mended_and_submitted_in_one_go(as_user, seller, published):
    Product.objects.update(status="returned", return_reason="照片太暗")
    client = as_user(seller)
    assert "照片太暗" in client.get(f"/me/shop/products/{published.pk}/edit/").content.decode()
    edit(client, published, description="窗边拍的", do="submit")
    assert (published.status, published.return_reason) == ("submitted", "")


def test_a_season_that_is_over_does_not_stop_other_words(as_user, seller, published):
    over = timezone.localdate() - timedelta(days=300)
    Product.objects.update(harvest_from=over, harvest_until=over)
    published.refresh_from_db()
    edit(as_user(seller), published, name="去年的橙")
    assert (published.name, published.harvest_until) == ("去年的橙", over)


def test_stock_is_not_touched_by_editing(as_user, seller, published):
    client = as_user(seller)
    sent = as_it_stands(client, published, name="新名橙")
    Product.objects.update(stock=3)
    client.post(f"/me/shop/products/{published.pk}/edit/", sent | {"stock": "99"})
    published.refresh_from_db()
    assert (published.name, published.stock) == ("新名橙", 3)


def test_anothers_product_cannot_be_edited(as_user, stranger, organiser, published):
    for person in (stranger, organiser):
        url = f"/me/shop/products/{published.pk}/edit/"
        assert as_user(person).get(url).status_code == 404
        assert as_user(person).post(url, typed()).status_code == 404
