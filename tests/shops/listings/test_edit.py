"""Editing a listing: what must be reviewed again, and what applies at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shops.models import Product, ProductPhoto
from tests.factories import make_photo, make_product
from tests.shops.listings.kit import typed


@pytest.fixture
def published(shop, seller, photo, kinds) -> Product:
    product = make_product(shop, category=kinds["橙子"], origin="柚山县青溪镇石榴冲村", cover=photo)
    ProductPhoto.objects.create(product=product, photo=photo)
    return product


def as_it_stands(client, product: Product, **fields) -> dict:
    """Return the edit form as the browser would send it back unchanged, except for these fields."""
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


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
def test_another_unit_asks_how_many_there_are_now(as_user, seller, published):
    client = as_user(seller)
    form = edit(client, published, unit="kg", price_fen="12", name="新名橙").context["form"]
    assert form.errors == {"stock": ["换了单位，数一数现在有多少"]}
    assert (form["name"].value(), published.name, published.unit) == ("新名橙", "冰糖橙", "box")
    assert edit(client, published, unit="kg", price_fen="12", stock="25").status_code == 302
    assert (published.unit, published.net_grams, published.stock) == ("kg", 1000, 25)


@pytest.mark.long
@pytest.mark.parametrize("fields", [{"name": "大果"}, {"price_fen": "35"}, {"harvest_until": "12月31日"}])
def test_every_edit_of_what_waits_is_a_new_submission(as_user, seller, published, fields):
    """So that nobody publishes a text that they have not read."""
    asked = timezone.now() - timedelta(hours=1)
    Product.objects.update(status="submitted", submitted_at=asked)
    client = as_user(seller)
    edit(client, published)
    assert published.submitted_at == asked
    edit(client, published, **fields)
    assert (published.status, published.submitted_at > asked) == ("submitted", True)


def test_anothers_product_cannot_be_edited(as_user, stranger, organiser, published):
    for person in (stranger, organiser):
        url = f"/me/shop/products/{published.pk}/edit/"
        assert as_user(person).get(url).status_code == 404
        assert as_user(person).post(url, typed()).status_code == 404


@pytest.mark.long
def test_a_session_lost_on_the_way_keeps_the_photos_of_who_helps(client, seller, published, photo, trainee):
    theirs, mine, elsewhere = make_photo(trainee), make_photo(seller), make_photo(trainee)
    ProductPhoto.objects.create(product=published, photo=theirs, position=1)
    url = f"/me/shop/products/{published.pk}/edit/"
    client.post(url, {"photos": [mine.key, theirs.key, elsewhere.key, photo.key], "name": "新名字"})
    kept = client.session["kept_form"]
    client.force_login(seller)
    session = client.session
    session["kept_form"] = kept
    session.save()
    form = client.get(url).context["form"]
    assert (form["name"].value(), form["photos"].value()) == ("新名字", [mine, theirs, photo])
