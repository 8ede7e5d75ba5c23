import datetime

import pytest
from django.utils import translation

from shops.listings import requirements, review
from shops.models import ListingDraft, Product, Proof
from shops.products.public_words import describe_rest
from shops.texts import text_check
from tests.factories import make_batch, make_category, make_photo, make_product, make_rate, make_shop
from tests.media.pictures import jpeg, upload
from wording.models import Check

URL = "/me/shop/wording/"


@pytest.fixture
def shop(seller, village):
    shop = make_shop(seller, village, contact=seller.phone, address="柚山县青溪镇石榴冲村")
    make_rate(shop)
    return shop


def listing(seller, **fields) -> dict:
    whole = {
        "key": "6f1c2d3e-1111-4222-8333-944455566677",
        "photos": [make_photo(seller).key],
        "name": "石榴冲冰糖橙",
        "category": str(make_category().pk),
        "unit": "box",
        "box_grams": "5",
        "price_fen": "29.9",
        "stock": "10",
        "harvest_until": "12.10",
        "grower": "own",
        "description": "",
        "do": "submit",
    }
    return whole | fields


def test_wording_answers_the_findings_of_one_box_and_writes_nothing(as_user, seller, shop):
    page = (
        as_user(seller).post(URL, {"field": "name", "name": "石榴冲最甜冰糖橙", "seen": ""}).content.decode()
    )
    assert 'id="wording-name"' in page
    assert "石榴冲<mark>最甜</mark>冰糖橙" in page
    assert 'data-rewrite="甜"' in page
    assert 'data-say="有 1 处要看：最甜"' in page
    assert Check.objects.count() == 0


def test_a_refused_change_is_offered_what_was_measured_of_the_batch(as_user, seller, shop):
    day = datetime.date(2026, 11, 20)
    batch = make_batch(shop, brix_tenths=117, brix_on=day, brix_tool="手持糖度计")
    product = make_product(shop, status="published", batch=batch)
    typed = listing(seller, description="全网最甜。", do="save")
    page = as_user(seller).post(f"/me/shop/products/{product.pk}/edit/", typed).content.decode()
    assert ("糖度 11.7（11月20日实测）" in page, "糖度＿＿度" in page) == (True, False)


REST = "还有 1636 处没列出来，先改上面这些。"


@pytest.mark.long
def test_thousands_of_findings_are_shown_as_thirty_and_how_many_more(as_user, seller, shop):
    client, text = as_user(seller), "最好的" * 7000
    typed = client.post(URL, {"field": "description", "description": text[:4998]})
    page = typed.content.decode()
    assert (page.count('<div class="finding '), REST in page) == (30, True)
    assert typed.context["slot"].said.startswith("有 1666 处要看：最好的、最好的、")
    assert len(page) < 150_000
    sent = client.post("/me/shop/new/", listing(seller, description=text, name="最好的" * 10))
    page = sent.content.decode()
    assert sent.context["form"]["description"].value() == text
    assert page.count('<div class="finding ') == 40  # ten of them in the name
    assert len(page) < 300_000
    with translation.override("en"):
        assert describe_rest(1) == "1 more is not shown. Change the ones above first."


@pytest.mark.long
def test_errors_and_what_is_missing_name_thirty_findings(as_user, seller, organiser, shop):
    text = "最好的" * 33
    form = as_user(seller).post("/me/shop/new/", listing(seller, description=text)).context["form"]
    told = list(form.errors["description"])
    assert told == ["“最好的”不能用"] * 30 + ["还有 3 处没列出来，先改上面这些。"]
    product = make_product(shop, description=text, status="submitted")
    reasons = requirements.check_texts(product, True)
    assert (len(reasons), reasons[-1]) == (31, "还有 3 处没列出来，先改上面这些。")
    page = as_user(seller).get(f"/me/shop/products/{product.pk}/appeal/")
    assert (len(page.context["findings"]), page.context["more"]) == (30, reasons[-1])
    looked = review.ReviewContext(product, text_check.check_product(product))
    assert (len(looked.findings), looked.more) == (30, reasons[-1])
    page = as_user(seller).post(f"/me/shop/{shop.pk}/", {"story": text}).content.decode()
    assert (page.count('<div class="finding '), reasons[-1] in page) == (30, True)


