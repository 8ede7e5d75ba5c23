"""Trainers' pages of a course in the words of its twin, at the addresses of the course that the class follows."""

import re

import pytest
from django.urls import reverse

from accounts.models import Membership
from courses.crops.packs import load_packs
from courses.models import Course, State
from courses.slides.other_words import Words, list_words
from courses.slides.slide import Slide
from progress.classroom.deck import load_deck, load_words
from tests.factories import make_case, make_cohort, make_course, make_person, make_plan
from tests.pages import squeeze
from tests.quizzes import make_bank, make_question, make_quiz

LINK = re.compile(r'<a class="tap link" href="([^"]+)" hreflang="([\w-]+)">')


@pytest.fixture
def course(county, settings) -> Course:
    """Two lessons with codes; the English twin has both, with a plan of the first."""
    settings.DEMO = True
    course = make_course(county, lessons=2, slug="live", title="直播课")
    english = make_course(county, lessons=2, slug="live-en", title="Selling live", language="en", twin=course)
    for one, title in ((course, "课"), (english, "Lesson")):
        for n, lesson in enumerate(one.modules.get().lessons.order_by("position"), 1):
            lesson.code, lesson.title, lesson.minutes = f"lesson-{n}", f"{title} {n}", 40
            lesson.save()
            make_case(one, one.modules.get(), code=f"case-{n}", title=f"{title} case {n}", position=n)
    english.modules.update(title="Unit one")
    make_plan(list_lessons(course)[0])
    make_plan(list_lessons(english)[0], goal="Everyone packs a box", safety="Knife away from you")
    return course


def list_lessons(course):
    return list(course.modules.get().lessons.order_by("position"))


@pytest.fixture
def guest(course, other_village):
    """Return who trains a class of the course and nothing else: the twin is not theirs to teach."""
    guest = make_person("Ann", (Membership.Role.TRAINER, other_village))
    make_cohort(course, other_village, guest)
    return guest


@pytest.fixture
def desk(as_user, guest):
    return as_user(guest)


def test_a_plan_is_read_in_the_other_language_without_leaving_the_course(desk, course):
    """The twin's own page is not there for this trainer; every link stays in the class's course."""
    first, second = list_lessons(course)
    twins = list_lessons(Course.objects.get(slug="live-en"))
    assert desk.get(reverse("courses:plan", args=["live-en", twins[0].pk])).status_code == 404
    url = reverse("courses:plan", args=["live", first.pk])
    page = squeeze(desk.get(url).text)
    assert LINK.findall(page) == [(f"{url}?in=en", "en")]
    assert "每人装好一箱" in page
    page = squeeze(desk.get(f"{url}?in=en").text)
    assert LINK.findall(page) == [(url, "zh-Hans")]
    assert '<p lang="en">Everyone packs a box</p>' in page
    assert "每人装好一箱" not in page
    assert f'href="{reverse("courses:plan", args=["live", second.pk])}?in=en"' in page
    assert '<span lang="en">Lesson 2</span>' in page
    assert 'href="/courses/live/cases/case-1/?in=en"' in page
    assert "/courses/live-en/" not in page


def test_the_list_of_plans_and_the_cases_are_read_in_the_other_language(desk, course):
    first, second = list_lessons(course)
    page = squeeze(desk.get("/courses/live/plans/?in=en").text)
    assert '<span lang="en">Unit one</span>' in page
    for lesson, title in ((first, "Lesson 1"), (second, "Lesson 2")):
        assert f'href="{reverse("courses:plan", args=["live", lesson.pk])}?in=en"' in page
        assert f'<span lang="en">{title}</span>' in page
    assert "/courses/live-en/" not in page
    rows = desk.get("/courses/live/cases/?in=en&kind=aftersale").context["rows"]
    assert [case.title for case, _numbers in rows] == ["Lesson case 1", "Lesson case 2"]
    url = "/courses/live/cases/case-1/"
    assert LINK.findall(desk.get(url).text) == [(f"{url}?in=en", "en")]
    page = squeeze(desk.get(f"{url}?in=en").text)
    assert '<h1 lang="en">Lesson case 1</h1>' in page
    assert '<span lang="en">Lesson case 2</span>' in page
    assert "先看原文" not in page


@pytest.mark.parametrize("missing", ["twin", "draft", "plan"])
def test_nothing_is_offered_where_the_other_language_is_missing(desk, course, missing):
    english = Course.objects.get(slug="live-en")
    first, second = list_lessons(course)
    lesson = first
    if missing == "twin":
        Course.objects.update(twin=None)
    elif missing == "draft":
        english.state = State.DRAFT
        english.save()
    else:
        lesson = second
    url = reverse("courses:plan", args=["live", lesson.pk])
    response = desk.get(f"{url}?in=en")
    assert (response.status_code, LINK.findall(response.text)) == (200, [])
    assert response.context["shown"] == lesson


