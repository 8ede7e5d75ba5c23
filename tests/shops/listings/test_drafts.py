"""Unfinished listings: drafts, photos of an open form, a lost session."""

import uuid

import pytest
from django.utils import timezone

from media.documents.forms import DocumentField
from media.documents.services import store_document
from media.models import Document
from shops.listings import drafts
from shops.models import ListingDraft, Product, Proof
from tests.factories import make_photo, make_product, make_shop
from tests.media.pictures import jpeg, upload
from tests.pages import list_messages
from tests.shops.listings.kit import NEW, errors_of, typed


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


@pytest.mark.long
def test_the_draft_becomes_the_product(as_user, seller, shop, photo):
    client, sent = as_user(seller), typed(photo)
    client.post(NEW, sent | {"stock": ""})
    client.post(NEW, sent)
    assert Product.objects.get().stock == 40
    assert not ListingDraft.objects.exists()


@pytest.mark.long
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
    assert list_messages(response) == ["还没有照片，也没有名称，没什么可存的。"]
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


@pytest.mark.long
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


@pytest.mark.parametrize("do", ["photos", "draft", "submit"])
def test_a_key_that_no_database_takes_is_nobodys_photo(as_user, seller, shop, do):
    sent = typed(do=do, photos=["a\0b"])
    assert as_user(seller).post(NEW, sent).status_code == {"photos": 204, "draft": 302, "submit": 200}[do]


def proof_on(response):
    """Return the fields of the one claim that needs evidence, as the page shows them."""
    [slip] = response.context["form"].slot("description").findings
    return slip.proof


@pytest.mark.long
def test_a_draft_keeps_what_was_written_for_a_claim(as_user, seller, shop, photo):
    client, sent = as_user(seller), typed(photo, description="糖度14度。", do="draft")
    start = proof_on(client.post(NEW, sent | {"do": "submit"})).prefix
    given = {
        f"{start}-source": "县检测站",
        f"{start}-dated": "2026-13-40",
        f"{start}-file_new": [upload(jpeg())],
    }
    assert client.post(NEW, sent | given).status_code == 302
    draft = ListingDraft.objects.get()
    page = client.get(f"{NEW}?draft={draft.pk}")
    proof = proof_on(page)
    assert (proof["source"].value(), proof["dated"].value()) == ("县检测站", "2026-13-40")
    [file] = proof.fields["file"].widget.shown
    assert file.document == Document.objects.get()
    assert file.signed.rsplit(":", 2)[0] in page.content.decode()  # its time and seal change by the second
    whole = sent | given | {f"{start}-dated": "2026-11-20", f"{start}-file": file.signed, "do": "submit"}
    del whole[f"{start}-file_new"]
    client.post(NEW, whole)
    row = Proof.objects.get()
    assert (row.source, str(row.dated), row.file) == ("县检测站", "2026-11-20", file.document)


@pytest.mark.long
def test_a_session_lost_on_the_way_brings_the_proof_back(client, seller, shop, photo):
    client.force_login(seller)
    sent = typed(photo, description="糖度14度。")
    start = proof_on(client.post(NEW, sent)).prefix
    client.logout()
    client.post(NEW, sent | {f"{start}-report_no": "NJ-7"}, headers={"Referer": f"http://testserver{NEW}"})
    session = client.session
    kept = session["kept_form"]
    client.force_login(seller)
    session = client.session
    session["kept_form"] = kept
    session.save()
    assert proof_on(client.get(NEW))["report_no"].value() == "NJ-7"


@pytest.mark.long
def test_a_draft_shows_nobody_elses_report(as_user, seller, shop, stranger, photo):
    client, sent = as_user(seller), typed(photo, description="糖度14度。", do="draft")
    start = proof_on(client.post(NEW, sent | {"do": "submit"})).prefix
    theirs = store_document(upload(jpeg()), stranger)
    signed = DocumentField(owner=stranger).kept(theirs, "report").signed
    client.post(NEW, sent | {f"{start}-file": signed})
    page = client.get(f"{NEW}?draft={ListingDraft.objects.get().pk}")
    assert proof_on(page).fields["file"].widget.shown == []


@pytest.mark.long
def test_like_last_time_wins_over_a_form_that_was_left_and_keeps_it(as_user, seller, shop, photo, kinds):
    make_product(shop, name="沙田柚", grower="neighbours", freight_included=True)
    client, key = as_user(seller), str(uuid.uuid4())
    client.post(NEW, {"key": key, "photos": [photo.key], "do": "photos"})
    page = client.get(f"{NEW}?again=1")
    form = page.context["form"]
    assert (form["name"].value(), form["freight_included"].value()) == ("沙田柚", True)
    assert str(form["key"].value()) != key
    left = ListingDraft.objects.get()
    assert f"?shop={shop.pk}&amp;draft={left.pk}" in page.content.decode()
    other = make_photo(seller)
    client.post(NEW, {"key": str(form["key"].value()), "photos": [other.key], "do": "photos"})
    left.refresh_from_db()
    assert (left.is_open, list(left.photos.all())) == (False, [photo])
    back = client.get(f"{NEW}?shop={shop.pk}&draft={left.pk}").context["form"]
    assert (str(back["key"].value()), back["photos"].value()) == (key, [photo])


def test_drafts_stand_behind_the_products_and_one_without_a_name_says_its_day(as_user, seller, shop, photo):
    product = make_product(shop)
    client = as_user(seller)
    client.post(NEW, typed(photo, name="", do="draft"))
    page = client.get("/me/shop/").content.decode()
    today = timezone.localdate()
    name = f"{today.month}月{today.day}日 有照片"
    assert 0 < page.index(f'id="product-{product.pk}"') < page.index("没写完的 1 款") < page.index(name)


def test_a_new_form_begins_with_what_the_last_listing_said(as_user, seller, shop):
    make_product(shop, grower="neighbours", freight_included=True)
    form = as_user(seller).get(NEW).context["form"]
    last = Product.objects.get().harvest_until
    assert (form["grower"].value(), form["freight_included"].value()) == ("neighbours", True)
    assert form["harvest_until"].value() == f"{last.month}月{last.day}日"
    assert (form["name"].value(), form["price_fen"].value()) == (None, None)


# --- On a slow connection photos, or a draft, arrive after the form itself. ---


def test_photos_told_after_the_form_was_sent_change_nothing(as_user, seller, shop, photo):
    client, sent = as_user(seller), typed(photo)
    answer = client.post(NEW, sent)
    late = client.post(NEW, {"key": sent["key"], "do": "photos", "photos": [photo.key]})
    assert (late.status_code, ListingDraft.objects.count()) == (204, 0)
    said = [str(message) for message in client.get(answer["Location"]).context["messages"]]
    assert said == ["收到了，管理员看过就上架。"]


@pytest.mark.long
def test_a_draft_that_came_too_late_is_not_offered(as_user, seller, shop, photo):
    """The request found no product and wrote the draft when the product existed."""
    client, sent = as_user(seller), typed(photo)
    client.post(NEW, sent)
    for is_open in (True, False):
        drafts.store_draft(
            seller, shop, sent["key"], [photo], typed=drafts.list_photo_keys([photo]), is_open=is_open
        )
        assert str(client.get(NEW).context["form"]["key"].value()) != sent["key"]
        assert client.get("/me/shop/").context["drafts"] == []