def test_a_slip_says_its_article_in_words_and_what_stands_around_whole(as_user, seller, shop):
    text = "今年收成比去年好，糖度13.2度，今年的果子大家吃了美容养颜，一箱净重五斤，当天采当天发，不打蜡"
    slots = as_user(seller).post(URL, {"field": "description", "description": text})
    slip = next(one for one in slots.context["slot"].findings if one.found.finding.words == "美容养颜")
    assert slip.before == "…13.2度，今年的果子大家吃了"
    assert slip.after == "，一箱净重五斤，当天采当天发…"
    assert slip.rewritten == "…收成比去年好，糖度13.2度，一箱净重五斤，当天采当天发…"
    page = as_user(seller).post(URL, {"field": "name", "name": "最甜冰糖橙"}).content.decode()
    assert "依据：广告法第九条第三项" in page


def test_wording_of_the_same_findings_is_not_drawn_again(as_user, seller, shop):
    client, sent = as_user(seller), {"field": "name", "name": "石榴冲最甜冰糖橙"}
    seen = client.post(URL, sent).context["slot"].seen
    assert client.post(URL, sent | {"seen": seen}).status_code == 204
    assert client.post(URL, sent | {"seen": seen, "name": "石榴冲冰糖橙"}).status_code == 200


def test_wording_holds_the_words_against_what_the_other_boxes_say(as_user, seller, shop):
    sent = {"field": "description", "description": "10斤装", "unit": "box", "box_grams": "5"}
    assert [one.found.finding.rule for one in as_user(seller).post(URL, sent).context["slot"].findings] == [
        "B1"
    ]
    assert as_user(seller).post(URL, sent | {"box_grams": "10"}).context["slot"].findings == []


def test_wording_refuses_other_boxes(as_user, seller, shop):
    assert as_user(seller).post(URL, {"field": "csrf", "csrf": "x"}).status_code == 422


def test_wording_speaks_english_to_who_reads_it(as_user, seller, shop):
    client = as_user(seller)
    client.cookies["django_language"] = "en"
    page = client.post(URL, {"field": "name", "name": "最甜冰糖橙"})
    assert page.context["slot"].findings[0].found.finding.reason.isascii()


def test_wording_of_anothers_product_is_not_there(as_user, seller, stranger, shop):
    product = make_product(shop)
    assert (
        as_user(stranger).post(f"{URL}?product={product.pk}", {"field": "name", "name": "橙"}).status_code
        == 404
    )


def test_too_many_looks_are_passed_over_quietly(as_user, seller, shop, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"wording": "1/m/key"}
    client, sent = as_user(seller), {"field": "name", "name": "最甜冰糖橙"}
    assert [client.post(URL, sent).status_code for _try in range(2)] == [200, 204]


def test_blocking_words_stop_the_listing_and_keep_what_was_typed(as_user, seller, shop):
    page = as_user(seller).post("/me/shop/new/", listing(seller, name="石榴冲最甜冰糖橙"))
    assert page.context["form"].errors == {"name": ["“最甜”不能用"]}
    assert 'value="rewrite:name:3:5:0:' in page.content.decode()
    assert 'value="石榴冲最甜冰糖橙"' in page.content.decode()
    assert Product.objects.count() == 0
    assert ListingDraft.objects.get().name == "石榴冲最甜冰糖橙"


def find_act(page, field: str = "name", number: int = 0) -> str:
    """The value of the button for the first finding of a field."""
    return page.context["form"].slot(field).findings[0].rewrites[number].act


@pytest.mark.long
def test_rewrite_without_scripts_mends_the_box_and_leaves_the_rest(as_user, seller, shop):
    sent = listing(seller, name="石榴冲最甜冰糖橙")
    act = find_act(as_user(seller).post("/me/shop/new/", sent))
    page = as_user(seller).post("/me/shop/new/", sent | {"do": act})
    assert page.context["form"]["name"].value() == "石榴冲甜冰糖橙"
    assert page.context["form"].errors == {}
    assert Product.objects.count() == 0
    as_user(seller).post("/me/shop/new/", sent | {"name": "石榴冲甜冰糖橙", "do": "submit"})
    assert Product.objects.get().status == "submitted"


MOVED = "这段话跟刚才不一样了，没有替你改。看看现在的提示，再点一下。"


