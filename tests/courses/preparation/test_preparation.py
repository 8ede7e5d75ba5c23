"""What a trainer needs before a class begins: timetables whose sums are the course's, what to bring, pages for trainers only."""

import re
import tomllib

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Membership
from courses.hours import Hours
from courses.models import Assignment, Cohort, Course, Drill, Lesson, LessonPlan, Module, State
from courses.preparation.files import FOLDER, PAGES, SHIPPED, read_file, read_page
from courses.preparation.kit import build_kit
from courses.preparation.timetables import build_timetable
from courses.preparation.views import count_hours, find_taught_course
from tests.courses.import_export.test_programme_cases import SENTENCE_ENDS, list_all_texts
from tests.courses.import_export.test_programme_plans import COURSES
from tests.factories import make_cohort, make_course, make_person, make_plan
from tests.pages import squeeze
from ui.text import find_word
from wording.checker import check

Role = Membership.Role
# Clock, or code of a lesson, task or drill.
CODE = re.compile(r"\d+:\d\d|(\d+|drill)/[a-z0-9-]+")
LANGUAGES = ("zh-hans", "en")
TIMETABLES = [name for name, (_file, shape) in PAGES.items() if shape == "timetable"]
WRITTEN = """
title = "两个晚上"
fits = "只抽得出两晚的"
note = "第2单元留到下一轮"
[[session]]
round = 1
name = "头一晚"
start = "19:00"
minutes = 100
items = [{name = "点名", minutes = 15}, "1/lesson-a", {rest = 10}, "1/lesson-gone"]
home = ["1/task", "drill/one"]
note = "带凳子"
"""


@pytest.fixture(autouse=True)
def own(settings, tmp_path):
    """Return the folder of a county's own files."""
    settings.PREPARATION_DIR, settings.DEMO = tmp_path, True
    (tmp_path / "zh-hans" / "timetables").mkdir(parents=True)
    return tmp_path / "zh-hans"


@pytest.fixture
def course(county):
    """Return two modules with a lesson each, a task of two parts, a drill, and a draft that counts nowhere."""
    course = make_course(county, lessons=1, modules=2, slug="live")
    for module, code in zip(course.modules.order_by("position"), ("lesson-a", "lesson-b"), strict=True):
        module.lessons.update(code=code, minutes=60, title=f"课 {code}")
    first, second = course.modules.order_by("position")
    Module.objects.filter(pk=second.pk).update(number=2)
    Module.objects.filter(pk=first.pk).update(number=1)
    for title, minutes in (("拍", 30), ("写", 20)):
        Assignment.objects.create(module=first, title=title, text="做", minutes=minutes)
    Drill.objects.create(course=course, code="one", title="三分钟", minutes=3)
    Lesson.objects.create(module=first, title="草稿", body="x", minutes=99, state=State.DRAFT)
    return course


def plant_outline(county, language: str = "zh-hans") -> Course:
    """Create the rows of the written course that take time, without their texts."""
    document, names = COURSES[language], ("code", "title", "minutes")
    course = Course.objects.create(
        title="课",
        slug=document["course"]["slug"],
        place=county,
        summary="课",
        state=State.PUBLISHED,
        language=language,
    )
    for place, module in enumerate(document["modules"], 1):
        row = Module.objects.create(
            course=course, number=module["number"], position=place, title=module["title"]
        )
        lessons = [
            Lesson(module=row, position=n, body="x", state="published", **{name: one[name] for name in names})
            for n, one in enumerate(module["lessons"])
        ]
        rows = Lesson.objects.bulk_create(lessons)
        tasks = [{"title": one["title"], "minutes": one["minutes"]} for one in module["assignments"]]
        Assignment.objects.bulk_create(Assignment(module=row, text="x", **task) for task in tasks)
        plans = [(lesson, one["plan"]["kit"]) for lesson, one in zip(rows, module["lessons"], strict=True)]
        LessonPlan.objects.bulk_create(LessonPlan(lesson=lesson, kit="\n".join(kit)) for lesson, kit in plans)
    Drill.objects.bulk_create(
        Drill(course=course, code=one["code"], title=one["title"], minutes=one["minutes"], most_minutes=240)
        for one in document["drills"]
    )
    return course


