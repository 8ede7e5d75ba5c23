from courses.models import Lesson, Module, State
from courses.outline import build_outline, find_first_lesson_id, locate_lesson
from tests.factories import make_course, make_lesson


def test_outline_follows_positions_and_leaves_out_drafts_and_empty_modules(county, django_assert_num_queries):
    course = make_course(county, lessons=2, modules=2)
    one, two = course.modules.all()
    Module.objects.create(course=course, position=3, number=3, title="空单元")
    Module.objects.filter(pk=two.pk).update(position=0)
    make_lesson(one, position=0, title="插在前面")
    make_lesson(one, position=9, title="草稿", state=State.DRAFT)
    with django_assert_num_queries(1):
        units = build_outline(course.pk)
        seen = [(unit.module.pk, [lesson.title for lesson in unit.lessons]) for unit in units]
    assert seen == [
        (two.pk, ["第2-1课", "第2-2课"]),
        (one.pk, ["插在前面", "第1-1课", "第1-2课"]),
    ]
    assert find_first_lesson_id(course) == Lesson.objects.get(title="第2-1课").pk


def test_outline_of_a_course_without_published_lessons_is_empty(county):
    course = make_course(county, lessons=0)
    make_lesson(course.modules.get(), state=State.DRAFT)
    assert build_outline(course.pk) == []
    assert find_first_lesson_id(course) is None


def test_spot_knows_its_neighbours_across_modules(county, django_assert_num_queries):
    course = make_course(county, lessons=2, modules=2)
    lessons = list(Lesson.objects.filter(module__course=course).in_order().select_related("module__course"))
    with django_assert_num_queries(1):
        here = locate_lesson(lessons[1])
    assert (here.nth, here.total, here.previous.title, here.next.title) == (2, 2, "第1-1课", "第2-1课")
    assert (locate_lesson(lessons[0]).previous, locate_lesson(lessons[3]).next) == (None, None)


def test_spot_of_a_draft_is_none(county):
    course = make_course(county)
    draft = make_lesson(course.modules.get(), state=State.DRAFT)
    assert locate_lesson(draft) is None
