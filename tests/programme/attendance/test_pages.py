import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import AuditEntry
from programme.attendance.sessions import cancel_session
from programme.models import AttendanceMark, TrainingSession, WalkIn
from progress.enrolment.services import enrol
from tests.factories import make_cohort, make_course, make_person
from tests.pages import squeeze
from tests.programme.attendance.rows import make_session, mark, state


@pytest.fixture
def base(cohort) -> str:
    return f"/classes/{cohort.pk}/"


@pytest.fixture
def url(base, session) -> str:
    return f"{base}sessions/{session.pk}/"


def planned(cohort, **change) -> dict:
    day = timezone.localdate() + timedelta(days=1)
    facts = {
        "topic": "第一次开播",
        "held_on": str(day),
        "starts_time": "9点半",
        "minutes": "90 分钟",
        "place": "村部",
    }
    return facts | {"key": str(uuid4()), "trainer": "", "module": ""} | change


# --- sessions ---


def test_marks_sent_after_the_session_had_ended_are_there_to_be_saved(client, url, trainer, learner, other):
    roll = f"{url}roll/"
    client.post(roll, {f"mark-{learner.pk}": "late", f"was-{learner.pk}": "open", f"mark-{other.pk}": "x"})
    client.force_login(trainer)
    answer = client.get(roll)
    shown = {row.user: mark for row, mark in answer.context["rows"]}
    assert shown == {learner.pk: "late", other.pk: "open"}
    # The script would show what is recorded instead.
    assert "roll_call.js" not in answer.text


@pytest.mark.long
def test_hours_of_a_class_are_final_a_month_after_it(as_user, base, url, cohort, session, trainer, learner):
    mark(session, trainer, learner)
    today = timezone.localdate()
    cohort.starts_on, cohort.ends_on = today - timedelta(days=90), today - timedelta(days=31)
    cohort.save()
    client = as_user(trainer)
    facts = planned(cohort, held_on=str(cohort.ends_on), minutes="600")
    for page, sent in (("edit/", facts), ("cancel/", {"reason": "不算"})):
        assert "签到不能再改" in client.post(url + page, sent, follow=True).text
    session.refresh_from_db()
    assert (session.minutes, session.is_cancelled) == (120, False)
    cancel_session(trainer, session, "下雨")
    client.post(f"{url}reinstate/")
    session.refresh_from_db()
    assert session.is_cancelled
    assert f"{url}reinstate/" not in client.get(url).text


def test_a_form_changed_after_it_was_sent_plans_another_session(as_user, base, cohort, trainer):
    client, facts = as_user(trainer), planned(cohort)
    for topic in ("第一次开播", "第二次开播", "第二次开播"):
        client.post(f"{base}sessions/new/", facts | {"topic": topic})
    assert sorted(TrainingSession.objects.values_list("topic", flat=True)) == ["第一次开播", "第二次开播"]


def test_a_form_with_the_key_of_another_class_plans_its_own_session(as_user, base, cohort, trainer, village):
    other = make_cohort(cohort.course, village, trainer, name="春季班")
    client, facts = as_user(trainer), planned(cohort)
    for one in (base, base.replace(f"/{cohort.pk}/", f"/{other.pk}/")):
        assert client.post(f"{one}sessions/new/", facts).status_code == 302
    assert set(TrainingSession.objects.values_list("cohort", flat=True)) == {cohort.pk, other.pk}