def test_each_timetable_places_every_lesson_task_and_drill_once_and_keeps_to_its_minutes(
    county, trainer, rf, django_assert_num_queries
):
    plant_outline(county)
    request = rf.get("/")
    request.user = trainer
    course = find_taught_course(request, "live-selling")
    hours = count_hours(course)
    assert hours == Hours(2940, 1340, 103)
    rooms = {}
    for name in TIMETABLES:
        content = read_page(name).content
        with django_assert_num_queries(3):
            timetable = build_timetable(content, course)
        assert (timetable.hours, timetable.missing, timetable.unknown) == (hours, [], [])
        sessions = [session for one in timetable.rounds for session in one.sessions]
        spent = [sum(part.minutes for part in session.parts) for session in sessions]
        assert spent == [row["minutes"] for row in content["session"]]
        codes = [code for row in content["session"] for code in (*row["items"], *row.get("home", []))]
        named = [code for code in codes if isinstance(code, str)]
        assert len(named) == len(set(named)) == 58 + 15 + 4
        rooms[name] = [(one.room_minutes, one.lesson_minutes) for one in timetable.rounds]
    assert rooms == {
        "six-days": [(6 * 7 * 60, 2060), (5 * 210, 880)],
        "evenings": [(15 * 150 + 220, 2060), (8 * 150, 880)],
        "weekends": [(20 * 180, 2940)],
    }


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "refractometers"), [("zh-hans", "手持糖度计"), ("en", "Hand-held refractometers")]
)
def test_the_kit_answers_every_line_of_every_plan_and_names_nothing_that_no_plan_needs(
    county, language, refractometers
):
    course = plant_outline(county, language)
    with translation.override(language):
        page = read_page("kit")
    kit = build_kit(page.content, course, page.language)
    assert kit.unlisted == []
    things = [thing for _name, things in kit.parts for thing in things]
    assert {thing.facts["name"]: thing.modules for thing in things}[refractometers] == [5]
    lines = "\n".join(LessonPlan.objects.values_list("kit", flat=True)).casefold()
    assert [word for thing in things for word in thing.facts["words"] if find_word(word, lines) < 0] == []


def test_a_list_is_looked_up_in_the_plans_of_its_own_language(county, course):
    english = make_course(county, lessons=1, slug="live-en", language="en", twin=course)
    Course.objects.filter(pk=course.pk).update(twin=english)
    make_plan(course.modules.first().lessons.get(code="lesson-a"), kit="秤 4 台\n独轮车一辆")
    make_plan(english.modules.get().lessons.get(), kit="Four scales\nA wheelbarrow\nA bad rescaled picture")
    written = {"part": [{"name": "x", "thing": [{"name": "Scales", "words": ["Scale", "秤"]}]}]}
    course.refresh_from_db()
    for one in (course, english):
        assert [line for _n, line in build_kit(written, one, "en").unlisted] == [
            "A wheelbarrow",
            "A bad rescaled picture",
        ]
        assert [line for _n, line in build_kit(written, one, "zh-hans").unlisted] == ["独轮车一辆"]
        assert len(build_kit(written, one, "fr").unlisted) == 3


def test_clock_and_sums_follow_the_course_and_what_does_not_fit_is_said(as_user, trainer, course, own):
    (own / "timetables" / "six-days.toml").write_text(WRITTEN, "utf-8")
    page = squeeze(as_user(trainer).get("/courses/live/preparation/six-days/").text)
    assert '<h1 lang="zh-hans">两个晚上</h1>' in page
    assert [clock in page for clock in ("19:00–20:40", ">19:15<", ">20:15<")] == [True] * 3
    lesson = course.modules.get(number=1).lessons.get(code="lesson-a")
    assert (
        f'href="{reverse("courses:plan", args=["live", lesson.pk])}" lang="zh-Hans">课 lesson-a</a>' in page
    )
    assert "拍 · 写" in page
    assert "<li>课 lesson-b</li>" in page
    assert "课程里找不到的编号：1/lesson-gone" in page
    assert "课程页上加起来是 2 小时 53 分，这张表没排全" in page
    assert "草稿" not in page
    Lesson.objects.filter(pk=lesson.pk).update(minutes=120)
    page = squeeze(as_user(trainer).get("/courses/live/preparation/six-days/").text)
    assert "比原来定的多 45 分钟" in page


