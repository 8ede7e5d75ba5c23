"""When what somebody was stuck with ended, who of the class has done that very thing, and what its person reads."""

import pytest
from django.utils import timezone

from accounts.models import Notice
from programme.models import SupportCase
from programme.support.board import find_peers
from programme.support.cases import read_notice
from programme.support.causes.cause import Fact
from programme.support.endings import End, find_ends
from progress.models import Attempt, LessonDone, Watch
from rehearsals.models import TaskReview
from rehearsals.tasks.services import accept_task, return_task
from shops.models import Product
from tests.factories import add_helpers, make_person, make_product, make_seller, make_shop
from tests.programme.certificates.worlds import make_certificate
from tests.programme.support.rows import ago, do, fail
from tests.quizzes import make_quiz
from tests.rehearsals.tasks.worlds import hand_in, make_task
from tests.reviews import make_drill, make_review, make_submission


@pytest.fixture
def ending(cohort, learner):
    """ending(cause, subject) → when a case that was opened three days ago ended and whether it was solved."""

    def find(cause: str, subject: int = 0) -> End:
        facts = {"cohort": cohort, "user": learner, "cause": cause, "subject": subject}
        case, _new = SupportCase.objects.get_or_create(**facts, defaults={"opened_at": ago(3)})
        return find_ends(cohort, [case])[case.pk]

    return find


@pytest.fixture
def lessons(course):
    return list(course.modules.get().lessons.order_by("position"))


def peers(cohort, user, cause: str, subject: int = 0) -> list[str]:
    found = find_peers(cohort, Fact(user.pk, cause, timezone.now(), "", subject))
    return sorted(found.values_list("name", flat=True))


def test_no_case_has_no_end(cohort, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert find_ends(cohort, []) == {}


def test_the_first_lesson_after_the_case_ends_a_late_one_and_an_earlier_does_not(
    ending, cohort, learner, lessons
):
    do(learner, lessons[0], days=4)
    assert ending("lesson", lessons[1].pk) == End(None, False)
    do(learner, lessons[1], days=1)
    done = LessonDone.objects.get(user=learner, lesson=lessons[1]).happened_at
    assert ending("lesson", lessons[1].pk) == End(done, True)
    watched = Watch.objects.create(user=learner, lesson=lessons[2], last_ms=1000, last_at=ago(2)).last_at
    assert ending("lesson", lessons[1].pk) == End(watched, True)


def test_who_has_done_the_lesson_could_help_with_it(cohort, learner, other, lessons):
    assert peers(cohort, learner, "lesson", lessons[0].pk) == []
    for person in (learner, other, make_person("外班的")):
        do(person, lessons[0])
    assert peers(cohort, learner, "lesson", lessons[0].pk) == ["曾春生"]
    assert peers(cohort, learner, "lesson", lessons[1].pk) == []


def test_a_recording_sent_after_the_case_ends_a_retake_and_who_passed_the_drill_could_help(
    ending, cohort, trainer, learner, other
):
    drill = make_drill(cohort)
    first = make_submission(learner, cohort, drill)
    first.received_at = ago(4)
    first.save()
    assert ending("retake", first.pk) == End(None, False)
    make_review(trainer, make_submission(other, cohort, drill), total=59)
    assert peers(cohort, learner, "retake", first.pk) == []
    make_review(trainer, make_submission(other, cohort, drill), total=60)
    assert peers(cohort, learner, "retake", first.pk) == ["曾春生"]
    second = make_submission(learner, cohort, drill)
    assert ending("retake", first.pk) == End(second.received_at, True)


def test_whatever_can_have_been_the_last_thing_missing_ends_what_lacked_for_the_certificate(
    ending, cohort, trainer, learner, other, course
):
    assert ending("cert") == End(None, False)
    quiz = make_quiz(course)
    fail(learner, quiz, days=1)
    assert ending("cert") == End(None, False)
    fail(learner, quiz, passed=True, days=1)
    passed = Attempt.objects.get(passed=True).finished_at
    assert ending("cert") == End(passed, True)
    assert peers(cohort, learner, "cert") == []
    make_certificate(other, cohort)
    assert peers(cohort, learner, "cert") == ["曾春生"]


@pytest.mark.long
def test_a_task_that_was_accepted_ends_what_lacked_for_the_certificate(
    ending, course, cohort, trainer, learner
):
    task = make_task(course)
    return_task(trainer, hand_in(learner, task), next_step="第三条写退多少钱")
    assert ending("cert") == End(None, False)
    accept_task(trainer, hand_in(learner, task))
    accepted = TaskReview.objects.get(decision="accepted").created_at
    assert ending("cert") == End(accepted, True)


def test_the_certificate_ends_what_was_left_out_before_but_not_a_missing_listing(ending, cohort, learner):
    issued = make_certificate(learner, cohort).issued_at
    assert ending("absent") == ending("lesson", 1) == End(issued, True)
    assert ending("listing") == End(None, False)


@pytest.mark.long
def test_a_listing_of_the_shop_ends_it_for_its_owner_and_its_helpers(ending, cohort, village, learner, other):
    make_seller(other, village)
    shop = make_shop(other, village)
    add_helpers(shop, learner)
    product = make_product(shop, status=Product.Status.DRAFT)
    Product.objects.filter(pk=product.pk).update(listed_at=None, submitted_at=None)
    assert (ending("listing"), peers(cohort, learner, "listing")) == (End(None, False), [])
    sent, listed = ago(2), ago(1)
    Product.objects.filter(pk=product.pk).update(listed_at=listed, submitted_at=sent)
    assert ending("listing") == End(sent, True)
    assert peers(cohort, learner, "listing") == ["曾春生"]
    case = SupportCase.objects.create(cohort=cohort, user=other, cause="listing", opened_at=ago(3))
    assert find_ends(cohort, [case]) == {case.pk: End(sent, True)}


def test_who_leaves_the_class_ends_a_case_unsolved_and_never_before_it_was_opened(ending, cohort, learner):
    left = ago(1)
    cohort.enrolments.filter(user=learner).update(left_at=left)
    assert ending("lesson", 1) == End(left, False)
    cohort.enrolments.filter(user=learner).update(left_at=ago(5))
    assert ending("lesson", 1) == End(SupportCase.objects.get().opened_at, False)


@pytest.mark.parametrize(
    ("cause", "sentence", "url"),
    [
        ("quiz", "老师请你再考一次“摇一摇”，哪里不懂先问他。", "/learn/quizzes/7/"),
        ("absent", "老师惦记你没来上课，下次什么时候上，点开看。", "/classes/5/mine/"),
        ("retake", "老师请你把“摇一摇”重录一遍。", "/practise/"),
        ("task", "老师请你把“摇一摇”改好，再交一次。", "/learn/tasks/7/"),
        ("lesson", "老师请你接着学“摇一摇”。", "/learn/lessons/7/"),
        ("cert", "你离结业证书只差一样了，点开接着做。", "/learn/"),
        ("listing", "结业了，老师请你上架第一款货。", "/me/shop/"),
    ],
)
def test_a_message_says_what_to_do_next_and_leads_there(cause, sentence, url):
    facts = {"cause": cause, "title": "摇一摇", "subject": 7, "class": 5}
    assert read_notice(Notice(template="support_message", params=facts)) == (sentence, url)


def test_the_message_of_another_app_is_not_read():
    assert read_notice(Notice(template="order_paid", params={})) is None
