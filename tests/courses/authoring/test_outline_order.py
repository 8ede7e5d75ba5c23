import pytest

from courses.authoring import outline_order
from courses.models import Lesson, Module
from tests.factories import make_course, make_lesson
from ui.responses import page_cache

pytestmark = pytest.mark.both_databases


@pytest.fixture
def course(county):
    return make_course(county, modules=2, lessons=2)


def titles(course) -> list:
    return [
        (Module.objects.get(pk=module).title, [Lesson.objects.get(pk=lesson).title for lesson in lessons])
        for module, lessons in outline_order.load_tree(course)
    ]


def lesson(title: str) -> str:
    return f"l{Lesson.objects.get(title=title).pk}"


def module(title: str) -> str:
    return f"m{Module.objects.get(title=title).pk}"


def move(course, mark: str, up: bool) -> list:
    outline_order.save_tree(course, outline_order.move_row(outline_order.load_tree(course), mark, up))
    return titles(course)


def test_a_course_is_read_in_its_order(course):
    assert titles(course) == [("单元1", ["第1-1课", "第1-2课"]), ("单元2", ["第2-1课", "第2-2课"])]


def test_a_lesson_moves_among_its_siblings(course):
    assert move(course, lesson("第1-2课"), up=True)[0] == ("单元1", ["第1-2课", "第1-1课"])
    assert move(course, lesson("第1-2课"), up=False)[0] == ("单元1", ["第1-1课", "第1-2课"])


def test_a_lesson_at_the_edge_goes_over_into_the_next_unit(course):
    assert move(course, lesson("第1-2课"), up=False) == [
        ("单元1", ["第1-1课"]),
        ("单元2", ["第1-2课", "第2-1课", "第2-2课"]),
    ]
    assert move(course, lesson("第1-2课"), up=True)[0] == ("单元1", ["第1-1课", "第1-2课"])


def test_a_unit_takes_its_lessons_along(course):
    assert [unit for unit, _lessons in move(course, module("单元2"), up=True)] == ["单元2", "单元1"]


@pytest.mark.parametrize(("mark", "up"), [("第1-1课", True), ("第2-2课", False)])
def test_the_first_and_the_last_stay_where_they_are(course, mark, up):
    before = titles(course)
    assert move(course, lesson(mark), up) == before
    assert move(course, module("单元1"), up=True) == before
    assert move(course, module("单元2"), up=False) == before


def test_positions_are_numbered_from_one_without_gaps(course):
    Lesson.objects.update(position=0)
    Module.objects.update(position=7)
    outline_order.save_tree(course, outline_order.load_tree(course))
    assert list(course.modules.values_list("position", flat=True)) == [1, 2]
    rows = Lesson.objects.filter(module__course=course).in_order()
    assert list(rows.values_list("position", flat=True)) == [1, 2, 1, 2]


def test_text_and_html_are_not_touched(course):
    first = Lesson.objects.get(title="第1-1课")
    move(course, lesson("第1-1课"), up=False)
    again = Lesson.objects.get(pk=first.pk)
    assert (again.body, again.html, again.updated_at) == (first.body, first.html, first.updated_at)


def test_an_order_changes_what_visitors_see(course):
    before = page_cache.get_version("courses")
    move(course, lesson("第1-1课"), up=False)
    assert page_cache.get_version("courses") != before


def test_an_order_that_lacks_a_row_or_has_anothers_is_refused(course, county):
    tree = outline_order.load_tree(course)
    other = outline_order.load_tree(make_course(county, lessons=1))
    fewer = [(unit, lessons[:1]) for unit, lessons in tree]
    twice = [(unit, [*lessons, lessons[0]]) for unit, lessons in tree]
    for wrong in (fewer, twice, tree + other, tree[:1], []):
        with pytest.raises(outline_order.OutlineChanged):
            outline_order.save_tree(course, wrong)
    assert outline_order.load_tree(course) == tree


def test_the_order_of_a_page_is_read(course):
    assert outline_order.parse_tree("m3 l10 l11 m4") == [(3, [10, 11]), (4, [])]


@pytest.mark.parametrize("order", ["l1", "m", "x3", "m1 l", "m1 lx", "m-"])
def test_an_order_that_is_none_is_refused(order):
    with pytest.raises(ValueError):  # noqa: PT011 - int() and ours alike
        outline_order.parse_tree(order)


def test_a_new_row_comes_last(course):
    unit = course.modules.last()
    new = Lesson(module=unit, title="新课", body="字")
    outline_order.place_at_end(new)
    assert new.position == 3
    fresh = Module(course=course, title="新单元")
    outline_order.place_at_end(fresh)
    assert fresh.position == 3
    make_lesson(unit, position=9)
    outline_order.place_at_end(new)
    assert new.position == 10
