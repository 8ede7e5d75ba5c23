"""The trainer's page of a task: criteria, notes on a spot and a second, accepting and returning; nothing typed is lost."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notice
from courses.models import Assignment
from media.models import Video, Voice
from progress.enrolment.services import enrol
from rehearsals import leases
from rehearsals.models import TaskNote, TaskReview, TaskVersion, TaskWork
from rehearsals.tasks.services import AlreadyAnswered, accept_task, return_task
from tests.factories import make_person, make_photo, make_product, make_shop
from tests.pages import list_messages, squeeze
from tests.rehearsals.tasks.worlds import hand_in, make_task, make_whole_upload
from tests.rehearsals.worlds import make_plan
from tests.reviews import make_submission

ACCEPT, RETURN = {"decision": "accepted"}, {"decision": "returned"}


@pytest.fixture
def task(course) -> Assignment:
    return make_task(course)


@pytest.fixture
def version(learner, task) -> TaskVersion:
    return hand_in(learner, task, ticks=frozenset({"c1"}))


@pytest.fixture
def trainer_client(as_user, trainer, version):
    """The trainer's phone, on which the work is open."""
    client = as_user(trainer)
    client.post(f"/review/tasks/{version.work_id}/take/")
    return client


def page_of(version: TaskVersion, part: str = "") -> str:
    return f"/review/tasks/{version.work_id}/{part}"


def sign(client, version: TaskVersion, **typed):
    return client.post(page_of(version, "sign/"), {"version": version.pk} | typed)


def text(answer) -> str:
    return squeeze(answer.content.decode())


# --- taking ---


def test_one_trainer_at_a_time_has_it_open(as_user, trainer, organiser, version):
    answer = as_user(trainer).get(page_of(version))
    assert (answer.context["holds"], answer.context["held"]) == (False, None)
    assert "开始看" in text(answer)
    answer = as_user(trainer).post(page_of(version, "take/"), follow=True)
    assert answer.context["holds"] is True
    other = as_user(organiser)
    until = timezone.localtime(TaskWork.objects.get().lease_until).strftime("%H:%M")
    answer = other.post(page_of(version, "take/"), follow=True)
    assert f"{trainer.name}正在看这一份，{until} 以后没动静你再接手。" in text(answer)
    assert (answer.context["holds"], answer.context["held"]) == (False, trainer)
    assert list_messages(as_user(trainer).post(page_of(version, "release/"))) == ["放回去了。"]
    assert other.post(page_of(version, "take/"), follow=True).context["holds"] is True


def test_page_shows_both_views_of_the_criteria_and_what_was_asked_before(
    trainer_client, version, trainer, learner, task
):
    return_task(trainer, version, next_step="第三条写退多少钱", marks={"c1": "met"})
    again = hand_in(learner, task, ticks=frozenset({"c2"}))
    page = trainer_client.post(page_of(again, "take/"), follow=True)
    assert [(line.text, line.ticked, line.mark) for line in page.context["lines"]] == [
        ("五条都竖着拍", False, ""),
        ("每条不超过 20 秒", True, ""),
        ("不拍孩子", False, ""),
    ]
    assert "上一遍请他改的：<q>第三条写退多少钱</q>" in text(page)
    [before] = page.context["earlier"]
    assert (before.version.number, before.criteria[0].mark, before.review.next_step) == (
        1,
        "met",
        "第三条写退多少钱",
    )


# --- the answer ---


def test_accepted_with_marks_then_the_next_of_the_queue_opens(
    trainer_client, trainer, course, cohort, version, task
):
    other = make_person("周秀兰")
    enrol(other, course, cohort)
    following = hand_in(other, task)
    answer = sign(
        trainer_client, version, **ACCEPT, **{"mark-c1": "met", "mark-c2": "not_yet", "mark-c9": "met"}
    )
    assert answer["Location"] == page_of(following)
    assert list_messages(answer) == ["通过了，田巧云收得到。"]
    review = TaskReview.objects.get()
    assert (review.decision, review.marks, review.reviewer) == (
        "accepted",
        {"c1": "met", "c2": "not_yet"},
        trainer,
    )
    work = TaskWork.objects.get(pk=following.work_id)
    assert leases.get_lease_holder(work) == trainer
    assert Notice.objects.get(template="task_accepted").phone == version.work.user.phone
    assert sign(trainer_client, following, **ACCEPT)["Location"] == page_of(following)  # nothing is left


