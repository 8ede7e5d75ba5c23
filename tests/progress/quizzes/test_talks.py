"""After three failures a trainer's talk opens the next try: on the site, on a phone's stored paper, and on the class's pages."""

from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.worklist import items
from courses.models import Objective, Quiz
from outbox.protocol import Incoming
from progress.enrolment.services import enrol
from progress.event_descriptions import HANDED_IN
from progress.models import Attempt, Talk
from progress.quizzes import attempts as doing
from progress.quizzes import talks
from progress.quizzes.offline_events import apply_attempts
from tests.factories import make_cohort, make_person
from tests.pages import squeeze
from tests.progress.quizzes.attempts import said, text
from tests.quizzes import make_quiz

TOLD = "3 次没过，先找老师谈一谈：培训老师。老师记下来，就能再考。"


@pytest.fixture
def exam(course) -> Quiz:
    return make_quiz(course, "single", "single", title="法律考试", pass_percent=100, talk_after=3)


def sit(user, quiz, *given: str) -> Attempt:
    attempt = doing.start_attempt(user, quiz)
    for position, one in enumerate(given, 1):
        doing.record_answer(user, attempt.key, position, one)
    return doing.finish_attempt(user, attempt.key)


def fail(user, quiz, times: int) -> None:
    for _n in range(times):
        sit(user, quiz, "a", "b")


def url(cohort, person, quiz) -> str:
    return f"/classes/{cohort.pk}/trainees/{person.pk}/talks/{quiz.pk}/"


def talk(trainer, cohort, person, quiz, note: str = "产地的话没弄明白，回去看第三课。") -> bool:
    return talks.hold_talk(trainer, cohort, person, quiz, note)


def test_two_failures_do_not_wait(learner, cohort, exam):
    fail(learner, exam, 2)
    assert (talks.needs_talk(learner, exam), talks.list_waiting(cohort)) == (False, [])
    assert doing.start_attempt(learner, exam).number == 3


def test_three_failures_wait_and_the_trainee_reads_for_whom(as_user, learner, trainer, cohort, exam):
    trainer.name = "培训老师"
    trainer.save()
    fail(learner, exam, 3)
    client = as_user(learner)
    assert said(client.post(f"/learn/quizzes/{exam.pk}/start/")) == [TOLD]
    answer = client.post(f"/learn/quizzes/{exam.pk}/paper/")
    assert (answer.status_code, answer.json()) == (409, {"problem": TOLD})
    page = squeeze(text(client.get(f"/learn/quizzes/{exam.pk}/")))
    assert (TOLD in page, "再考一次</button>" in page, "data-paper=" in page) == (True, False, False)
    last = Attempt.objects.order_by("number").last()
    result = squeeze(text(client.get(f"/learn/attempts/{last.key}/")))
    assert (TOLD in result, "再考一次</button>" in result) == (True, False)
    assert Attempt.objects.count() == 3


def test_somebody_without_a_class_is_told_to_join_one(trainee, course, exam, as_user):
    enrol(trainee, course)
    fail(trainee, exam, 3)
    [sentence] = said(as_user(trainee).post(f"/learn/quizzes/{exam.pk}/start/"))
    assert sentence == "3 次没过，先找老师谈一谈。你还没进班，跟培训老师要进班码，进了班老师才记得上。"


def test_a_quiz_without_the_rule_never_waits(learner, course, django_assert_num_queries):
    quiz = make_quiz(course, "single", "single", pass_percent=100)
    fail(learner, quiz, 4)
    with django_assert_num_queries(0):
        assert not talks.needs_talk(learner, quiz)
    assert talks.find_waiting().count() == 0


