"""Photos handed in with a task: who gets them, where they are stored, and what an earlier release left in public."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Membership
from config.personal import erasure
from media.documents.services import store_document
from media.models import Photo, Video
from progress.enrolment.services import enrol
from rehearsals.models import TaskItem, TaskWork
from rehearsals.tasks import photos, services
from tests.factories import make_cohort, make_person, make_photo, make_product, make_shop
from tests.media.papers import pdf
from tests.rehearsals.tasks.worlds import hand_in, make_task


def list_stored(photo: Photo) -> list[int]:
    """Return how many of its files are public, and how many private."""
    stores = (default_storage, storages["private"])
    return [sum(store.exists(name) for name in photo.names) for store in stores]


def address(item: TaskItem, width: int = 320) -> str:
    return reverse("rehearsals:task_photo", args=[item.version.work.assignment_id, item.pk, width])


def test_a_photo_is_for_its_owner_the_trainers_of_the_class_and_with_consent_its_class(
    as_user, learner, trainer, stranger, organiser, cohort, course, other_village
):
    version = hand_in(learner, make_task(course, "photo"), photos=[make_photo(learner, is_private=True)])
    item, mate = version.items.get(), make_person("同班的")
    enrol(mate, course, cohort)
    elsewhere = make_person("别班的老师", (Membership.Role.TRAINER, other_village))
    make_cohort(course, other_village, elsewhere, name="别的班")

    def ask(person) -> int:
        return as_user(person).get(address(item)).status_code

    who = (learner, trainer, organiser, mate, elsewhere, stranger)
    assert [ask(person) for person in who] == [200, 200, 200, 404, 404, 404]
    services.accept_task(trainer, version)
    TaskWork.objects.update(is_chosen=True)
    assert ask(mate) == 404  # chosen, but its owner has not agreed
    services.share_work(version.work)
    assert [ask(mate), ask(elsewhere), ask(stranger)] == [200, 404, 404]
    assert address(item) in as_user(mate).get(f"/learn/tasks/{version.work.assignment_id}/").text
    services.withdraw_share(version.work)
    assert [ask(mate), ask(learner)] == [404, 200]
    assert Client().get(address(item)).status_code == 404
    answer = as_user(learner).get(address(item, 1200))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/webp", "private, no-cache")
    other = reverse("rehearsals:task_photo", args=[make_task(course).pk, item.pk, 320])
    assert [as_user(learner).get(url).status_code for url in (other, address(item, 321))] == [404, 404]


def test_a_classmates_browser_asks_each_time_for_a_film_and_a_file_that_are_shared(
    as_user, learner, trainer, cohort, course
):
    mate = make_person("同班的")
    enrol(mate, course, cohort)
    paper = store_document(SimpleUploadedFile("成本单.pdf", pdf()), learner)
    film = Video.objects.create(status=Video.Status.READY)
    storages["private"].save(film.name_of("480.mp4"), ContentFile(b"film"))
    items = [
        hand_in(learner, make_task(course, "file"), document=paper).items.get(),
        hand_in(learner, make_task(course, "photo"), photos=[make_photo(learner)]).items.get(),
    ]
    TaskItem.objects.filter(pk=items[1].pk).update(photo=None, video=film)
    for item in items:
        services.accept_task(trainer, item.version)
        services.share_work(item.version.work)
    TaskWork.objects.update(is_chosen=True)
    urls = (
        reverse("rehearsals:task_document", args=[items[0].pk]),
        reverse("rehearsals:task_film", args=[items[1].pk, "480.mp4"]),
    )
    for url in urls:
        answers = [as_user(person).get(url) for person in (learner, trainer, mate)]
        assert [(answer.status_code, answer["Cache-Control"]) for answer in answers] == [
            (200, "private, max-age=86400"),
            (200, "private, max-age=86400"),
            (200, "private, no-cache"),
        ]


def test_pages_name_the_address_of_the_item_only(as_user, learner, trainer, course):
    photo = make_photo(learner, is_private=True)
    version = hand_in(learner, make_task(course, "photo"), photos=[photo])
    item = version.items.get()
    own = as_user(learner).get(f"/learn/tasks/{version.work.assignment_id}/").text
    review = as_user(trainer).get(reverse("rehearsals:task_review", args=[version.work_id])).text
    for page in (own, review):
        assert all(f"{address(item, width)} {width}w" in page for width in settings.PHOTO_WIDTHS)
        assert photo.key not in page
    assert ("data-own" in own, "data-own" in review) == (True, False)
    Photo.objects.update(status=Photo.Status.WAITING)
    waits = "照片收到了，正在处理，过一会儿刷新这一页就看得到。"
    again = as_user(learner).get(f"/learn/tasks/{version.work.assignment_id}/").text
    assert (waits in own, waits in again) == (False, True)


def test_what_an_earlier_release_stored_in_public_is_moved_and_goes_on_being_shown(
    as_user, learner, course, village, monkeypatch, django_capture_on_commit_callbacks
):
    moved, shown, other = make_photo(learner), make_photo(learner), make_photo(learner)
    make_product(make_shop(learner, village), cover=shown)
    task = make_task(course, "photo")
    hand_in(learner, task, photos=[moved, shown])
    version = hand_in(learner, task, photos=[moved])
    item, url = version.items.get(), f"{settings.MEDIA_URL}{moved.name_at(320)}"
    assert as_user(learner).get(address(item))["Location"] == url
    monkeypatch.setattr(photos, "AT_ONCE", 1)
    with django_capture_on_commit_callbacks(execute=True):
        assert [photos.move_public_photos(), photos.move_public_photos()] == [2, 0]
    copied = TaskItem.objects.get(position=2).photo
    assert copied.pk not in (moved.pk, shown.pk)
    assert [list_stored(one) for one in (moved, shown, copied, other)] == [[0, 3], [3, 0], [0, 3], [3, 0]]
    assert list(TaskItem.objects.order_by("pk").values_list("photo", flat=True)) == [
        moved.pk,
        copied.pk,
        moved.pk,
    ]
    assert [as_user(learner).get(address(one)).status_code for one in TaskItem.objects.all()] == [200] * 3


def test_a_public_photo_that_a_stored_page_hands_in_is_moved_a_moment_later(
    learner, course, django_capture_on_commit_callbacks
):
    photo = make_photo(learner)
    hand_in(learner, make_task(course, "photo"), photos=[photo])
    with django_capture_on_commit_callbacks(execute=True):
        assert photos.move_photos.call([photo.pk]) == 1
    assert list_stored(photo) == [0, 3]


@pytest.mark.django_db(transaction=True)
def test_who_is_erased_leaves_no_photo_of_a_task_in_either_storage(learner, course):
    private, public = make_photo(learner, is_private=True), make_photo(learner)
    hand_in(learner, make_task(course, "photo"), photos=[private, public])
    erasure.erase(learner)
    assert [list_stored(private), list_stored(public)] == [[0, 0], [0, 0]]
    assert not Photo.objects.exists()
