import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.models import State
from progress.enrolment.services import enrol, leave
from progress.models import Ask
from tests.class_messages import make_ask, make_reply
from tests.factories import make_cohort, make_lesson, make_person
from tests.pages import list_messages, squeeze


def text(response) -> str:
    return response.content.decode()


def url(lesson) -> str:
    return f"/learn/lessons/{lesson.pk}/asks/"


def test_class_reads_what_it_asked_newest_first(as_user, learner, trainer, course, cohort, lessons, village):
    now = timezone.now()
    other = make_person("同学")
    enrol(other, course, cohort)
    old = make_ask(other, cohort, lessons[0], "早问的\n第二行", asked_at=now - timedelta(days=2))
    make_reply(old, trainer, "<b>竖着</b>")
    mine = make_ask(learner, cohort, lessons[0], "刚问的", asked_at=now)
    make_ask(other, cohort, lessons[0], "撤下的", asked_at=now - timedelta(days=3), removed_at=now)
    make_ask(other, cohort, lessons[1], "别的课")
    make_ask(other, make_cohort(course, village), lessons[0], "别的班")
    response = as_user(learner).get(url(lessons[0]))
    assert [ask.text for ask in response.context["page"].items] == ["刚问的", "早问的\n第二行", "撤下的"]
    html = text(response)
    assert "早问的<br>第二行" in html
    assert "&lt;b&gt;竖着&lt;/b&gt;" in html
    assert ("撤下的" in html, html.count("这个问题撤下了。")) == (False, 1)
    assert re.findall(r"/learn/asks/(\d+)/remove/", html) == [str(mine.pk)]


def test_question_is_taken_once(as_user, learner, lessons):
    client = as_user(learner)
    form = client.get(url(lessons[0]))
    event = str(form.context["event_id"])
    assert f'name="event_id" value="{event}"' in text(form)
    for _sent in range(2):
        answer = client.post(url(lessons[0]), {"text": " 怎么拍？ ", "event_id": event})
        assert (answer.status_code, answer["Location"]) == (302, url(lessons[0]))
    assert list_messages(answer)[-1] == "问题交给老师了，回了会告诉你。"
    assert [(ask.text, str(ask.event_id)) for ask in Ask.objects.all()] == [("怎么拍？", event)]


@pytest.mark.parametrize("event", ["", "nonsense", "x" * 5000])
def test_question_without_a_usable_id_is_taken_all_the_same(as_user, learner, lessons, event):
    assert as_user(learner).post(url(lessons[0]), {"text": "怎么拍？", "event_id": event}).status_code == 302
    assert Ask.objects.count() == 1


def test_too_long_or_empty_is_told_and_kept(as_user, learner, lessons):
    event, client = str(uuid4()), as_user(learner)
    long = "长" * 603
    response = client.post(url(lessons[0]), {"text": long, "event_id": event})
    html = text(response)
    assert "最多 600 个字，多了 3 个" in html
    assert long in html
    assert f'name="event_id" value="{event}"' in html
    assert "写一写想问什么。" in text(client.post(url(lessons[0]), {"text": "  ", "event_id": event}))
    assert Ask.objects.count() == 0


def test_flood_is_told_and_the_text_kept(as_user, learner, cohort, lessons):
    Ask.objects.bulk_create(
        Ask(lesson=lessons[0], cohort=cohort, author=learner, text="问") for _n in range(20)
    )
    html = text(as_user(learner).post(url(lessons[0]), {"text": "第二十一个"}))
    assert "一个小时里问得太多了" in html
    assert "第二十一个" in html
    assert Ask.objects.count() == 20


def test_htmx_gets_the_part_of_the_lesson(as_user, learner, lessons):
    client = as_user(learner)
    part = text(client.get(url(lessons[0]), headers={"HX-Request": "true"}))
    assert part.startswith('<section class="stack" id="asks"')
    assert f'hx-post="{url(lessons[0])}"' in part
    assert "btn--main" not in part
    event = str(uuid4())
    sent = client.post(
        url(lessons[0]), {"text": "怎么拍？", "event_id": event}, headers={"HX-Request": "true"}
    )
    assert sent.status_code == 200
    html = text(sent)
    assert f'data-draft-done="ask-{lessons[0].pk}"' in html
    assert "怎么拍？" in html
    assert event not in html
    assert list_messages(sent) == []


