"""The page beside the national standard: each line has its source, and it names the course's own objectives."""

import pytest

from courses.import_export.programme import list_languages, load_programme
from courses.models import Module, Objective
from courses.standard.comparison import build_rows, find_problems, read_all
from tests.factories import make_course
from tests.pages import squeeze

COURSES = {language: load_programme(language) for language in list_languages()}


@pytest.mark.parametrize("language", COURSES)
def test_the_file_names_objectives_that_exist_and_a_source_for_every_line(language):
    course = COURSES[language]
    written = read_all()[course["course"]["slug"]]
    assert find_problems(written, {one["code"] for one in course["objectives"]}) == []
    assert [(one["number"], one["hours"]) for one in written["level"]] == [(5, 120), (4, 104), (3, 88)]


def test_both_languages_say_the_same():
    chinese, english = (read_all()[COURSES[one]["course"]["slug"]] for one in ("zh-hans", "en"))
    for kind, names in (("task", ("code", "cover", "objectives", "sources")), ("source", ("code", "url"))):
        assert [[row[name] for name in names] for row in chinese[kind]] == [
            [row[name] for name in names] for row in english[kind]
        ]
    assert [row["objectives"] for row in chinese["beyond"]] == [
        row["objectives"] for row in english["beyond"]
    ]


def test_a_line_without_a_source_and_an_unknown_objective_are_found():
    written = {
        "source": [{"code": "a"}, {"code": "b"}], "level": [{"name": "五级", "source": "c"}], "test": [],
        "task": [{"title": "看", "sources": ["a"], "cover": "full", "objectives": ["9.9"], "lacks": "什么"}],
        "beyond": [],
    }  # fmt: skip
    assert find_problems(written, {"1.1"}) == [
        "level 五级: source",
        "看: 9.9",
        "看: full, lacks “什么”",
        "b: not named",
    ]


def test_everybody_sees_the_hours_and_that_it_is_no_national_examination(client, county):
    course = make_course(county, slug="live-selling")
    Module.objects.filter(course=course).update(hours=49, number=1)
    module = course.modules.get()
    for code in ("1.1", "8.1", "4.4"):
        Objective.objects.create(course=course, module=module, code=code, text=f"会{code}")
    tasks, beyond, left = build_rows(read_all()["live-selling"], course)
    show = next(row for row in tasks if row.cover == "full")
    assert [(number, [one.code for one in own]) for number, _title, own in show.modules] == [(1, ["1.1"])]
    assert [one.code for one in left] == ["4.4"]
    page = squeeze(client.get("/courses/live-selling/standard/").content.decode())
    assert "这门课不是国家的等级考试" in page
    assert "本课排了 49 学时" in page
    for short in ("71", "55", "39"):  # 120, 104 and 88 less 49
        assert f'<td class="n">{short}</td>' in page
    assert "会8.1" in page
    assert "/courses/live-selling/standard/" in client.get("/courses/live-selling/").content.decode()


def test_another_course_has_no_such_page(client, county):
    make_course(county, slug="tea")
    assert client.get("/courses/tea/standard/").status_code == 404
    assert "/standard/" not in client.get("/courses/tea/").content.decode()


def test_county_in_another_country_has_no_part_in_chinas_standard(client, county, settings):
    settings.LAW = "own"
    make_course(county, slug="live-selling")
    assert client.get("/courses/live-selling/standard/").status_code == 404
    assert "/standard/" not in client.get("/courses/live-selling/").content.decode()
