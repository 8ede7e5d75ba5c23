"""Photos that become private: their public files are gone, wherever the move was stopped, and whatever else shows them."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.storage import default_storage, storages
from django.urls import reverse
from django.utils import timezone

from media.cleanup import delete_photo
from media.models import Photo
from media.photos import conversion, forms, privacy
from media.photos.intake import store_photo
from media.sandbox import results
from rehearsals.models import TaskItem
from tests.factories import encode_photo, make_photo, make_product, make_shop
from tests.media import pictures
from tests.media.pictures import upload

READY, WAITING = Photo.Status.READY, Photo.Status.WAITING
MADE = results.DecodedPictures(400, 300, {320: b"small"})


def list_public(photo: Photo) -> list[str]:
    return [name for name in sorted(photo.names) if default_storage.exists(name)]


def list_private(photo: Photo) -> list[str]:
    return [name for name in sorted(photo.names) if storages["private"].exists(name)]


def test_a_move_that_is_stopped_after_any_step_is_done_again(seller, empty_storage):
    photo = make_photo(seller)
    privacy.copy_files(photo, photo)  # and then it was killed
    assert (len(list_public(photo)), len(list_private(photo))) == (3, 3)
    assert privacy.make_private(Photo.objects.get(), TaskItem) == photo
    assert (
        len(list_public(photo)) == 3
    )  # and then it was killed: the transaction was committed, nothing after it done
    assert privacy.drop_public_files.call(photo.pk) is None
    photo.refresh_from_db()
    assert (photo.is_private, list_public(photo), len(list_private(photo))) == (True, [], 3)
    with storages["private"].open(photo.name_at(720)) as file:
        assert file.read() == encode_photo(720)


def test_a_photo_that_a_shop_shows_too_stays_and_is_copied(seller, village, empty_storage):
    photo = make_photo(seller, sha256="a" * 64)
    make_product(make_shop(seller, village), cover=photo)
    private = privacy.make_private(photo, TaskItem)
    assert (private.pk != photo.pk, private.is_private, private.owner, private.sha256) == (
        True,
        True,
        seller,
        "a" * 64,
    )
    assert (len(list_public(photo)), list_public(private), len(list_private(private))) == (3, [], 3)
    Photo.objects.filter(pk=photo.pk).update(status=WAITING)
    photo.refresh_from_db()
    assert privacy.make_private(photo, TaskItem) is None  # when it is ready


def test_a_photo_that_is_put_into_a_shop_while_it_is_copied_stays_public(
    seller, village, empty_storage, monkeypatch
):
    photo, shop, copy = make_photo(seller), make_shop(seller, village), privacy.copy_files

    def copy_slowly(*both: Photo) -> None:
        copy(*both)
        if not shop.products.exists():
            make_product(shop, cover=photo)

    monkeypatch.setattr(privacy, "copy_files", copy_slowly)
    assert privacy.make_private(photo, TaskItem) is None
    photo.refresh_from_db()
    assert (photo.is_private, len(list_public(photo))) == (False, 3)
    private = privacy.make_private(photo, TaskItem)
    assert private is not None
    assert (private.pk != photo.pk, private.is_private, len(list_private(private))) == (True, True, 3)


def test_a_photo_that_becomes_private_while_it_is_made_is_made_once_more(seller, empty_storage):
    photo = store_photo(upload(pictures.jpeg(400, 300)), seller)
    leased = Photo.objects.acquire_lease(photo.pk)
    assert privacy.make_private(photo, TaskItem) == photo
    conversion.store_files(leased, MADE)
    assert conversion.mark_ready(leased, MADE) is False
    conversion.drop_if_moved(leased)
    assert list_public(photo) == []
    Photo.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert conversion.process_photo(photo.pk) is True
    photo.refresh_from_db()
    assert (photo.status, photo.attempts, list_public(photo)) == (READY, 1, [])
    assert list_private(photo) == [photo.name_at(320), photo.name_at(400)]


def test_the_same_bytes_are_one_public_and_one_private_photo(seller, empty_storage):
    public, private, again = (
        store_photo(upload(pictures.jpeg()), seller, is_private) for is_private in (False, True, True)
    )
    assert (public.is_private, private.is_private, again) == (False, True, private)
    field = forms.PhotosField(owner=seller)
    assert field.known([public.key, private.key], []) == [public]
    assert forms.PhotosField(owner=seller, private=True).known([public.key, private.key], []) == [
        public,
        private,
    ]


def test_a_phone_sends_a_private_photo_and_only_its_owner_sees_it_there(
    as_user, seller, stranger, organiser, client, empty_storage
):
    sent = as_user(seller).post("/uploads/photos/?private=1", {"photo": upload(pictures.jpeg(800, 600))})
    photo = Photo.objects.get()
    assert (sent.json()["key"], photo.is_private) == (photo.key, True)
    url = reverse("media:own_photo", args=[photo.key, 320])
    assert as_user(seller).get(url).status_code == 404  # not ready
    assert conversion.process_photo(photo.pk) is True
    assert as_user(seller).get(f"/uploads/photos/{photo.key}/").json()["src"] == url
    answer = as_user(seller).get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["Cache-Control"] == "private, no-cache"
    assert as_user(seller).get(url, headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert as_user(seller).get(url.replace("320", "321")).status_code == 404
    for other in (stranger, organiser):
        assert as_user(other).get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("is_private", [False, True])
def test_a_deleted_photo_leaves_no_file_in_either_storage(is_private, seller, empty_storage):
    photo = make_photo(seller, is_private=is_private)
    privacy.copy_files(photo, photo)  # a move that has begun
    assert delete_photo(photo, timezone.now() + timedelta(seconds=1)) is True
    assert (list_public(photo), list_private(photo), len(settings.PHOTO_WIDTHS)) == ([], [], 3)