def test_a_planned_session_is_one_however_often_its_form_is_sent(as_user, base, cohort, trainer):
    client, facts = as_user(trainer), planned(cohort)
    for _time in range(2):
        answer = client.post(f"{base}sessions/new/", facts)
    [session] = TrainingSession.objects.all()
    assert answer["Location"] == f"{base}sessions/{session.pk}/"
    begins = timezone.localtime(session.starts_at)
    assert (f"{begins:%H:%M}", session.minutes, session.place, session.created_by) == (
        "09:30",
        90,
        "村部",
        trainer,
    )
    again = client.get(f"{base}sessions/new/").context["form"].initial
    assert (str(again["starts_time"]), again["minutes"], again["place"], again.get("topic")) == (
        "09:30:00",
        90,
        "村部",
        None,
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"held_on": "2020-01-01"}, "选这中间的一天"),
        ({"held_on": "9999-12-31"}, "选这中间的一天"),
        ({"minutes": "721"}, "最多 720"),
        ({"starts_time": "早上"}, "写成 20:00 这样"),
        ({"topic": "讲" * 61}, "最多 60 个字，多了 1 个"),
        ({"trainer": "987654321"}, "没有这一项，重新选一个"),
    ],
)
def test_a_wrong_session_says_what_is_wrong_and_keeps_what_was_typed(
    as_user, base, cohort, trainer, change, sentence
):
    answer = as_user(trainer).post(f"{base}sessions/new/", planned(cohort, **change))
    assert sentence in answer.text
    assert 'value="村部"' in answer.text
    assert TrainingSession.objects.count() == 0


@pytest.mark.long
def test_a_change_is_audited_and_a_cancellation_has_its_reason_and_is_taken_back(
    as_user, url, session, cohort, trainer
):
    client = as_user(trainer)
    client.post(
        f"{url}edit/", planned(cohort, held_on=str(timezone.localdate()), starts_time="08:00", minutes="120")
    )
    session.refresh_from_db()
    assert (session.topic, session.place) == ("第一次开播", "村部")
    assert "写一句为什么" in client.post(f"{url}cancel/", {"reason": " "}).text
    client.post(f"{url}cancel/", {"reason": "下大雨"})
    assert "下大雨" in client.get(url).text
    assert client.get(f"{url}roll/").context["refusal"].startswith("这次培训课取消了")
    client.post(f"{url}reinstate/")
    session.refresh_from_db()
    assert (session.cancelled_at, session.cancel_reason) == (None, "")
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "session_changed",
        "session_cancelled",
        "session_reinstated",
    ]
    assert AuditEntry.objects.earliest("pk").detail["changed"]["place"] == ["村部会议室", "村部"]


def test_the_list_costs_the_same_queries_for_one_session_and_for_many(
    as_user, base, cohort, session, trainer, django_assert_max_num_queries, django_assert_num_queries
):
    client = as_user(trainer)
    client.get(f"{base}sessions/")
    with django_assert_max_num_queries(20) as first:
        client.get(f"{base}sessions/")
    for days in range(1, 24):
        make_session(cohort, trainer, starts_at=timezone.now() - timedelta(days=days))
    with django_assert_num_queries(len(first)):
        client.get(f"{base}sessions/")


@pytest.mark.long
def test_the_pages_are_there_for_who_leads_the_class_and_for_nobody_else(
    as_user, base, url, trainer, organiser, learner, seller, stranger
):
    pages = [f"{base}sessions/", f"{base}sessions/new/", f"{base}attendance/", url]
    pages += [f"{url}{name}/" for name in ("edit", "cancel", "roll", "roll/now", "sheet", "code", "walk-ins")]
    for person, status in ((trainer, 200), (organiser, 200), (learner, 404), (seller, 404), (stranger, 404)):
        assert [as_user(person).get(page).status_code for page in pages] == [status] * len(pages)


def test_a_session_of_another_class_is_not_found_under_ones_own(
    as_user, base, stranger, other_village, course, trainer
):
    foreign = make_session(make_cohort(make_course(other_village), other_village))
    assert as_user(trainer).get(f"{base}sessions/{foreign.pk}/").status_code == 404


# --- roll call ---


