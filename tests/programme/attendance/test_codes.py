from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from programme.attendance import codes
from programme.models import AttendanceMark, TrainingSession
from tests.programme.attendance.rows import make_session, mark, state

MINUTE = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def url_of(session, **query) -> str:
    return f"/classes/sign-in/{session.pk}/" + "".join(f"?{name}={value}" for name, value in query.items())


def wrong_code(session) -> str:
    right = {codes.compute(session, int(timezone.now().timestamp()) // 60 - back)[0] for back in (0, 1)}
    return next(typed for typed in ("0000", "0001", "0002") if typed not in right)


def test_a_code_holds_for_its_minute_and_the_next_and_for_its_session():
    session, other = TrainingSession(pk=7), TrainingSession(pk=8)
    made = codes.make_code(session, MINUTE + timedelta(seconds=10))
    assert (len(made.digits), made.digits.isdecimal(), len(made.token), made.seconds_left) == (
        4,
        True,
        32,
        50,
    )
    for check, given in (
        (codes.are_current_digits, made.digits),
        (codes.is_current_token, made.token),
    ):
        for seconds, right in ((0, True), (119, True), (120, False), (-1, False)):
            assert check(session, given, MINUTE + timedelta(seconds=seconds)) is right
        assert not check(other, given, MINUTE)
        assert not check(session, "", MINUTE)
        assert not check(session, "四位", MINUTE)


def test_the_digits_sign_a_person_of_the_class_in_once(as_user, session, learner):
    client, code = as_user(learner), codes.make_code(session).digits
    for _time in range(2):
        assert client.post(url_of(session), {"code": f" {code} "}).status_code == 302
    assert "你签到了：到了。" in client.get(url_of(session)).text
    [row] = AttendanceMark.objects.all()
    assert (row.attendance.user, row.mark, row.how, row.recorded_by) == (learner, "present", "code", learner)


def test_who_signs_in_a_quarter_of_an_hour_late_is_late_and_what_a_trainer_said_stays(
    cohort, trainer, learner, other
):
    session = make_session(cohort, starts_at=timezone.now() - timedelta(minutes=16))
    mark(session, trainer, other, "present")
    assert [codes.sign_in(session, person) for person in (learner, other)] == ["late", "present"]
    assert state(session) == {"田巧云": "late", "曾春生": "present"}


@pytest.mark.long
def test_an_old_code_is_refused_and_guessing_ends_after_five(as_user, session, learner):
    client, url = as_user(learner), url_of(session)
    long_ago = codes.make_code(session, timezone.now() - timedelta(minutes=3))
    assert "这个码过时了" in client.get(url_of(session, t=long_ago.token)).text
    answer = client.post(url, {"code": wrong_code(session)})
    assert "这个数不对，或者刚换了" in answer.text
    assert "是 4 位数字，再听一遍" in client.post(url, {"code": "12"}).text
    for _time in range(4):
        client.post(url, {"code": wrong_code(session)})
    answer = client.post(url, {"code": codes.make_code(session).digits})
    assert "试得太多了" in answer.text
    assert state(session) == {}


def test_the_qr_gives_a_ticket_that_outlives_the_code_for_this_person_alone(
    as_user, session, learner, other, monkeypatch
):
    client = as_user(learner)
    page = client.get(url_of(session, t=codes.make_code(session).token))
    ticket = page.context["ticket"]
    assert codes.is_ticket(session, learner, ticket)
    assert not codes.is_ticket(session, other, ticket)
    assert not codes.is_ticket(session, learner, ticket[:-1])
    monkeypatch.setattr(codes, "TICKET_SECONDS", -1)
    assert not codes.is_ticket(session, learner, ticket)
    monkeypatch.undo()
    assert client.post(url_of(session), {"ticket": ticket}).status_code == 302
    assert state(session) == {"田巧云": "present"}


def test_a_visitor_with_a_right_code_signs_in_and_need_not_scan_again(client, session, learner):
    answer = client.get(url_of(session, t=codes.make_code(session).token))
    [back] = parse_qs(urlsplit(answer.url).query)["next"]
    assert (answer.status_code, urlsplit(answer.url).path) == (302, "/accounts/login/")
    client.force_login(learner)
    assert "我到了，签到" in client.get(back).text
    assert client.get(back).context["ticket"]
    client.logout()
    [back] = parse_qs(urlsplit(client.get(url_of(session, t="0" * 32)).url).query)["next"]
    assert back == url_of(session)


def test_the_digits_are_not_guessed_through_the_address_of_the_qr(client, session, learner):
    url = url_of(session, t=codes.make_code(session).digits)
    [back] = parse_qs(urlsplit(client.get(url).url).query)["next"]
    assert back == url_of(session)
    client.force_login(learner)
    page = client.get(url)
    assert (page.context["ticket"], page.context["was_old"]) == ("", True)


def test_a_ticket_outlives_the_session_of_who_signs_in(client, session, learner):
    ticket = codes.make_ticket(session, learner)
    [back] = parse_qs(urlsplit(client.post(url_of(session), {"ticket": ticket}).url).query)["next"]
    client.force_login(learner)
    assert client.get(back).context["ticket"] == ticket


def test_a_ticket_is_not_renewed_by_reading_the_page_again(as_user, session, learner, monkeypatch):
    ticket = codes.make_ticket(session, learner)
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + 300)
    assert as_user(learner).get(url_of(session, ticket=ticket)).context["ticket"] == ticket


@pytest.mark.parametrize("who", ["seller", "stranger", "trainer"])
def test_the_code_is_for_people_of_the_class(as_user, session, request, who):
    person = request.getfixturevalue(who)
    client, code = as_user(person), codes.make_code(session)
    assert client.get(url_of(session, t=code.token)).status_code == 404
    assert client.post(url_of(session), {"code": code.digits}).status_code == 404
    assert state(session) == {}


def test_nobody_signs_in_before_or_after(as_user, cohort, learner):
    client = as_user(learner)
    for hours in (-2, 4):
        session = make_session(cohort, starts_at=timezone.now() - timedelta(hours=hours))
        answer = client.post(url_of(session), {"code": codes.make_code(session).digits})
        assert "现在不能自己签到，请老师点名。" in answer.text
        assert state(session) == {}
