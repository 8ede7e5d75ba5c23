import re

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts import consents
from accounts.models import AuditEntry, Consent
from media.models import Photo
from shops.models import PriceChange, Product, ProductPhoto, StockMove
from shops.products import search
from tests.factories import make_category, make_photo, make_product, make_rate, make_shop
from tests.pages import list_messages, squeeze

LIST = "admin:shops_product_changelist"
Status = Product.Status


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def shop(seller, village):
    consents.give(seller, Consent.Kind.PUBLIC_CONTACT)
    shop = make_shop(seller, village, name="梅姨家", address="石榴冲村3组", contact="+8613800000003")
    make_rate(shop)
    return shop


def listed(shop, name: str = "冰糖橙", photo_status: str = Photo.Status.READY, **fields) -> Product:
    """Return a complete listing that waits for approval."""
    product = make_product(
        shop,
        **{"name": name, "status": Status.SUBMITTED, "submitted_at": timezone.now(), "listed_at": None}
        | fields,
    )
    ProductPhoto.objects.create(product=product, photo=make_photo(shop.owner, photo_status))
    return product


def change_url(product: Product) -> str:
    return reverse("admin:shops_product_change", args=[product.pk])


def hidden(html: str) -> dict[str, str]:
    """Return the versions of the listings that a page shows."""
    return dict(re.findall(r'<input type="hidden" name="(seen-[0-9]+)" value="([^"]*)">', squeeze(html)))


def step(client, name: str, product: Product, **facts):
    facts = hidden(client.get(change_url(product)).content.decode()) | facts
    return client.post(reverse(f"admin:shops_product_{name}", args=[product.pk]), facts)


def act(client, action: str, *rows: Product, **more):
    facts = {"action": action, "_selected_action": [row.pk for row in rows]}
    facts |= hidden(client.get(reverse(LIST) + "?status=all").content.decode())
    facts |= {} if "reason" in more else {"index": "0"}
    return client.post(reverse(LIST) + "?status=all", facts | more)


def names(answer) -> list[str]:
    return [product.name for product in answer.context["cl"].queryset]


def test_the_list_begins_with_what_waited_longest(organiser, shop, client):
    now = timezone.now()
    listed(shop, "后来的", submitted_at=now)
    listed(shop, "先来的", submitted_at=now - timezone.timedelta(hours=1))
    make_product(shop, name="在卖的")
    client.force_login(organiser)
    assert names(client.get(reverse(LIST))) == ["先来的", "后来的"]
    assert names(client.get(reverse(LIST) + "?status=published")) == ["在卖的"]
    assert names(client.get(reverse(LIST) + "?status=all")) == ["在卖的", "先来的", "后来的"]


@pytest.mark.parametrize("typed", ["蜜柚", "hongxin", "hxmy", "红心 老树"])
def test_a_listing_is_found_by_pieces_pinyin_and_initials_in_any_state(typed, organiser, shop, client):
    product = make_product(shop, name="红心蜜柚", variety="老树", status=Status.DRAFT)
    search.index_products([product])
    make_product(shop, name="冰糖橙")
    client.force_login(organiser)
    assert names(client.get(reverse(LIST), {"q": typed})) == ["红心蜜柚"]


def test_the_page_shows_what_a_decision_needs(organiser, shop, client):
    product = listed(shop, variety="老树", description="摘下当天装箱。", origin="湖南柚山县")
    client.force_login(organiser)
    answer = client.get(change_url(product))
    html = answer.content.decode()
    for words in ("¥29.90 / 箱", "5斤 · 2.5公斤", "¥5.98 · ¥11.96", "老树", "摘下当天装箱。", "周梅英 · "):
        assert words in html
    assert product.photos.get().photo.src in html
    assert "不缺什么，可以发布。" in html
    assert [button["words"] for button in answer.context["steps"]] == ["发布", "退回"]


def test_the_page_says_what_is_missing(organiser, shop, client):
    shop.contact = ""
    shop.save()
    product = make_product(shop, status=Status.SUBMITTED)
    client.force_login(organiser)
    html = client.get(change_url(product)).content.decode()
    assert '<ul class="missing"><li>小店还没有公开的联系电话</li><li>还没有照片</li></ul>' in html


@pytest.mark.long
def test_one_is_published_from_its_page(organiser, shop, client):
    product = listed(shop)
    client.force_login(organiser)
    answer = step(client, "publish", product)
    assert (answer.url, list_messages(answer)) == (change_url(product), ["发布了 1 款。"])
    product.refresh_from_db()
    assert (product.status, product.decided_by) == (Status.PUBLISHED, organiser)
    assert AuditEntry.objects.get(verb="product_published").place == product.place
    html = client.get(change_url(product))
    assert [button["words"] for button in html.context["steps"]] == ["退回", "下架"]


@pytest.mark.long
def test_several_are_published_at_once_and_the_rest_say_why_not(organiser, shop, client):
    good = [listed(shop, f"好果{n}") for n in range(2)]
    bad = make_product(shop, name="没照片", status=Status.SUBMITTED)
    client.force_login(organiser)
    answer = act(client, "publish", *good, bad)
    assert list_messages(answer) == ["发布了 2 款。", "“没照片”：还没有照片。"]
    assert set(Product.objects.published()) == set(good)


