"""Drills, viewers' questions and phrases: in files, in the document of a course, and in the admin."""

import copy

import pytest
from django.urls import reverse
from django.utils import translation

from courses.import_export.document import UnreadableFile, check_document, find_dangling_references
from courses.import_export.drills import import_drills, read_drills, read_phrases
from courses.import_export.export import export_course
from courses.import_export.importer import Media, import_document
from courses.import_export.programme import list_languages, load_programme
from courses.import_export.written_modules import read_toml
from courses.models import Drill, QuickPhrase, Quiz, Rubric, ViewerComment
from tests.factories import make_course
from tests.lives import PARTS, make_drill
from tests.quizzes import make_quiz

MEDIA = Media(lambda key: None, lambda key: None)
DRILLS = """
[[drill]]
code = "three"
title = "3 分钟讲一款"
minutes = 3
most_minutes = 5
questions = 2
[drill.template]
title = "三分钟"
talking_points = "切开\\n上秤"
[drill.template.parts]
who = "我是{村}的{主播}。"
[[drill.comment]]
code = "sweet"
name = "小满"
text = "甜不甜？"
wants = "说糖度和哪天测的"
"""
PHRASES = """
[[phrase]]
code = "cut"
tone = "change"
criterion = "prod-cut"
text = "切开给人看"
[[phrase]]
code = "clear"
tone = "keep"
text = "讲得清楚"
"""


@pytest.fixture
def written(tmp_path):
    (tmp_path / "drills.toml").write_text(DRILLS, encoding="utf-8")
    (tmp_path / "phrases.toml").write_text(PHRASES, encoding="utf-8")
    drills = read_drills(read_toml(tmp_path / "drills.toml"))
    return {"drills": drills, "phrases": read_phrases(read_toml(tmp_path / "phrases.toml"))}


@pytest.fixture
def document(county, written):
    document = export_course(make_course(county), str) | written
    document["course"]["slug"] = "brought-in"
    return document


def test_written_drills_are_whole(document):
    check_document(document)
    [drill] = document["drills"]
    assert (drill["products"], drill["is_real"], drill["is_exam"], drill["text"]) == (1, False, False, "")
    assert (drill["comments"][0]["goods"], drill["comments"][0]["only_if"]) == ("", "")
    assert document["phrases"][1]["criterion"] == ""


def test_what_is_brought_in_comes_out_the_same(document, county):
    course = import_document(document, county, MEDIA)
    out = export_course(course, str)
    assert (out["drills"], out["phrases"]) == (document["drills"], document["phrases"])
    drill = Drill.objects.get(course=course)
    assert (drill.position, drill.template["parts"]) == (1, {"who": "我是{村}的{主播}。"})


def test_brought_in_again_rows_stay(document, county):
    course = import_document(document, county, MEDIA)
    drill, comment = Drill.objects.get(course=course), ViewerComment.objects.get()
    ViewerComment.objects.create(drill=drill, code="own", name="老师加的", text="?", wants="!")
    document["drills"][0]["title"] = "改了名"
    import_document(document, county, MEDIA, course)
    drill.refresh_from_db()
    assert (drill.title, drill.comments.count(), ViewerComment.objects.filter(pk=comment.pk).exists()) == (
        "改了名", 2, True,
    )  # fmt: skip
    assert QuickPhrase.objects.count() == 2


def test_examination_and_goods_of_a_question_travel_and_an_older_document_leaves_them(document, county):
    document["drills"][0] |= {"is_exam": True}
    document["drills"][0]["comments"][0] |= {"goods": "egg", "only_if": "猜"}
    check_document(document)
    course = import_document(document, county, MEDIA)
    assert export_course(course, str)["drills"] == document["drills"]
    old = copy.deepcopy(document)
    del old["drills"][0]["is_exam"]
    for name in ("goods", "only_if"):
        del old["drills"][0]["comments"][0][name]
    check_document(old)
    import_document(old, county, MEDIA, course)
    assert Drill.objects.get(course=course).is_exam is True
    assert ViewerComment.objects.values_list("goods", "only_if").get() == ("egg", "猜")
    document["drills"][0]["comments"][0]["goods"] = "honey"
    with pytest.raises(UnreadableFile):
        check_document(document)


