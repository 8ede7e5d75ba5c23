"""An appeal about new text of a listing on sale: it goes on selling with its present text until an organiser has decided."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.people import closure
from accounts.worklist import items
from config.personal import retention
from shops.exceptions import ActionNotAllowed
from shops.listings import review, waiting_text
from shops.listings.waiting_text import Edit
from shops.models import Gift, Product, Proof, WaitingText
from shops.products import search
from shops.texts import evidence
from shops.texts.differences import mark_differences
from tests.factories import make_person, make_photo, make_rate, make_shop, make_waiting_product
from tests.races import at_once
from tests.shops.listings.test_edit import as_it_stands
from wording.models import Check

TEXTS = {"name": "冰糖橙", "variety": "锦红", "origin": "石榴冲村", "description": "自家种的。\n5斤装。"}
NEW = "自家种的，全县最甜。\n5斤装。"


@pytest.fixture(autouse=True)
def _without_a_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def shop(seller, village):
    shop = make_shop(seller, village)
    make_rate(shop)
    return shop


@pytest.fixture
def product(shop):
    now = timezone.now()
    product = make_waiting_product(shop, status="published", submitted_at=now, listed_at=now, **TEXTS)
    search.index_products([product])
    return product


def edit_of(product: Product, **changes) -> Edit:
    """Return what the form says if only these fields are changed."""
    names = (*TEXTS, "category", "grower", "harvest_from", "harvest_until", "gross_grams",
             "freight_included", "low_stock", "price_fen", "net_grams", "unit")  # fmt: skip
    more = {name: changes.pop(name, ()) for name in ("gifts", "proven")}
    photos = changes.pop("photos", [row.photo for row in product.photos.all()])
    return Edit({name: getattr(product, name) for name in names} | changes, photos, None, **more)


def appeal(product: Product, why: str = "是我家商标", **changes) -> Check:
    seller = product.shop.owner
    assert waiting_text.store_text(product, edit_of(product, **{"description": NEW} | changes), seller)
    return waiting_text.file_appeal(product, why, seller)


def texts_of(product: Product) -> dict[str, str]:
    return Product.objects.filter(pk=product.pk).values(*TEXTS).get()


def sells(product: Product) -> bool:
    return Product.objects.get(pk=product.pk).is_published and texts_of(product) == TEXTS


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))


# --- the listing goes on selling -----------------------------------------------------------------------------


def test_an_appeal_leaves_the_listing_on_sale_with_its_present_text(as_user, client, seller, product):
    page = f"/me/shop/products/{product.pk}/"
    typed = {
        "name": "最甜冰糖橙",
        "description": NEW,
        "variety": "锦红二号",
        "origin": "石榴冲",
        "do": "appeal",
    }
    sent = as_it_stands(as_user(seller), product, **typed)
    answer = as_user(seller).post(f"{page}edit/", sent)
    assert answer.url == f"{page}appeal/"
    assert "新写的存在一边，现在卖的还是原来的。" in as_user(seller).get(answer.url).content.decode()
    as_user(seller).post(answer.url, {"why": "最甜是我家的商标名"})
    row = WaitingText.objects.get()
    assert {name: getattr(row, name) for name in TEXTS} == {name: typed[name] for name in TEXTS}
    assert (row.appealed and row.appealed.appeal, row.waits) == ("最甜是我家的商标名", True)
    assert sells(product)
    buyers = client.get(f"/products/{product.pk}/").content.decode()
    assert "自家种的。" in buyers
    assert "最甜" not in buyers
    assert list(search.filter_by_words(Product.objects.all(), "最甜")) == []
    assert list(search.filter_by_words(Product.objects.all(), "冰糖橙")) == [product]
    mine = as_user(seller).get(page).content.decode()
    assert "这段话在等管理员看。" in mine
    assert "现在卖的还是原来的。" in mine
    assert "<ins>，全县最甜</ins>" in mine


def test_price_and_weight_typed_with_it_apply_at_once(product, seller):
    appeal(product, price_fen=3500)
    assert sells(product)
    product.refresh_from_db()
    assert (product.price_fen, product.price_changes.first().price_fen) == (3500, 3500)


@pytest.mark.long
def test_a_weight_that_the_text_on_sale_denies_is_refused_and_nothing_is_lost(as_user, seller, product):
    client = as_user(seller)
    new = NEW.replace("5斤", "8斤")
    sent = as_it_stands(client, product, description=new, box_grams="8", do="appeal")
    page = client.post(f"/me/shop/products/{product.pk}/edit/", sent)
    form = page.context["form"]
    assert form.non_field_errors() == ["现在卖的文字里写着“5斤装”，跟新填的数对不上，价钱和净重先别改。"]
    assert (form["description"].value(), form["box_grams"].value()) == (new, "8")
    product.refresh_from_db()
    assert (product.net_grams, sells(product), WaitingText.objects.count()) == (2500, True, 0)


@pytest.mark.long
def test_what_else_needs_a_review_is_named_and_not_stored(product, seller):
    gift = {
        "kind": "纸巾",
        "spec": "10 抽",
        "number": 1,
        "limit": "前 50 份",
        "way": "随箱寄",
        "value_fen": None,
    }
    changed = edit_of(product, description=NEW, grower="coop", photos=[make_photo(seller)], gifts=[gift])
    with pytest.raises(ActionNotAllowed) as problem:
        waiting_text.store_text(product, changed, seller)
    assert problem.value.reasons == [
        "申诉只带文字，还改了：照片、谁家的果子、送的东西。先改回原样再交；这些等申诉有了答复再改。"
    ]
    assert (sells(product), Gift.objects.count(), WaitingText.objects.count()) == (True, 0, 0)


def test_evidence_for_the_new_text_is_stored_without_a_review(product, seller):
    given = {"rule": "A5", "words": "糖度14度", "source": "县检测站", "dated": timezone.localdate(),
             "report_no": "", "file": None, "asks": False}  # fmt: skip
    appeal(product, description=f"{NEW}糖度14度。", proven=[given])
    assert (Proof.objects.get().source, sells(product)) == ("县检测站", True)
    assert evidence.list_proofs_to_show(product) == []


def test_a_draft_is_stored_as_it_is_and_appealed_as_before(product, seller):
    Product.objects.update(status="draft")
    assert waiting_text.store_text(product, edit_of(product, description=NEW), seller) is False
    assert (texts_of(product), WaitingText.objects.count()) == (TEXTS, 0)


@pytest.mark.long
def test_nothing_blocked_is_told_and_not_taken_off_sale(as_user, seller, product):
    sent = as_it_stands(as_user(seller), product, description="自家种的，皮薄。", do="appeal")
    page = as_user(seller).post(f"/me/shop/products/{product.pk}/edit/", sent)
    assert "现在没有不能用的话" in page.context["form"].non_field_errors()[0]
    assert sells(product)


# --- the decision ----------------------------------------------------------------------------------------------


def test_the_organiser_sees_what_differs_and_passing_puts_it_in(as_user, client, organiser, product):
    check = appeal(product)
    page = as_user(organiser).get(f"/me/queue/{product.pk}/").content.decode()
    assert "<ins>，全县最甜</ins>" in page
    assert "<mark>全县最甜</mark>" in page
    assert "这一款还在卖，只等你答复申诉。" in page
    assert "卖家申诉" in as_user(organiser).get("/me/queue/all/").content.decode()
    sent = {"check": check.pk, "do": "pass", "reason": "商标证看过了"}
    answer = as_user(organiser).post(f"/me/queue/{product.pk}/appeal/", sent, follow=True)
    assert "申诉通过了，新的文字已经换上。" in answer.content.decode()
    product.refresh_from_db()
    assert (product.status, texts_of(product)) == ("published", TEXTS | {"description": NEW})
    assert (product.wording_check, WaitingText.objects.count()) == (check, 0)
    assert verbs()[-3:] == ["wording_appealed", "wording_passed", "text_put_in"]
    entry = AuditEntry.objects.latest("id")
    assert entry.detail["changes"] == {"description": [TEXTS["description"], NEW]}
    assert "全县最甜" in client.get(f"/products/{product.pk}/").content.decode()
    assert review.find_waiting_products(organiser).count() == 0
    page = as_user(product.shop.owner).get(f"/me/shop/products/{product.pk}/appeal/").content.decode()
    assert ("现在卖的就是这段话，不用再交。" in page, "回商品页提交就行" in page) == (True, False)


@pytest.mark.long
def test_a_refusal_changes_nothing_and_keeps_the_words_to_edit(as_user, seller, organiser, product):
    check = appeal(product)
    sent = {"check": check.pk, "do": "keep", "reason": "商标不是“最甜”"}
    as_user(organiser).post(f"/me/queue/{product.pk}/appeal/", sent)
    assert sells(product)
    page = as_user(seller).get(f"/me/shop/products/{product.pk}/").content.decode()
    assert "管理员没有通过这段话。" in page
    assert "商标不是“最甜”" in page
    url = f"/me/shop/products/{product.pk}/edit/?waiting=1"
    assert url in page
    told = [wait for wait in items.list_items(seller) if wait.kind == "text_answered"]
    assert [(wait.sentence, wait.url) for wait in told] == [
        ("“冰糖橙”新写的话没换上，看看为什么", f"/me/shop/products/{product.pk}/")
    ]
    form = as_user(seller).get(url).context["form"]
    assert form["description"].value() == NEW
    sent = as_it_stands(as_user(seller), product, description="自家种的，很甜。\n5斤装。")
    as_user(seller).post(url, sent)
    product.refresh_from_db()
    assert (product.description, product.status) == ("自家种的，很甜。\n5斤装。", "submitted")
    assert WaitingText.objects.count() == 0


def test_a_text_changed_meanwhile_is_not_overwritten_and_both_are_told(as_user, seller, organiser, product):
    check = appeal(product)
    Product.objects.filter(pk=product.pk).update(description="皮薄。")
    why = "申诉以后文字又改过，换上去会把后来改的盖掉。"
    page = as_user(organiser).get(f"/me/queue/{product.pk}/").content.decode()
    assert f"通过了也不会换上：{why}" in page
    sent = {"check": check.pk, "do": "pass", "reason": "商标证看过了"}
    answer = as_user(organiser).post(f"/me/queue/{product.pk}/appeal/", sent, follow=True)
    assert f"申诉通过了，可是没有换上，卖家看得到，由他改：{why}" in answer.content.decode()
    page = as_user(seller).get(f"/me/shop/products/{product.pk}/").content.decode()
    assert "申诉通过了，可是没有替你换上。" in page
    assert why in page
    assert (texts_of(product)["description"], WaitingText.objects.get().description) == ("皮薄。", NEW)


@pytest.mark.parametrize("typed", [{"price_fen": "35"}, {"description": "很脆。"}])
def test_a_form_opened_before_a_text_was_put_in_does_not_put_the_old_one_back(
    as_user, seller, organiser, product, typed
):
    check = appeal(product)
    client, url = as_user(seller), f"/me/shop/products/{product.pk}/edit/"
    opened = client.get(url).context["texts_opened"]
    sent = as_it_stands(client, product, texts_opened=opened, **typed)
    assert waiting_text.decide_appeal(product, check, True, "商标证看过了", organiser) == []
    answer = client.post(url, sent)
    product.refresh_from_db()
    assert (product.description, product.status) == (NEW, "published")
    if "price_fen" in typed:
        assert (answer.status_code, product.price_fen) == (302, 3500)
        return
    form = answer.context["form"]
    assert form.errors["description"] == [f"这里刚换成了“{NEW}”。还是要你写的，就再按一次。"]
    assert form["description"].value() == "很脆。"
    client.post(url, sent | {"texts_opened": answer.context["texts_opened"]})
    product.refresh_from_db()
    assert (product.description, product.status) == ("很脆。", "submitted")


@pytest.mark.parametrize(
    ("change", "claims"),
    [
        ({"price_fen": 3500}, ["每斤5.98元"]),
        ({"net_grams": 3000, "millifen_per_jin": 498333}, ["5斤装", "每斤5.98元"]),
    ],
)
def test_price_and_weight_are_checked_again_when_it_is_put_in(product, organiser, change, claims):
    text = f"{NEW}每斤5.98元。"
    check = appeal(product, description=text)
    Product.objects.update(**change)
    problems = waiting_text.decide_appeal(product, check, True, "商标证看过了", organiser)
    assert problems is not None
    assert [one.split("”")[0].removeprefix("“") for one in problems] == claims
    assert (texts_of(product), WaitingText.objects.get().is_passed) == (TEXTS, True)


@pytest.mark.long
def test_its_seller_puts_a_passed_text_in_once_nothing_is_in_the_way(as_user, seller, organiser, product):
    client, url = as_user(seller), f"/me/shop/products/{product.pk}/appeal/put-in/"
    check = appeal(product)
    assert "这段话还没有通过，换不上" in client.post(url, follow=True).content.decode()
    Product.objects.update(net_grams=3000)
    waiting_text.decide_appeal(product, check, True, "商标证看过了", organiser)
    assert "“5斤装”现在不能用" in client.post(url, follow=True).content.decode()
    assert sells(product)
    Product.objects.update(net_grams=2500)
    assert url in client.get(f"/me/shop/products/{product.pk}/").content.decode()
    client.post(url)
    product.refresh_from_db()
    assert (product.description, product.status, WaitingText.objects.count()) == (NEW, "published", 0)


@pytest.mark.long
def test_of_two_organisers_one_decides_and_the_other_is_told(as_user, organiser, county, product):
    check = appeal(product)
    other = make_person("管理员二", ("organiser", county))
    url, sent = f"/me/queue/{product.pk}/appeal/", {"check": check.pk, "reason": "看过了"}
    as_user(organiser).post(url, sent | {"do": "pass"})
    answer = as_user(other).post(url, sent | {"do": "keep", "reason": "不行"}, follow=True)
    assert "已经有人处理过了" in answer.content.decode()
    check.refresh_from_db()
    assert (check.decision, check.decided_by, texts_of(product)["description"]) == ("passed", organiser, NEW)


@pytest.mark.race
@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_decisions_at_once_are_one(organiser, county, product):
    check, other = appeal(product), make_person("管理员二", ("organiser", county))
    answers = at_once(
        lambda: waiting_text.decide_appeal(product, check, True, "行", organiser),
        lambda: waiting_text.decide_appeal(product, check, False, "不行", other),
    )
    assert answers.count([]) == 1
    assert answers.count(ActionNotAllowed) == 1
    check.refresh_from_db()
    passed = check.decision == "passed"
    assert texts_of(product)["description"] == (NEW if passed else TEXTS["description"])
    assert WaitingText.objects.exists() != passed


# --- the seller changes his mind -------------------------------------------------------------------------------


def test_a_later_text_takes_the_place_of_the_earlier(as_user, organiser, seller, product):
    first = appeal(product)
    later = NEW.replace("全县", "全省")
    second = appeal(product, description=later)
    first.refresh_from_db()
    assert (first.appealed_at, list(Check.objects.waiting())) == (None, [second])
    sent = {"check": first.pk, "do": "pass", "reason": "看过了"}
    answer = as_user(organiser).post(f"/me/queue/{product.pk}/appeal/", sent, follow=True)
    assert "卖家又写了一次，再看一遍" in answer.content.decode()
    assert waiting_text.decide_appeal(product, second, True, "看过了", organiser) == []
    assert texts_of(product)["description"] == later


def test_the_same_text_sent_again_leaves_its_appeal_waiting(product, seller):
    check = appeal(product)
    waiting_text.store_text(product, edit_of(product, description=NEW), seller)
    assert WaitingText.objects.get().appealed == check
    with pytest.raises(ActionNotAllowed, match="这段话已经申诉过了"):
        waiting_text.file_appeal(product, "再说一次", seller)


@pytest.mark.long
def test_taken_back_the_words_are_kept_and_may_be_appealed_again(as_user, seller, organiser, product):
    check = appeal(product)
    url = f"/me/shop/products/{product.pk}/"
    page = as_user(seller).post(f"{url}appeal/back/", follow=True).content.decode()
    assert "申诉收回了，卖的还是原来的。这段话还存着。" in page
    assert "这段话存着，还没交给管理员。" in page
    with pytest.raises(ActionNotAllowed, match="卖家把申诉收回了，不用再答复"):
        waiting_text.decide_appeal(product, check, True, "看过了", organiser)
    assert review.find_waiting_products(organiser).count() == 0
    assert verbs()[-1] == "wording_taken_back"
    assert waiting_text.file_appeal(product, "还是要申诉", seller).appeal == "还是要申诉"
    waiting_text.decide_appeal(product, Check.objects.get(), False, "不行", organiser)
    page = as_user(seller).post(f"{url}appeal/back/", follow=True).content.decode()
    assert "管理员已经答复了，看看答复" in page


@pytest.mark.long
def test_deleted_it_ends_the_appeal_too(as_user, seller, product):
    appeal(product)
    url = f"/me/shop/products/{product.pk}/appeal/drop/"
    assert "删掉新写的这段话？" in as_user(seller).get(url).content.decode()
    assert WaitingText.objects.count() == 1
    as_user(seller).post(url)
    assert (WaitingText.objects.count(), Check.objects.waiting().count(), sells(product)) == (0, 0, True)


@pytest.mark.long
@pytest.mark.parametrize("tail", ["appeal/", "appeal/back/", "appeal/drop/", "appeal/put-in/"])
def test_others_do_not_find_it(as_user, village, product, tail):
    appeal(product)
    other = make_person("邻居", ("seller", village))
    url = f"/me/shop/products/{product.pk}/{tail}"
    assert (as_user(other).get(url).status_code, as_user(other).post(url).status_code) == (404, 404)
    assert WaitingText.objects.get().waits


def test_appeals_about_a_draft_end_the_earlier_one(product, seller, organiser):
    Product.objects.update(status="draft", name="最甜冰糖橙")
    product.refresh_from_db()
    evidence.appeal_finding(product, "商标", seller)
    Product.objects.update(name="顶级冰糖橙")
    product.refresh_from_db()
    check = evidence.appeal_finding(product, "等级名", seller)
    assert list(Check.objects.waiting()) == [check]
    waiting_text.decide_appeal(product, check, False, "不行", organiser)
    assert review.find_waiting_products(organiser).count() == 0


# --- how long it is kept -------------------------------------------------------------------------------------------


@pytest.mark.long
def test_it_goes_with_its_seller_and_after_a_year(product, seller, shop):
    appeal(product)
    second = make_waiting_product(shop, status="published", **TEXTS)
    WaitingText.objects.create(product=second, **TEXTS)
    WaitingText.objects.filter(product=second).update(at=timezone.now() - timedelta(days=366))
    retention.run()
    assert [row.product for row in WaitingText.objects.all()] == [product]
    closure.close_account(seller)
    assert WaitingText.objects.count() == 0


def test_numbers_and_words_are_marked_whole():
    assert mark_differences("糖度14度<b>", "糖度15度<b>") == (
        "<span>糖度<del>14</del>度&lt;b&gt;</span>",
        "<span>糖度<ins>15</ins>度&lt;b&gt;</span>",
    )


def test_texts_of_few_characters_are_compared_at_once():
    begun = time.process_time()
    gone, come = mark_differences("一" * 1000, "一" * 999 + "二")
    assert (gone.count("<del>"), come.count("<ins>")) == (1, 1)
    assert come.endswith("<ins>二</ins></span>")
    gone, come = mark_differences("一二" * 500, "二二一" * 333)
    assert (gone, come) == (
        f"<span><del>{'一二' * 500}</del></span>",
        f"<span><ins>{'二二一' * 333}</ins></span>",
    )
    assert time.process_time() - begun < 0.05