@pytest.mark.both_databases
def test_the_class_page_lists_who_waits_and_the_note_opens_the_next_try(
    as_user, learner, trainer, cohort, exam
):
    fail(learner, exam, 3)
    client = as_user(trainer)
    board = squeeze(text(client.get(f"/classes/{cohort.pk}/")))
    assert f'href="{url(cohort, learner, exam)}"' in board
    assert "3 次没过" in board
    page = squeeze(text(client.get(url(cohort, learner, exam))))
    assert page.count("1/2") == 3
    answer = client.post(url(cohort, learner, exam), {"note": "一题一题看过了，回去看第三课。"})
    assert answer["Location"] == f"/classes/{cohort.pk}/trainees/{learner.pk}/"
    assert said(answer) == ["记下了，他可以再考了。"]
    row = Talk.objects.get()
    assert (row.user, row.quiz, row.trainer, row.after) == (learner, exam, trainer, 3)
    entry = AuditEntry.objects.get(verb="talk_held")
    assert (entry.actor, entry.subject, entry.detail) == (
        trainer, f"user {learner.pk}", {"name": "法律考试", "count": 3},
    )  # fmt: skip
    assert "等老师谈一谈" not in text(client.get(f"/classes/{cohort.pk}/"))
    assert "一题一题看过了" in text(client.get(f"/classes/{cohort.pk}/trainees/{learner.pk}/"))
    mine = as_user(learner)
    assert "一题一题看过了" in text(mine.get(f"/learn/quizzes/{exam.pk}/"))
    assert mine.post(f"/learn/quizzes/{exam.pk}/paper/").status_code == 200


def test_a_second_tap_is_one_talk_and_says_that_nobody_waits(as_user, learner, trainer, cohort, exam):
    fail(learner, exam, 3)
    client = as_user(trainer)
    client.post(url(cohort, learner, exam), {"note": "谈过了"})
    assert (
        said(client.post(url(cohort, learner, exam), {"note": "谈过了"}))[-1]
        == "他现在不用先谈，自己就能考。"
    )
    assert Talk.objects.count() == 1


def test_an_empty_note_is_asked_for_and_a_long_one_is_not_lost(as_user, learner, trainer, cohort, exam):
    fail(learner, exam, 3)
    client = as_user(trainer)
    assert "写一句谈了什么，再让他考。" in text(client.post(url(cohort, learner, exam), {"note": " "}))
    assert "谈" * 301 in text(client.post(url(cohort, learner, exam), {"note": "谈" * 301}))
    assert not Talk.objects.exists()


def test_nobody_notes_a_talk_with_themselves(as_user, trainer, cohort, course, exam):
    enrol(trainer, course, cohort)
    fail(trainer, exam, 3)
    page = text(as_user(trainer).post(url(cohort, trainer, exam), {"note": "我会了"}))
    assert "自己不能给自己记" in page
    with pytest.raises(talks.OwnTalk):
        talk(trainer, cohort, trainer, exam)
    assert not Talk.objects.exists()


def test_after_the_talk_three_more_failures_wait_again(learner, trainer, cohort, exam):
    fail(learner, exam, 3)
    assert talk(trainer, cohort, learner, exam)
    fail(learner, exam, 2)
    assert not talks.needs_talk(learner, exam)
    fail(learner, exam, 1)
    with pytest.raises(talks.TalkNeeded):
        doing.start_attempt(learner, exam)
    assert talk(trainer, cohort, learner, exam)
    assert [*Talk.objects.order_by("after").values_list("after", flat=True)] == [3, 6]


def test_a_pass_ends_the_count(learner, exam):
    """A year later the next examination begins with three tries again."""
    fail(learner, exam, 2)
    assert sit(learner, exam, "b", "b").passed
    fail(learner, exam, 2)
    assert not talks.needs_talk(learner, exam)
    fail(learner, exam, 1)
    assert talks.needs_talk(learner, exam)


def send(learner, attempt: Attempt, answers: dict, at=None) -> str:
    body = {"attempt": str(attempt.key), "answers": answers, "finished": True}
    event = Incoming(uuid4(), "attempt", at or timezone.now(), timezone.now(), body)
    return apply_attempts(learner, [event])[event.id]


def test_failures_that_a_phone_brings_count_and_its_open_paper_stays_valid(learner, trainer, cohort, exam):
    fail(learner, exam, 2)
    stored = doing.start_attempt(learner, exam)  # lies in the phone
    assert doing.start_attempt(learner, exam) == stored
    assert send(learner, stored, {"1": "a", "2": "b"}) == ""
    with pytest.raises(talks.TalkNeeded):
        doing.start_attempt(learner, exam)
    assert talk(trainer, cohort, learner, exam)
    following = doing.start_attempt(learner, exam)
    assert send(learner, following, {"1": "b", "2": "b"}) == ""
    following.refresh_from_db()
    assert following.passed


