"""Joining a full class from a phone, and the trainer's pages of seats, transfers, cards and calendars, in both languages."""

import pytest
from django.utils import timezone

from accounts.models import Membership
from progress.enrolment import join_codes
from progress.models import WaitingEntry
from tests.browser.conftest import expect
from tests.factories import make_cohort, make_course, make_person

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.mark.long
def test_full_class_waits_and_gives_its_seat(
    page, trainer, trainee, village, sign_in, look, live_server, no_second_factor
):
    course = make_course(village)
    cohort = make_cohort(course, village, trainer, name="石榴冲村第二期秋季直播带货培训班", most_people=1)
    make_cohort(course, village, trainer, name="冬季班")
    member = make_person("阿依古丽·买买提吐尔逊", (Membership.Role.TRAINEE, village))
    join_codes.redeem(member, cohort.join_code)
    sign_in(trainee)
    look(f"/learn/join/?code={cohort.join_code}", ("这个班满了", "This class is full"))
    page.locator("button[name=wait]").click()
    look("/learn/waiting/", ("候补第 1 位", "Number 1 on the waiting list"))
    look("/me/calendar/", ("培训课放进手机日历", "Training sessions in your phone's calendar"))
    page.locator("button[value=open]").click()
    expect(page.locator("a[href*='.ics']")).to_be_visible()
    sign_in(trainer)
    look(f"/classes/{cohort.pk}/seats/", ("名额和候补", "Seats and waiting list"))
    entry = WaitingEntry.objects.get()
    look(f"/classes/{cohort.pk}/seats/{entry.pk}/", ("先加名额", "Add seats first"))
    look(f"/classes/{cohort.pk}/trainees/{member.pk}/transfer/", ("转到哪个班", "To which class"))
    look(f"/classes/{cohort.pk}/cards/", ("全班的登录卡", "Sign-in cards of the class"))
    page.goto(f"{live_server.url}/classes/{cohort.pk}/seats/")
    page.locator("input[name=seats]").fill("2")
    page.locator("main form button.btn--main").click()
    expect(page.locator("#main").get_by_text("1 person from the waiting list got in")).to_be_visible()


@pytest.mark.long
def test_who_was_declined_reads_so_and_is_let_try_again(
    page, trainer, trainee, village, sign_in, look, live_server, no_second_factor
):
    cohort = make_cohort(make_course(village), village, trainer, name="秋季班")
    entry = WaitingEntry.objects.create(
        cohort=cohort, user=trainee, state="declined", reason="下期再来", decided_at=timezone.now()
    )
    sign_in(trainee)
    look(f"/learn/join/?code={cohort.join_code}", ("老师说：下期再来", "The trainer says: 下期再来"))
    sign_in(trainer)
    url = f"/classes/{cohort.pk}/seats/"
    look(f"{url}?state=declined", ("没收的", "Not admitted"))
    look(f"{url}{entry.pk}/", ("让他再报", "Let them try again"))
    page.locator("button[name=lift]").click()
    expect(page.locator("#main").get_by_text("may try again and has been told")).to_be_visible()
