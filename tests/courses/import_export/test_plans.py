"""Lesson plans: in files beside the lessons, in the document of a course, and brought in again."""

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.import_export.document import UnreadableFile, check_document
from courses.import_export.export import export_course
from courses.import_export.importer import Media, duplicate_course, import_document, preview_changes
from courses.import_export.plans import read_plan
from courses.import_export.written_modules import read_lesson
from courses.models import Lesson, LessonPlan
from tests.factories import make_course, make_plan

MEDIA = Media(lambda key: None, lambda key: None)
WRITTEN = """
goal = "每个人手里一箱摇不响的果"
kit = ["秤，每组一台", "纸箱 8 个"]
safety = "小刀朝外划。"
simple = "拿果子摆，不写字。"

[[part]]
stage = "intro"
minutes = 6
do = "摆两箱果。"
say = "哪一箱是好的？"

[[part]]
stage = "show"
minutes = 10
do = "做两遍。"
say = "看我的手。"

[[part]]
stage = "practise"
minutes = 18
do = '''
- 四人一组
- 一人装，三人看
'''
say = "摇一摇。"

[[part]]
stage = "review"
minutes = 6
do = "看两箱。"
say = "先说好的。"

[[fault]]
see = "胶带乱缠"
do = "撕了重来"
[[fault]]
see = "果柄朝上"
do = "转个身"
[[fault]]
see = "空隙没塞"
do = "塞纸"

[check]
ask = "摇得响，先查哪儿？"
answer = "查空隙；答胶带的，是没懂"
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "01-one-box.plan.toml"
    path.write_text(WRITTEN, "utf-8")
    return path


def test_a_plan_stands_beside_its_lesson(path):
    lesson = path.with_name("01-one-box.md")
    lesson.write_text(
        '+++\ntitle = "装"\nphrases = ["装"]\nminutes = 40\ndo_now = "做"\n+++\n\n正文\n', "utf-8"
    )
    plan = read_lesson(lesson)["plan"]
    assert plan["kit"] == ["秤，每组一台", "纸箱 8 个"]
    assert [(one["stage"], one["minutes"]) for one in plan["parts"]] == [
        ("intro", 6),
        ("show", 10),
        ("practise", 18),
        ("review", 6),
    ]
    assert plan["parts"][2]["do"] == "- 四人一组\n- 一人装，三人看"
    assert (len(plan["faults"]), plan["check"]["ask"]) == (3, "摇得响，先查哪儿？")
    path.unlink()
    assert "plan" not in read_lesson(lesson)


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ("minutes = 18", 'minutes = "18"', 21, "parts/2/minutes：要是整数"),
        ('say = "摇一摇。"', "", 19, "parts/2：少了 say"),
        ('see = "果柄朝上"', 'see = ""', 38, "faults/1/see：太短，最少 1 个字"),
        ('ask = "摇得响，先查哪儿？"', "", 44, "check：少了 ask"),
        ('safety = "小刀朝外划。"', "", 1, "01-one-box.plan.toml：少了 safety"),
        ('goal = "', 'gaol = "x"\ngoal = "', 1, "01-one-box.plan.toml：多了不认识的 gaol"),
        ('kit = ["秤，每组一台", "纸箱 8 个"]', "kit = []", 3, "kit：太少，最少 1 个"),
        ("minutes = 10", "minutes = 11", 7, "四步合起来 41 分钟，这一课是 40 分钟，要一样多。"),
        ('stage = "show"', 'stage = "review"', 7, "现在是：导入、讲评、练、讲评。"),
        ('[[fault]]\nsee = "空隙没塞"\ndo = "塞纸"', "", 34, "faults：太少，最少 3 个"),
    ],
)
def test_a_plan_with_a_mistake_is_refused_with_its_file_and_line(path, old, new, line, why):
    path.write_text(WRITTEN.replace(old, new, 1), "utf-8")
    with pytest.raises(UnreadableFile) as refused:
        read_plan(path, 40)
    [reason] = refused.value.reasons
    assert reason.startswith(f"{path}:{line}: ")
    assert reason.endswith(why)


def test_a_file_that_is_no_toml_is_refused_with_its_line(path):
    path.write_text('goal = "a"\nkit = ]\n', "utf-8")
    with pytest.raises(UnreadableFile, match=r"01-one-box\.plan\.toml: .*line 2"):
        read_plan(path, 40)


# --- the document ---


@pytest.fixture
def document(county, path):
    course = make_course(county, lessons=2)
    Lesson.objects.filter(module__course=course).update(minutes=40)
    document = export_course(course, str)
    document["course"]["slug"] = "brought-in"
    document["modules"][0]["lessons"][0]["plan"] = read_plan(path, 40)
    return document


def plans_in(document) -> list:
    return [lesson.get("plan") for module in document["modules"] for lesson in module["lessons"]]


def test_plans_go_out_as_they_came_in_and_a_lesson_needs_none(document, county):
    check_document(document)
    course = import_document(document, county, MEDIA)
    assert plans_in(export_course(course, str)) == plans_in(document)
    assert plans_in(document)[1] is None
    assert LessonPlan.objects.get().lesson.title == document["modules"][0]["lessons"][0]["title"]


def test_brought_in_again_a_plan_is_changed_and_without_one_it_stays(document, county):
    course = import_document(document, county, MEDIA)
    assert preview_changes(document, course).changed == []
    changed = copy.deepcopy(document)
    lesson = changed["modules"][0]["lessons"][0]
    lesson["plan"]["goal"] = "改了"
    assert preview_changes(changed, course).changed == [lesson["title"]]
    assert LessonPlan.objects.get().goal == "每个人手里一箱摇不响的果"  # looked at, not stored
    row = LessonPlan.objects.get().pk
    import_document(changed, county, MEDIA, course)
    assert LessonPlan.objects.values_list("pk", "goal").get() == (row, "改了")
    del lesson["plan"]
    assert preview_changes(changed, course).changed == []
    import_document(changed, county, MEDIA, course)
    assert LessonPlan.objects.get().goal == "改了"


def test_a_document_whose_plan_does_not_fit_its_lesson_is_refused(document):
    document["modules"][0]["lessons"][0]["minutes"] = 45
    with pytest.raises(UnreadableFile) as refused:
        check_document(document)
    assert refused.value.reasons == [
        "modules/0/lessons/0/plan：四步合起来 40 分钟，这一课是 45 分钟，要一样多。"
    ]


def test_importing_plans_takes_one_statement(document, county):
    for lesson in document["modules"][0]["lessons"]:
        lesson["plan"] = document["modules"][0]["lessons"][0]["plan"]
    with CaptureQueriesContext(connection) as asked:
        import_document(document, county, MEDIA)
    assert sum("courses_lessonplan" in query["sql"] for query in asked) == 1
    assert LessonPlan.objects.count() == 2


def test_a_copy_of_a_course_has_its_plans(document, county):
    course = import_document(document, county, MEDIA)
    copied = duplicate_course(course, "另一份")
    assert plans_in(export_course(copied, str)) == plans_in(document)
    assert LessonPlan.objects.count() == 2


def test_a_stored_plan_is_exported_whole(county):
    course = make_course(county, lessons=1)
    plan = make_plan(course.modules.get().lessons.get())
    document = export_course(course, str)
    check_document(document)
    assert plans_in(document)[0]["kit"] == ["秤 4 台", "纸箱 8 个"]
    plan.full_clean()
