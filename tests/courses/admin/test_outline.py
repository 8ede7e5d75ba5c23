import pytest
from django.urls import reverse

from courses.authoring import outline_order
from courses.models import Module, State
from tests.factories import make_course, make_lesson
from tests.pages import list_messages


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(village):
    return make_course(village, modules=2, lessons=2, state=State.DRAFT)


@pytest.fixture
def url(course) -> str:
    return reverse("admin:courses_course_outline", args=[course.pk])


def flat(course) -> str:
    """The order as the page sends it."""
    parts = [
        f"m{unit} " + " ".join(f"l{lesson}" for lesson in lessons)
        for unit, lessons in outline_order.load_tree(course)
    ]
    return " ".join(parts)


def test_the_outline_shows_units_and_lessons_in_order(trainer, course, url, client):
    client.force_login(trainer)
    answer = client.get(url)
    shown = [
        (unit.title, [lesson.title for lesson in lessons])
        for unit, lessons, _asked in answer.context["units"]
    ]
    assert shown == [("单元1", ["第1-1课", "第1-2课"]), ("单元2", ["第2-1课", "第2-2课"])]


def test_a_button_moves_one_step_and_comes_back(trainer, course, url, client):
    before = outline_order.load_tree(course)
    (first, (one, two)), second = before[0], before[1]
    client.force_login(trainer)
    assert client.post(url, {"move": f"l{two}:up"}).url == url
    assert outline_order.load_tree(course) == [(first, [two, one]), second]
    client.post(url, {"move": f"m{first}:down"})
    assert outline_order.load_tree(course) == [second, (first, [two, one])]


def test_the_whole_order_is_set_by_one_post(trainer, course, url, client):
    (first, (a, b)), (second, (c, d)) = outline_order.load_tree(course)
    client.force_login(trainer)
    order = f"m{second} l{d} l{a} m{first} l{c} l{b}"
    assert client.post(url, {"order": order}).status_code == 204
    assert flat(course) == order


def test_an_order_of_an_outline_that_has_changed_is_refused(trainer, course, url, client):
    order = flat(course)
    make_lesson(course.modules.last(), title="刚加的")
    client.force_login(trainer)
    assert client.post(url, {"order": order}).status_code == 409


@pytest.mark.parametrize("facts", [{"order": "x"}, {"order": "l1"}, {"move": ""}, {"move": "lx:up"}, {}])
def test_what_is_no_order_is_refused(facts, trainer, url, client):
    client.force_login(trainer)
    assert client.post(url, facts).status_code == 400


def test_rows_of_another_course_do_not_come_in(trainer, course, url, other_village, client):
    theirs = make_course(other_village, lessons=1)
    module, lessons = outline_order.load_tree(theirs)[0]
    before = flat(course)
    client.force_login(trainer)
    assert client.post(url, {"order": f"{before} l{lessons[0]}"}).status_code == 409
    client.post(url, {"move": f"l{lessons[0]}:up"})
    assert (flat(course), outline_order.load_tree(theirs)) == (before, [(module, lessons)])


def test_a_button_pressed_on_an_old_page_says_so(trainer, course, url, client, monkeypatch):
    def changed(*_args):
        raise outline_order.OutlineChanged

    monkeypatch.setattr(outline_order, "save_tree", changed)
    client.force_login(trainer)
    answer = client.post(url, {"move": f"m{course.modules.first().pk}:down"})
    assert list_messages(answer) == ["刚才有人改过目录，这是现在的样子。"]


def test_new_lessons_and_units_are_one_tap_away(trainer, course, url, client):
    client.force_login(trainer)
    html = client.get(url).content.decode()
    assert reverse("admin:courses_lesson_add") + f"?module={Module.objects.first().pk}" in html
    assert reverse("admin:courses_module_add") + f"?course={course.pk}" in html
    form = client.get(reverse("admin:courses_module_add") + f"?course={course.pk}").content.decode()
    assert f'<option value="{course.pk}" selected>' in form