def test_returned_with_the_one_thing_and_a_voice(trainer_client, trainer, version):
    voice = Voice.objects.create(owner=trainer, sha256="a" * 64)
    answer = sign(trainer_client, version, **RETURN, next_step=" 第三条写退多少钱 ", voice=voice.key)
    assert list_messages(answer) == ["退回了，田巧云先改这一处。"]
    review = TaskReview.objects.get()
    assert (review.decision, review.next_step, review.voice) == ("returned", "第三条写退多少钱", voice)
    assert Notice.objects.get().template == "task_returned"


def test_a_return_without_the_one_thing_is_named_and_nothing_typed_is_lost(trainer_client, version):
    typed = {"mark-c1": "met", "mark-c3": "not_yet", "note-text": "第二条好", "next_step": "  "}
    answer = sign(trainer_client, version, **RETURN, **typed)
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"next_step": ["先写要改的一处，再点“退回改一处”。"]}
    assert [line.mark for line in answer.context["lines"]] == ["met", "", "not_yet"]
    assert answer.context["note_form"]["text"].value() == "第二条好"
    assert not TaskReview.objects.exists()


def test_a_newer_version_is_shown_with_what_was_typed_and_answered_by_the_next_tap(
    trainer_client, version, learner, task
):
    newer = hand_in(learner, task, text="重写的六条")
    answer = sign(trainer_client, version, **RETURN, next_step="第三条写退多少钱", **{"mark-c1": "met"})
    assert answer.status_code == 200
    assert list_messages(answer) == ["他刚又交了一遍，下面是新的。你写的还在，看过新的再定。"]
    assert answer.context["row"].version == newer
    assert answer.context["form"]["next_step"].value() == "第三条写退多少钱"
    assert [line.mark for line in answer.context["lines"]] == ["met", "", ""]
    assert not TaskReview.objects.exists()
    sign(trainer_client, newer, **RETURN, next_step="第三条写退多少钱")
    assert TaskReview.objects.get().version == newer


def test_what_another_answered_meanwhile_is_shown_with_what_was_typed(trainer_client, version, organiser):
    accept_task(organiser, version, next_step="写得好")
    answer = sign(trainer_client, version, **RETURN, next_step="第三条写退多少钱")
    assert list_messages(answer) == ["这一份已经有老师看过了，下面是他的答复。"]
    assert (answer.context["holds"], answer.context["typed"].next_step) == (False, "第三条写退多少钱")
    assert "写得好" in text(answer)
    assert "第三条写退多少钱" in text(answer)
    assert TaskReview.objects.count() == 1


def test_sent_twice_it_is_one_answer_and_one_notice(trainer_client, version):
    for _time in range(2):
        assert sign(trainer_client, version, **ACCEPT).status_code == 302
    assert (TaskReview.objects.count(), Notice.objects.count()) == (1, 1)


def test_who_took_over_after_the_time_is_not_written_over(
    as_user, trainer, trainer_client, version, organiser
):
    TaskWork.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    as_user(organiser).post(page_of(version, "take/"))
    answer = sign(as_user(trainer), version, **RETURN, next_step="第三条写退多少钱")
    assert answer.context["typed"].next_step == "第三条写退多少钱"
    assert not TaskReview.objects.exists()


def test_a_recording_from_another_page_gets_no_answer_that_ends_it(trainer_client, version):
    answer = trainer_client.post(
        page_of(version, "sign/"), {"voice": "x"}, headers={"accept": "application/json"}
    )
    assert (answer.status_code, answer.json()) == (409, {})