def test_an_older_document_has_none_and_takes_none_away(document, county):
    course = import_document(document, county, MEDIA)
    old = copy.deepcopy(document)
    del old["drills"], old["phrases"]
    check_document(old)
    import_document(old, county, MEDIA, course)
    assert (Drill.objects.filter(course=course).count(), QuickPhrase.objects.count()) == (1, 2)


def test_codes_that_come_twice_and_times_that_do_not_fit_are_told(document):
    document["drills"] += [document["drills"][0] | {"most_minutes": 2}]
    document["phrases"] += document["phrases"][:1]
    told = list(find_dangling_references(document))
    assert len(told) == 3
    with pytest.raises(UnreadableFile):
        check_document(document)


@pytest.mark.parametrize(
    "broken",
    [
        {"minutes": 0},
        {"template": {"parts": {"end": "x"}}},
        {"template": []},
        {"code": ""},
        {"comments": [{}]},
    ],
)
def test_a_broken_drill_is_refused(document, broken):
    document["drills"][0] |= broken
    with pytest.raises(UnreadableFile):
        check_document(document)


def test_what_a_quiz_clears_travels_and_an_older_one_changes_nothing(county):
    course = make_course(county)
    make_quiz(course, "single", clears="first_live")
    document = export_course(course, str)
    assert document["quizzes"][0]["clears"] == "first_live"
    del document["quizzes"][0]["clears"]
    check_document(document)
    import_document(document, county, MEDIA, course)
    assert Quiz.objects.get().clears == "first_live"
    document["quizzes"][0]["clears"] = "pilot"
    with pytest.raises(UnreadableFile):
        check_document(document)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_programme_clears_for_the_first_live(language):
    quizzes = {quiz["code"]: quiz["clears"] for quiz in load_programme(language)["quizzes"]}
    assert [code for code, clears in quizzes.items() if clears] == ["module-8"]
    assert quizzes["module-8"] == "first_live"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_law_examination_asks_of_every_objective_and_waits_for_a_talk(language):
    quiz = next(one for one in load_programme(language)["quizzes"] if one["clears"])
    assert quiz["draw"] >= 20
    assert quiz["objective_minimum"] >= 3
    assert (quiz["pass_percent"], quiz["tries"], quiz["talk_after"]) == (80, None, 3)


def test_how_a_quiz_draws_travels_and_an_older_one_changes_nothing(county):
    course = make_course(county)
    make_quiz(course, "single", talk_after=3, objective_minimum=1, state="draft")
    document = export_course(course, str)
    quiz = document["quizzes"][0]
    assert (quiz.pop("talk_after"), quiz.pop("objective_minimum")) == (3, 1)
    import_document(document, county, MEDIA, course)
    assert Quiz.objects.values_list("talk_after", "objective_minimum").get() == (3, 1)
    quiz |= {"talk_after": None, "objective_minimum": 0}
    import_document(document, county, MEDIA, course)
    assert Quiz.objects.values_list("talk_after", "objective_minimum").get() == (None, 0)


@pytest.mark.long
@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"draw": 21}, "每次抽 21 题，题库里只有 20 题"),
        ({"objective_minimum": 5}, "每个学习目标至少 5 题，8.1 只有 4 题"),
        ({"draw": 14}, "5 个学习目标，每个至少 3 题，要 15 题，每次只抽 14 题"),
    ],
)
def test_a_rule_that_the_bank_cannot_meet_is_refused(rule, problem):
    """The law examination with four questions of each objective."""
    document = load_programme("zh-hans")
    quiz = next(one for one in document["quizzes"] if one["clears"])
    bank = next(one for one in document["banks"] if one["code"] == quiz["bank"])
    bank["questions"] = [
        row
        for n in range(1, 6)
        for row in [row for row in bank["questions"] if row["objective"] == f"8.{n}"][:4]
    ]
    quiz |= {"draw": 20, "objective_minimum": 3}
    check_document(document)
    quiz |= rule
    with pytest.raises(UnreadableFile) as refused:
        check_document(document)
    assert f"quizzes/{quiz['code']}：{problem}" in refused.value.reasons
    quiz |= {"state": "draft"}
    check_document(document)


