"""Courses in the admin: written with their modules, published, and not deleted once somebody has learnt from them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import Course, Lesson, Module, State
from progress.models import Enrolment, LessonDone
from tests.factories import make_cohort, make_course
from tests.pages import list_messages


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


def modules(*titles: str, first: list[Module] = ()) -> dict:
    facts = {
        "modules-TOTAL_FORMS": len(titles), "modules-INITIAL_FORMS": len(first),
        "modules-MIN_NUM_FORMS": 0, "modules-MAX_NUM_FORMS": 1000,
    }  # fmt: skip
    for i, title in enumerate(titles):
        facts |= {f"modules-{i}-number": i + 1, f"modules-{i}-title": title, f"modules-{i}-hours": 1}
    for i, module in enumerate(first):
        facts |= {f"modules-{i}-id": module.pk, f"modules-{i}-course": module.course_id}
    return facts


def facts(place, **more) -> dict:
    return {
        "title": "直播带货入门", "language": "zh-hans", "twin": "", "place": place.pk, "summary": "简介", "slug": "",
    } | modules() | more  # fmt: skip


ADD = "admin:courses_course_add"


def test_a_course_is_written_with_its_units(trainer, village, client):
    client.force_login(trainer)
    answer = client.post(reverse(ADD), facts(village) | modules("拿稳手机", "光线"))
    assert answer.status_code == 302
    course = Course.objects.get()
    assert (course.slug, course.state, course.version) == ("zhi-bo-dai-huo-ru-men", State.DRAFT, 1)
    assert list(course.modules.values_list("number", "title", "position")) == [
        (1, "拿稳手机", 1),
        (2, "光线", 2),
    ]


def test_a_slug_of_ones_own_is_kept_and_a_taken_one_told(trainer, village, client):
    client.force_login(trainer)
    assert client.post(reverse(ADD), facts(village, slug="ru-men")).status_code == 302
    answer = client.post(reverse(ADD), facts(village, slug="ru-men"))
    assert list(answer.context["adminform"].form.errors) == ["slug"]
    answer = client.post(reverse(ADD), facts(village, slug="入门"))
    assert list(answer.context["adminform"].form.errors) == ["slug"]


def test_an_address_of_the_sites_own_is_refused(trainer, village, client):
    client.force_login(trainer)
    answer = client.post(reverse(ADD), facts(village, slug="join"))
    assert answer.context["adminform"].form.errors == {"slug": ["“join”是网站自己的网址，课程换一个网址名。"]}
    assert Course.objects.count() == 0


def test_an_address_made_of_the_title_goes_round_the_sites_own(trainer, village, client):
    client.force_login(trainer)
    assert client.post(reverse(ADD), facts(village, title="Join")).status_code == 302
    assert Course.objects.get().slug == "join-2"


def test_twins_are_of_two_languages(trainer, village, client):
    same = make_course(village)
    english = make_course(village, language="en")
    client.force_login(trainer)
    answer = client.post(reverse(ADD), facts(village, twin=same.pk))
    assert answer.context["adminform"].form.errors == {"twin": ["两门课语言一样，不能互为另一种语言。"]}
    assert client.post(reverse(ADD), facts(village, twin=english.pk)).status_code == 302


def test_invisible_letters_are_dropped_and_marks_escaped(trainer, village, client):
    client.force_login(trainer)
    client.post(reverse(ADD), facts(village, title="\u202e<script>x</script>\u200b课", slug="x"))
    course = Course.objects.get()
    assert course.title == "<script>x</script>课"
    for url in (
        reverse("admin:courses_course_changelist"),
        reverse("admin:courses_course_outline", args=[course.pk]),
    ):
        assert "<script>x" not in client.get(url).content.decode()


def test_too_long_is_said_in_characters(trainer, village, client):
    client.force_login(trainer)
    answer = client.post(reverse(ADD), facts(village, title="课" * 200))
    assert answer.context["adminform"].form.errors == {"title": ["最多 60 个字，多了 140 个"]}
    assert "课" * 200 in answer.content.decode()


@pytest.mark.long
def test_publishing_is_a_button_and_an_action(trainer, village, client):
    course = make_course(village, state=State.DRAFT, title="课")
    client.force_login(trainer)
    change = reverse("admin:courses_course_change", args=[course.pk])
    assert [button["words"] for button in client.get(change).context["steps"]] == ["发布课程", "复制一份"]
    sure = client.post(reverse("admin:courses_course_publish", args=[course.pk]), {"sure": 1})
    assert list_messages(sure) == ["“课”发布了。"]
    assert [button["words"] for button in client.get(change).context["steps"]] == [
        "发布新版本",
        "复制一份",
        "收回，改成草稿",
    ]
    act = {"action": "withdraw", "index": "0", "_selected_action": [course.pk]}
    client.post(reverse("admin:courses_course_changelist"), act)
    course.refresh_from_db()
    assert course.state == State.DRAFT


def test_an_empty_course_is_not_published_and_says_why(trainer, village, client):
    course = make_course(village, state=State.DRAFT, lessons=0, title="空课")
    client.force_login(trainer)
    answer = client.post(reverse("admin:courses_course_publish", args=[course.pk]), {"sure": 1})
    assert list_messages(answer) == ["“空课”发布不了：还没有一课是发布的，先发布几课。"]


@pytest.mark.parametrize("name", ["publish", "withdraw", "outline"])
def test_another_countys_course_is_not_there(name, trainer, stranger, other_village, client):
    course = make_course(other_village, state=State.DRAFT)
    client.force_login(trainer)
    url = reverse(f"admin:courses_course_{name}", args=[course.pk])
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)
    course.refresh_from_db()
    assert course.state == State.DRAFT


@pytest.mark.long
def test_a_course_with_history_is_not_deleted(trainer, trainee, village, client):
    free, enrolled, taught, done = (make_course(village, lessons=1) for _n in range(4))
    Enrolment.objects.create(user=trainee, course=enrolled)
    make_cohort(taught, village)
    lesson = done.modules.get().lessons.get()
    LessonDone.objects.create(user=trainee, lesson=lesson, happened_at=timezone.now())
    client.force_login(trainer)
    statuses = [
        client.post(reverse("admin:courses_course_delete", args=[course.pk]), {"post": "yes"}).status_code
        for course in (free, enrolled, taught, done)
    ]
    assert statuses == [302, 403, 403, 403]
    assert not Lesson.objects.filter(module__course=free.pk).exists()
    assert client.post(reverse("admin:courses_module_delete", args=[lesson.module_id])).status_code == 403
    assert client.post(reverse("admin:courses_lesson_delete", args=[lesson.pk])).status_code == 403


@pytest.mark.long
def test_rows_are_not_deleted_by_the_dozen(trainer, village, client):
    course = make_course(village)
    client.force_login(trainer)
    url = reverse("admin:courses_course_changelist")
    assert "delete_selected" not in client.get(url).content.decode()
    client.post(
        url, {"action": "delete_selected", "index": "0", "_selected_action": [course.pk], "post": "yes"}
    )
    assert Course.objects.filter(pk=course.pk).exists()
