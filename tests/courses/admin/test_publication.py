import pytest
from django.urls import reverse

from courses.models import Course, Lesson, State
from tests.factories import make_course
from tests.pages import list_messages

LIST = "/admin/courses/course/"


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def course(county) -> Course:
    course = make_course(county, lessons=1, title="课", state=State.DRAFT)
    Lesson.objects.update(do_now="做一做")
    return course


def url(course: Course, name: str = "publish") -> str:
    return reverse(f"admin:courses_course_{name}", args=[course.pk])


def rewrite(**fields) -> None:
    lesson = Lesson.objects.get()
    for name, value in fields.items():
        setattr(lesson, name, value)
    lesson.save()


def is_out(course: Course) -> bool:
    course.refresh_from_db()
    return course.is_published


def test_a_course_with_nothing_amiss_goes_out_at_once(as_user, trainer, course):
    assert list_messages(as_user(trainer).post(url(course))) == ["“课”发布了。"]
    assert is_out(course)


def test_what_is_doubtful_is_shown_and_asked_about(as_user, trainer, course):
    rewrite(do_now="")
    client = as_user(trainer)
    page = client.post(url(course))
    assert "“动手做”空着" in page.content.decode()
    assert not is_out(course)
    assert list_messages(client.post(url(course), {"sure": "1"})) == ["“课”发布了。"]
    assert is_out(course)


def test_what_is_broken_keeps_it_back_whatever_one_says(as_user, trainer, course):
    rewrite(body="![](picture:x)")
    client = as_user(trainer)
    page = client.post(url(course))
    assert (page.context["selected"], page.context["button"]) == ([], "")
    assert f'href="/admin/courses/lesson/{Lesson.objects.get().pk}/change/#id_body"' in page.content.decode()
    why = "“第1-1课”正文里的图 picture:x 找不到，插图里没有这个图名"
    assert list_messages(client.post(url(course), {"sure": "1"})) == [f"“课”发布不了：{why}。"]
    assert not is_out(course)


def test_of_many_broken_places_the_first_are_said(as_user, trainer, course):
    rewrite(body="".join(f"![](picture:x{n})" for n in range(5)))
    [why] = list_messages(as_user(trainer).post(url(course), {"sure": "1"}))
    assert why.count("找不到") == 3
    assert why.endswith("；还有 2 处。")


def test_of_several_courses_those_that_can_go_out(as_user, trainer, county, course):
    broken = make_course(county, lessons=0, title="空课", state=State.DRAFT)
    client = as_user(trainer)
    act = {"action": "publish", "index": "0", "_selected_action": [course.pk, broken.pk]}
    page = client.post(LIST, act)
    assert (page.context["selected"], page.context["button"]) == ([course.pk], "能发的先发布")
    assert not is_out(course)
    client.post(LIST, act | {"_selected_action": [course.pk], "sure": "1"})
    assert (is_out(course), is_out(broken)) == (True, False)


def test_the_outline_tells_what_the_check_found(as_user, trainer, course):
    client = as_user(trainer)
    assert "检查过了，没发现要改的。" in client.get(url(course, "outline")).content.decode()
    rewrite(body="![](picture:x)", do_now="")
    page = client.get(url(course, "outline")).content.decode()
    assert "发布前必须改：1 处" in page
    assert "最好再看看：1 处" in page


@pytest.mark.long
def test_a_lesson_that_is_broken_is_not_published_with_the_others(as_user, trainer, course):
    rewrite(body="![](picture:x)", state=State.DRAFT)
    act = {"action": "publish", "index": "0", "_selected_action": [Lesson.objects.get().pk]}
    told = list_messages(as_user(trainer).post("/admin/courses/lesson/", act))
    assert told == [
        "“第1-1课”发布不了：正文里的图 picture:x 找不到，插图里没有这个图名。",
        "发布了 0 节课。",
    ]
    assert Lesson.objects.get().state == State.DRAFT