@pytest.mark.parametrize(
    "act",
    [
        "rewrite:name:0:2",
        "rewrite:name:0:2:0:0123456789",
        "rewrite:csrf:0:1:0:x",
        "rewrite:",
        "rewrite:name:x:y",
    ],
)
def test_rewrite_that_was_not_offered_changes_nothing(as_user, seller, shop, act):
    page = as_user(seller).post("/me/shop/new/", listing(seller, name="最甜冰糖橙子", do=act))
    assert page.context["form"]["name"].value() == "最甜冰糖橙子"
    assert MOVED in page.content.decode()
    assert Product.objects.count() == 0


@pytest.mark.long
@pytest.mark.parametrize("now", ["石榴冲顶级冰糖橙", "石榴沟最甜冰糖橙", "石榴冲最甜的橙", "冰糖橙"])
def test_rewrite_of_a_text_that_changed_meanwhile_is_refused_and_what_was_typed_stays(
    as_user, seller, shop, now
):
    act = find_act(as_user(seller).post("/me/shop/new/", listing(seller, name="石榴冲最甜冰糖橙")))
    page = as_user(seller).post("/me/shop/new/", listing(seller, name=now, do=act))
    assert page.context["form"]["name"].value() == now
    assert MOVED in page.content.decode()


@pytest.mark.long
def test_a_listing_with_a_gap_is_not_submitted(as_user, seller, shop):
    sent = listing(seller, description="最甜的橙子，今早摘的。")
    first = as_user(seller).post("/me/shop/new/", sent)
    assert [one.shown for one in first.context["form"].slot("description").findings[0].rewrites] == [
        "很甜的橙子，今早摘的。",
        "糖度＿＿度（＿月＿日实测）的橙子，今早摘的。",
    ]
    page = as_user(seller).post("/me/shop/new/", sent | {"do": find_act(first, "description", 1)})
    text = page.context["form"]["description"].value()
    assert text == "糖度＿＿度（＿月＿日实测）的橙子，今早摘的。"
    page = as_user(seller).post("/me/shop/new/", sent | {"description": text})
    assert page.context["form"].errors == {"description": ["“＿＿度（＿月＿”还空着，填好再交"]}
    assert Product.objects.count() == 0
    filled = "糖度12.1度（11月20日实测）的橙子，今早摘的。"
    as_user(seller).post("/me/shop/new/", sent | {"description": filled})
    assert Product.objects.get().description == filled


def test_a_hint_shows_how_to_write_it_and_stops_nothing(as_user, seller, shop):
    sent = listing(seller, description="一箱五斤左右，今早摘的。")
    slot = (
        as_user(seller)
        .post(URL, {"field": "description", "unit": "box", "box_grams": "5", **sent})
        .context["slot"]
    )
    [shown] = slot.findings
    assert (shown.title, shown.css, shown.proof) == (
        "“五斤左右”可以写得更准",
        "finding--ask finding--hint",
        None,
    )
    assert [one.shown for one in shown.rewrites] == ["一箱净重 5 斤，今早摘的。"]
    as_user(seller).post("/me/shop/new/", sent)
    assert Product.objects.get().status == "submitted"


def test_too_long_a_text_is_said_to_be_too_long_and_kept(as_user, seller, shop):
    long = "甜" * 20_000
    page = as_user(seller).post(URL, {"field": "description", "description": long})
    assert "一共 20,000 个字，太长，没有查。删到 5,000 个字以内再看。" in page.content.decode()
    page = as_user(seller).post("/me/shop/new/", listing(seller, description=long))
    assert page.context["form"].errors["description"] == ["最多 1000 个字，多了 19000 个"]
    assert long in page.content.decode()


@pytest.mark.long
def test_warning_opens_the_proof_it_wants_and_takes_it(as_user, seller, shop):
    sent = listing(seller, description="糖度14度。")
    page = as_user(seller).post("/me/shop/new/", sent)
    [proof] = page.context["form"].proof_forms.values()
    assert list(proof.fields) == ["source", "dated", "report_no", "file", "asks"]
    assert proof.errors == {"source": ["这一项要填"], "dated": ["这一项要填"]}
    given = {f"{proof.prefix}-source": "自家手持糖度计", f"{proof.prefix}-dated": "2026-11-20"}
    as_user(seller).post("/me/shop/new/", sent | given)
    row = Proof.objects.get()
    assert (row.words, row.source, str(row.dated), row.asks) == (
        "糖度14度",
        "自家手持糖度计",
        "2026-11-20",
        False,
    )
    assert Product.objects.get().status == "submitted"


