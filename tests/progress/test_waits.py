"""What waits for learners and trainers, and the course with which 学习 continues."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.worklist import items
from courses.models import Course, Lesson
from progress.enrolment import services
from progress.enrolment.course_progress import choose_current, list_course_progress
from progress.lessons.completion import mark_done
from progress.models import Ask, Enrolment, LessonDone, WaitingEntry
from rehearsals.models import NoteAnswer, Rehearsal
from tests import reviews
from tests.class_messages import make_ask, make_reply
from tests.factories import make_cohort, make_course, make_person
from tests.quizzes import make_quiz
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal

WEEK_AGO = timedelta(days=8)


def list_waiting(user) -> list[tuple[str, int, str]]:
    """Without the next lesson, which a card of its own shows."""
    rows = items.list_items(user)
    return [(wait.kind, wait.count, wait.url) for wait in rows if wait.kind != "lesson"]


# --- who learns ---


def test_a_review_waits_until_it_is_opened(as_user, learner, trainer, cohort):
    submission = reviews.make_submission(learner, cohort, reviews.make_drill(cohort))
    assert list_waiting(learner) == []
    review = reviews.make_review(trainer, submission)
    url = f"/review/mine/{submission.key}/"
    assert list_waiting(learner) == [("review", 1, url)]
    client = as_user(learner)
    opened = client.post("/me/waiting/open/", {"kind": "review", "number": review.pk})
    assert opened["Location"] == url
    assert list_waiting(learner) == []


def test_a_draft_of_a_review_and_what_peers_say_wait_for_nobody(learner, trainer, seller, cohort):
    submission = reviews.make_submission(learner, cohort, reviews.make_drill(cohort))
    reviews.make_review(trainer, submission, signed=False)
    reviews.make_review(seller, submission, kind="peer", total=None)
    assert list_waiting(learner) == []


def test_what_is_to_be_recorded_again_says_so_before_other_news(learner, trainer, cohort, lessons):
    submission = reviews.make_submission(learner, cohort, reviews.make_drill(cohort, title="三分钟"))
    reviews.make_review(trainer, submission, wants_again=True)
    make_reply(make_ask(learner, cohort, lessons[0]), trainer)
    first, second = [wait for wait in items.list_items(learner) if wait.kind != "lesson"]
    assert (first.kind, second.kind) == ("review_again", "reply")
    assert first.sentence == "“三分钟”老师看过了，请你重录一遍"


@pytest.mark.long
def test_what_is_to_be_recorded_again_waits_until_it_was(as_user, learner, trainer, cohort):
    drill = reviews.make_drill(cohort)
    review = reviews.make_review(trainer, reviews.make_submission(learner, cohort, drill), wants_again=True)
    as_user(learner).post("/me/waiting/open/", {"kind": "review", "number": review.pk})
    assert [kind for kind, _n, _url in list_waiting(learner)] == ["review_again"]
    reviews.make_submission(learner, cohort, drill)
    assert [kind for kind, _n, _url in list_waiting(learner)] == ["review"]  # never opened


@pytest.mark.long
@pytest.mark.parametrize("is_plan_there", [True, False])
def test_without_a_drill_the_same_plan_recorded_once_more_is_enough(learner, trainer, cohort, is_plan_there):
    removed_at = None if is_plan_there else timezone.now()
    plan, other = (
        reviews.make_plan(learner, cohort, removed_at=removed_at),
        reviews.make_plan(learner, cohort),
    )
    reviews.make_submission(learner, cohort, plan=plan, number=1)
    asked = reviews.make_submission(learner, cohort, plan=plan, number=2)
    reviews.make_review(trainer, asked, wants_again=True)
    reviews.make_submission(learner, cohort, reviews.make_drill(cohort), plan=plan, number=3)
    assert list_waiting(learner)[0][0] == "review_again"
    reviews.make_submission(learner, cohort, plan=other, number=3)
    assert (
        list_waiting(learner)[0][0] == "review_again"
    ) is is_plan_there  # a plan taken away cannot be recorded again
    reviews.make_submission(learner, cohort, plan=plan, number=4)
    assert list_waiting(learner)[0][0] == "review"


@pytest.mark.long
def test_a_bit_recorded_again_is_not_the_whole(learner, trainer, cohort):
    drill = reviews.make_drill(cohort)
    review = reviews.make_review(
        trainer, reviews.make_submission(learner, cohort, drill, number=1), wants_again=True
    )
    bit = reviews.make_submission(learner, cohort, drill, number=2)
    NoteAnswer.objects.create(note=reviews.make_note(review), author=learner, rehearsal=bit.rehearsal)
    assert list_waiting(learner)[0][0] == "review_again"
    reviews.make_submission(learner, cohort, drill, number=3)
    assert list_waiting(learner)[0][0] == "review"


@pytest.mark.long
def test_a_rehearsal_that_is_not_handed_in_waits(learner, course):
    plan = make_plan(learner, make_drill(course))
    one = make_rehearsal(learner, plan)
    assert list_waiting(learner) == [("rehearsal_unfinished", 1, f"/practise/rehearsals/{one.key}/")]
    make_rehearsal(learner, plan)
    assert list_waiting(learner) == [("rehearsal_unfinished", 2, "/practise/")]
    Rehearsal.objects.update(dropped_at=timezone.now())
    assert list_waiting(learner) == []


def test_a_begun_rehearsal_without_a_take_waits_for_nobody(learner, course):
    make_rehearsal(learner, make_plan(learner, make_drill(course)), takes=0)
    assert list_waiting(learner) == []


@pytest.mark.long
def test_answers_are_news_to_who_asked_and_again_when_more_is_answered(
    as_user, learner, trainer, cohort, lessons
):
    ask = make_ask(learner, cohort, lessons[0], text="横着拍还是竖着拍，老师您说说看，我分不清楚")
    make_reply(ask, trainer)
    [wait] = [wait for wait in items.list_items(learner) if wait.kind == "reply"]
    assert (wait.sentence, wait.note) == ("老师回了你的问题", "“横着拍还是竖着拍，老师您说说看，…”")
    as_user(learner).post("/me/waiting/open/", {"kind": "reply", "number": ask.pk})
    assert list_waiting(learner) == []
    make_reply(ask, trainer, text="再补一句：拿稳。")
    assert list_waiting(learner) == [("reply", 1, f"/learn/asks/{ask.pk}/")]


@pytest.mark.long
def test_a_seat_from_the_waiting_list_is_news_until_it_is_opened_or_left(as_user, learner, trainer, cohort):
    full = make_cohort(
        make_course(cohort.place, title="第二门"), cohort.place, trainer, name="满的班", most_people=1
    )
    first = make_person("先来的")
    services.enrol(first, full.course, full)
    entry = WaitingEntry.objects.create(cohort=full, user=learner)
    assert list_waiting(learner) == []
    services.leave(first, full.course)
    page = f"/classes/{full.pk}/mine/"
    assert list_waiting(learner) == [("seat", 1, page)]
    assert "“满的班”有你的名额了，你已经进班" in as_user(learner).get("/learn/").text
    services.leave(learner, full.course)
    assert list_waiting(learner) == []
    services.enrol(learner, full.course, full)
    opened = as_user(learner).post("/me/waiting/open/", {"kind": "seat", "number": entry.pk})
    assert (opened["Location"], list_waiting(learner)) == (page, [])


# --- who teaches ---


@pytest.mark.long
def test_clips_and_questions_wait_for_who_leads_the_class(
    learner, trainer, organiser, stranger, cohort, lessons
):
    reviews.make_submission(learner, cohort)
    ask = make_ask(learner, cohort, lessons[0])
    for person in (trainer, organiser):
        assert set(list_waiting(person)) == {
            ("review_due", 1, "/review/?kind=practice"),
            ("ask", 1, f"/learn/asks/{ask.pk}/"),
        }
    assert list_waiting(stranger) == list_waiting(learner) == []
    make_ask(learner, cohort, lessons[1])
    assert ("ask", 2, f"/classes/{cohort.pk}/asks/") in list_waiting(trainer)
    Ask.objects.update(removed_at=timezone.now())
    assert list_waiting(trainer) == [("review_due", 1, "/review/?kind=practice")]


def test_ones_own_clip_is_reviewed_by_somebody_else(trainer, cohort, course):
    services.enrol(trainer, course, cohort)
    reviews.make_submission(trainer, cohort)
    assert list_waiting(trainer) == []


@pytest.fixture
def quiet_class(learner, cohort, lessons):
    """Running for two weeks, with one who has done nothing for eight days."""
    today = timezone.localdate()
    cohort.starts_on, cohort.ends_on = today - timedelta(days=14), today + timedelta(days=14)
    cohort.save()
    mark_done(learner, lessons[0])
    LessonDone.objects.update(happened_at=timezone.now() - WEEK_AGO)
    Enrolment.objects.update(enrolled_at=timezone.now() - timedelta(days=14))
    return cohort


@pytest.mark.long
def test_who_has_stopped_learning_is_told_in_ones_own_class(trainer, organiser, quiet_class):
    assert list_waiting(trainer) == [("quiet", 1, f"/classes/{quiet_class.pk}/support/")]
    assert list_waiting(organiser) == []  # of all classes of a county that would be noise


@pytest.mark.parametrize("why", ["done yesterday", "all done", "new", "left", "class over"])
def test_who_is_not_quiet(trainer, learner, quiet_class, lessons, why):
    if why == "done yesterday":
        mark_done(learner, lessons[1])
    elif why == "all done":
        for lesson in lessons[1:]:
            mark_done(learner, lesson)
        LessonDone.objects.update(happened_at=timezone.now() - WEEK_AGO)
    elif why == "new":
        Enrolment.objects.update(enrolled_at=timezone.now())
    elif why == "left":
        services.leave(learner, quiet_class.course)
    else:
        quiet_class.ends_on = timezone.localdate() - timedelta(days=1)
        quiet_class.save()
    assert list_waiting(trainer) == []


@pytest.mark.long
@pytest.mark.usefixtures("numbers_on_tabs")
def test_many_who_have_stopped_are_one_thing_to_do(trainer, quiet_class, village):
    other = make_person("也没学的", (Membership.Role.TRAINEE, village))
    services.enrol(other, quiet_class.course, quiet_class)
    Enrolment.objects.update(enrolled_at=timezone.now() - timedelta(days=14))
    [wait] = [wait for wait in items.list_items(trainer) if wait.kind == "quiet"]
    assert wait.sentence == "2 个人一星期没学了"
    assert items.count_for(trainer) == {"classes": 1}


# --- the course that 学习 goes on with ---


@pytest.fixture
def twins(trainee, county) -> tuple[Course, Course]:
    """The Chinese course, then its English twin: both taken up by the trainee."""
    english = make_course(county, title="Live selling", language="en")
    chinese = make_course(county, title="直播课", twin=english)
    Course.objects.filter(pk=english.pk).update(twin=chinese)
    for course in (chinese, english):
        services.enrol(trainee, course)
    return chinese, english


def next_of(user, language: str) -> str:
    standing = choose_current(list_course_progress(user), language)
    return standing.course.title if standing else ""


def do(user, course: Course, count: int) -> None:
    for lesson in Lesson.objects.filter(module__course=course)[:count]:
        mark_done(user, lesson)


@pytest.mark.parametrize(
    ("chinese_done", "english_done", "on_chinese", "on_english"),
    [
        (0, 0, "直播课", "Live selling"),
        (1, 0, "直播课", "直播课"),
        (0, 1, "直播课", "Live selling"),
        (1, 1, "直播课", "Live selling"),
        (2, 0, "", ""),
        (2, 1, "", ""),
    ],
)
def test_who_learns_the_chinese_course_is_not_sent_to_an_english_lesson(
    trainee, twins, chinese_done, english_done, on_chinese, on_english
):
    chinese, english = twins
    do(trainee, chinese, chinese_done)
    do(trainee, english, english_done)
    assert next_of(trainee, "zh-hans") == on_chinese
    assert next_of(trainee, "en") == on_english


def test_who_learns_the_english_course_alone_goes_on_with_it(trainee, county):
    course = make_course(county, title="Live selling", language="en")
    services.enrol(trainee, course)
    assert next_of(trainee, "zh-hans") == "Live selling"


def test_the_course_studied_last_comes_before_the_one_taken_up_last(trainee, county):
    first, second = (make_course(county, title=title) for title in ("先学的", "后报的"))
    services.enrol(trainee, first)
    do(trainee, first, 1)
    services.enrol(trainee, second)
    assert next_of(trainee, "zh-hans") == "先学的"


# --- before the first lesson, and the course's page ---


@pytest.mark.long
def test_the_test_before_the_course_is_offered_until_it_is_done_or_learning_has_begun(
    as_user, learner, course, lessons
):
    quiz = make_quiz(course, "single", kind="pre", title="开课前测一测")
    client = as_user(learner)
    html = client.get("/learn/").content.decode()
    assert f'href="/learn/quizzes/{quiz.pk}/"' in html
    assert f'<a class="btn btn--wide" href="/learn/lessons/{lessons[0].pk}/">' in html
    mark_done(learner, lessons[0])
    assert f'href="/learn/quizzes/{quiz.pk}/"' not in client.get("/learn/").content.decode()


@pytest.mark.long
def test_units_that_are_done_and_that_are_far_are_folded(as_user, learner, course, lessons):
    units = [str(module.pk) for module in course.modules.all()]

    def opened() -> list[str]:
        html = as_user(learner).get("/learn/live/").content.decode()
        parts = html.split("<details")[1:]
        assert len(parts) == len(units)
        return [unit for unit, part in zip(units, parts, strict=True) if part.split(">")[0].endswith(" open")]

    assert opened() == units[:1]
    for lesson in lessons[:3]:
        mark_done(learner, lesson)
    assert opened() == units[1:]
    for lesson in lessons[3:]:
        mark_done(learner, lesson)
    assert opened() == []


def test_who_only_looks_sees_the_first_unit(as_user, stranger, course):
    html = as_user(stranger).get("/learn/live/").content.decode()
    assert html.count("<details") == 2
    assert html.index(" open>") < html.index("第2单元")


@pytest.mark.long
def test_a_class_in_another_county_waits_for_nobody_here(trainer, other_village, learner, course, lessons):
    far = make_cohort(course, other_village)
    make_ask(make_person("外县的"), far, lessons[0])
    assert list_waiting(trainer) == []