@pytest.mark.long
def test_returning_asks_why_and_loses_nothing_meanwhile(organiser, shop, client):
    products = [listed(shop, f"果{n}") for n in range(2)]
    client.force_login(organiser)
    page = act(client, "send_back", *products)
    assert (page.context["title"], page.context["form"].errors) == ("退回给卖家修改", {})
    again = act(client, "send_back", *products, reason="")
    assert list(again.context["form"].errors) == ["reason"]
    assert set(again.context["selected"]) == {str(product.pk) for product in products}
    assert set(Product.objects.values_list("status", flat=True)) == {Status.SUBMITTED}
    answer = act(client, "send_back", *products, reason="照片太暗，重拍一张")
    assert list_messages(answer) == ["退回了 2 款。"]
    assert set(Product.objects.values_list("status", "return_reason")) == {
        (Status.RETURNED, "照片太暗，重拍一张")
    }


@pytest.mark.long
def test_the_other_language_leads_from_the_reason_to_the_list(organiser, shop, client):
    """The action's own URL accepts only POST."""
    client.force_login(organiser)
    page = step(client, "send_back", listed(shop))
    [here] = re.findall(r'name="next" value="([^"]*)"', page.content.decode())
    there = client.post("/language/", {"next": here, "language": "en"}, follow=True)
    assert there.redirect_chain == [(reverse(LIST), 302)]
    assert there.status_code == 200


@pytest.mark.long
def test_a_reason_too_long_comes_back_whole(organiser, shop, client):
    product = listed(shop)
    client.force_login(organiser)
    page = step(client, "send_back", product, reason="长" * 201)
    assert page.context["form"].errors == {"reason": ["最多 200 个字，多了 1 个"]}
    assert "长" * 201 in page.content.decode()


@pytest.mark.long
def test_one_is_returned_and_one_withdrawn_from_their_pages(organiser, shop, client):
    product, sold = listed(shop), make_product(shop)
    client.force_login(organiser)
    assert step(client, "send_back", product).status_code == 200
    assert step(client, "send_back", product, reason="名字写错了").url == change_url(product)
    assert list_messages(step(client, "withdraw", sold))[-1] == "下架了 1 款。"
    for row, status in ((product, Status.RETURNED), (sold, Status.WITHDRAWN)):
        row.refresh_from_db()
        assert row.status == status


@pytest.mark.long
def test_what_cannot_be_done_now_is_said(organiser, shop, client):
    draft = make_product(shop, name="草稿", status=Status.DRAFT)
    client.force_login(organiser)
    assert client.get(change_url(draft)).context["steps"] == []
    assert list_messages(step(client, "withdraw", draft)) == ["“草稿”：这款现在是“草稿”，这一步做不了。"]


@pytest.mark.parametrize("name", ["publish", "send_back", "withdraw"])
def test_steps_are_for_the_organiser_of_the_place(name, organiser, trainer, seller, shop, stranger, client):
    product = listed(shop)
    url = reverse(f"admin:shops_product_{name}", args=[product.pk])
    for person, status in ((stranger, 404), (trainer, 404), (seller, 302)):
        client.force_login(person)
        assert client.post(url, {"reason": "不行"}).status_code == status
    client.force_login(organiser)
    assert client.get(url).status_code == 405
    product.refresh_from_db()
    assert product.status == Status.SUBMITTED


def test_only_the_kind_can_be_put_right_and_stock_is_left_alone(organiser, shop, client):
    """A sale made while the page was open must not be undone by saving it."""
    product = listed(shop, stock=10)
    kind = make_category("柚子")
    client.force_login(organiser)
    client.get(change_url(product))
    Product.objects.update(stock=F("stock") - 3)
    facts = {
        "category": kind.pk,
        "stock": 99,
        "price_fen": 1,
        "name": "改名",
        "status": "published",
        "shop": 0,
    }
    assert client.post(change_url(product), facts).status_code == 302
    product.refresh_from_db()
    assert (product.category, product.stock, product.price_fen) == (kind, 7, 2990)
    assert (product.name, product.status) == ("冰糖橙", Status.SUBMITTED)
    assert "柚子" in product.search_text
    assert AuditEntry.objects.get(verb="product_filed").detail == {"kind": "柚子"}


@pytest.mark.long
def test_logs_are_read_only_and_lie_behind_the_page(organiser, shop, client):
    product = listed(shop)
    make_product(shop)
    client.force_login(organiser)
    html = client.get(change_url(product)).content.decode()
    for model in (PriceChange, StockMove):
        name = f"admin:shops_{model._meta.model_name}"
        url = f"{reverse(f'{name}_changelist')}?product={product.pk}"
        assert url in html
        rows = client.get(url).context["cl"].queryset
        assert [row.product for row in rows] == [product]
        assert client.post(reverse(f"{name}_change", args=[rows[0].pk]), {}).status_code == 403
        assert client.get(reverse(f"{name}_add")).status_code == 403


def test_the_table_of_products(organiser, shop, stranger, other_village, client):
    product = make_product(shop, variety="老树", name="-冰糖橙")
    theirs = make_product(make_shop(stranger, other_village))
    client.force_login(organiser)
    lines = act(client, "export", product, theirs).getvalue().decode("utf-8-sig").splitlines()
    assert lines == [
        "名称,品种,种类,小店,村,按什么卖,净重（斤）,价钱（元）,每斤（元）,库存,状态,上架时间",
        f"'-冰糖橙,老树,橙子,梅姨家,石榴冲村,箱,5,29.90,5.98,10,在卖,{product.listed_at:%Y-%m-%d}",
    ]
