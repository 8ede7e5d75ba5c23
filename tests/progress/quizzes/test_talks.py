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
from tests.factories import make_cohort, make_course, make_person
from tests.pages import list_messages, squeeze
from tests.progress.quizzes.attempts import text
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


@pytest.mark.long
def test_three_failures_wait_and_the_trainee_reads_for_whom(as_user, learner, trainer, cohort, exam):
    trainer.name = "培训老师"
    trainer.save()
    fail(learner, exam, 3)
    client = as_user(learner)
    assert list_messages(client.post(f"/learn/quizzes/{exam.pk}/start/")) == [TOLD]
    answer = client.post(f"/learn/quizzes/{exam.pk}/paper/")
    assert (answer.status_code, answer.json()) == (409, {"problem": TOLD})
    page = squeeze(text(client.get(f"/learn/quizzes/{exam.pk}/")))
    assert (TOLD in page, "再考一次</button>" in page, "data-paper=" in page) == (True, False, False)
    last = Attempt.objects.order_by("number").last()
    result = squeeze(text(client.get(f"/learn/attempts/{last.key}/")))
    assert (TOLD in result, "再考一次</button>" in result) == (True, False)
    assert Attempt.objects.count() == 3


@pytest.mark.long
def test_somebody_without_a_class_is_told_to_join_one(trainee, course, exam, as_user):
    enrol(trainee, course)
    fail(trainee, exam, 3)
    [sentence] = list_messages(as_user(trainee).post(f"/learn/quizzes/{exam.pk}/start/"))
    assert sentence == "3 次没过，先找老师谈一谈。你还没进班，跟培训老师要进班码，进了班老师才记得上。"


def test_a_quiz_without_the_rule_never_waits(learner, course, django_assert_num_queries):
    quiz = make_quiz(course, "single", "single", pass_percent=100)
    fail(learner, quiz, 4)
    with django_assert_num_queries(0):
        assert not talks.needs_talk(learner, quiz)
    assert talks.find_waiting().count() == 0


@pytest.mark.long
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
    assert list_messages(answer) == ["记下了，他可以再考了。"]
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


@pytest.mark.long
def test_a_second_tap_is_one_talk_and_says_that_it_is_noted(as_user, learner, trainer, cohort, exam):
    fail(learner, exam, 3)
    client = as_user(trainer)
    client.post(url(cohort, learner, exam), {"note": "谈过了"})
    assert (
        list_messages(client.post(url(cohort, learner, exam), {"note": "谈过了"}))[-1]
        == "这次谈话已经记下了，他可以再考了。"
    )
    assert Talk.objects.count() == 1


@pytest.mark.long
@pytest.mark.both_databases
def test_a_second_trainer_keeps_what_was_typed_reads_the_first_note_and_adds_it(
    as_user, learner, trainer, village, cohort, exam
):
    fail(learner, exam, 3)
    colleague = make_person("伍老师", ("trainer", village.parent))
    assert talk(trainer, cohort, learner, exam, "产地的话没弄明白。")
    client, typed = as_user(colleague), "价钱那两题是看错了单位。"
    page = squeeze(text(client.post(url(cohort, learner, exam), {"note": typed})))
    assert "这次谈话别的老师先记了，他已经能再考。" in page
    assert f">{typed}</textarea>" in page
    assert page.index("产地的话没弄明白。") < page.index(typed) < page.index('name="also"')
    assert Talk.objects.count() == 1
    for _tap in range(2):
        answer = client.post(url(cohort, learner, exam), {"note": typed, "also": "1"})
    assert list_messages(answer)[0] == "补记上了。"
    rows = Talk.objects.order_by("pk").values_list("trainer", "after", "note")
    assert [*rows] == [(trainer.pk, 3, "产地的话没弄明白。"), (colleague.pk, 3, typed)]
    verbs = AuditEntry.objects.order_by("pk").values_list("actor", "verb")
    assert [*verbs] == [(trainer.pk, "talk_held"), (colleague.pk, "talk_note_added")]
    assert typed in text(as_user(learner).get(f"/learn/quizzes/{exam.pk}/"))


def test_what_was_typed_stays_when_the_trainee_passed_meanwhile(as_user, learner, trainer, cohort, exam):
    fail(learner, exam, 1)
    page = squeeze(text(as_user(trainer).post(url(cohort, learner, exam), {"note": "先聊了聊"})))
    assert ("你写的还在下面" in page, ">先聊了聊</textarea>" in page) == (True, True)
    assert not Talk.objects.exists()


