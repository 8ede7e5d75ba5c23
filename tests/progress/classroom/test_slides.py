"""A lesson's slides on the wall, a phone as remote control, and what the room's phones answer."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from config.personal import retention
from courses.models import LessonPicture, Objective, Question, State
from progress.classroom import sessions
from progress.classroom.deck import load_deck
from progress.enrolment.services import enrol, leave
from progress.models import ClassroomAnswer, ClassroomQuestion, ClassroomSession
from progress.models.classroom import LASTS
from tests.factories import make_cohort, make_course, make_lesson, make_person, make_photo, make_plan
from tests.pages import squeeze
from tests.quizzes import make_bank, make_question, make_quiz
from tests.races import at_once

Role = Membership.Role
JSON = {"HTTP_ACCEPT": "application/json"}
BODY = "## 夸自家\n\n- **这样说不行**：“最甜！”\n- **这样说可以**：“糖度 11.7。”\n\n![窗边的果子](picture:window)\n"


@pytest.fixture
def lesson(lessons, trainer):
    """The first lesson: 1 title, 2 goal, 3 pair, 4 picture, 5 practice, 6 to 9 questions, 10 check, 11 task, 12 kit."""
    lesson = lessons[0]
    lesson.body, lesson.do_now, lesson.minutes = BODY, "拍一张。", 40
    LessonPicture.objects.create(lesson=lesson, photo=make_photo(trainer), name="window", alt="果子")
    lesson.save()
    make_plan(lesson)
    make_plan(lessons[1], kit="秤 4 台\n胶带 4 卷")
    course = lesson.module.course
    bank = make_bank(course)
    make_quiz(course, bank=bank, module=lesson.module)
    aims = [
        Objective.objects.create(course=course, module=lesson.module, code=f"1.{n}", text="会")
        for n in (1, 2, 3)
    ]
    make_question(bank, "single", text="第二课才教。", objective=aims[1])
    make_question(bank, "single", text="只写了单元。")
    for kind in ("single", "true_false", "order", "single", "single"):
        make_question(bank, kind, objective=aims[0])
    return lesson


def as_user(person) -> Client:
    """Sign a person in on a device of their own."""
    device = Client()
    device.force_login(person)
    return device


@pytest.fixture
def trainer_client(trainer):
    return as_user(trainer)


def url(name, lesson) -> str:
    return reverse(f"progress:{name}", args=["live", lesson.pk])


def begin(trainer_client, lesson, cohort=None) -> ClassroomSession:
    trainer_client.post(url("slides_start", lesson), {"cohort": cohort.pk if cohort else ""})
    return ClassroomSession.objects.get()


def go(client, lesson, to):
    return client.post(url("slides_move", lesson), {"to": to}, **JSON)


def answer(client, session, letter, question=None):
    number = question or ClassroomSession.objects.get(pk=session.pk).question_id
    page = reverse("progress:classroom", args=[session.code])
    return squeeze(client.post(page, {"question": number, "letter": letter}, follow=True).text)


def test_the_page_has_every_slide_without_a_script(trainer_client, lesson):
    page = squeeze(trainer_client.get(url("slides", lesson)).text)
    kinds = re.findall(r'class="slide slide--(\w+) ', page)
    assert kinds == ["title", "goal", "pair", "picture", "practice", *["quiz"] * 4, "check", "task", "kit"]
    for text in (
        "每人装好一箱",
        "“最甜！”",
        "“糖度 11.7。”",
        "窗边的果子",
        "practise，看我的手。",
        "拍一张。",
        "胶带 4 卷",
    ):
        assert text in page
    assert "查空隙" in page
    assert "没缠够" not in page  # for the trainer alone


def test_leaving_the_slides_asks_once_whether_the_class_is_over(trainer_client, lesson):
    assert "data-leave" not in trainer_client.get(url("slides", lesson)).text
    begin(trainer_client, lesson)
    dialog = (
        squeeze(trainer_client.get(url("slides", lesson)).text).split("data-leave ")[1].split("</dialog>")[0]
    )
    assert (url("slides_end", lesson) in dialog, "下课？" in dialog, "先不下课" in dialog) == (
        True,
        True,
        True,
    )


def test_pages_of_one_heading_are_numbered_in_the_list_of_all(trainer_client, lesson):
    lesson.body = "## 夸自家\n\n" + "话" * 60 + "。" + "说" * 60 + "。\n\n## 一页\n\n短。"
    lesson.save()
    page = trainer_client.get(url("slides", lesson)).text
    assert re.findall(r"</b> (夸自家|一页)( \(\d/\d\))?</button>", page) == [
        ("夸自家", " (1/2)"),
        ("夸自家", " (2/2)"),
        ("一页", ""),
    ]


def test_a_deck_asks_what_was_taught_and_the_lesson_s_own_questions_first(lesson, lessons):
    def asked(lesson):
        return [slide.heading for slide in load_deck(lesson) if slide.kind == "quiz"]

    assert not {"第二课才教。", "只写了单元。"} & {*asked(lesson)}
    assert asked(lessons[1]) == ["第二课才教。", *asked(lesson)[:3]]
    bank = make_bank(lesson.module.course)
    make_quiz(lesson.module.course, bank=bank, kind="lesson", lesson=lesson)
    make_question(bank, "single", text="本课自己的题？")
    assert asked(lesson)[0] == "本课自己的题？"
    Question.objects.filter(text="只写了单元。").update(text="第三课能问。")
    Question.objects.filter(objective__code="1.1").update(is_retired=True)
    assert asked(lessons[1]) == ["第二课才教。"]
    assert asked(lessons[2]) == ["第二课才教。", "第三课能问。"]


def test_a_longer_lesson_costs_no_more_queries(trainer_client, lesson, django_assert_num_queries):
    lesson.body = BODY * 12
    lesson.save()
    assert len(load_deck(lesson)) == 34
    with django_assert_num_queries(13):
        trainer_client.get(url("slides", lesson))


@pytest.mark.long
def test_who_teaches_sees_the_slides_and_nobody_else(
    client, lesson, cohort, course, village, trainee, stranger, trainer
):
    mentor = make_person("师傅", (Role.MENTOR, village))
    make_cohort(course, village, mentor=mentor)
    enrol(trainee, course, cohort)
    draft = make_lesson(lesson.module, state=State.DRAFT)
    other = make_course(village.parent, lessons=1).modules.get().lessons.get()
    for name in ("slides", "slides_remote"):
        codes = {
            who: as_user(who).get(url(name, lesson)).status_code
            for who in (trainer, mentor, trainee, stranger)
        }
        assert codes == {trainer: 200, mentor: 200, trainee: 404, stranger: 404}
        assert as_user(mentor).get(url(name, draft)).status_code == 404
        assert as_user(trainer).get(url(name, other)).status_code == 404
        assert client.get(url(name, lesson)).status_code == 302


@pytest.mark.long
def test_the_remote_moves_what_the_wall_polls(trainer_client, lesson, cohort):
    assert "还没开始" in trainer_client.get(url("slides_remote", lesson)).text
    assert trainer_client.get(url("slides_now", lesson)).status_code == 404
    begin(trainer_client, lesson, cohort)
    first = trainer_client.get(url("slides_now", lesson))
    assert first.json() == {"version": 1, "at": "1", "elapsed": 0, "question": None, "answered": 0}
    etag = {"HTTP_IF_NONE_MATCH": first["ETag"]}
    assert trainer_client.get(url("slides_now", lesson), **etag).status_code == 304
    assert go(trainer_client, lesson, "3.1").json()["at"] == "3.1"
    assert trainer_client.get(url("slides_now", lesson), **etag).json()["at"] == "3.1"
    page = squeeze(trainer_client.get(url("slides_remote", lesson)).text)
    assert re.findall(r'name="to" value="([\d.]+)"', page) == ["3", "4"]
    assert "show，看我的手。" in page
    # without a script the buttons are forms
    assert trainer_client.post(url("slides_move", lesson), {"to": "4"}).headers["Location"] == url(
        "slides_remote", lesson
    )
    assert go(trainer_client, lesson, "4.1").json()["at"] == "4"  # a picture has no second press


def test_a_poll_with_nothing_new_costs_its_own_query_and_those_of_asking_who_it_is(
    trainer_client, lesson, django_assert_num_queries
):
    begin(trainer_client, lesson)
    etag = trainer_client.get(url("slides_now", lesson))["ETag"]
    with django_assert_num_queries(3):  # session, person; where the slides stand
        assert trainer_client.get(url("slides_now", lesson), HTTP_IF_NONE_MATCH=etag).status_code == 304


def test_another_trainer_s_phone_controls_nothing(trainer_client, lesson, county):
    begin(trainer_client, lesson)
    other = as_user(make_person("别的老师", (Role.TRAINER, county)))
    assert other.get(url("slides_now", lesson)).status_code == 404
    assert go(other, lesson, "5").status_code == 404
    assert "还没开始" in other.get(url("slides_remote", lesson)).text
    assert ClassroomSession.objects.get().at == "1"


@pytest.mark.long
def test_a_slide_that_is_not_there_is_refused_in_words(trainer_client, lesson):
    begin(trainer_client, lesson)
    for to in ("", "0", "13", "-1", "1.2", "1.1.1", "９", "9" * 40, "x", "1\n", "1.1 "):
        refused = go(trainer_client, lesson, to)
        assert (refused.status_code, refused.json()) == (400, {"problem": "没有这一页。"}), to
    assert "没有这一页。" in trainer_client.post(url("slides_move", lesson), {"to": "0"}, follow=True).text
    assert ClassroomSession.objects.get().at == "1"


@pytest.mark.long
def test_only_one_s_own_running_class_can_be_chosen(trainer_client, lesson, cohort, county):
    elsewhere = make_cohort(make_course(county, lessons=1), county)
    cohort.starts_on = cohort.ends_on = timezone.localdate() - timedelta(days=1)
    cohort.save()
    for typed in (elsewhere.pk, cohort.pk, "x", "9" * 30):
        page = trainer_client.post(url("slides_start", lesson), {"cohort": typed}, follow=True).text
        assert "这个班不在了" in page
    assert not ClassroomSession.objects.exists()


@pytest.fixture
def class_of_three(course, cohort, village):
    people = [make_person(name, (Role.TRAINEE, village)) for name in ("甲", "乙", "丙")]
    for person in people:
        enrol(person, course, cohort)
    return people


@pytest.mark.long
def test_phones_answer_until_the_reveal_and_only_counts_come_back(
    trainer_client, lesson, cohort, class_of_three
):
    session = begin(trainer_client, lesson, cohort)
    phones = [as_user(person) for person in class_of_three]
    address = reverse("progress:classroom", args=[session.code])
    assert address in phones[0].get("/learn/").text
    assert "现在没有题" in phones[0].get(address).text
    go(trainer_client, lesson, "6")
    right = next(choice.letter for choice in load_deck(lesson)[5].choices if choice.is_right)
    wrong = next(letter for letter in "ABC" if letter != right)
    assert f"你答的是 {wrong}" in answer(phones[0], session, wrong)
    assert f"你答的是 {right}" in answer(phones[0], session, right)  # changed
    answer(phones[1], session, right)
    answer(phones[2], session, wrong)
    state = trainer_client.get(url("slides_now", lesson)).json()
    assert (state["answered"], state["phones"]) == (3, None)
    state = go(trainer_client, lesson, "6.1").json()
    counts = [{right: 2, wrong: 1}.get(letter, 0) for letter in "ABCD"]
    assert state["phones"] == counts
    assert "答案已经揭晓" in answer(phones[2], session, right)
    page = squeeze(phones[2].get(address).text)
    assert f"你答的是 {wrong}。这一题揭晓了，不再收。" in page
    assert "disabled" in page
    assert go(trainer_client, lesson, "6").json()["phones"] == counts  # going back opens nothing again
    assert "答案已经揭晓" in answer(phones[2], session, right)
    wall = (
        trainer_client.get(url("slides", lesson)).text + trainer_client.get(url("slides_remote", lesson)).text
    )
    assert not any(person.name in wall for person in class_of_three)


@pytest.mark.long
def test_what_cannot_be_taken_is_said(trainer_client, lesson, cohort, class_of_three):
    session = begin(trainer_client, lesson, cohort)
    phone = as_user(class_of_three[0])
    go(trainer_client, lesson, "6")
    earlier = ClassroomSession.objects.get().question_id
    for letter in ("E", "", "a", "AA", "９"):
        assert "没有这个选项" in answer(phone, session, letter)
    go(trainer_client, lesson, "7")
    assert "这一题过去了" in answer(phone, session, "A", earlier)
    for number in ("x", "0", "9" * 30, "-1"):
        assert "这一题过去了" in answer(phone, session, "A", number)
    trainer_client.post(url("slides_end", lesson))
    assert "这堂课结束了" in answer(phone, session, "A")
    assert not ClassroomAnswer.objects.exists()


@pytest.mark.long
def test_who_is_not_in_the_class_cannot_answer(
    client, trainer_client, lesson, cohort, stranger, course, village, trainer
):
    session = begin(trainer_client, lesson, cohort)
    address = reverse("progress:classroom", args=[session.code])
    left = make_person("退了的", (Role.TRAINEE, village))
    enrol(left, course, cohort)
    leave(left, course)
    for who in (stranger, trainer, left):
        assert as_user(who).get(address).status_code == 404
        assert as_user(who).post(address, {"letter": "A"}).status_code == 404
    assert client.get(address).headers["Location"].startswith("/accounts/login/")
    for code in ("ZZZZZZZZ", "x" * 300, "%00", "-"):
        assert as_user(stranger).get(f"/learn/classroom/{code}/").status_code == 404


def test_hands_are_counted_and_refused_in_words(trainer_client, lesson, cohort):
    begin(trainer_client, lesson, cohort)
    typed = {"hands_A": "3", "hands_B": "", "hands_C": "12"}
    refused = trainer_client.post(url("slides_hands", lesson), typed, **JSON)
    assert refused.json() == {"problem": "墙上现在没有题，人数没记。"}
    go(trainer_client, lesson, "6")
    assert trainer_client.post(url("slides_hands", lesson), typed, **JSON).json()["hands"] == [3, 0, 12, 0]
    for wrong in ("-1", "x", "2001", "9" * 50, "１"):
        refused = trainer_client.post(url("slides_hands", lesson), typed | {"hands_A": wrong}, **JSON)
        assert (refused.status_code, refused.json()["problem"]) == (400, "举手的人数写 0 到 2000 的整数。")
    assert ClassroomQuestion.objects.get().hands == [3, 0, 12, 0]


def test_begun_again_for_the_same_class_it_goes_on_and_for_another_it_begins_anew(
    trainer_client, lesson, cohort, course, village, trainer
):
    first = begin(trainer_client, lesson, cohort)
    go(trainer_client, lesson, "6")
    assert begin(trainer_client, lesson, cohort).pk == first.pk
    assert begin(trainer_client, lesson, make_cohort(course, village, trainer)).code != first.code


def test_the_next_lesson_ends_the_one_before_and_phones_are_led_to_it(
    trainer_client, lesson, lessons, cohort, class_of_three
):
    before = begin(trainer_client, lesson, cohort)
    trainer_client.post(url("slides_start", lessons[1]), {"cohort": cohort.pk})
    now = ClassroomSession.objects.get(lesson=lessons[1])
    phone = as_user(class_of_three[0])
    page = phone.get(reverse("progress:classroom", args=[before.code])).text
    assert "这堂课结束了" in page
    assert reverse("progress:classroom", args=[now.code]) in page
    assert reverse("progress:classroom", args=[now.code]) in phone.get("/learn/").text
    assert trainer_client.get(url("slides_now", lesson)).status_code == 404


@pytest.mark.long
def test_a_forgotten_class_ends_by_itself_and_is_deleted_after_a_day(
    trainer_client, lesson, cohort, class_of_three
):
    session = begin(trainer_client, lesson, cohort)
    go(trainer_client, lesson, "6")
    answer(as_user(class_of_three[0]), session, "A")
    now = timezone.now()
    assert timedelta(minutes=75) == LASTS
    assert "课堂答题" in as_user(class_of_three[0]).get("/learn/").text
    ClassroomSession.objects.update(updated_at=now - LASTS)
    assert "课堂答题" not in as_user(class_of_three[0]).get("/learn/").text
    assert trainer_client.get(url("slides_now", lesson)).status_code == 404
    assert "这堂课结束了" in answer(as_user(class_of_three[0]), session, "A", 1)
    retention.run(now + timedelta(hours=25))
    assert [model.objects.count() for model in (ClassroomSession, ClassroomQuestion, ClassroomAnswer)] == [
        0,
        0,
        0,
    ]


@pytest.mark.long
@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_answers_and_the_reveal_at_once_leave_one_answer_counted_once(
    trainer_client, lesson, cohort, class_of_three, trainer
):
    session = begin(trainer_client, lesson, cohort)
    go(trainer_client, lesson, "6")
    session.refresh_from_db()
    person, question, deck = class_of_three[0], session.question_id, load_deck(lesson)
    at_once(
        lambda: sessions.answer_question(person, session, question, "A"),
        lambda: sessions.answer_question(person, session, question, "B"),
        lambda: bool(sessions.move_session(trainer, lesson, deck, 6, True)),
    )
    stored = list(ClassroomAnswer.objects.values_list("letter", flat=True))
    assert len(stored) <= 1
    counts = sessions.read_counts(session.pk, question)["phones"]
    assert counts == [stored.count(letter) for letter in "ABCD"]