@pytest.mark.long
def test_warning_without_a_proof_goes_to_the_organiser_when_its_seller_says_so(as_user, seller, shop):
    sent = listing(seller, description="糖度14度。")
    [proof] = as_user(seller).post("/me/shop/new/", sent).context["form"].proof_forms.values()
    as_user(seller).post("/me/shop/new/", sent | {f"{proof.prefix}-asks": "on"})
    assert Proof.objects.get().asks
    assert Product.objects.get().status == "submitted"


@pytest.mark.long
def test_appeal_stores_the_listing_as_it_is_and_asks_why(as_user, seller, shop):
    sent = listing(seller, name="石榴冲最甜冰糖橙")
    assert "请管理员看" in as_user(seller).post("/me/shop/new/", sent).content.decode()
    answer = as_user(seller).post("/me/shop/new/", sent | {"do": "appeal"})
    product = Product.objects.get()
    assert (answer.url, product.status) == (f"/me/shop/products/{product.pk}/appeal/", "draft")
    assert as_user(seller).post(answer.url, {"why": "最甜是我家的商标名"}).status_code == 302
    assert Check.objects.get().appeal == "最甜是我家的商标名"
    assert "等管理员看" in as_user(seller).get(answer.url).content.decode()


@pytest.mark.long
def test_edit_of_a_listing_on_sale_is_blocked_and_of_a_draft_is_put_aside(as_user, seller, shop):
    product = make_product(shop)
    sent = listing(seller, name="石榴冲最甜冰糖橙", do="save")
    as_user(seller).post(f"/me/shop/products/{product.pk}/edit/", sent)
    assert Product.objects.get().name == "冰糖橙"
    Product.objects.update(status="draft")
    as_user(seller).post(f"/me/shop/products/{product.pk}/edit/", sent)
    assert Product.objects.get().name == "石榴冲最甜冰糖橙"


def test_shop_says_nothing_of_itself_that_is_forbidden(as_user, seller, shop):
    url = f"/me/shop/{shop.pk}/"
    sent = {"name": "梅姨家", "story": "全县第一的橙园", "contact": str(seller.phone), "contact_ok": "on",
            "address": "石榴冲村", "is_open": "on"}  # fmt: skip
    page = as_user(seller).post(url, sent)
    assert list(page.context["form"].errors) == ["story"]
    as_user(seller).post(url, sent | {"story": "种了二十年橙子"})
    shop.refresh_from_db()
    assert shop.story == "种了二十年橙子"


@pytest.mark.long
def test_proof_of_an_absolute_word_lets_it_be_said_and_the_tick_does_not(as_user, seller, shop):
    sent = listing(seller, description="全县第一甜。")
    [proof] = as_user(seller).post("/me/shop/new/", sent).context["form"].proof_forms.values()
    assert ("asks" in proof.fields, proof.errors) == (False, {})
    as_user(seller).post("/me/shop/new/", sent | {f"{proof.prefix}-asks": "on"})
    assert Product.objects.count() == 0
    given = {f"{proof.prefix}-source": "县农业农村局评比公告", f"{proof.prefix}-dated": "2026-11-01"}
    as_user(seller).post("/me/shop/new/", sent | given)
    assert Product.objects.get().status == "submitted"


@pytest.mark.long
def test_what_is_proven_is_not_asked_again_by_another_edit(as_user, seller, shop):
    client, sent = as_user(seller), listing(seller, description="糖度14度。")
    [proof] = client.post("/me/shop/new/", sent).context["form"].proof_forms.values()
    given = {f"{proof.prefix}-source": "县检测站", f"{proof.prefix}-dated": "2026-11-20"}
    given[f"{proof.prefix}-file_new"] = [upload(jpeg())]
    client.post("/me/shop/new/", sent | given)
    product, before = Product.objects.get(), Proof.objects.values().get()
    assert before["file_id"]
    page = f"/me/shop/products/{product.pk}/edit/"
    assert proof.prefix not in client.get(page).content.decode()
    answer = client.post(page, sent | {"price_fen": "31"})
    assert answer.url == f"/me/shop/products/{product.pk}/"
    assert Product.objects.get().price_fen == 3100
    assert Proof.objects.values().get() == before
