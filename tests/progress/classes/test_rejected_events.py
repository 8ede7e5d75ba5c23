"""A person's own rejected events: what and why, and retrying them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.models import Event
from outbox.reception import receive_batch
from progress.enrolment.services import enrol
from progress.models import Ask, LessonDone
from tests.factories import make_course
from tests.outbox.phone import event, played
from tests.progress.classes.rejected import make_rejected


def text(response) -> str:
    return response.content.decode()


def test_ones_own_page_says_what_and_why(as_user, learner, kept, lessons, seller):
    make_rejected(seller, body={"lesson": lessons[1].pk})
    make_rejected(
        learner, kind="ask", reason="no_class", body={"lesson": lessons[2].pk, "text": "<b>怎么拍</b>？"}
    )
    html = text(as_user(learner).get("/me/outbox/"))
    assert html.count("<article") == 2
    for words in (
        "学完一课",
        "第1-1课",
        "这是退出课程以后做的",
        "提问",
        "&lt;b&gt;怎么拍&lt;/b&gt;？",
        "第1-3课",
    ):
        assert words in html
    assert "第1-2课" not in html


def test_nothing_rejected_is_said_too(as_user, learner):
    assert "你在手机上做的，一件都没落下。" in text(as_user(learner).get("/me/outbox/"))


def test_titles_of_drafts_are_not_told(as_user, learner, lessons, county):
    draft = make_course(county, lessons=1, state="draft").modules.get().lessons.get()
    draft.title = "还没发布的课"
    draft.save()
    make_rejected(learner, reason="not_enrolled", body={"lesson": draft.pk})
    assert "还没发布的课" not in text(as_user(learner).get("/me/outbox/"))


@pytest.mark.parametrize("count", [1, 24])
def test_own_page_takes_the_same_queries_for_any_number(
    as_user, learner, lessons, count, django_assert_num_queries
):
    for n in range(count):
        make_rejected(learner, body={"lesson": lessons[n % 6].pk})
    client = as_user(learner)
    client.get("/me/outbox/")
    with django_assert_num_queries(5):
        assert text(client.get("/me/outbox/")).count("<article") == count


def test_tried_again_what_goes_now_is_applied(as_user, learner, kept, lessons):
    stays = make_rejected(learner)
    response = as_user(learner).post("/me/outbox/again/", follow=True)
    assert [str(m) for m in response.context["messages"]] == ["1 件记上了。", "1 件还是记不上。"]
    kept.refresh_from_db()
    stays.refresh_from_db()
    assert (kept.state, kept.reason, kept.body) == ("applied", "", {})
    assert (stays.state, stays.reason, stays.body) == ("aside", "no_lesson", {"lesson": 987_654})
    done = LessonDone.objects.get()
    assert (done.event_id, done.lesson) == (kept.event_id, lessons[0])


def test_of_what_was_watched_before_enrolling_a_moment_counts_once_enrolled(
    as_user, trainee, course, cohort, lessons
):
    """Nobody is shown a video before enrolling: as for others, the clock begins to run then, a minute early."""
    since = timezone.now() - timedelta(hours=3)
    receive_batch(trainee, [played(lessons[0].pk, 0, 60, since)])
    assert Event.objects.get().reason == "not_enrolled"
    enrol(trainee, course, cohort)
    as_user(trainee).post("/me/outbox/again/")
    assert Event.objects.get().state == "applied"
    assert 55_000 < trainee.watches.get().watched_ms <= 60_000
    LessonDone.objects.all().delete()
    receive_batch(trainee, [played(lessons[1].pk, 0, 3600, since)])
    assert trainee.watches.get(lesson=lessons[1]).watched_ms < 60_000


def test_looking_tries_nothing_again(as_user, learner, kept):
    client = as_user(learner)
    assert client.get("/me/outbox/again/").status_code == 405
    client.get("/me/outbox/")
    assert not LessonDone.objects.exists()


def test_a_question_without_a_class_reaches_it_later(as_user, trainee, course, cohort, lessons):
    enrol(trainee, course)
    receive_batch(trainee, [event("ask", lesson=lessons[0].pk, text="怎么拍？")])
    assert Event.objects.get().reason == "no_class"
    enrol(trainee, course, cohort)
    as_user(trainee).post("/me/outbox/again/")
    ask = Ask.objects.get()
    assert (ask.cohort, ask.author, ask.text) == (cohort, trainee, "怎么拍？")