def test_a_county_s_file_that_cannot_be_read_is_passed_over_and_the_trainer_is_told(
    as_user, trainer, course, own
):
    url = "/courses/live/preparation/six-days/"
    for text, why in (
        (WRITTEN.replace("minutes = 100", 'minutes = "100"'), "session/0/minutes：要是整数"),
        (WRITTEN.replace('"19:00"', '"25:00"'), "session/0/start：写法不对"),
        ("title = ]", "six-days.toml: "),
    ):
        (own / "timetables" / "six-days.toml").write_text(text, "utf-8")
        page = as_user(trainer).get(url).text
        assert "县里换的文件读不懂，这里先用原来的：" in page
        assert why in page
        assert "六天班" in page
    (own / "timetables" / "six-days.toml").write_bytes(b"\xff\xfe")
    assert "六天班" in as_user(trainer).get(url).text


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_shown_in_both_languages(as_user, trainer, course, name):
    client = as_user(trainer)
    for language, tag in (("zh-hans", "zh-hans"), ("en", "en")):
        client.cookies["django_language"] = language
        with translation.override(language):
            title = read_page(name).content["title"]
        page = client.get(f"/courses/live/preparation/{name}/").text
        assert f'<h1 lang="{tag}">{title}</h1>' in page
        assert "先看中文" not in page
        assert "not in English yet" not in page


def test_a_county_s_file_in_one_language_leaves_the_other_s_page_as_it_is(as_user, trainer, course, own):
    (own / "timetables" / "six-days.toml").write_text(WRITTEN, "utf-8")
    client = as_user(trainer)
    client.cookies["django_language"] = "en"
    page = client.get("/courses/live/preparation/six-days/").text
    assert '<h1 lang="en">The six-day class</h1>' in page


@pytest.mark.long
def test_pages_are_for_those_who_teach_the_course(as_user, course, village, trainer, trainee, stranger):
    mentor = make_person("师傅", (Role.MENTOR, village))
    make_cohort(course, village, mentor=mentor)
    urls = ["/courses/live/preparation/", "/courses/live/preparation/kit/"]
    expected = {trainer: 200, mentor: 200, trainee: 404, stranger: 404}
    for url in urls:
        assert {who: as_user(who).get(url).status_code for who in expected} == expected
    assert as_user(trainer).get("/courses/live/preparation/none/").status_code == 404
    page = as_user(trainer).get("/courses/live/plans/").text
    assert urls[0] in page
    page = as_user(trainer).get(urls[0]).text
    assert [f"/courses/live/preparation/{name}/" in page for name in PAGES] == [True] * len(PAGES)


def test_the_list_of_classes_and_the_class_lead_there_also_before_there_is_a_class(
    as_user, course, county, trainer
):
    link = 'href="/courses/live/preparation/"'
    assert link in as_user(trainer).get(reverse("progress:classes")).text
    cohort = make_cohort(course, county, trainer)
    assert link in as_user(trainer).get(reverse("progress:classes")).text
    assert link in as_user(trainer).get(reverse("progress:class", args=[cohort.pk])).text


def test_what_a_plan_asks_for_and_the_list_lacks_is_shown(as_user, trainer, course):
    lesson = course.modules.get(number=1).lessons.get(code="lesson-a")
    make_plan(lesson, kit="秤 4 台\n独轮车一辆")
    page = squeeze(as_user(trainer).get("/courses/live/preparation/kit/").text)
    assert "教案里写了、上面没有的" in page
    assert "独轮车一辆" in page


@pytest.mark.parametrize(("language", "remedy"), [("zh-hans", "补救："), ("en", "Remedy: ")])
def test_ten_steps_have_when_who_how_long_and_what_goes_wrong(language, remedy):
    with translation.override(language):
        steps = read_page("first-class").content["step"]
    assert len(steps) == 10
    assert all(step["wrong"].count(remedy) == 1 for step in steps)


