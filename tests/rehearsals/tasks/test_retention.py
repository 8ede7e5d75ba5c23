"""Films of tasks go after their term, what they were made of earlier; what was written stays."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from media.models import Photo, Upload, Video
from rehearsals.models import TaskItem, TaskVersion
from rehearsals.tasks.retention import LASTS, apply_retention, get_deletion_day
from rehearsals.tasks.services import accept_task, return_task
from tests.factories import make_photo
from tests.rehearsals.tasks.worlds import hand_in, make_task, make_whole_upload
from tests.shops.orders.seller_side import make_document


@pytest.fixture
def version(learner, course) -> TaskVersion:
    task, key = make_task(course, "video"), uuid4()
    return hand_in(learner, task, key, uploads=[make_whole_upload(learner, task, key)], text="第一遍")


def test_a_film_goes_on_the_day_that_its_page_shows(as_user, learner, trainer, version):
    assert apply_retention() == {"gone": 0, "dropped": 0}
    html = as_user(learner).get(f"/learn/tasks/{version.work.assignment_id}/").content.decode()
    assert "照片、视频和文件留到" in html
    then = version.received_at + LASTS
    assert timezone.localdate(then) == get_deletion_day(version)
    return_task(trainer, version, next_step="竖着拍")
    assert apply_retention(then)["gone"] == 1
    item = TaskItem.objects.get()
    assert (item.video, item.gone_at, item.version.text) == (None, then, "第一遍")


def test_a_film_that_waits_for_a_trainer_of_the_class_goes_when_it_is_answered(version, trainer):
    then = version.received_at + LASTS
    assert apply_retention(then)["gone"] == 0
    return_task(trainer, version, next_step="竖着拍")
    assert apply_retention(then)["gone"] == 1


def test_photos_and_documents_go_on_their_day_and_the_public_address_of_a_photo_answers_nothing(
    as_user, learner, trainer, course, django_capture_on_commit_callbacks
):
    photo, paper = make_photo(learner), make_document(learner)
    default_storage.save(photo.name_at(320), ContentFile(b"webp"))
    pictures = hand_in(learner, make_task(course, "photo"), photos=[photo])
    papers = hand_in(learner, make_task(course, "file"), document=paper)
    accept_task(trainer, pictures)
    assert "照片、视频和文件留到" in as_user(learner).get(f"/learn/tasks/{pictures.work.assignment_id}/").text
    then = papers.received_at + LASTS
    with django_capture_on_commit_callbacks(execute=True):
        assert apply_retention(then)["gone"] == 1  # the other waits for its trainer
    assert not default_storage.exists(photo.name_at(320))
    assert "到期删了。" in as_user(learner).get(f"/learn/tasks/{pictures.work.assignment_id}/").text
    accept_task(trainer, papers)
    assert apply_retention(then)["gone"] == 1
    assert list(TaskItem.objects.values_list("photo", "document", "gone_at")) == [(None, None, then)] * 2
    assert not Photo.objects.exists()


def test_what_a_film_was_made_of_goes_when_it_is_ready_and_what_nobody_handed_in_after_the_term(
    learner, version
):
    Video.objects.update(status=Video.Status.READY)
    forgotten = make_whole_upload(learner, version.work.assignment, uuid4())
    Upload.objects.filter(pk=forgotten.pk).update(created_at=timezone.now() - LASTS)
    fresh = make_whole_upload(learner, version.work.assignment, uuid4())
    other = Upload.objects.create(
        owner=learner, purpose="take", reference="take 1", expires_at=timezone.now()
    )
    assert apply_retention() == {"gone": 0, "dropped": 2}
    assert set(Upload.objects.exclude(state="gone")) == {fresh, other}
    assert apply_retention(timezone.now() + timedelta(minutes=1)) == {"gone": 0, "dropped": 0}
