"""The written programme is complete, readable in one sitting, and the same in both languages."""

import re

import pytest

from courses.import_export.document import check_document
from courses.import_export.programme import ROOT, list_languages, load_programme
from courses.import_export.written_modules import read_lesson
from courses.models import Lesson, Module

HAN = re.compile(r"[\u4e00-\u9fff]")
COURSES = {language: load_programme(language) for language in list_languages()}
LESSONS = {
    language: [lesson for module in course["modules"] for lesson in module["lessons"]]
    for language, course in COURSES.items()
}
ALL_LESSONS = [lesson for lessons in LESSONS.values() for lesson in lessons]


def title(lesson: dict) -> str:
    return lesson["title"]


@pytest.mark.parametrize("language", COURSES)
def test_course_is_a_whole_document(language):
    check_document(COURSES[language])


def test_course_names_what_its_files_hold():
    course = COURSES["zh-hans"]["course"]
    assert (course["title"], course["slug"], course["language"]) == (
        "乡村直播卖货",
        "live-selling",
        "zh-hans",
    )


def test_twin_teaches_its_modules_with_the_same_lessons():
    shapes = {
        language: {
            module["number"]: (
                module["hours"],
                [
                    (lesson["code"], lesson["minutes"], sorted(p["name"] for p in lesson["pictures"]))
                    for lesson in module["lessons"]
                ],
                [(task["code"], task["hand_in"], len(task["criteria"])) for task in module["assignments"]],
            )
            for module in course["modules"]
        }
        for language, course in COURSES.items()
    }
    assert shapes["en"] == shapes["zh-hans"]


@pytest.mark.parametrize("language", COURSES)
def test_every_file_belongs_to_the_course(language):
    assert len(list((ROOT / language).glob("[0-9]*/*.md"))) == len(LESSONS[language])
    assert len(list((ROOT / language).glob("cases/*"))) == len(COURSES[language]["cases"])


@pytest.mark.parametrize("lesson", LESSONS["zh-hans"], ids=title)
def test_chinese_lesson_is_300_to_1100_characters(lesson):
    assert 300 <= len(HAN.findall(lesson["body"])) <= 1100


@pytest.mark.parametrize("lesson", LESSONS["zh-hans"], ids=title)
def test_chinese_lesson_says_nin_only_in_words_to_buyers(lesson):
    assert "您" not in re.sub(r"“[^”]*”", "", lesson["body"] + lesson["do_now"])


SECONDS = {"叫住人": 20, "讲货": 50, "拿证据": 60, "报价": 30, "讲售后": 20}


def count_syllables(text: str) -> int:
    """Count what is spoken: a character is one, numbers as they are read (75 is 七十五, 2.55 is 二点五五)."""
    count = len(HAN.findall(text))
    for whole, part in re.findall(r"(\d+)(?:\.(\d+))?", text):
        tens, ones = divmod(int(whole), 10)
        spoken = len(whole) if tens > 9 else (2 if tens > 1 else tens) + (ones > 0)
        count += spoken + (1 + len(part) if part else 0)
    return count


def test_sample_pitch_takes_the_time_it_announces():
    """At 200 characters a minute, each part within 15 % of its seconds."""
    (body,) = [lesson["body"] for lesson in LESSONS["zh-hans"] if lesson["code"] == "02-five-parts"]
    parts = dict(re.findall(r"^\*\*(\w+)\*\*：“([^”]+)”$", body, re.M))
    took = {part: count_syllables(words) * 60 / 200 for part, words in parts.items()}
    assert {part: 0.85 <= took[part] / seconds <= 1.15 for part, seconds in SECONDS.items()} == dict.fromkeys(
        SECONDS, True
    )


@pytest.mark.parametrize("lesson", ALL_LESSONS, ids=title)
def test_lesson_is_whole(lesson):
    names = [picture["name"] for picture in lesson["pictures"]]
    assert "".join(lesson["phrases"]) == lesson["title"]
    assert lesson["do_now"]
    assert all(len(picture["alt"]) >= 10 for picture in lesson["pictures"])
    assert lesson["body"].count("](picture:") == len(names) == len(set(names))
    assert not re.search(r"^# ", lesson["body"], re.M)


@pytest.mark.parametrize("lesson", ALL_LESSONS, ids=title)
def test_lesson_fits_the_columns(lesson):
    fields = {name: lesson[name] for name in ("title", "body", "do_now", "minutes", "code", "captions")}
    row = Lesson(module=Module(), phrases="|".join(lesson["phrases"]), **fields)
    row.clean_fields(exclude=["module"])


def test_read_lesson_splits_head_and_body(tmp_path):
    path = tmp_path / "01-a.md"
    path.write_text(
        '+++\ntitle = "看"\nphrases = ["看"]\nminutes = 5\ndo_now = "做"\n+++\n\n正文 ![图](picture:a)\n',
        "utf-8",
    )
    assert read_lesson(path) == {
        "code": "01-a",
        "title": "看",
        "phrases": ["看"],
        "minutes": 5,
        "do_now": "做",
        "body": "正文 ![图](picture:a)\n",
        "captions": "",
        "video": "",
        "watch_share": 80,
        "state": "published",
        "pictures": [{"name": "a", "alt": "图", "photo": "a"}],
    }


