"""A task's page opens without a signal on a phone that has seen it, and takes what is handed in there."""

import pytest

from progress.enrolment.services import enrol
from rehearsals.models import TaskItem, TaskVersion, TaskWork
from rehearsals.tasks.services import accept_task, share_work
from tests.browser.conftest import expect
from tests.browser.kept_lessons import caches_of, cut, mend, open_page, until, who
from tests.browser.tasks.test_handing_in import hand_in, photo
from tests.factories import make_cohort, make_course, make_photo
from tests.rehearsals.tasks.worlds import hand_in as hand_in_at_once
from tests.rehearsals.tasks.worlds import make_task

SHOWN = "[...document.querySelectorAll('.item__pic')].map((one) => one.complete && one.naturalWidth > 0)"

RENEW = "document.querySelector('[data-module*=page_kept]').dispatchEvent(new Event('kept:renew'))"
STORED = "async ([name, path]) => (await (await caches.open(name)).match(path)).text()"


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


@pytest.mark.long
def test_own_photos_are_shown_without_a_signal_and_a_classmates_are_not_stored(
    sign_in, live_server, county, village, trainer, trainee, seller, no_second_factor
):
    course = make_course(county, title="直播课")
    cohort = make_cohort(course, village, trainer)
    task = make_task(course, "photo")
    for person in (trainee, seller):
        enrol(person, course, cohort)
        hand_in_at_once(person, task, photos=[make_photo(person, is_private=True)])
    work = TaskWork.objects.get(user=seller)
    accept_task(trainer, work.versions.get())
    share_work(work)
    TaskWork.objects.filter(pk=work.pk).update(is_chosen=True)
    mine, theirs = (f"/learn/tasks/{task.pk}/items/{one.pk}/" for one in TaskItem.objects.order_by("pk"))
    page, path = sign_in(trainee), f"/learn/tasks/{task.pk}/"
    open_page(page, live_server, path)
    page.locator("details.version summary").last.click()
    page.locator(".item__pic").last.scroll_into_view_if_needed()
    until(lambda: page.evaluate(SHOWN) == [True, True])
    stored = lambda: caches_of(page).get(f"farm-kept-{trainee.pk}", [])  # noqa: E731
    until(lambda: any(url.startswith(mine) for url in stored()) and path in stored())
    cut(page.context)
    page.goto(live_server.url + path)
    page.locator(".item__pic").first.scroll_into_view_if_needed()
    until(lambda: page.evaluate(SHOWN)[0])
    url = next(url for url in stored() if url.startswith(mine))
    assert not any(url.startswith(theirs) for url in stored())
    mend(page.context)
    page.goto(f"{live_server.url}/accounts/logout/")
    page.get_by_role("button", name="退出").click()
    until(lambda: who(page) == 0)
    cut(page.context)
    for one in (url, theirs + url.removeprefix(mine)):
        assert page.evaluate("(url) => fetch(url).then(() => true, () => false)", one) is False


@pytest.mark.long
def test_the_page_of_who_signs_in_meanwhile_is_not_stored_as_the_first_persons(
    sign_in, live_server, county, village, trainer, trainee, seller, no_second_factor
):
    course = make_course(county, title="直播课")
    cohort = make_cohort(course, village, trainer)
    task = make_task(course, "text")
    for person, text in ((trainee, "头一个写的"), (seller, "后一个写的")):
        enrol(person, course, cohort)
        hand_in_at_once(person, task, text=text)
    page, path = sign_in(trainee), f"/learn/tasks/{task.pk}/"
    open_page(page, live_server, path)
    until(lambda: path in caches_of(page).get(f"farm-kept-{trainee.pk}", []))
    sign_in(seller)
    with page.expect_response(lambda answer: answer.url.endswith(path)) as asked:
        page.evaluate(RENEW)
    assert asked.value.status == 200
    page.wait_for_timeout(300)
    stored = page.evaluate(STORED, [f"farm-kept-{trainee.pk}", path])
    assert ("头一个写的" in stored, "后一个写的" in stored) == (True, False)