def test_late_answers_that_make_a_pass_end_the_wait(learner, exam):
    fail(learner, exam, 2)
    attempt, at = doing.start_attempt(learner, exam), timezone.now()
    doing.record_answer(learner, attempt.key, 1, "b")
    doing.finish_attempt(learner, attempt.key)
    assert talks.needs_talk(learner, exam)
    assert send(learner, attempt, {"2": "b"}, at) == ""
    assert not talks.needs_talk(learner, exam)


@pytest.mark.both_databases
@pytest.mark.parametrize("rule", [{"talk_after": 3}, {"clears": "first_live"}])
def test_what_later_tries_showed_is_no_late_answer_to_an_earlier_one(learner, course, rule):
    """A paper handed in empty could be filled in with the answers that the next tries showed: a pass, and a clearance."""
    exam = make_quiz(course, "single", "single", pass_percent=100, **rule)
    first = doing.finish_attempt(learner, doing.start_attempt(learner, exam).key)
    sit(learner, exam, "a", "a")
    assert send(learner, first, {"1": "b", "2": "b"}, first.started_at) == HANDED_IN
    first.refresh_from_db()
    assert (first.passed, first.answers.count(), learner.clearances.count()) == (False, 0, 0)


def test_the_paper_of_an_examination_carries_no_answers(as_user, learner, course, exam):
    client = as_user(learner)
    other = make_quiz(course, "single", clears="first_live")
    for quiz in (exam, other):
        found = client.post(f"/learn/quizzes/{quiz.pk}/paper/").json()
        assert (found["tells"], [one for one in found["questions"] if "key" in one]) == (False, [])


def test_those_who_left_and_other_classes_are_not_listed(learner, course, cohort, exam, village, trainer):
    other = make_cohort(course, village, trainer, name="冬季班", join_code="XYZ234")
    person = make_person("冬季学员")
    enrol(person, course, other)
    for one in (learner, person):
        fail(one, exam, 3)
    assert [(row.name, row.failures) for row in talks.list_waiting(other)] == [("冬季学员", 3)]
    learner.enrolments.update(left_at=timezone.now())
    assert talks.list_waiting(cohort) == []


@pytest.mark.parametrize("count", [1, 12])
def test_listing_who_waits_takes_one_query(course, cohort, exam, count, django_assert_num_queries):
    for n in range(count):
        person = make_person(f"学员{n}")
        enrol(person, course, cohort)
        fail(person, exam, 3)
    with django_assert_num_queries(1):
        assert len(talks.list_waiting(cohort)) == count


@pytest.mark.both_databases
def test_trainers_read_among_what_waits_for_them_who_to_talk_to(
    learner, trainer, stranger, cohort, course, exam, village
):
    def told(user) -> list[tuple]:
        rows = items.list_items(user)
        return [(row.count, row.sentence, row.url) for row in rows if row.kind == "talk"]

    assert told(trainer) == []
    fail(learner, exam, 3)
    assert told(trainer) == [(1, "1 个人考了几次没过，等你谈一谈", f"/classes/{cohort.pk}/#talks")]
    assert (told(learner), told(stranger)) == ([], [])
    person = make_person("冬季学员")
    enrol(person, course, make_cohort(course, village, trainer, name="冬季班", join_code="XYZ234"))
    fail(person, exam, 3)
    assert told(trainer) == [(2, "2 个人考了几次没过，等你谈一谈", "/classes/")]
    talk(trainer, cohort, learner, exam)
    assert [count for count, _sentence, _url in told(trainer)] == [1]


def test_what_was_lost_is_listed_by_objective(learner, course, exam):
    first, second = exam.bank.questions.order_by("position")
    for code, row in (("8.2", first), ("8.3", second)):
        row.objective = Objective.objects.create(course=course, code=code, text=f"目标{code}")
        row.save()
    for _n in range(3):
        attempt = doing.start_attempt(learner, exam)
        for position, item in enumerate(attempt.paper["items"], 1):
            doing.record_answer(learner, attempt.key, position, "b" if item["question"] == first.pk else "a")
    tries, weak = talks.review_failures(learner, exam)
    assert [(one.number, one.right, one.total) for one in tries] == [(3, 1, 2), (2, 1, 2), (1, 1, 2)]
    assert [(one.text, one.right, one.asked) for one in weak] == [("目标8.3", 0, 3), ("目标8.2", 3, 3)]
