from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.worklist import items
from progress.enrolment.services import enrol, leave
from progress.models import Ask, Reply
from tests.class_messages import make_ask, make_reply
from tests.factories import make_cohort, make_person


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def ask(learner, cohort, lessons) -> Ask:
    return make_ask(learner, cohort, lessons[0], "横着拍还是竖着拍？")


def test_trainer_answers_and_goes_back_to_what_waits(as_user, trainer, learner, cohort, ask):
    client = as_user(trainer)
    page = f"/learn/asks/{ask.pk}/"
    assert "横着拍还是竖着拍？" in text(client.get(page))
    answer = client.post(page, {"text": "竖着。"})
    assert answer["Location"] == f"/classes/{cohort.pk}/asks/"
    row = Reply.objects.get()
    assert (row.ask, row.author, row.text) == (ask, trainer, "竖着。")
    html = text(as_user(learner).get(page))
    assert ("竖着。" in html, "李老师" in html, "<textarea" in html) == (True, True, False)


@pytest.mark.long
def test_answer_that_is_too_long_or_empty_is_kept(as_user, trainer, ask):
    client, page = as_user(trainer), f"/learn/asks/{ask.pk}/"
    html = text(client.post(page, {"text": "答" * 1001}))
    assert "最多 1000 个字，多了 1 个" in html
    assert "答" * 1001 in html
    assert "写一写怎么回答。" in text(client.post(page, {"text": ""}))
    Ask.objects.update(removed_at=timezone.now())
    assert "这个问题刚撤下了，不用回了。" not in text(client.get(page))
    assert client.post(page, {"text": "晚了"}).status_code == 200
    assert Reply.objects.count() == 0


@pytest.mark.long
def test_question_is_there_for_its_class_and_its_trainers_only(
    as_user, client, trainer, organiser, learner, seller, stranger, course, village, ask
):
    classmate, other = make_person("同学"), make_person("别班的")
    enrol(classmate, course, ask.cohort)
    enrol(other, course, make_cohort(course, village))
    enrol(seller, course)
    guest = make_person("代课老师", (Membership.Role.TRAINER, stranger.granted[0].place))
    ask.cohort.trainers.add(guest)
    page = f"/learn/asks/{ask.pk}/"
    people = (learner, classmate, trainer, organiser, guest, other, seller, stranger)
    assert [as_user(person).get(page).status_code for person in people] == [200] * 5 + [404] * 3
    assert [as_user(person).post(page, {"text": ""}).status_code for person in people] == [
        404, 404, 200, 200, 200, 404, 404, 404,
    ]  # fmt: skip
    removal = f"{page}remove/"
    assert [as_user(person).get(removal).status_code for person in people] == [
        200, 404, 200, 200, 200, 404, 404, 404,
    ]  # fmt: skip
    client.logout()
    assert client.get(page)["Location"].startswith("/accounts/login/")
    assert as_user(learner).get("/learn/asks/987654/").status_code == 404


def test_own_question_is_taken_down_after_asking_once_more(as_user, learner, lessons, ask):
    client, page = as_user(learner), f"/learn/asks/{ask.pk}/remove/"
    assert "撤下这个问题？" in text(client.get(page))
    ask.refresh_from_db()
    assert ask.removed_at is None
    for _sent in range(2):
        assert client.post(page)["Location"] == f"/learn/lessons/{lessons[0].pk}/asks/"
    ask.refresh_from_db()
    assert ask.removed_at is not None
    html = text(client.get(f"/learn/asks/{ask.pk}/"))
    assert ("横着拍" in html, "这个问题撤下了。" in html) == (False, True)


def test_who_has_left_may_still_take_down_their_own(as_user, learner, course, ask):
    leave(learner, course)
    assert as_user(learner).get(f"/learn/asks/{ask.pk}/").status_code == 404
    assert as_user(learner).post(f"/learn/asks/{ask.pk}/remove/")["Location"] == "/learn/"
    assert Ask.objects.not_removed().count() == 0


