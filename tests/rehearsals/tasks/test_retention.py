"""Films of tasks go after their term, what they were made of earlier; what was written stays."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from media.models import Upload, Video
from rehearsals.models import TaskItem, TaskVersion
from rehearsals.tasks.retention import LASTS, apply_retention, get_deletion_day
from rehearsals.tasks.services import return_task
from tests.rehearsals.tasks.worlds import hand_in, make_task, make_whole_upload


@pytest.fixture
def version(learner, course) -> TaskVersion:
    task, key = make_task(course, "video"), uuid4()
    return hand_in(learner, task, key, uploads=[make_whole_upload(learner, task, key)], text="第一遍")


def test_a_film_goes_on_the_day_that_its_page_shows(as_user, learner, trainer, version):
    assert apply_retention() == {"gone": 0, "dropped": 0}
    html = as_user(learner).get(f"/learn/tasks/{version.work.assignment_id}/").content.decode()
    assert "视频留到" in html
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