@pytest.mark.long
def test_the_form_without_scripts_records_what_was_changed(as_user, url, session, trainer, learner, other):
    client = as_user(trainer)
    page = squeeze(client.get(f"{url}roll/").text)
    assert re.findall(r'data-person="(\d+)" data-mark="(\w+)"', page) == [
        (str(learner.pk), "open"),
        (str(other.pk), "open"),
    ]
    form = {f"was-{learner.pk}": "open", f"was-{other.pk}": "open", f"mark-{learner.pk}": "late"}
    # Meanwhile the other one signed in by the code: a form opened before does not undo it.
    mark(session, other, other, "present", "code")
    assert client.post(f"{url}roll/", form | {f"mark-{other.pk}": "open"})["Location"] == url
    assert client.post(f"{url}roll/", form)["Location"] == url
    assert state(session) == {"田巧云": "late", "曾春生": "present"}
    assert AttendanceMark.objects.count() == 2
    client.post(f"{url}roll/?how=paper", {f"was-{learner.pk}": "late", f"mark-{learner.pk}": "present"})
    text = squeeze(client.get(url).text)
    assert "改过，看经过" in text
    assert "到了 · 照纸质表补录 · 李老师" in text


def test_the_rest_is_absent_by_one_button(as_user, url, session, trainer, learner, other):
    form = {
        f"was-{learner.pk}": "open",
        f"mark-{learner.pk}": "present",
        f"was-{other.pk}": "open",
        "rest": "1",
    }
    as_user(trainer).post(f"{url}roll/", form)
    assert state(session) == {"田巧云": "present", "曾春生": "absent"}
    answer = as_user(trainer).get(f"{url}roll/now/").json()
    assert abs(datetime.fromisoformat(answer.pop("now")) - timezone.now()) < timedelta(minutes=1)
    assert answer == {
        "marks": {str(learner.pk): "present", str(other.pk): "absent"},
        "walk_ins": [],
    }


def test_garbage_in_the_form_changes_nothing(as_user, url, session, trainer, learner, seller):
    garbage = {
        f"mark-{learner.pk}": "there",
        f"mark-{seller.pk}": "present",
        "mark-x": "present",
        "mark-": "",
    }
    assert as_user(trainer).post(f"{url}roll/", garbage).status_code == 302
    assert state(session) == {}


def test_a_session_to_come_says_so_and_records_nothing(as_user, base, cohort, trainer, learner):
    session = make_session(cohort, starts_at=timezone.now() + timedelta(days=1))
    url = f"{base}sessions/{session.pk}/"
    client = as_user(trainer)
    assert "这次培训课还没开始" in client.get(f"{url}roll/").text
    answer = client.post(f"{url}roll/", {f"mark-{learner.pk}": "present"}, follow=True)
    assert "这次培训课还没开始" in answer.text
    assert state(session) == {}


# --- walk-ins ---


@pytest.mark.long
def test_a_walk_in_is_written_down_merged_and_separated_by_forms(as_user, url, session, trainer, learner):
    client = as_user(trainer)
    assert "这不像手机号" in client.post(f"{url}walk-ins/", {"name": "向二妹", "phone": "12345678901"}).text
    key = str(uuid4())
    for _time in range(2):
        client.post(f"{url}walk-ins/", {"key": key, "name": "向二妹", "phone": ""})
    [row] = WalkIn.objects.all()
    page = f"{url}walk-ins/{row.pk}/"
    assert "向二妹" in client.get(f"{url}roll/").text
    client.post(page, {"do": "merge"})
    client.post(page, {"do": "merge", "person": "987654321"})
    assert state(session) == {}
    client.post(page, {"do": "merge", "person": str(learner.pk)})
    assert state(session) == {"田巧云": "present"}
    assert "已经并入田巧云。" in client.get(page).text
    client.post(page, {"do": "split"})
    assert state(session) == {"田巧云": "open"}
    client.post(page, {"do": "drop"})
    row.refresh_from_db()
    assert (row.attended, client.post(page, {"do": "x"}).status_code) == (False, 302)


