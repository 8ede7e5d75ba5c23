"""A listing from the phone: the first of a shop, the next ones, and who may create it."""

from django.utils import timezone

from accounts.models import AuditEntry, Consent
from shops.models import ListingDraft, PriceChange, Product, ProductPhoto, Shop, StockMove
from tests.factories import add_helpers, make_person, make_product, make_shop
from tests.shops.listings.kit import NEW, errors_of, first, typed


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


def test_forbidden_words_in_the_name_of_a_new_shop_are_refused(as_user, seller, photo, kinds):
    sent = first(photo, shop_name="全国最甜降血压果园", address="石榴冲村全网最低价果园")
    response = as_user(seller).post(NEW, sent)
    told = {name: [one.split("：")[0] for one in said] for name, said in errors_of(response).items()}
    assert told == {
        "shop_name": ["“全国最甜”不能用", "“降血压”不能用"],
        "address": ["“全网最低价”不能用"],
    }
    assert response.context["form"]["shop_name"].value() == "全国最甜降血压果园"
    assert not Shop.objects.exists()


def test_the_empty_form_is_filled_in_as_far_as_it_can_be(as_user, seller, village, kinds):
    form = as_user(seller).get(NEW).context["form"]
    assert form.initial["shop_name"] == "周梅英家的小店"
    assert (form.initial["contact"], form.initial["address"]) == (str(seller.phone), "柚山县青溪镇石榴冲村")
    assert form["unit"].value() == "box"
    assert (form["grower"].value(), form["sending"].value()) == ("own", "table")
    assert form["contact_ok"].value() is None
    form = as_user(seller).get(f"{NEW}?phone=1").context["form"]
    assert form["contact_ok"].value() is True


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
    last = shop.products.order_by("-created_at", "-id")[0].harvest_until
    assert (values["harvest_until"], values["harvest_from"]) == (f"{last.month}月{last.day}日", None)


def test_each_shop_gets_its_own_listing(as_user, seller, shop, village, photo, kinds):
    other_owner = make_person("龙二妹", ("seller", village))
    helped = make_shop(other_owner, village, contact=other_owner.phone, address="四组")
    add_helpers(helped, seller)
    client = as_user(seller)
    client.post(f"{NEW}?shop={helped.pk}", typed(photo, sending="included"))
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