def test_an_answer_is_taken_back_within_ten_minutes_and_no_later(trainer_client, version, learner, task):
    since = TaskWork.objects.get().waiting_since
    answer = sign(trainer_client, version, **ACCEPT)
    assert "田巧云的“六条回复”答复了。点错了，" in text(trainer_client.get(answer["Location"]))
    answer = trainer_client.post(page_of(version, "take-back/"), follow=True)
    assert answer.context["holds"] is True
    assert not TaskReview.objects.exists()
    assert not Notice.objects.exists()
    assert TaskWork.objects.get().waiting_since == since
    sign(trainer_client, version, **RETURN, next_step="改一处")
    TaskReview.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert (
        list_messages(trainer_client.post(page_of(version, "take-back/")))[-1]
        == "撤不回来了：过了 10 分钟，或者他又交了一遍。"
    )
    TaskReview.objects.update(created_at=timezone.now())
    hand_in(learner, task)
    trainer_client.post(page_of(version, "take-back/"))
    assert TaskReview.objects.count() == 1


# --- notes ---


@pytest.fixture
def photos(trainer_client, learner, course) -> TaskVersion:
    made = hand_in(learner, make_task(course, "photo"), photos=[make_photo(learner), make_photo(learner)])
    trainer_client.post(page_of(made, "take/"))
    return made


@pytest.fixture
def film(trainer_client, learner, course) -> TaskVersion:
    task, key = make_task(course, "video"), uuid4()
    made = hand_in(learner, task, key, uploads=[make_whole_upload(learner, task, key)])
    Video.objects.update(status=Video.Status.READY, duration_ms=20_000)
    trainer_client.post(page_of(made, "take/"))
    return made


def write(client, version: TaskVersion, **note):
    facts = {f"note-{name}": value for name, value in note.items()}
    return client.post(page_of(version, "notes/"), {"version": version.pk, "next_step": "先改光"} | facts)


def test_a_note_on_a_spot_of_a_photo_is_drawn_there_and_the_rest_stays(trainer_client, photos, trainer):
    second = photos.items.get(position=2)
    answer = write(trainer_client, photos, item=second.pk, spot="412,630", text="这里反光")
    note = TaskNote.objects.get()
    assert (note.item, note.x, note.y, note.at_ms, note.text, note.author) == (
        second, 412, 630, None, "这里反光", trainer,
    )  # fmt: skip
    assert answer.context["form"]["next_step"].value() == "先改光"
    assert answer.context["note_form"]["text"].value() in ("", None)
    assert text(answer).count('<circle cx="494" cy="567"') == 1
    assert (
        trainer_client.post(page_of(photos, f"notes/{note.key}/remove/"), {"version": photos.pk}).status_code
        == 200
    )
    assert not TaskNote.objects.filter(removed_at=None).exists()


def test_a_place_is_chosen_by_the_keyboard_and_the_photo_must_be_named(trainer_client, photos):
    answer = write(trainer_client, photos, spot="833,167", text="太暗")
    assert answer.context["note_form"].errors == {"item": ["选一下是哪张照片。"]}
    assert answer.context["note_form"]["text"].value() == "太暗"
    write(trainer_client, photos, item=photos.items.first().pk, spot="833,167", text="太暗")
    assert TaskNote.objects.values_list("x", "y").get() == (833, 167)


@pytest.mark.parametrize("spot", ["1001,5", "-4,5", "4", "a,b", "99999,1"])
def test_a_spot_outside_the_photo_is_no_spot(trainer_client, photos, spot):
    answer = write(trainer_client, photos, item=photos.items.first().pk, spot=spot, text="太暗")
    assert answer.status_code == 200
    assert not TaskNote.objects.filter(x__gt=1000).exists()


def test_a_note_on_a_second_of_the_film(trainer_client, film):
    write(trainer_client, film, at="0:12", text="手抖了")
    note = TaskNote.objects.get()
    assert (note.item, note.at_ms, note.x) == (film.items.get(), 12_000, None)
    answer = write(trainer_client, film, at="0:21", text="太长")
    assert answer.context["note_form"].errors == {"at": ["视频只有 0:20，没有这么晚的。"]}
    answer = write(trainer_client, film, at="0:10")
    assert answer.context["note_form"].errors == {"text": ["写一句，再记。"]}
    assert TaskNote.objects.count() == 1


