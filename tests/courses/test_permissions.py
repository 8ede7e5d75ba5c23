import pytest
from django.contrib.auth.models import AnonymousUser

from courses import permissions
from courses.models import Course, Lesson, State
from tests.factories import make_course, make_lesson, make_person


@pytest.fixture
def cast(trainee, trainer, seller, organiser, stranger):
    boss = make_person("系统", is_superuser=True)
    return [AnonymousUser(), trainee, trainer, seller, organiser, stranger, boss]


@pytest.fixture
def courses(county, village, other_village):
    """Published and draft, of the county, of one village and of another county, each with a draft lesson."""
    made = [
        make_course(place, lessons=1, state=state)
        for place in (county, village, other_village)
        for state in State.values
    ]
    for course in made:
        make_lesson(course.modules.get(), title="草稿课", state=State.DRAFT)
    return made


def test_rules_and_querysets_agree_over_the_cast(cast, courses):
    edits = []
    for user in cast:
        seen = set(Course.objects.visible_to(user))
        assert {course for course in Course.objects.all() if permissions.can_see(user, course)} == seen
        lessons = Lesson.objects.select_related("module__course__place")
        read = set(Lesson.objects.visible_to(user))
        assert {lesson for lesson in lessons if permissions.can_read(user, lesson)} == read
        if user.is_authenticated:
            mine = {course for course in courses if permissions.can_edit(user, course)}
            assert mine == set(Course.objects.manageable_by(user))
            edits.append((user.name, len(mine), len(seen), len(read)))
        else:
            assert not any(permissions.can_edit(user, course) for course in courses)
    assert edits == [
        ("田巧云", 0, 3, 3),
        ("李老师", 4, 5, 9),
        ("周梅英", 0, 3, 3),
        ("向满姑", 4, 5, 9),
        ("罗金花", 2, 4, 6),
        ("系统", 6, 6, 12),
    ]
