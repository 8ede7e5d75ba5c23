from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from progress.classes import questions
from progress.enrolment.services import enrol, leave
from progress.models import Ask, Reply
from tests.class_messages import make_ask, make_reply
from tests.factories import make_cohort, make_person


def list_texts(rows) -> list[str]:
    return [ask.text for ask in rows]


def test_question_goes_to_ones_class_once(learner, cohort, lessons):
    event = uuid4()
    first = questions.ask_question(learner, lessons[0], "怎么拍？", event)
    assert (first.author, first.cohort, first.lesson, first.event_id) == (learner, cohort, lessons[0], event)
    assert questions.ask_question(learner, lessons[0], "怎么拍？", event) == first
    assert list_texts(Ask.objects.all()) == ["怎么拍？"]


def test_id_of_somebody_elses_question_is_replaced(learner, seller, course, cohort, lessons):
    event = uuid4()
    questions.ask_question(learner, lessons[0], "我的", event)
    enrol(seller, course, cohort)
    other = questions.ask_question(seller, lessons[0], "她的", event)
    assert (other.author, other.text, other.event_id != event) == (seller, "她的", True)
    assert Ask.objects.count() == 2


def test_nobody_asks_without_a_class(trainee, learner, seller, course, lessons):
    with pytest.raises(questions.NoClass):
        questions.ask_question(seller, lessons[0], "没报名")
    enrol(seller, course)
    with pytest.raises(questions.NoClass):
        questions.ask_question(seller, lessons[0], "没进班")
    leave(learner, course)
    with pytest.raises(questions.NoClass):
        questions.ask_question(learner, lessons[0], "退了")
    assert Ask.objects.count() == 0


@pytest.mark.long
def test_twenty_questions_an_hour_and_one_sent_again_is_none_of_them(learner, cohort, lessons):
    old = timezone.now() - timedelta(minutes=61)
    make_ask(learner, cohort, lessons[0], asked_at=old)
    events = [uuid4() for _n in range(20)]
    for event in events:
        questions.ask_question(learner, lessons[0], "问", event)
    with pytest.raises(questions.TooManyQuestions):
        questions.ask_question(learner, lessons[1], "再问", uuid4())
    assert questions.ask_question(learner, lessons[0], "问", events[0]).event_id == events[0]
    assert Ask.objects.count() == 21


def test_answer_sent_twice_is_one(learner, trainer, organiser, cohort, lessons):
    ask = make_ask(learner, cohort, lessons[0])
    first = questions.reply_to(trainer, ask, "竖着。")
    assert questions.reply_to(trainer, ask, "竖着。") == first
    questions.reply_to(organiser, ask, "竖着。")
    questions.reply_to(trainer, ask, "横着也行。")
    assert [(row.author, row.text) for row in ask.replies.all()] == [
        (trainer, "竖着。"),
        (organiser, "竖着。"),
        (trainer, "横着也行。"),
    ]


def test_question_taken_down_is_not_answered(learner, trainer, cohort, lessons):
    ask = make_ask(learner, cohort, lessons[0])
    assert (questions.remove_question(learner, ask), questions.remove_question(learner, ask)) == (True, False)
    with pytest.raises(questions.TakenDown):
        questions.reply_to(trainer, ask, "晚了")
    assert Reply.objects.count() == 0
    assert AuditEntry.objects.count() == 0


def test_trainers_taking_down_is_written_down(learner, trainer, cohort, lessons, village):
    ask = make_ask(learner, cohort, lessons[0])
    assert questions.remove_question(trainer, ask)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.subject, entry.place, entry.detail) == (
        trainer,
        "ask_removed",
        f"ask {ask.pk}",
        village,
        {"name": "秋季班"},
    )


def test_unanswered_are_those_that_stand_without_an_answer(learner, trainer, cohort, lessons):
    make_ask(learner, cohort, lessons[0], "等着")
    make_ask(learner, cohort, lessons[0], "撤了", removed_at=timezone.now())
    make_reply(make_ask(learner, cohort, lessons[0], "回了"), trainer)
    assert list_texts(Ask.objects.unanswered()) == ["等着"]
    assert {ask.text: ask.is_settled for ask in questions.find_for_class(cohort)} == {
        "等着": False,
        "撤了": True,
        "回了": True,
    }


def test_new_answers_are_those_of_a_week_to_ones_own_standing_questions(
    learner, trainer, course, cohort, lessons, village
):
    now = timezone.now()
    for text, asker, days in (("昨天回的", learner, 1), ("今天回的", learner, 0), ("上月回的", learner, 30)):
        ask = make_ask(asker, cohort, lessons[0], text)
        make_reply(ask, trainer, replied_at=now - timedelta(days=days))
    other = make_person("同学")
    enrol(other, course, cohort)
    make_reply(make_ask(other, cohort, lessons[0], "同学的"), trainer)
    make_reply(make_ask(learner, cohort, lessons[0], "撤了的", removed_at=now), trainer)
    make_ask(learner, cohort, lessons[0], "没回的")
    assert list_texts(questions.find_newly_answered(learner)) == ["今天回的", "昨天回的"]
    enrol(learner, course, make_cohort(course, village))
    assert list_texts(questions.find_newly_answered(learner)) == []


def test_question_changed_after_a_lost_answer_is_another_one(learner, cohort, lessons):
    event = uuid4()
    first = questions.ask_question(learner, lessons[0], "怎么拍？", event)
    second = questions.ask_question(learner, lessons[0], "怎么拍才不抖？", event)
    assert questions.ask_question(learner, lessons[0], "怎么拍才不抖？", event) == second
    assert questions.ask_question(learner, lessons[0], " 怎么拍？", event) == first
    assert list(Ask.objects.order_by("pk").values_list("text", flat=True)) == ["怎么拍？", "怎么拍才不抖？"]