def test_duties_name_the_articles_and_the_day_on_which_they_were_read():
    body = read_page("duties").content["body"]
    for words in ("非官方", "2026年11月24日", "第三十八条、第四十二条我们没有摘"):
        assert words in body
    assert [
        article in body
        for article in ("第三十九条", "第四十条", "第四十一条", "第四十三条", "第四十四条", "第四十五条")
    ] == [True] * 6
    with translation.override("en"):
        body = read_page("duties").content["body"]
    for words in ("unofficial", "24 November 2026", "Articles 38 and 42 are not in this summary"):
        assert words in body
    assert [f"**Article {number}**" in body for number in (39, 40, 41, 43, 44, 45)] == [True] * 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_read_in_the_shape_that_the_pages_need(language):
    folder = SHIPPED / language / FOLDER
    for file, shape in PAGES.values():
        assert read_file(folder / file, shape)["title"]
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {
        file for file, _shape in PAGES.values()
    }


def test_english_files_have_the_same_times_things_and_steps():
    """What is said may differ, numbers may not: minutes, rounds, codes of lessons, how many things, steps and headings."""
    for file, shape in PAGES.values():
        ours, english = (
            describe_shape(read_file(SHIPPED / language / FOLDER / file, shape)) for language in LANGUAGES
        )
        assert english == ours, file


def describe_shape(value: object) -> object:
    """Return a file's content without its words; of a text how many headings and items it has."""
    if isinstance(value, dict):
        return {key: describe_shape(one) for key, one in value.items() if key != "words"}
    if isinstance(value, list):
        return [describe_shape(one) for one in value]
    if isinstance(value, str):
        return value if CODE.fullmatch(value) else (value.count("\n## "), value.count("\n- "), bool(value))
    return value


@pytest.mark.parametrize(
    ("language", "files"),
    [
        ("zh-hans", ["five-oclock.md"]),
        *(pytest.param(language, None, marks=pytest.mark.long) for language in LANGUAGES),
    ],
)
def test_what_a_trainer_reads_breaks_no_rule_for_course_pages(language, files):
    """The suite reads one file; `long` reads all."""
    read = files or [file for file, _shape in PAGES.values()]
    found = {
        (file, one.rule, one.words)
        for file in read
        for text in list_texts(file, language)
        for one in check(text, "course_page")
    }
    assert found == set()


def list_texts(file: str, language: str = "zh-hans") -> list[str]:
    text = (SHIPPED / language / FOLDER / file).read_text(encoding="utf-8")
    return [text] if file.endswith(".md") else list_strings(tomllib.loads(text))


def list_strings(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in list_strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in list_strings(one)]
    return [value] if isinstance(value, str) else []


def test_no_sentence_of_the_pages_for_trainers_stands_elsewhere_in_the_course():
    where: dict[str, set[str]] = {}
    for name, text in (
        *list_all_texts(),
        *((file, text) for file, _shape in PAGES.values() for text in list_texts(file)),
    ):
        # three timetables say what they share in the same words
        name = "timetables" if name.startswith("timetables/") else name
        for sentence in SENTENCE_ENDS.split(text):
            where.setdefault(sentence.strip(" -*|“”"), set()).add(name)
    pages = {"timetables", *(file for file, _shape in PAGES.values())}
    assert [row for row in where.items() if len(row[0]) > 12 and len(row[1]) > 1 and row[1] & pages] == []


def test_duties_rest_on_the_law_of_the_county(own, course, as_user, trainer, settings):
    """With LAW=own the page that comes with the project, about China's law, is not shown; the county's own is."""
    settings.LAW = "own"
    client = as_user(trainer)
    pages = "/courses/live/preparation/"
    assert f"{pages}duties/" not in client.get(pages).text
    assert client.get(f"{pages}duties/").status_code == 404
    assert client.get(f"{pages}groups/").status_code == 200
    assert client.get(reverse("programme:trainer_page", args=["live", "duties"])).status_code == 404
    (own / "duties.md").write_text('+++\ntitle = "要守的规矩"\n+++\n自己的法律。\n')
    assert "自己的法律。" in client.get(f"{pages}duties/").text
    assert f"{pages}duties/" in client.get(pages).text


def test_what_to_do_at_five_leads_to_the_pages_it_names(course, as_user, trainer):
    cohort = make_cohort(course, course.place, trainer)
    Cohort.objects.update(starts_on=timezone.localdate())
    answer = as_user(trainer).get("/courses/live/preparation/five-oclock/")
    assert answer.context["links"] == [
        ("班级", "/classes/"),
        ("点评", "/review/"),
        ("谁卡住了", f"/classes/{cohort.pk}/support/"),
    ]
    assert as_user(trainer).get("/courses/live/preparation/groups/").context["links"] == []
