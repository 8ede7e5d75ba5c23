"""Who is stuck, on a phone and a desktop in both languages, and the tap that takes somebody."""

import pytest

from tests.browser.conftest import expect
from tests.factories import make_cohort, make_course, make_person
from tests.programme.support.rows import fail, join
from tests.quizzes import make_quiz

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.mark.long
def test_one_tap_takes_somebody_and_the_pages_fit_a_phone(
    page, county, village, trainer, sign_in, look, live_server, no_second_factor
):
    course = make_course(county, title="直播课", slug="live")
    cohort = make_cohort(course, village, trainer, name="秋季班")
    quiz = make_quiz(course, title="讲货小测")
    # Has passed, and so could help.
    fail(join(make_person("单小红"), cohort, days=1), quiz, passed=True)
    for name in ("阿依古丽·买买提吐尔逊", "曾春生"):
        fail(join(make_person(name), cohort, days=1), quiz, 3)
    sign_in(trainer)
    page.goto(f"{live_server.url}/classes/{cohort.pk}/")
    page.get_by_role("link", name="谁卡住了").click()
    page.get_by_role("button", name="我来管 曾春生").click()
    expect(page.get_by_role("button", name="我来管")).to_have_count(1)
    expect(page.get_by_text(f"在管：{trainer.name}")).to_be_visible()
    board = f"/classes/{cohort.pk}/support/"
    look(board, ("在管：", "Looked after by"), ("打电话", "Call"))
    person = cohort.enrolments.get(user__name="曾春生").user_id
    look(f"{board}{person}/", ("记一下怎么帮的", "Note how you helped"), ("发消息提醒他", "Send a reminder"))
    page.get_by_text("Note how you helped").click()
    expect(page.get_by_label("Talked in person")).to_be_visible()
    # Who of the class helps is asked only where that is what was done.
    peer, pair = page.get_by_label("Which classmate helps"), page.locator('[name="act"][value="pair"]')
    expect(peer).to_be_hidden()
    pair.check()
    expect(peer).to_be_visible()
    page.get_by_label("Called").check()
    expect(peer).to_be_hidden()