@pytest.mark.long
def test_an_empty_note_is_asked_for_and_a_long_one_is_not_lost(as_user, learner, trainer, cohort, exam):
    fail(learner, exam, 3)
    client = as_user(trainer)
    assert "写一句谈了什么，再让他考。" in text(client.post(url(cohort, learner, exam), {"note": " "}))
    assert "谈" * 301 in text(client.post(url(cohort, learner, exam), {"note": "谈" * 301}))
    assert not Talk.objects.exists()


@pytest.mark.long
def test_nobody_notes_a_talk_with_themselves(as_user, trainer, cohort, course, exam):
    enrol(trainer, course, cohort)
    fail(trainer, exam, 3)
    page = text(as_user(trainer).post(url(cohort, trainer, exam), {"note": "我会了"}))
    assert "自己不能给自己记" in page
    with pytest.raises(talks.OwnTalk):
        talk(trainer, cohort, trainer, exam)
    assert not Talk.objects.exists()


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
def test_answers_that_come_after_an_examination_was_handed_in_do_not_end_the_wait(learner, exam):
    fail(learner, exam, 2)
    attempt, at = doing.start_attempt(learner, exam), timezone.now()
    doing.record_answer(learner, attempt.key, 1, "b")
    doing.finish_attempt(learner, attempt.key)
    assert talks.needs_talk(learner, exam)
    assert send(learner, attempt, {"2": "b"}, at) == "handed_in"
    assert talks.needs_talk(learner, exam)


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


@pytest.mark.long
def test_the_paper_of_an_examination_carries_no_answers(as_user, learner, course, exam):
    client = as_user(learner)
    other = make_quiz(course, "single", clears="first_live")
    for quiz in (exam, other):
        found = client.post(f"/learn/quizzes/{quiz.pk}/paper/").json()
        assert (found["tells"], [one for one in found["questions"] if "key" in one]) == (False, [])


@pytest.mark.long
def test_those_who_left_and_other_classes_are_not_listed(learner, course, cohort, exam, village, trainer):
    other = make_cohort(course, village, trainer, name="冬季班", join_code="XYZ234")
    person = make_person("冬季学员")
    enrol(person, course, other)
    for one in (learner, person):
        fail(one, exam, 3)
    assert [(row.name, row.failures) for row in talks.list_waiting(other)] == [("冬季学员", 3)]
    learner.enrolments.update(left_at=timezone.now())
    assert talks.list_waiting(cohort) == []


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 12])
def test_listing_who_waits_takes_three_queries(course, cohort, exam, count, django_assert_num_queries):
    for n in range(count):
        person = make_person(f"学员{n}")
        enrol(person, course, cohort)
        fail(person, exam, 3)
    with django_assert_num_queries(3):
        assert len(talks.list_waiting(cohort)) == count


@pytest.mark.long
@pytest.mark.both_databases
def test_trainers_read_among_what_waits_for_them_who_to_talk_to(
    learner, trainer, stranger, cohort, course, exam, village
):
    def list_waiting(user) -> list[tuple]:
        rows = items.list_items(user)
        return [(row.count, row.sentence, row.url) for row in rows if row.kind == "talk"]

    assert list_waiting(trainer) == []
    fail(learner, exam, 3)
    assert list_waiting(trainer) == [(1, "1 个人考了几次没过，等你谈一谈", f"/classes/{cohort.pk}/#talks")]
    assert (list_waiting(learner), list_waiting(stranger)) == ([], [])
    person = make_person("冬季学员")
    enrol(person, course, make_cohort(course, village, trainer, name="冬季班", join_code="XYZ234"))
    fail(person, exam, 3)
    assert list_waiting(trainer) == [(2, "2 个人考了几次没过，等你谈一谈", "/classes/")]
    talk(trainer, cohort, learner, exam)
    assert [count for count, _sentence, _url in list_waiting(trainer)] == [1]


@pytest.mark.long
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


# --- the same examination in two languages ---


@pytest.fixture
def english(course, county, exam) -> Quiz:
    """Return the examination of the English course: its twin says so, and it permits the same."""
    twin = make_course(county, title="Selling live", slug="live-en", language="en", twin=course)
    Quiz.objects.filter(pk=exam.pk).update(clears="first_live")
    exam.refresh_from_db()
    return make_quiz(
        twin, "single", "single", title="Law test", pass_percent=100, talk_after=3, clears="first_live"
    )


