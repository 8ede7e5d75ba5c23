"""A job names the request that made it necessary, however often it is tried."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from config.logs import JsonFormatter
from config.management.commands.work import JobRunner
from config.personal import data_exports
from media import cleanup, queue, tasks
from media.models import Photo
from media.photos import conversion
from tests.factories import make_photo
from ui.request_ids import get_request_id, use_request_id

pytestmark = pytest.mark.django_db

ONE, OTHER = "3f0c8a52-64f5-4b4e-9c39-0d4f6d6f1c01", "3f0c8a52-64f5-4b4e-9c39-0d4f6d6f1c02"


def work_off() -> None:
    """Run every waiting call as the worker does."""
    runner = JobRunner()
    for call in list(DBTaskResult.objects.ready()):
        call.claim(runner.worker_id)
        runner.run_task(call)


def read_jobs(caplog) -> list[tuple]:
    records = [record for record in caplog.records if record.name == "farm.jobs"]
    return [(record.getMessage(), record.fields) for record in records]


def test_lines_about_a_job_and_within_it_name_its_request(caplog, trainee, monkeypatch):
    caplog.set_level(logging.INFO)
    seen = []
    monkeypatch.setattr(conversion, "process_photo", lambda pk: seen.append(get_request_id()) or True)
    with use_request_id(ONE):
        made = tasks.make_pictures.enqueue(7)
    work_off()
    assert seen == [ONE]
    (started, first), (ended, last) = read_jobs(caplog)
    known = {"job": "media.tasks.make_pictures", "job_id": made.id, "args": [7], "attempts": 1}
    assert (started, first, ended) == ("job started", known, "job ended")
    assert (last.pop("seconds") >= 0, last) == (True, known | {"outcome": "done"})


def test_failed_job_has_one_line_with_its_trace(caplog, monkeypatch):
    def fail(pk: int) -> bool:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(conversion, "process_photo", fail)
    tasks.make_pictures.enqueue(7)
    work_off()
    [record] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert (record.fields["outcome"], record.name) == ("failed", "farm.jobs")
    assert record.fields["trace"].endswith("RuntimeError: the disk is full\n")
    assert "request_id" not in JsonFormatter().format(record)  # nobody asked for it


def test_job_that_does_nothing_says_so(caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(conversion, "process_photo", lambda pk: False)
    tasks.make_pictures.enqueue(7)
    work_off()
    assert [fields.get("outcome") for _message, fields in read_jobs(caplog)] == [None, "not done"]


def test_job_that_is_tried_again_keeps_its_request(trainee):
    """Its worker died: the sweep, which belongs to no request, calls for it again, and again."""
    photos = [make_photo(trainee, Photo.Status.WAITING) for _n in range(3)]
    for photo, request_id in zip(photos[:2], (ONE, OTHER), strict=True):
        with use_request_id(request_id):
            tasks.make_pictures.enqueue(photo.pk)
    Photo.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    for _n in range(2):
        DBTaskResult.objects.update(status="RUNNING")
        assert cleanup.requeue_photos() == 3
    calls = DBTaskResult.objects.ready().order_by("enqueued_at").values_list("args_kwargs", flat=True)
    assert list(calls) == [
        {"args": [photos[0].pk], "kwargs": {}, "request_id": ONE, "attempts": 3},
        {"args": [photos[1].pk], "kwargs": {}, "request_id": OTHER, "attempts": 3},
        {"args": [photos[2].pk], "kwargs": {}, "request_id": "", "attempts": 2},
    ]


def test_films_voices_and_copies_that_are_made_again_keep_theirs(trainee):
    called = []
    for task in (tasks.make_video, tasks.make_voice, data_exports.make_copy):
        with use_request_id(ONE):
            task.enqueue(5)
        queue.enqueue_again(task, [5], lambda pk, task=task: called.append(task.enqueue(pk)))
    assert [made.db_result.args_kwargs["request_id"] for made in called] == [ONE] * 3


def test_call_of_an_earlier_release_is_run(caplog, monkeypatch):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(conversion, "process_photo", lambda pk: True)
    made = tasks.make_pictures.enqueue(7)
    DBTaskResult.objects.filter(pk=made.id).update(args_kwargs={"args": [7], "kwargs": {}})
    work_off()
    assert [fields["attempts"] for _message, fields in read_jobs(caplog)] == [1, 1]