def test_a_note_sent_twice_is_one_and_there_is_an_end_to_them(trainer_client, version, trainer):
    for _time in range(2):
        write(trainer_client, version, key=uuid4(), text="好") if _time else None
        write(trainer_client, version, key="0b1c7d8a-0000-4000-8000-0000000000aa", text="开头好")
    assert TaskNote.objects.count() == 2
    TaskNote.objects.bulk_create(TaskNote(version=version, author=trainer, text=f"{n}") for n in range(2, 30))
    assert list_messages(write(trainer_client, version, text="再一条")) == ["一遍最多记 30 条。"]
    assert TaskNote.objects.count() == 30


def test_the_trainee_reads_the_notes_only_with_the_answer(
    as_user, trainer_client, version, learner, trainer, task
):
    write(trainer_client, version, text="第二条数字要写")
    page = f"/learn/tasks/{task.pk}/"
    assert "第二条数字要写" not in text(as_user(learner).get(page))
    sign(as_user(trainer), version, **RETURN, next_step="补数字")
    assert "第二条数字要写" in text(as_user(learner).get(page))


# --- each kind, and who may ---


@pytest.mark.parametrize("kind", ["listing", "rundown", "rehearsal"])
def test_what_lies_elsewhere_is_shown_or_led_to(
    kind, trainer_client, learner, course, cohort, village, trainer
):
    if kind == "listing":
        given, shown = {"product": make_product(make_shop(learner, village), name="脐橙")}, "¥29.90"
    elif kind == "rundown":
        given, shown = {"rundown": make_plan(learner, items=2, place=village)}, "冰糖橙1"
    else:
        handed = make_submission(learner, cohort)
        given, shown = {"submissions": [handed]}, f"/review/{handed.key}/"
    made = hand_in(learner, make_task(course, kind), **given)
    answer = trainer_client.post(page_of(made, "take/"), follow=True)
    assert answer.context["holds"] is True
    assert shown in text(answer)


def test_the_page_costs_the_same_for_one_photo_and_for_nine(
    trainer_client, learner, course, trainer, django_assert_num_queries
):
    task = make_task(course, "photo")
    for count in (1, 9):
        made = hand_in(learner, task, photos=[make_photo(learner, "waiting") for _n in range(count)])
        leases.acquire_lease(trainer, made.work)
        for item in made.items.all():
            TaskNote.objects.create(version=made, author=trainer, item=item, text="看这里")
        with django_assert_num_queries(13):
            answer = trainer_client.get(page_of(made))
        assert len(answer.context["row"].notes) == count


def test_nobody_else_is_let_in(client, as_user, version, learner, seller, stranger):
    parts = ["", "take/", "release/", "notes/", "sign/", "take-back/", "choose/"]
    for person in (seller, stranger):
        for part in parts:
            assert as_user(person).post(page_of(version, part)).status_code in (404, 405)
            assert as_user(person).get(page_of(version, part)).status_code in (404, 405, 302)
        assert as_user(person).get(page_of(version)).status_code == 404
    assert as_user(learner).get(page_of(version))["Location"] == f"/learn/tasks/{version.work.assignment_id}/"
    assert as_user(learner).post(page_of(version, "sign/"), ACCEPT).status_code == 404
    assert not TaskReview.objects.exists()


@pytest.mark.race
@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_of_two_trainers_at_once_one_answers(version, trainer, organiser):
    outcomes, together = [], threading.Barrier(2)

    def answer(person) -> None:
        try:
            together.wait()
            accept_task(person, TaskVersion.objects.get(pk=version.pk))
            outcomes.append("accepted")
        except AlreadyAnswered:
            outcomes.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=(person,)) for person in (trainer, organiser)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted", "late"]
    assert TaskReview.objects.count() == 1