def test_lesson_page_says_how_many_were_asked(as_user, learner, course, cohort, lessons, village):
    page = f"/learn/lessons/{lessons[0].pk}/"
    client = as_user(learner)
    assert f'<a class="tap link" href="{url(lessons[0])}">问老师、看别人问的</a>' in squeeze(
        text(client.get(page))
    )
    make_ask(learner, cohort, lessons[0])
    make_ask(learner, cohort, lessons[0])
    make_ask(learner, cohort, lessons[0], removed_at=timezone.now())
    make_ask(learner, cohort, lessons[1])
    make_ask(learner, make_cohort(course, village), lessons[0])
    html = text(client.get(page))
    assert "问老师、看别人问的（2）" in html
    assert f'hx-get="{url(lessons[0])}"' in html


@pytest.mark.long
def test_who_has_no_class_is_told_how_to_ask(as_user, learner, seller, stranger, course, cohort, lessons):
    make_ask(learner, cohort, lessons[0], "班里问的")
    for person, words in ((stranger, "这门课你还没报名。"), (seller, "你是自己学的，不在班里")):
        if person == seller:
            enrol(seller, course)
        for response in (as_user(person).get(url(lessons[0])), as_user(person).post(url(lessons[0]))):
            html = text(response)
            assert words in html
            assert 'action="/learn/join/"' in html
            assert "班里问的" not in html
    leave(learner, course)
    assert "班里问的" not in text(as_user(learner).get(url(lessons[0])))
    assert "没送出去。你写的在这儿：<br>我问" in text(
        as_user(learner).post(url(lessons[0]), {"text": "我问"})
    )


def test_trainer_is_led_to_the_classes_that_ask(as_user, trainer, learner, cohort, lessons):
    make_ask(learner, cohort, lessons[0], "班里问的")
    html = text(as_user(trainer).get(url(lessons[0])))
    assert f'href="/classes/{cohort.pk}/asks/"' in html
    assert "1 个问题没回" in html
    assert "/learn/join/" not in html


def test_visitor_signs_in_and_drafts_are_not_there(client, as_user, learner, course, lessons):
    assert client.get(url(lessons[0]))["Location"].startswith("/accounts/login/")
    draft = make_lesson(course.modules.first(), state=State.DRAFT)
    assert as_user(learner).get(url(draft)).status_code == 404
    assert as_user(learner).get("/learn/lessons/987654/asks/").status_code == 404


@pytest.mark.parametrize("count", [1, 15])
def test_list_takes_the_same_queries_for_any_number(
    as_user, learner, trainer, cohort, lessons, count, django_assert_num_queries
):
    for _n in range(count):
        make_reply(make_ask(learner, cohort, lessons[0]), trainer)
    client = as_user(learner)
    with django_assert_num_queries(8):
        # session, person, roles; lesson, its gates, one's class; questions, answers
        assert len(client.get(url(lessons[0])).context["page"].items) == count


@pytest.mark.long
def test_list_pages_by_twenty(as_user, learner, cohort, lessons):
    for n in range(21):
        make_ask(learner, cohort, lessons[0], f"问{n}", asked_at=timezone.now() - timedelta(minutes=90 + n))
    client = as_user(learner)
    first = client.get(url(lessons[0]))
    after = first.context["page"].after
    assert f'href="{url(lessons[0])}?after={after}"' in text(first)
    second = client.get(url(lessons[0]), {"after": after}).context["page"]
    assert ([ask.text for ask in second.items], second.after) == (["问20"], "")
    assert len(client.get(url(lessons[0]), {"after": "nonsense"}).context["page"].items) == 20