def test_text_before_the_head_is_refused(tmp_path):
    path = tmp_path / "01-a.md"
    path.write_text("早了\n+++\n+++\n", "utf-8")
    with pytest.raises(ValueError, match="text before the head"):
        read_lesson(path)


def test_unknown_language_has_no_course():
    with pytest.raises(FileNotFoundError):
        load_programme("fr")


QUESTIONS = {
    language: [question for bank in course["banks"] for question in bank["questions"]]
    for language, course in COURSES.items()
}


@pytest.mark.parametrize("language", COURSES)
def test_programme_is_as_large_as_it_says(language):
    course = COURSES[language]
    assert [module["number"] for module in course["modules"]] == list(range(1, 16))
    assert sum(module["hours"] for module in course["modules"]) == 49
    assert len(LESSONS[language]) == 58
    assert len(QUESTIONS[language]) >= 800  # the banks grow by appending
    assert all(len(module["assignments"]) == 1 for module in course["modules"])
    assert all(
        3 <= len(task["criteria"]) <= 6 for module in course["modules"] for task in module["assignments"]
    )
    kinds = {question["kind"] for question in QUESTIONS[language]}
    assert kinds == {"single", "multiple", "true_false", "order", "number", "picture", "spot"}


@pytest.mark.parametrize("language", COURSES)
def test_every_question_is_explained_and_every_objective_asked(language):
    questions = QUESTIONS[language]
    assert [question["code"] for question in questions if not question["explain"]] == []
    codes = {objective["code"] for objective in COURSES[language]["objectives"]}
    assert codes - {question["objective"] for question in questions} == set()


@pytest.mark.parametrize("language", COURSES)
def test_forms_of_the_test_before_and_after_are_parallel(language):
    asked = {form: [q for q in QUESTIONS[language] if q["form"] == form] for form in "AB"}
    shapes = [[(q["objective"], q["kind"]) for q in asked[form]] for form in "AB"]
    assert shapes[0] == shapes[1]
    assert len(shapes[0]) == 21


@pytest.mark.parametrize(("form", "lines"), [("long", 34), ("short", 9)])
def test_each_form_of_the_rubric_has_a_hundred_points_in_both_languages(form, lines):
    rubrics = [course["rubrics"][0]["content"] for course in COURSES.values()]
    criteria = [(content if form == "long" else content["short"])["criteria"] for content in rubrics]
    points = [[(one["code"], one["points"]) for one in each] for each in criteria]
    assert points[0] == points[1]
    assert (len(points[0]), sum(number for _code, number in points[0])) == (lines, 100)


def test_no_line_of_the_rubric_is_for_fruit_alone():
    """A seller of eggs, tea, rice or vegetables can earn every line: a word for fruit stands beside one for other goods."""
    others = re.compile("蛋|茶|米|菜|货|壳")
    content = COURSES["zh-hans"]["rubrics"][0]["content"]
    for one in content["criteria"] + content["short"]["criteria"]:
        if re.search("果子|果蒂|切开|籽|糖度", one["full"]):
            assert others.search(one["full"]), one["code"]


@pytest.mark.parametrize("language", COURSES)
def test_phrases_name_lines_of_the_long_form(language):
    course = COURSES[language]
    codes = {one["code"] for one in course["rubrics"][0]["content"]["criteria"]} | {""}
    assert {phrase["criterion"] for phrase in course["phrases"]} - codes == set()
    assert [one["code"] for one in course["phrases"]] == [one["code"] for one in COURSES["en"]["phrases"]]


def test_twin_asks_the_same_viewers_questions_in_the_same_drills():
    banks = [
        [
            (drill["code"], drill["is_exam"], one["code"], one["goods"], bool(one["only_if"]))
            for drill in course["drills"]
            for one in drill["comments"]
        ]
        for course in COURSES.values()
    ]
    assert banks[0] == banks[1]
    assert len(banks[0]) == 83
    assert {bank[0] for bank in banks[0] if bank[1]} == {"mock"}
    assert [code for _drill, _exam, code, _goods, only_if in banks[0] if only_if] == ["two-count"]


@pytest.mark.parametrize("goods", ["fruit", "egg", "tea", "rice", "vegetable", "none"])
def test_drills_have_questions_enough_about_any_goods(goods):
    for drill in COURSES["zh-hans"]["drills"]:
        fitting = [one for one in drill["comments"] if one["goods"] in ("", goods) and not one["only_if"]]
        assert len(fitting) >= 2 * drill["questions"] - 2, drill["code"]


def test_twin_asks_the_same_questions():
    asked = [
        [
            (
                question["code"],
                question["kind"],
                question["form"],
                question["objective"],
                [choice["right"] for choice in question["content"].get("choices", ())],
                [question["content"].get(name) for name in ("answer", "tolerance")],
                [len(question["content"].get(name, ())) for name in ("steps", "wrong")],
            )
            for question in questions
        ]
        for questions in QUESTIONS.values()
    ]
    assert asked[0] == asked[1]
