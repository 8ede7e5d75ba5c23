from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from outbox.models import Event
from outbox.receiving import receive
from progress import quizzing_doing
from progress.enrolling import enrol, leave
from progress.models import Ask, Enrolment, LessonDone
from progress.receiving import reasons
from tests.factories import make_course, make_person
from tests.outbox.phone import event, played
from tests.quizzes import make_quiz

State = Event.State


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def kept(learner, lessons, cohort) -> Event:
    """Done after the class was left, to which its owner has come back since."""
    course = cohort.course
    leave(learner, course)
    Enrolment.objects.update(left_at=timezone.now() - timedelta(hours=1))
    receive(learner, [event("done", lesson=lessons[0].pk)])
    enrol(learner, course, cohort)
    return Event.objects.get()


@pytest.fixture
def boss(as_user, trainer):
    return as_user(trainer)


def aside(person, **fields) -> Event:
    now = timezone.now()
    return Event.objects.create(
        **{
            "user": person,
            "event_id": uuid4(),
            "kind": "done",
            "state": State.ASIDE,
            "reason": "no_lesson",
            "body": {"lesson": 987_654},
            "happened_at": now,
            "received_at": now,
        }
        | fields
    )


def test_ones_own_page_says_what_and_why(as_user, learner, kept, lessons, seller):
    aside(seller, body={"lesson": lessons[1].pk})
    aside(learner, kind="ask", reason="no_class", body={"lesson": lessons[2].pk, "text": "<b>怎么拍</b>？"})
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


def test_nothing_kept_aside_is_said_too(as_user, learner):
    assert "手机交来的，一件都没落下。" in text(as_user(learner).get("/me/outbox/"))


def test_titles_of_drafts_are_not_told(as_user, learner, lessons, county):
    draft = make_course(county, lessons=1, state="draft").modules.get().lessons.get()
    draft.title = "还没发布的课"
    draft.save()
    aside(learner, reason="not_enrolled", body={"lesson": draft.pk})
    assert "还没发布的课" not in text(as_user(learner).get("/me/outbox/"))


@pytest.mark.parametrize("count", [1, 24])
def test_own_page_takes_the_same_queries_for_any_number(
    as_user, learner, lessons, count, django_assert_num_queries
):
    for n in range(count):
        aside(learner, body={"lesson": lessons[n % 6].pk})
    client = as_user(learner)
    client.get("/me/outbox/")
    with django_assert_num_queries(5):
        assert text(client.get("/me/outbox/")).count("<article") == count


def test_tried_again_what_goes_now_is_applied(as_user, learner, kept, lessons):
    stays = aside(learner)
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
    receive(trainee, [played(lessons[0].pk, 0, 60, since)])
    assert Event.objects.get().reason == "not_enrolled"
    enrol(trainee, course, cohort)
    as_user(trainee).post("/me/outbox/again/")
    assert Event.objects.get().state == "applied"
    assert 55_000 < trainee.watches.get().watched_ms <= 60_000
    LessonDone.objects.all().delete()
    receive(trainee, [played(lessons[1].pk, 0, 3600, since)])
    assert trainee.watches.get(lesson=lessons[1]).watched_ms < 60_000


def test_looking_tries_nothing_again(as_user, learner, kept):
    client = as_user(learner)
    assert client.get("/me/outbox/again/").status_code == 405
    client.get("/me/outbox/")
    assert not LessonDone.objects.exists()


def test_trainer_sees_those_of_the_class_and_course(boss, cohort, kept, learner, county, seller):
    other = make_course(county, lessons=1).modules.get().lessons.get()
    elsewhere = aside(learner, reason="not_enrolled", body={"lesson": other.pk})
    aside(seller)
    response = boss.get(f"/classes/{cohort.pk}/aside/")
    assert [thing.event for thing in response.context["things"]] == [kept]
    assert "田巧云" in text(response)
    for what in ("apply", "dismiss"):
        assert boss.post(f"/classes/{cohort.pk}/aside/{elsewhere.pk}/{what}/").status_code == 404


@pytest.mark.parametrize("count", [1, 24])
def test_class_page_takes_the_same_queries_for_any_number(
    boss, cohort, learner, lessons, count, django_assert_num_queries
):
    for n in range(count):
        aside(learner, body={"lesson": lessons[n % 6].pk})
    boss.get(f"/classes/{cohort.pk}/aside/")
    with django_assert_num_queries(7):
        assert text(boss.get(f"/classes/{cohort.pk}/aside/")).count("<article") == count


def test_trainer_puts_it_on_record(boss, trainer, cohort, learner, lessons):
    """What the clock forbids the trainer may vouch for."""
    Enrolment.objects.update(enrolled_at=timezone.now() - timedelta(hours=1))
    since = timezone.now() - timedelta(minutes=30)
    receive(learner, [played(lessons[0].pk, 0, 500, since, to=(since + timedelta(seconds=10)).isoformat())])
    kept = Event.objects.get()
    assert (kept.reason, learner.watches.get().watched_ms) == ("too_fast", 21_000)
    response = boss.post(f"/classes/{cohort.pk}/aside/{kept.pk}/apply/", follow=True)
    assert [str(m) for m in response.context["messages"]] == ["给田巧云记上了。"]
    assert learner.watches.get().watched_ms == 500_000
    entry = AuditEntry.objects.get(verb="aside_applied")
    assert (entry.actor, entry.subject, entry.place) == (trainer, f"event {kept.pk}", cohort.place)
    assert entry.detail == {"name": "田巧云", "kind": "看视频"}


