"""What phones hand in for tasks without a signal: every kind, once, and with a reason where it cannot be applied."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from courses.models import Opening
from media import cleanup
from media.documents.forms import sign_key
from media.models import Photo, Upload
from outbox.models import Event
from rehearsals.models import TaskVersion
from rehearsals.tasks.services import seal_criteria
from tests.factories import make_photo
from tests.outbox.phone import Phone, event
from tests.rehearsals.tasks.worlds import hand_in, make_task, make_whole_upload
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal, make_submission
from tests.shops.orders.seller_side import make_document

APPLIED = ("applied", "")


@pytest.fixture
def phone(as_user, learner) -> Phone:
    return Phone(as_user(learner), learner)


def task_event(of, key: UUID | None = None, at=None, **body) -> dict:
    version = key or uuid4()
    facts = {"task": of.pk, "version": str(version), "text": "", "ticks": [], "sealed": ""}
    return event("task", at, id=str(version), **facts | body)


def test_a_text_handed_in_in_the_field_is_stored_once_with_the_phones_time(phone, course):
    task = make_task(course)
    then = timezone.now() - timedelta(hours=5)
    one = task_event(
        task, at=then, text="坏 4 个退 9.97 元。\n第二条", ticks=["c2", 7], sealed=seal_criteria(task)
    )
    assert phone.send(one) == [APPLIED]
    assert phone.send(one) == [("already", "")]  # the answer was lost
    version = TaskVersion.objects.get()
    assert (str(version.client_id), version.text, version.happened_at) == (
        one["id"],
        "坏 4 个退 9.97 元。\n第二条",
        then,
    )
    assert [row["ticked"] for row in version.ticks] == [False, True, False]
    assert version.received_at > then


def test_films_photos_and_a_document_are_found_by_what_arrived_before(phone, learner, course):
    version, film = uuid4(), make_task(course, "video")
    uploads = [make_whole_upload(learner, film, version, number) for number in (2, 1)]
    photos = [make_photo(learner), make_photo(learner)]
    paper = make_document(learner)
    sent = [
        task_event(film, version, films=[2, 1]),
        task_event(make_task(course, "photo"), photos=[photos[1].key, photos[0].key]),
        task_event(make_task(course, "file"), document=sign_key(paper, learner, "成本单.pdf")),
    ]
    assert phone.send(*sent) == [APPLIED] * 3
    films, pictures, papers = TaskVersion.objects.order_by("pk")
    assert [item.video.parts.get().upload for item in films.items.all()] == uploads
    assert [item.photo for item in pictures.items.all()] == photos[::-1]
    assert papers.items.get().document == paper


def test_own_plan_and_rehearsals_are_chosen_and_nobody_elses(phone, learner, trainer, course):
    drill = make_drill(course)
    plan, theirs = make_plan(learner, drill), make_plan(trainer, drill)
    tries = [make_submission(learner, make_rehearsal(learner, plan), number=n) for n in (1, 2)]
    rundown, rehearsal = make_task(course, "rundown"), make_task(course, "rehearsal")
    assert phone.send(
        task_event(rundown, rundown=theirs.pk),
        task_event(rundown, rundown=plan.pk),
        task_event(rehearsal, submissions=[tries[1].pk, tries[0].pk]),
    ) == [("aside", "nothing_given"), APPLIED, APPLIED]
    assert [
        item.submission for item in TaskVersion.objects.get(work__assignment=rehearsal).items.all()
    ] == tries


def test_what_has_not_arrived_is_set_aside_and_applied_when_it_has(phone, learner, course):
    version, task = uuid4(), make_task(course, "video")
    upload = make_whole_upload(learner, task, version, offset=990, state=Upload.State.OPEN)
    one = task_event(task, version, films=[1])
    assert phone.send(one) == [("aside", "files_missing")]
    Upload.objects.filter(pk=upload.pk).update(offset=1000, state=Upload.State.WHOLE)
    phone.client.post("/me/outbox/again/")
    assert Event.objects.get().state == "applied"
    assert TaskVersion.objects.get().client_id == version


def test_photos_that_the_server_cleared_away_are_sent_again_and_nothing_stays_refused(phone, learner, course):
    version, task, gone = uuid4(), make_task(course, "photo"), make_photo(learner)
    Photo.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert cleanup.drop_unused_photos() == 1
    assert phone.send(task_event(task, version, photos=[gone.key])) == [("aside", "files_missing")]
    again = make_photo(learner)
    sent = task_event(task, version, photos=[again.key]) | {"id": str(uuid4())}
    assert phone.send(sent) == [APPLIED]
    assert phone.send(task_event(task, version, photos=[gone.key])) == [("already", "")]
    assert TaskVersion.objects.get().items.get().photo == again
    assert set(Event.objects.values_list("state", "reason")) == {("applied", "")}


def test_a_module_that_is_closed_takes_it_when_it_is_open(phone, course, cohort):
    task = make_task(course)
    opens_on = timezone.localdate() + timedelta(days=30)
    opening = Opening.objects.create(cohort=cohort, module=task.module, opens_on=opens_on)
    assert phone.send(task_event(task, text="写好了")) == [("aside", "task_closed")]
    assert not TaskVersion.objects.exists()
    opening.delete()
    phone.client.post("/me/outbox/again/")
    assert (Event.objects.get().state, TaskVersion.objects.get().text) == ("applied", "写好了")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"task": 999_999}, "no_task"),
        ({"task": "x"}, "broken"),
        ({"version": "x"}, "broken"),
        ({"text": "字" * 4001}, "long_task"),
        ({"text": " "}, "nothing_given"),
        ({"photos": ["f" * 32]}, "files_missing"),
        ({"films": [7]}, "broken"),
        ({"document": "forged"}, "files_missing"),
        ({"product": True}, "broken"),
    ],
)
def test_what_cannot_be_applied_is_kept_with_its_reason(phone, course, body, reason):
    assert phone.send(task_event(make_task(course), **{"text": "写好了"} | body)) == [("aside", reason)]
    assert not TaskVersion.objects.exists()
    assert Event.objects.get().reason == reason


def test_the_id_of_another_persons_version_is_refused(phone, seller, course):
    task = make_task(course)
    theirs = hand_in(seller, task)
    assert phone.send(task_event(task, theirs.client_id, text="写好了")) == [("aside", "anothers")]
