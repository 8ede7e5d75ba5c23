"""The roll of forty people on one phone without a connection, at a pace that a thumb can hold; the code on two phones."""

from datetime import timedelta

import pytest
from django.utils import timezone

from programme.attendance import codes
from programme.models import Attendance, AttendanceMark, WalkIn
from progress.enrolment.services import enrol
from progress.models import Enrolment
from tests.browser.conftest import expect
from tests.browser.kept_lessons import caches_of, cut, mend, open_page, until
from tests.factories import make_cohort, make_course, make_person
from tests.programme.attendance.rows import make_session, state

pytestmark = pytest.mark.one_phone

NAMES = [
    f"{surname}{given}"
    for surname in "曾田向石罗彭"
    for given in ("大山", "二妹", "三姑", "四娃", "五婶", "六爷", "七斤")
][:40]
# How long a thumb takes to find and tap the next row, and how long a roll may take.
TAP_SECONDS, MOST_SECONDS = 0.7, 120


class Thumb:
    """Taps and counts."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, place) -> None:
        self.taps += 1
        place.click()


@pytest.fixture
def session(county, village, trainer, no_second_factor):
    cohort = make_cohort(make_course(county, lessons=1), village, trainer, name="秋季班")
    people = [make_person(name) for name in NAMES]
    Enrolment.objects.bulk_create(
        Enrolment(user=person, course=cohort.course, cohort=cohort) for person in people
    )
    return make_session(cohort, trainer, starts_at=timezone.now() - timedelta(minutes=5))


@pytest.fixture
def url(live_server, session) -> str:
    return f"{live_server.url}/classes/{session.cohort_id}/sessions/{session.pk}/"


def row(page, name: str):
    return page.locator("[data-person]").filter(has_text=name)


def choice(page, name: str, short: str):
    return row(page, name).locator("fieldset label", has_text=short)


def count(page, mark: str):
    return page.locator(f"[data-count={mark}] b")


@pytest.mark.long
@pytest.mark.own_phone
def test_forty_people_offline_within_two_minutes_then_everything_arrives(
    sign_in, live_server, trainer, session, url, axe
):
    page, thumb = sign_in(trainer), Thumb()
    path = f"/classes/{session.cohort_id}/sessions/{session.pk}/roll/"
    open_page(page, live_server, path)
    axe()
    until(lambda: any(path in kept for kept in caches_of(page).values()))
    until(lambda: any("/static/programme/walk_ins.js" in kept for kept in caches_of(page).values()))
    cut(page.context)
    late, absent, wrong = NAMES[3:6], NAMES[10:15], NAMES[20:22]
    for name in NAMES:
        if name in late:
            thumb.tap(choice(page, name, "迟"))
        elif name not in absent:
            thumb.tap(row(page, name).locator("[data-name]"))
    # A slip of the thumb, taken back; then two who were called present are corrected.
    thumb.tap(choice(page, absent[0], "到"))
    thumb.tap(page.get_by_role("button", name="撤回"))
    expect(row(page, absent[0])).to_have_attribute("data-mark", "open")
    thumb.tap(choice(page, wrong[0], "缺"))
    thumb.tap(choice(page, wrong[1], "假"))
    for name in ("龙阿姐", "麻老表"):
        thumb.tap(page.get_by_label("姓名"))
        thumb.taps += 10  # its letters
        page.get_by_label("姓名").fill(name)
        thumb.tap(page.get_by_role("button", name="记下"))
    thumb.tap(page.get_by_role("button", name="其余算缺勤"))
    expect(count(page, "open")).to_have_text("0")
    figures = [count(page, mark).inner_text() for mark in ("present", "late", "absent", "excused")]
    assert figures == ["32", "3", "6", "1"]  # two walk-ins among those who came
    # The phone, short of memory, opens the page anew: still without a connection, and nothing is forgotten.
    page.reload()
    expect(count(page, "absent")).to_have_text("6")
    expect(count(page, "present")).to_have_text("32")
    assert Attendance.objects.count() == 0
    assert thumb.taps * TAP_SECONDS <= MOST_SECONDS
    mend(page.context)
    until(lambda: WalkIn.objects.count() == 2 and Attendance.objects.exclude(mark="open").count() == 40)
    marks = list(state(session).values())
    assert [marks.count(mark) for mark in ("present", "late", "absent", "excused")] == [30, 3, 6, 1]
    assert AttendanceMark.objects.filter(attendance__user__name=wrong[0]).count() == 2
    assert thumb.taps == 64


def test_the_roll_shows_who_signed_in_by_the_code_and_a_walk_in_of_the_class_is_recognised(
    sign_in, trainer, session, url, fits
):
    first = session.cohort.enrolments.get(user__name=NAMES[0]).user
    page = sign_in(trainer)
    page.goto(f"{url}roll/")
    codes.sign_in(session, first)
    page.evaluate(
        "window.dispatchEvent(new CustomEvent('farm:outbox', {detail: {sent: [{kind: 'attendance'}], problem: ''}}))"
    )
    expect(row(page, NAMES[0])).to_have_attribute("data-mark", "present")
    page.get_by_label("姓名").fill(NAMES[1])
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text(f"名单里有{NAMES[1]}")).to_be_visible()
    page.get_by_role("button", name="记下").click()
    until(lambda: WalkIn.objects.count() == 1)
    page.get_by_role("link", name="点完了").click()
    page.locator("#walk-ins").get_by_role("link", name=NAMES[1]).click()
    page.get_by_label(NAMES[1]).check()
    fits()
    page.get_by_role("button", name="并到他名下").click()
    expect(page.get_by_text(f"并入{NAMES[1]}了，这次算到。").first).to_be_visible()
    assert Attendance.objects.get(user__name=NAMES[1]).mark == "present"


@pytest.mark.long
def test_the_code_is_scanned_and_an_old_one_is_refused(
    sign_in, live_server, trainer, session, url, fits, county
):
    learner = make_person("麻秀英")
    enrol(learner, session.cohort.course, session.cohort)
    page = sign_in(trainer)
    page.goto(f"{url}code/")
    expect(page.locator(".code")).to_have_text(codes.make_code(session).digits)
    fits()
    old = codes.make_code(session, timezone.now() - timedelta(minutes=3))
    sign_in(learner)
    at = f"{live_server.url}/classes/sign-in/{session.pk}/"
    page.goto(f"{at}?t={old.token}")
    expect(page.get_by_text("这个码过时了")).to_be_visible()
    fits()
    page.goto(f"{at}?t={codes.make_code(session).token}")
    page.get_by_role("button", name="我到了，签到").click()
    expect(page.get_by_text("你签到了：到了。")).to_be_visible()
    assert Attendance.objects.get(user=learner).mark == "present"


@pytest.mark.long
def test_pages_of_a_training_session_fit_in_both_languages(sign_in, trainer, session, url, look):
    base = f"/classes/{session.cohort_id}/"
    sign_in(trainer)
    look(f"{base}sessions/", ("排一次课", "Plan a session"))
    look(f"{base}sessions/{session.pk}/", ("让大家扫码签到", "Let the class sign in by code"))
    look(f"{base}sessions/{session.pk}/roll/", ("其余算缺勤", "Rest absent"))
    look(f"{base}attendance/", ("每人签到和课时", "Attendance and hours of each person"))
