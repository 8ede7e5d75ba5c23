"""A task's page opens without a signal on a phone that has seen it, and takes what is handed in there."""

import pytest

from progress.enrolment.services import enrol
from rehearsals.models import TaskItem, TaskVersion
from tests.browser.conftest import expect
from tests.browser.kept_lessons import caches_of, cut, mend, open_page, until
from tests.browser.tasks.test_handing_in import hand_in, photo
from tests.factories import make_cohort, make_course
from tests.rehearsals.tasks.worlds import make_task


@pytest.mark.long
def test_the_page_opens_without_a_signal_and_hands_in_later(
    sign_in, live_server, county, village, trainer, trainee, no_second_factor
):
    course = make_course(county, title="直播课")
    enrol(trainee, course, make_cohort(course, village, trainer))
    task = make_task(course, "photo")
    page, path = sign_in(trainee), f"/learn/tasks/{task.pk}/"
    open_page(page, live_server, path)
    until(lambda: any(path in kept for kept in caches_of(page).values()))
    for script in ("/static/rehearsals/task.js", "/static/media/shrink.js"):
        until(lambda script=script: any(script in kept for kept in caches_of(page).values()))
    cut(page.context)
    page.goto(live_server.url + path)
    page.locator("input[type=file]").set_input_files(photo("a.jpg"))
    expect(page.locator("[data-pick]")).to_have_count(1)
    page.get_by_text("五条都竖着拍").click()
    hand_in(page)
    expect(page.get_by_text("存在手机里了。")).to_be_visible()
    page.goto(live_server.url + path)
    expect(page.get_by_text("存在手机里了。")).to_be_visible()
    mend(page.context)
    page.goto(live_server.url + path)
    expect(page.locator(".code[data-receipt]")).to_be_visible()
    version = TaskVersion.objects.get()
    assert [row["ticked"] for row in version.ticks] == [True, False, False]
    assert TaskItem.objects.get().photo.width == 400
