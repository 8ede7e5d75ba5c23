"""Lessons in the admin: their text, their module, their preview, publishing and searching them."""

import pytest
from django.urls import reverse

from courses.models import Lesson, State
from tests.courses.admin.lesson_form import ADD, LIST, change_url, facts
from tests.factories import make_course, make_lesson
from tests.pages import list_messages


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def module(village):
    return make_course(village, lessons=1, title="课程", state=State.DRAFT).modules.get()


def test_markdown_is_kept_as_it_was_typed(trainer, module, client):
    body = "- 一\n    - 里面\n\n\n\n1. 甲\n\n        代码"
    client.force_login(trainer)
    client.post(reverse(ADD), facts(module, body=body))
    assert Lesson.objects.get(title="手机拿稳").body == body


def test_script_in_the_text_is_harmless(trainer, module, client):
    client.force_login(trainer)
    client.post(reverse(ADD), facts(module, body="<script>x</script><b onclick=x>粗</b>[去](javascript:x)"))
    html = Lesson.objects.get(title="手机拿稳").html
    assert "<script" not in html
    assert "<b" not in html
    assert "href=" not in html


def test_saving_to_preview_leads_to_the_lesson_as_it_will_be_read(trainer, module, client):
    client.force_login(trainer)
    answer = client.post(
        reverse(ADD), facts(module, state="draft", body="还没写完") | {"_preview": "存并预览"}
    )
    lesson = Lesson.objects.get(title="手机拿稳")
    assert answer.url == reverse("courses:preview", args=[lesson.pk])
    assert "还没写完" in client.get(answer.url).content.decode()
    again = client.post(change_url(lesson), facts(module, body="写完了") | {"_preview": "存并预览"})
    assert again.url == reverse("courses:preview", args=[lesson.pk])


def test_a_lesson_moved_to_another_unit_comes_last_there(trainer, module, village, client):
    lesson = make_lesson(module, position=1)
    other = make_course(village, lessons=2).modules.get()
    client.force_login(trainer)
    assert client.post(change_url(lesson), facts(other)).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.module, lesson.position) == (other, 3)


def test_the_form_starts_in_the_unit_it_was_opened_from(trainer, module, village, other_village, client):
    make_course(village)
    theirs = make_course(other_village).modules.get()
    client.force_login(trainer)
    html = client.get(reverse(ADD) + f"?module={module.pk}").content.decode()
    assert f'<option value="{module.pk}" selected>' in html
    html = client.get(reverse(ADD) + f"?module={theirs.pk}").content.decode()
    assert f'<option value="{theirs.pk}"' not in html


def test_lessons_are_published_and_taken_back_together(trainer, module, client):
    lessons = [make_lesson(module, state=State.DRAFT) for _n in range(2)]
    client.force_login(trainer)
    act = {"index": "0", "_selected_action": [lesson.pk for lesson in lessons]}
    answer = client.post(reverse(LIST), act | {"action": "publish"})
    assert list_messages(answer) == ["发布了 2 节课。"]
    assert {lesson.state for lesson in Lesson.objects.filter(pk__in=[x.pk for x in lessons])} == {"published"}
    client.post(reverse(LIST), act | {"action": "withdraw"})
    assert {lesson.state for lesson in Lesson.objects.filter(pk__in=[x.pk for x in lessons])} == {"draft"}


def test_a_lesson_is_found_by_a_word_of_its_text(trainer, module, client):
    make_lesson(module, title="甲", body="夹紧胳膊")
    client.force_login(trainer)
    assert [row.title for row in client.get(reverse(LIST), {"q": "胳膊"}).context["cl"].queryset] == ["甲"]
