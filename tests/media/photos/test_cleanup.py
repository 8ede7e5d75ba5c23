import os
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from media import cleanup
from media.models import Photo
from media.models.references import list_references
from media.storages import write_file
from shops.models import ListingDraft, ProductPhoto
from tests.factories import make_photo, make_product, make_shop

READY, WAITING, FAILED = Photo.Status.READY, Photo.Status.WAITING, Photo.Status.FAILED


def ago(**passed) -> timezone.datetime:
    return timezone.now() - timedelta(**passed)


def called() -> list[int]:
    return sorted(call["args"][0] for call in DBTaskResult.objects.values_list("args_kwargs", flat=True))


def original(photo: Photo, age: int = 0) -> Photo:
    write_file(photo.intake(), photo.intake_name, ContentFile(b"x"))
    path = storages["intake"].path(photo.intake_name)
    os.utime(path, (time.time() - age, time.time() - age))
    return photo


def originals() -> set[str]:
    return set(storages["intake"].listdir("photos")[1])


def test_only_photos_nobody_is_working_on_are_taken_up(seller, empty_storage):
    make = Photo.objects.create
    lost = make(owner=seller, created_at=ago(minutes=2))
    orphan = make(owner=seller, created_at=ago(minutes=9), leased_until=ago(seconds=1), attempts=1)
    make(owner=seller)  # its task has just been written
    make(owner=seller, created_at=ago(minutes=9), leased_until=timezone.now() + timedelta(seconds=60))
    make(owner=seller, created_at=ago(minutes=9), status=READY)
    make(owner=seller, created_at=ago(minutes=9), status=FAILED)
    assert cleanup.requeue_photos() == 2
    assert called() == [lost.pk, orphan.pk]
    assert cleanup.requeue_photos() == 0  # its task waits in the queue already
    DBTaskResult.objects.update(status="RUNNING")  # and the worker died with it
    assert cleanup.requeue_photos() == 2


def test_photo_that_no_page_uses_goes_after_a_week(seller, village, empty_storage):
    old = {"owner": seller, "created_at": ago(days=8)}
    product = make_product(make_shop(seller, village))
    on_product, cover, of_shop, of_village, of_draft, unused, failed = (make_photo(**old) for _n in range(7))
    ProductPhoto.objects.create(product=product, photo=on_product)
    product.cover, product.shop.cover, village.village.cover = cover, of_shop, of_village
    for row in (product, product.shop, village.village):
        row.save()
    draft = ListingDraft.objects.create(user=seller)
    draft.photos.add(of_draft)
    Photo.objects.filter(pk=failed.pk).update(status=FAILED)
    young = make_photo(owner=seller, created_at=ago(days=6))
    original(Photo.objects.create(status=WAITING, **old))
    assert cleanup.drop_unused_photos() == 3
    assert set(Photo.objects.all()) == {on_product, cover, of_shop, of_village, of_draft, young}
    kept = [path.name for path in settings.MEDIA_ROOT.rglob("*.webp")]
    assert len(kept) == 6 * 3
    assert not any(default_storage.exists(unused.name_at(width)) for width in settings.PHOTO_WIDTHS)
    assert originals() == set()
    assert cleanup.drop_unused_photos() == 0


def test_every_app_that_points_to_a_photo_is_asked(db):
    models = {field.model._meta.label for field in list_references(Photo)}
    assert models >= {
        "shops.Product", "shops.ProductPhoto", "shops.Shop", "shops.Village", "shops.ListingDraft_photos",
        "courses.Course", "courses.LessonPicture",
    }  # fmt: skip


def test_photo_taken_into_use_while_it_is_cleared_away_stays(seller, village, empty_storage, monkeypatch):
    photo = make_photo(owner=seller, created_at=ago(days=8))
    product = make_product(make_shop(seller, village))
    monkeypatch.setattr(
        "django.core.files.storage.FileSystemStorage.delete",
        lambda self, name: ProductPhoto.objects.get_or_create(product=product, photo=photo),
    )
    assert cleanup.drop_unused_photos() == 0
    photo.refresh_from_db()
    assert photo.status == FAILED


def test_original_without_a_row_goes_after_an_hour(seller, empty_storage):
    assert cleanup.drop_stray_originals() == 0  # no folder yet
    original(Photo(key="a" * 32), age=3700)
    just_coming_in = original(Photo(key="b" * 32), age=60)
    waiting = original(Photo.objects.create(owner=seller), age=86400)
    original(Photo.objects.create(owner=seller, status=READY))  # its worker died before the last step
    to_try_again = original(Photo.objects.create(owner=seller, status=FAILED), age=86400)
    original(Photo.objects.create(owner=seller, status=FAILED, created_at=ago(days=8)), age=86400)
    assert cleanup.drop_stray_originals() == 3
    assert originals() == {just_coming_in.key, waiting.key, to_try_again.key}


@pytest.mark.parametrize("photos", [1, 5])
def test_sweep_asks_the_same_number_of_questions(photos, seller, empty_storage, django_assert_num_queries):
    for _number in range(photos):
        original(Photo.objects.create(owner=seller))
    with django_assert_num_queries(10):
        cleanup.run()