def test_who_is_in_the_class_already_is_recognised_by_the_number(as_user, url, session, trainer, learner):
    answer = as_user(trainer).post(
        f"{url}walk-ins/", {"name": "巧云", "phone": str(learner.phone)}, follow=True
    )
    assert "这个号码是班里的田巧云，给他记到了。" in answer.text
    assert state(session) == {"田巧云": "present"}


# --- code, sheet, hours ---


def test_the_code_page_has_the_digits_and_who_is_in(as_user, url, session, trainer, learner, other):
    mark(session, learner, learner, "present", "code")
    page = squeeze(as_user(trainer).get(f"{url}code/").text)
    assert re.search(r'<b class="code">\d{4}</b>', page)
    assert "到了 1 人，全班 2 人" in page
    part = as_user(trainer).get(f"{url}code/?part=1").text
    assert ("<html" in part, "田巧云" in part, "曾春生" in part) == (False, True, False)


def test_the_sheet_is_in_the_order_of_the_roll_with_empty_lines(as_user, url, trainer, learner, other):
    page = squeeze(as_user(trainer).get(f"{url}sheet/").text)
    rows = re.findall(r'<td class="n">(\d+)</td><t[hd][^>]*>([^<]*)</t', page)
    assert rows == [("1", "田巧云"), ("2", "曾春生"), *((str(n), "") for n in range(3, 11))]
    assert str(learner.phone)[3:] not in page


@pytest.mark.long
def test_a_trainee_sees_the_own_hours_and_nobody_elses(
    as_user, base, cohort, session, trainer, learner, other, seller, stranger
):
    mark(session, trainer, learner, "late")
    mark(session, trainer, other, "absent")
    make_session(cohort, trainer, topic="讲货", starts_at=timezone.now() + timedelta(days=2))
    off = make_session(cohort, trainer, topic="停电那次", starts_at=timezone.now() + timedelta(days=3))
    cancel_session(trainer, off, "停电")
    home = squeeze(as_user(learner).get("/learn/").text)
    assert "培训课和我的课时（2 小时）" in home
    assert f"{timezone.localtime(session.starts_at):%H:%M}</span>村部会议室" in home  # that of today goes on
    page = squeeze(as_user(learner).get(f"{base}mine/").text)
    assert '<p class="big num">2<small>小时课时</small></p>' in page
    assert ("迟到</span>" in page, "缺勤</span>" in page, "停电" in page, "曾春生" in page) == (
        True,
        False,
        True,
        False,
    )
    assert [as_user(person).get(f"{base}mine/").status_code for person in (seller, stranger)] == [404, 404]
    assert "培训课和我的课时" not in as_user(seller).get("/learn/").text


@pytest.mark.long
def test_the_home_of_a_trainee_costs_one_query_more_for_any_number_of_sessions(
    as_user, cohort, session, trainer, learner, django_assert_num_queries, django_assert_max_num_queries
):
    client = as_user(learner)
    client.get("/learn/")
    with django_assert_max_num_queries(40) as first:
        client.get("/learn/")
    for days in range(1, 10):
        make_session(cohort, trainer, starts_at=timezone.now() - timedelta(days=days))
    with django_assert_num_queries(len(first)):
        client.get("/learn/")


def test_the_class_has_everybodys_attendance(as_user, base, session, cohort, course, trainer, learner):
    enrol(make_person("阿妹"), course, cohort)
    mark(session, trainer, learner, "present")
    page = squeeze(as_user(trainer).get(f"{base}attendance/").text)
    assert "上了 1 次，一共 2 小时。" in page
    rows = [re.findall(r">([^<>]+)<", row) for row in page.split("<tbody>")[1].split("</tr>")]
    assert [[cell for cell in row if cell.strip()] for row in rows[:2]] == [
        ["阿妹", "0", "0", "0", "0", "0"],
        ["田巧云", "2", "1", "0", "0", "0"],
    ]
    assert "培训课、点名" in as_user(trainer).get(base).text