@pytest.mark.long
@pytest.mark.both_databases
def test_failures_in_both_languages_count_together(as_user, learner, trainer, cohort, exam, english):
    """Whoever failed in Chinese cannot go on in English without the talk."""
    enrol(learner, english.course)
    fail(learner, exam, 2)
    assert not talks.needs_talk(learner, english)
    fail(learner, english, 1)
    trainer.name = "培训老师"
    trainer.save()
    for quiz in (exam, english):
        with pytest.raises(talks.TalkNeeded):
            doing.start_attempt(learner, quiz)
        sentence = list_messages(as_user(learner).post(f"/learn/quizzes/{quiz.pk}/start/"))[-1]
        assert sentence == f"{TOLD}中文、英文的考试合在一起算。"
    [waiting] = talks.list_waiting(cohort)
    assert (waiting.quiz, waiting.title, waiting.failures) == (exam.pk, "法律考试", 3)
    page = squeeze(text(as_user(trainer).get(url(cohort, learner, exam))))
    assert page.count('<span lang="en">Law test</span>') == 1
    assert talk(trainer, cohort, learner, english)
    assert [*Talk.objects.values_list("quiz", "after")] == [(english.pk, 1)]
    assert talks.list_waiting(cohort) == []
    assert doing.start_attempt(learner, exam).number == 3
    assert "回去看第三课" in text(as_user(learner).get(f"/learn/quizzes/{english.pk}/"))


@pytest.mark.long
def test_a_pass_in_one_language_ends_the_count_in_the_other(learner, exam, english):
    enrol(learner, english.course)
    fail(learner, exam, 2)
    assert sit(learner, english, "b", "b").passed
    fail(learner, exam, 1)
    assert not talks.needs_talk(learner, exam)
    fail(learner, english, 2)
    assert (talks.needs_talk(learner, exam), talks.needs_talk(learner, english)) == (True, True)


@pytest.mark.long
def test_an_examination_without_the_rule_waits_as_its_twin_does(learner, exam, english):
    enrol(learner, english.course)
    Quiz.objects.filter(pk=english.pk).update(talk_after=None)
    english.refresh_from_db()
    fail(learner, english, 3)
    assert (talks.needs_talk(learner, exam), talks.needs_talk(learner, english)) == (True, True)
    assert (talks.find_limit(english), talks.count_elsewhere(learner, english)) == (3, 0)


@pytest.mark.long
def test_other_quizzes_of_the_twin_course_are_counted_alone(learner, exam, english):
    other = make_quiz(english.course, "single", "single", pass_percent=100, talk_after=3)
    enrol(learner, english.course)
    fail(learner, exam, 2)
    fail(learner, other, 1)
    assert [talks.needs_talk(learner, quiz) for quiz in (exam, english, other)] == [False, False, False]


@pytest.mark.long
def test_who_failed_in_english_alone_waits_in_the_class_of_the_chinese_course(
    as_user, learner, trainer, cohort, exam, english
):
    enrol(learner, english.course)
    fail(learner, english, 3)
    [row] = [one for one in items.list_items(trainer) if one.kind == "talk"]
    assert (row.count, row.url) == (1, f"/classes/{cohort.pk}/#talks")
    assert [(one.quiz, one.failures) for one in talks.list_waiting(cohort)] == [(exam.pk, 3)]
    client = as_user(trainer)
    assert list_messages(client.post(url(cohort, learner, exam), {"note": "讲过了"})) == [
        "记下了，他可以再考了。"
    ]
    assert "讲过了" in text(client.get(f"/classes/{cohort.pk}/trainees/{learner.pk}/"))
    assert not talks.needs_talk(learner, english)


def test_what_an_english_try_showed_is_no_late_answer_to_a_chinese_one(learner, exam, english):
    enrol(learner, english.course)
    first = doing.finish_attempt(learner, doing.start_attempt(learner, exam).key)
    sit(learner, english, "a", "a")
    assert send(learner, first, {"1": "b", "2": "b"}, first.started_at) == HANDED_IN
    first.refresh_from_db()
    assert (first.passed, learner.clearances.count()) == (False, 0)