def test_what_was_done_after_leaving_the_trainer_may_count(boss, cohort, kept, learner):
    assert boss.post(f"/classes/{cohort.pk}/aside/{kept.pk}/apply/").status_code == 302
    assert LessonDone.objects.get().user == learner


def test_a_try_at_another_courses_quiz_is_not_this_trainers(boss, cohort, learner, other_village):
    """With its tries used up it is closed for good, unless somebody who answers for that course says otherwise."""
    elsewhere = make_course(other_village)
    enrol(learner, elsewhere)
    try_at = quizzing_doing.start(learner, make_quiz(elsewhere, "single", tries=1))
    quizzing_doing.finish(learner, try_at.key)
    receive(learner, [event("attempt", attempt=str(try_at.key), answers={"1": "b"}, finished=True)])
    kept = Event.objects.get()
    assert "<article" not in text(boss.get(f"/classes/{cohort.pk}/aside/"))
    for act in ("apply", "dismiss"):
        assert (
            boss.post(f"/classes/{cohort.pk}/aside/{kept.pk}/{act}/", {"reason": "没做"}).status_code == 404
        )
    try_at.refresh_from_db()
    kept.refresh_from_db()
    assert (try_at.right, try_at.passed, kept.state) == (0, False, State.ASIDE)


def test_a_try_at_the_courses_own_quiz_is_put_on_record(boss, cohort, learner):
    try_at = quizzing_doing.start(learner, make_quiz(cohort.course, "single", tries=1))
    quizzing_doing.finish(learner, try_at.key)
    receive(learner, [event("attempt", attempt=str(try_at.key), answers={"1": "b"}, finished=True)])
    boss.post(f"/classes/{cohort.pk}/aside/{Event.objects.get().pk}/apply/")
    try_at.refresh_from_db()
    assert (try_at.right, try_at.passed) == (1, True)


def test_what_does_not_go_stays_and_is_told(boss, cohort, learner):
    stays = aside(learner)
    response = boss.post(f"/classes/{cohort.pk}/aside/{stays.pk}/apply/", follow=True)
    assert [str(m) for m in response.context["messages"]] == ["还是记不上：这一课已经没有了。"]
    assert Event.objects.get().state == "aside"
    assert not AuditEntry.objects.exists()


def test_trainer_settles_it_with_a_reason(boss, trainer, cohort, learner):
    stays = aside(learner)
    url = f"/classes/{cohort.pk}/aside/{stays.pk}/dismiss/"
    assert "田巧云交来的这件不记？" in text(boss.get(url))
    assert boss.post(url, {"reason": " "}).context["form"].errors == {"reason": ["这一项要填"]}
    assert boss.post(url, {"reason": "点错了"})["Location"] == f"/classes/{cohort.pk}/aside/"
    stays.refresh_from_db()
    assert (stays.state, stays.reason, stays.body) == ("settled", "no_lesson", {"lesson": 987_654})
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.detail) == (
        "aside_dismissed",
        {"name": "田巧云", "kind": "学完一课", "reason": "点错了"},
    )
    assert boss.post(url, {"reason": "再来"}).status_code == 404


def test_others_have_nothing_to_see_there(as_user, cohort, kept, learner, stranger):
    for person in (learner, stranger):
        client = as_user(person)
        assert client.get(f"/classes/{cohort.pk}/aside/").status_code == 404
        assert client.post(f"/classes/{cohort.pk}/aside/{kept.pk}/apply/").status_code == 404
    assert not LessonDone.objects.exists()


def test_who_has_left_the_class_is_out_of_sight(boss, cohort, kept, learner, course):
    leave(learner, course)
    assert boss.get(f"/classes/{cohort.pk}/aside/").context["things"] == []
    assert boss.post(f"/classes/{cohort.pk}/aside/{kept.pk}/apply/").status_code == 404


def test_a_question_without_a_class_reaches_it_later(as_user, trainee, course, cohort, lessons):
    enrol(trainee, course)
    receive(trainee, [event("ask", lesson=lessons[0].pk, text="怎么拍？")])
    assert Event.objects.get().reason == "no_class"
    enrol(trainee, course, cohort)
    as_user(trainee).post("/me/outbox/again/")
    ask = Ask.objects.get()
    assert (ask.cohort, ask.author, ask.text) == (cohort, trainee, "怎么拍？")


def test_every_reason_has_words():
    named = [*vars(reasons).items(), *vars(reasons.live).items()]
    codes = {value for name, value in named if name.isupper() and isinstance(value, str)}
    codes |= {reasons.incoming.BROKEN, reasons.incoming.SAME_ID, reasons.incoming.TOO_BIG}
    codes |= {reasons.incoming.UNKNOWN_KIND, reasons.incoming.ERROR}
    assert codes == set(reasons.WORDS)
    assert reasons.said("a_code_of_tomorrow") == "没记上，东西都留着。"


def test_admin_lists_those_of_the_classes_one_sees(as_user, trainer, kept, stranger, settings):
    settings.DEMO = True
    aside(make_person("自己学的"))
    assert list(as_user(trainer).get("/admin/outbox/event/").context["cl"].queryset) == [kept]
    assert as_user(trainer).get(f"/admin/outbox/event/{kept.pk}/change/").status_code == 200
    assert list(as_user(stranger).get("/admin/outbox/event/").context["cl"].queryset) == []
    assert as_user(trainer).post(f"/admin/outbox/event/{kept.pk}/delete/").status_code == 403