def test_trainer_takes_down_and_goes_back_to_the_class(as_user, trainer, cohort, ask):
    assert as_user(trainer).post(f"/learn/asks/{ask.pk}/remove/")["Location"] == f"/classes/{cohort.pk}/asks/"


@pytest.mark.long
def test_class_shows_what_waits_first(as_user, trainer, learner, cohort, lessons, ask):
    now = timezone.now()
    answered = make_ask(learner, cohort, lessons[1], "回过的", asked_at=now + timedelta(minutes=1))
    make_reply(answered, trainer)
    make_ask(learner, cohort, lessons[1], "撤下的", asked_at=now - timedelta(days=9), removed_at=now)
    make_ask(learner, cohort, lessons[1], "老问题", asked_at=now - timedelta(days=3))
    response = as_user(trainer).get(f"/classes/{cohort.pk}/asks/")
    assert [row.text for row in response.context["waiting"]] == ["横着拍还是竖着拍？", "老问题"]
    assert [row.text for row in response.context["settled"]] == ["回过的", "撤下的"]
    assert "撤下的" not in text(response)
    assert "2 个问题没回" in text(as_user(trainer).get(f"/classes/{cohort.pk}/"))
    assert "2 个问题没回" in text(as_user(trainer).get("/classes/"))
    assert "2 个问题没回" in text(as_user(trainer).get("/learn/"))


def test_questions_of_a_class_are_nobody_elses(as_user, learner, stranger, seller, organiser, cohort, ask):
    page = f"/classes/{cohort.pk}/asks/"
    assert [as_user(person).get(page).status_code for person in (learner, seller, stranger, organiser)] == [
        404, 404, 404, 200,
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 24])
def test_questions_of_a_class_take_the_same_queries_for_any_number(
    as_user, trainer, learner, cohort, lessons, count, django_assert_num_queries
):
    for _n in range(count):
        make_reply(make_ask(learner, cohort, lessons[0]), trainer)
    client = as_user(trainer)
    with django_assert_num_queries(5):
        # session, person, roles; class; questions
        assert len(client.get(f"/classes/{cohort.pk}/asks/").context["page"].items) == count


def test_questions_of_a_class_page_across_what_waits_and_what_does_not(
    as_user, trainer, learner, cohort, lessons
):
    for n in range(26):
        ask = make_ask(learner, cohort, lessons[0], f"问{n}", asked_at=timezone.now() - timedelta(hours=n))
        if n < 3:
            make_reply(ask, trainer)
    client, page = as_user(trainer), f"/classes/{cohort.pk}/asks/"
    first = client.get(page).context
    second = client.get(page, {"after": first["page"].after}).context
    assert [len(first["waiting"]), len(first["settled"])] == [23, 1]
    assert [row.text for row in second["settled"]] == ["问1", "问2"]


@pytest.mark.long
def test_home_says_that_the_trainer_answered(as_user, trainer, learner, ask):
    assert "老师回了你的问题" not in text(as_user(learner).get("/learn/"))
    make_reply(ask, trainer)
    client = as_user(learner)
    assert "老师回了你的问题" in text(client.get("/learn/"))
    [answered] = [wait for wait in items.list_items(learner) if wait.news]
    opened = client.post("/me/waiting/open/", dict(zip(("kind", "number"), answered.news, strict=True)))
    assert opened.url == f"/learn/asks/{ask.pk}/"
    assert "老师回了你的问题" not in text(client.get("/learn/"))


@pytest.mark.long
def test_staff_show_their_second_factor_before_they_decide(as_user, trainer, learner, cohort, ask, settings):
    settings.DEMO = False
    pages = [f"/learn/asks/{ask.pk}/", f"/learn/asks/{ask.pk}/remove/", f"/classes/{cohort.pk}/asks/"]
    for page in pages:
        assert as_user(trainer).get(page).status_code == 302
        assert as_user(trainer).post(page, {"text": "答"}).status_code == 302
    assert (Reply.objects.count(), Ask.objects.not_removed().count()) == (0, 1)
    assert as_user(learner).get(pages[0]).status_code == 200