# --- the admin ---


@pytest.fixture
def course(county, settings):
    settings.DEMO = True
    course = make_course(county)
    Rubric.objects.create(course=course, title="表", content={"criteria": [{"code": "prod-cut"}]})
    return course


def form_of(course, **fields):
    return {
        "course": course.pk, "title": "10 分钟", "code": "ten", "position": 2, "minutes": 10, "most_minutes": 15,
        "products": 2, "questions": 3, "template_title": "十分钟", "template_talking_points": "上秤",
        "part_who": "我是{主播}。", "comments-TOTAL_FORMS": 1, "comments-INITIAL_FORMS": 0,
        "comments-0-name": "小满", "comments-0-text": "甜吗？", "comments-0-wants": "糖度", "comments-0-code": "a",
    } | fields  # fmt: skip


def test_a_trainer_writes_a_drill_in_boxes(as_user, trainer, course):
    url = reverse("admin:courses_drill_add")
    assert as_user(trainer).post(url, form_of(course)).status_code == 302
    drill = Drill.objects.get()
    assert drill.template == {"title": "十分钟", "talking_points": "上秤", "parts": {"who": "我是{主播}。"}}
    assert drill.comments.get().wants == "糖度"


def test_the_boxes_show_what_the_drill_has(as_user, trainer, course, stranger):
    drill = make_drill(course)
    url = reverse("admin:courses_drill_change", args=[drill.pk])
    form = as_user(trainer).get(url).context["adminform"].form
    assert (form["part_price"].value(), form["template_title"].value()) == (PARTS["price"], "三分钟")
    assert as_user(stranger).get(url).status_code == 404


def test_a_recording_cannot_end_before_the_drill(as_user, trainer, course):
    page = as_user(trainer).post(reverse("admin:courses_drill_add"), form_of(course, most_minutes=9))
    assert page.context["adminform"].form.errors == {"most_minutes": ["不能比要讲的时间短。"]}


def test_a_phrase_names_a_criterion_of_its_own_course(as_user, trainer, course):
    url = reverse("admin:courses_quickphrase_add")
    told = {"course": course.pk, "tone": "change", "criterion": "nothing", "text": "切开", "code": "cut"}
    page = as_user(trainer).post(url, told)
    assert page.context["adminform"].form.errors == {"criterion": ["这门课的评分表里没有这一条。"]}
    as_user(trainer).post(url, told | {"criterion": "prod-cut"})
    assert QuickPhrase.objects.get().criterion == "prod-cut"


def test_a_quiz_is_said_to_clear_in_the_admin(as_user, trainer, course):
    quiz = make_quiz(course, "single")
    page = as_user(trainer).get(reverse("admin:courses_quiz_change", args=[quiz.pk])).content.decode()
    assert 'name="clears"' in page


@pytest.mark.long
@pytest.mark.parametrize(
    ("screen", "title"), [("zh-hans", "三分钟，讲一款"), ("en", "Three minutes, one product")]
)
def test_a_written_drill_is_called_in_the_language_of_the_screen(village, screen, title):
    """Of both twins, whichever of them a person learns in."""
    for language in list_languages():
        document = load_programme(language)
        course = make_course(village, slug=language, language=language)
        import_drills(course, document)
    with translation.override(screen):
        assert [drill.name for drill in Drill.objects.filter(code="one")] == [title, title]
        assert Drill(title="十分钟").name == "十分钟"


def test_an_older_document_leaves_the_other_title(village):
    course = make_course(village)
    document = load_programme("en")
    import_drills(course, document)
    for drill in document["drills"]:
        del drill["other_title"]
    import_drills(course, document)
    assert Drill.objects.get(code="one").other_title == "三分钟，讲一款"