def test_a_page_for_trainers_and_a_pack_are_read_in_the_other_language(desk, course):
    url = "/courses/live/preparation/groups/"
    page = desk.get(url).text
    assert LINK.findall(page) == [(f"{url}?in=en", "en")]
    page = squeeze(desk.get(f"{url}?in=en").text)
    assert re.search(r'<h1 lang="en">\w', page)
    assert f'href="{reverse("programme:trainer_page", args=["live", "groups"])}?in=en"' in page
    page = squeeze(desk.get("/courses/crops/pomelo/?in=en&next=/learn/").text)
    assert LINK.findall(page) == [("/courses/crops/pomelo/?next=%2Flearn%2F", "zh-Hans")]
    assert f'<h1 lang="en">{load_packs("en")["pomelo"].title}</h1>' in page


def test_an_english_timetable_names_the_lessons_in_english(desk, course):
    desk.cookies["django_language"] = "en"
    lesson = list_lessons(course)[0]
    lesson.code = "01-steady-hands"
    lesson.save()
    twin = list_lessons(Course.objects.get(slug="live-en"))[0]
    twin.code = "01-steady-hands"
    twin.save()
    page = squeeze(desk.get("/courses/live/preparation/six-days/").text)
    plan = reverse("courses:plan", args=["live", lesson.pk])
    assert re.search(rf'href="{plan}\?in=en" lang="en">Lesson 1</a>', page)


def test_the_notes_of_slides_are_read_by_part_of_the_lesson():
    """Decks are cut by their own length; a lesson with other sections gives only what is said aloud."""

    def show(heading: str, notes: str, say: str) -> Slide:
        return Slide("points", heading, "show", points=(notes,), say=say, notes=notes)

    deck = [
        Slide("title", "课", "intro", say="你好"),
        *(show("一", "甲", "看"), show("一", "甲", "看"), show("二", "乙", "看")),
        *(Slide("practice", "课", "practise", say=f"练{n}", notes=f"做{n}") for n in (1, 2)),
        Slide("task", "课", "review", points=("拍",), say="好"),
    ]
    other = [
        Slide("title", "Lesson", "intro", say="Hello"),
        *(show("One", "a", "Look"), show("Two", "b", "Look"), show("Two", "b", "Look")),
        *(Slide("practice", "Lesson", "practise", say=f"Try {n}", notes=f"Do {n}") for n in (1, 2)),
        *(Slide("task", "Lesson", "review", points=(point,), say="Good") for point in ("Film", "Send")),
    ]
    assert list_words(deck, other, {}) == [
        Words("Lesson", "Hello"),
        *(Words("One", "Look", "a"), Words("One", "Look", "a"), Words("Two", "Look", "b")),
        *(Words("Lesson", "Try 1", "Do 1"), Words("Lesson", "Try 2", "Do 2")),
        Words("Lesson", "Good", "", ("Film", "Send")),
    ]
    assert list_words(deck, [*other[:2], *other[4:]], {})[1:4] == [Words(say="Look")] * 3


def test_the_remote_says_the_question_on_the_wall_in_the_other_language(desk, course):
    """With its choices under the letters of the wall."""
    english = Course.objects.get(slug="live-en")
    first, other = list_lessons(course)[0], list_lessons(english)[0]
    for one, text in ((first, "先查哪儿？"), (other, "What first?")):
        bank = make_bank(one.module.course)
        make_quiz(one.module.course, bank=bank, kind="lesson", lesson=one)
        make_question(bank, "single", code="box", text=text, explain=f"{text}!")
    deck = load_deck(first)
    [(slide, words)] = [pair for pair in zip(deck, load_words(deck, other), strict=True) if pair[0].question]
    assert (words.heading, words.say, words.notes) == ("What first?", "What first?", "What first?!")
    assert list(words.points) == [f"{choice.letter} {choice.text}" for choice in slide.choices]
    desk.post(reverse("progress:slides_start", args=["live", first.pk]))
    url = reverse("progress:slides_remote", args=["live", first.pk])
    assert LINK.findall(desk.get(url).text) == [(f"{url}?in=en", "en")]
    page = squeeze(desk.get(f"{url}?in=en").text)
    assert '<blockquote class="remote__say" lang="en">What first?</blockquote>' in page
    assert "先查哪儿？</h2>" in page  # what stands on the wall
