"""Being invited, opening a class, and the lineage, on a phone and a desktop in both languages."""

import pytest

from accounts.models import Membership
from programme.mentoring import invitations
from programme.models import Teaching
from tests.browser.conftest import expect
from tests.factories import make_person
from tests.programme.evidence import graduate, make_programme
from tests.programme.mentoring.test_lineage import DAY

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]
Role = Membership.Role


@pytest.mark.long
def test_a_graduate_accepts_opens_a_class_and_objects_to_a_teacher(
    page, trainer, organiser, village, sign_in, look, live_server, no_second_factor
):
    song, first, second = (
        make_person(name, (Role.TRAINEE, village)) for name in ("宋春桃", "阿依古丽·买买提吐尔逊", "石小妹")
    )
    cohort = make_programme(village, trainer)
    graduate(song, cohort, trainer)
    invitations.invite(trainer, song, village, cohort.course, "先带三五个")
    for teacher, pupil in ((song, first), (first, second), (trainer, song)):
        Teaching.objects.create(teacher=teacher, pupil=pupil, since=DAY)
    sign_in(song)
    page.goto(f"{live_server.url}/me/")
    page.get_by_role("link", name="有人请你带教，点开答复").click()
    look("/me/mentoring/", ("请你带教", "You are invited to mentor"), ("先带三五个", "先带三五个"))
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("link", name="Open a class").click()
    page.locator("form.card button.btn--main").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("宋春桃")
    look("/me/lineage/", ("我这一支", "My branch"), ("没公开名字的人", "Name not public"))
    page.get_by_role("button", name="Not so, take it off").click()
    expect(page.get_by_role("button", name="Record again")).to_be_visible()
    sign_in(organiser)
    look("/classes/lineage/", ("师徒传承", "Lineage"))
    look(
        f"/classes/lineage/?person={song.pk}", ("一代一代", "Generation by generation"), ("石小妹", "石小妹")
    )
    page.locator("summary").first.press("Enter")
    expect(page.locator("details").first).not_to_have_attribute("open", "")
