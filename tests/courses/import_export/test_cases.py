"""Cases: in files, in the document of a course, and brought in again."""

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.import_export.cases import read_case, read_cases
from courses.import_export.document import UnreadableFile, check_document
from courses.import_export.export import export_course
from courses.import_export.importer import Media, duplicate_course, import_document
from courses.models import Case
from tests.factories import make_case, make_course

MEDIA = Media(lambda key: None, lambda key: None)
WRITTEN = """+++
title = "短了五两"
kind = "aftersale"
modules = [10, 6]
made_up = true
ask = ["退不退？", "怎么讲？", "秤验过没有？"]
+++

## 出了什么事

秤漂了。
"""


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "16-short-weight.md"
    path.write_text(WRITTEN, "utf-8")
    return path


def test_a_case_is_a_head_and_a_text_and_names_modules_by_number(path):
    assert read_cases(path.parent, [6, 8, 10]) == [
        {
            "code": "16-short-weight", "kind": "aftersale", "title": "短了五两", "modules": [2, 0],
            "source": "", "made_up": True, "ask": ["退不退？", "怎么讲？", "秤验过没有？"],
            "body": "## 出了什么事\n\n秤漂了。",
        }
    ]  # fmt: skip
    assert read_cases(path.parent / "none", [6]) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ('title = "短了五两"', "", 1, "16-short-weight.md：少了 title"),
        ('kind = "aftersale"', 'kind = "story"', 3, 'kind：只能是 "fine", "live", "aftersale", "packing", "failed"'),
        ("[10, 6]", "[10, 16]", 4, "modules/1：要是null（空着）；或者太小，最小 0"),
        ("made_up = true", "", 1, "编的就勾“为教学编的”。"),
        ("made_up = true", 'made_up = true\nsource = "晚报"', 6, "只能是一样。"),
        ('"怎么讲？", ', "", 6, "ask：太少，最少 3 个"),
        ('"怎么讲？"', '" "', 1, "要问三个问题，一个也不能空。"),
        ("made_up", "invented = 1\nmade_up", 1, "16-short-weight.md：多了不认识的 invented"),
        ("## 出了什么事\n\n秤漂了。\n", "", 1, "body：太短，最少 1 个字"),
    ],
)  # fmt: skip
def test_a_case_with_a_mistake_is_refused_with_its_file_and_line(path, old, new, line, why):
    path.write_text(WRITTEN.replace(old, new, 1), "utf-8")
    with pytest.raises(UnreadableFile) as refused:
        read_case(path, [6, 10])
    [reason] = refused.value.reasons
    assert reason.startswith(f"{path}:{line}: ")
    assert reason.endswith(why)


@pytest.mark.parametrize("text", ["no head\n", "+++\ntitle = ]\n+++\ntext\n"])
def test_a_file_without_a_head_that_can_be_read_is_refused_with_its_name(path, text):
    path.write_text(text, "utf-8")
    with pytest.raises(UnreadableFile, match=r"16-short-weight\.md"):
        read_case(path, [6])


# --- the document ---


@pytest.fixture
def document(county):
    course = make_course(county, lessons=1, modules=3)
    modules = list(course.modules.order_by("position"))
    make_case(course, modules[2], modules[0])
    make_case(course, modules[1], code="fine", kind="fine", is_made_up=False, source="县局，2026-03-01")
    document = export_course(course, str)
    document["course"]["slug"] = "brought-in"
    return document


def test_cases_go_out_as_they_came_in(document, county):
    assert [
        (case["code"], case["modules"], case["made_up"], case["source"]) for case in document["cases"]
    ] == [
        ("fine", [1], False, "县局，2026-03-01"),
        ("short-weight", [0, 2], True, ""),
    ]
    check_document(document)
    with CaptureQueriesContext(connection) as asked:
        course = import_document(document, county, MEDIA)
    assert sum("courses_case" in query["sql"] for query in asked) == 3
    assert export_course(course, str)["cases"] == document["cases"]
    assert export_course(duplicate_course(course, "另一份"), str)["cases"] == document["cases"]


def test_brought_in_again_a_case_is_changed_and_what_is_not_in_the_document_stays(document, county):
    course = import_document(document, county, MEDIA)
    row = Case.objects.get(course=course, code="fine").pk
    changed = copy.deepcopy(document)
    changed["cases"] = [changed["cases"][0] | {"title": "改了", "modules": [2]}]
    import_document(changed, county, MEDIA, course)
    fine = Case.objects.get(course=course, code="fine")
    assert (fine.pk, fine.title, fine.modules.get().number) == (row, "改了", course.modules.last().number)
    assert course.cases.count() == 2
    del changed["cases"]
    check_document(changed)
    import_document(changed, county, MEDIA, course)
    assert course.cases.count() == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"modules": [3]}, "cases/fine/modules 里提到的 3 找不到"),
        (
            {"source": " "},
            "cases/fine：从哪儿来的没写：写上哪个单位、哪天、哪里读到的；编的就勾“为教学编的”。",
        ),
        ({"code": "short-weight"}, "编号 short-weight 用了两次"),
    ],
)
def test_a_document_whose_case_does_not_fit_is_refused(document, change, why):
    document["cases"][0] |= change
    with pytest.raises(UnreadableFile) as refused:
        check_document(document)
    assert refused.value.reasons == [why]
