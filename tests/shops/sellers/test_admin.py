import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts.models import AuditEntry, Membership, Place, User
from media.models import Photo
from shops.models import Category, Product, Shop, Village
from shops.products import search
from tests.factories import make_category, make_person, make_photo, make_product, make_shop
from tests.media.pictures import jpeg, upload
from ui.responses import page_cache


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def superuser(db) -> User:
    return make_person("站长", is_superuser=True)


@pytest.fixture
def shop(seller, village) -> Shop:
    return make_shop(seller, village, name="梅姨家", contact="+8613800000003", address="石榴冲村3组")


def change_url(shop: Shop) -> str:
    return reverse("admin:shops_shop_change", args=[shop.pk])


def facts(**more) -> dict:
    return {"name": "梅姨家的橙园", "story": "", "address": "石榴冲村3组", "is_open": "on"} | more


def work_off() -> None:
    """Run the queued tasks as the worker does."""
    for call in DBTaskResult.objects.ready():
        call.task.call(*call.args_kwargs["args"])
        call.delete()


def found(text: str) -> set[str]:
    return {product.name for product in Product.objects.filter(search_text__contains=text)}


def test_a_shop_is_opened_for_a_seller_of_the_village(organiser, seller, village, client):
    client.force_login(organiser)
    new = {"name": "梅姨家", "owner": seller.pk, "place": village.pk, "story": "", "address": ""}
    assert client.post(reverse("admin:shops_shop_add"), new).status_code == 302
    shop = Shop.objects.get()
    assert (shop.slug, shop.owner, shop.place, str(shop.contact)) == ("mei-yi-jia", seller, village, "")
    assert AuditEntry.objects.get(verb="shop_opened").place == village


def test_who_sells_nothing_there_gets_no_shop(organiser, trainee, seller, village, client):
    client.force_login(organiser)
    new = {"name": "小店", "place": village.pk, "story": "", "address": ""}
    answer = client.post(reverse("admin:shops_shop_add"), new | {"owner": trainee.pk})
    assert answer.context["adminform"].form.errors == {
        "owner": ["田巧云 还不是这个村的卖家，先同意卖家身份。"]
    }
    make_shop(seller, village)
    answer = client.post(reverse("admin:shops_shop_add"), new | {"owner": seller.pk})
    assert answer.context["adminform"].form.errors == {"owner": ["周梅英 在这个村已经有小店。"]}


def test_a_shops_number_helpers_and_owner_are_not_the_organisers_to_set(organiser, trainee, shop, client):
    client.force_login(organiser)
    wrong = {"contact": "+8613911111111", "helpers": [trainee.pk], "owner": trainee.pk, "slug": "x"}
    before = (shop.owner, shop.contact, shop.slug)
    assert client.post(change_url(shop), facts(**wrong)).status_code == 302
    shop.refresh_from_db()
    assert ((shop.owner, shop.contact, shop.slug), shop.helpers.count()) == (before, 0)


def test_products_are_found_by_the_shops_new_name(organiser, shop, client):
    product = make_product(shop)
    search.index_products([product])
    client.force_login(organiser)
    assert client.post(change_url(shop), facts(name="满山红果园")).status_code == 302
    assert (found("满山红"), found("梅姨")) == ({"冰糖橙"}, set())
    assert AuditEntry.objects.get(verb="shop_changed").detail == {
        "name": "满山红果园",
        "fields": ["name"],
        "changes": {"name": ["梅姨家", "满山红果园"]},
    }


def test_a_cover_is_replaced_by_a_file(organiser, shop, client):
    shop.cover = make_photo(organiser, Photo.Status.WAITING)
    shop.save()
    before = page_cache.get_version("shops")
    client.force_login(organiser)
    new = facts(cover=shop.cover.key, cover_new=upload(jpeg()))
    assert client.post(change_url(shop), new).status_code == 302
    old = shop.cover
    shop.refresh_from_db()
    assert (shop.cover != old, shop.cover.owner) == (True, organiser)
    assert page_cache.get_version("shops") != before


def test_a_cover_stays_and_a_file_that_is_none_is_told(organiser, seller, shop, client):
    shop.cover = make_photo(seller, Photo.Status.WAITING)
    shop.save()
    client.force_login(organiser)
    assert client.post(change_url(shop), facts(cover=shop.cover.key)).status_code == 302
    answer = client.post(change_url(shop), facts(cover_new=upload(b"%PDF-1.4", "a.jpg")))
    assert answer.context["adminform"].form.errors == {"cover": ["“a.jpg”是 PDF，把那一页拍下来再传"]}
    old = shop.cover
    shop.refresh_from_db()
    assert shop.cover == old


def test_the_list_counts_what_is_on_sale_and_what_waits(organiser, shop, client):
    for status in ("published", "published", "submitted", "draft"):
        make_product(shop, status=status)
    client.force_login(organiser)
    row = client.get(reverse("admin:shops_shop_changelist")).context["cl"].queryset.get()
    assert (row.selling, row.in_line) == (2, 1)


def test_a_village_gets_its_page_once(organiser, village, client):
    Village.objects.filter(place=village).delete()
    client.force_login(organiser)
    url = reverse("admin:shops_village_add")
    assert client.post(url, {"place": village.pk, "story": "石榴开花的山冲。"}).status_code == 302
    assert Village.objects.get(place=village).slug == "shi-liu-chong-cun"
    again = client.post(url, {"place": village.pk, "story": ""})
    assert list(again.context["adminform"].form.errors) == ["place"]


def test_a_renamed_place_renames_what_its_products_are_found_by(
    organiser, shop, village, other_village, client
):
    theirs = make_shop(make_person("外县", (Membership.Role.SELLER, other_village)), other_village)
    search.index_products([make_product(shop), make_product(theirs, name="土蜂蜜")])
    client.force_login(organiser)
    for place, name in ((village, "云上村"), (village.parent, "蓝溪镇")):
        new = {"name": name, "name_en": ""}
        assert client.post(reverse("admin:accounts_place_change", args=[place.pk]), new).status_code == 302
        assert found(name) == set()  # the worker does that, so that no write waits for a township's products
        work_off()
        assert found(name) == {"冰糖橙"}
    assert Place.objects.get(pk=village.pk).name == "云上村"


def test_kinds_are_the_sites_owners(superuser, organiser, shop, client):
    product = make_product(shop, category=make_category("橙子", slug="oranges"))
    search.index_products([product])
    url = reverse("admin:shops_category_change", args=[product.category_id])
    new = {"name": "柑橘", "name_en": "Citrus", "slug": "oranges", "hints": "橙 柑 橘", "position": 1}
    client.force_login(organiser)
    assert client.post(url, new).status_code == 403
    client.force_login(superuser)
    assert client.post(url, new).status_code == 302
    assert Category.objects.get().name == "柑橘"
    assert found("柑橘") == set()
    work_off()
    assert found("柑橘") == {"冰糖橙"}
