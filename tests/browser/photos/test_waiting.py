"""Photos on a bad connection, in an ended session or beyond a day's measure: they wait, are told of, and go once."""

import pytest
from playwright.sync_api import Route, expect

from media.models import Photo
from media.photos import intake
from tests.browser.photos.shots import choose, file, keys, state_of
from tests.media import pictures

pytestmark = [pytest.mark.urls("tests.browser.photo_page"), pytest.mark.one_phone]


def test_line_that_breaks_is_waited_out(form):
    """No answer, the page of a hotel's Wi-Fi, an error of ours, then it works: one photo, nobody had to do anything."""
    answers = iter(["abort", "portal", "500"])

    def line(route: Route) -> None:
        answer = next(answers, "go")
        if answer == "abort":
            route.abort("connectionreset")
        elif answer == "500":
            route.fulfill(status=502, body="bad gateway")
        elif answer == "portal":
            route.fulfill(status=200, body="<h1>Welcome</h1>", content_type="text/html")
        else:
            route.continue_()

    form.route("**/uploads/photos/", line)
    choose(form, file(pictures.jpeg(300, 200)))
    expect(state_of(form)).to_have_text("没连上，过一会儿自动再传")
    form.get_by_role("button", name="重传").tap()
    expect(state_of(form)).to_have_text("传好了，正在处理", timeout=15_000)
    assert Photo.objects.count() == 1


@pytest.mark.long
def test_answer_that_was_lost_makes_no_second_photo(form):
    first = []

    def line(route: Route) -> None:
        if first:
            return route.continue_()
        first.append(route.fetch())
        return route.abort("connectionreset")

    form.route("**/uploads/photos/", line)
    choose(form, file(pictures.jpeg(300, 200)))
    expect(state_of(form)).to_have_text("传好了，正在处理")
    assert Photo.objects.count() == 1
    assert keys(form) == [Photo.objects.get().key]


@pytest.mark.long
def test_without_network_it_waits_and_goes_on_by_itself(form):
    form.context.set_offline(True)
    choose(form, file(pictures.jpeg(300, 200)))
    expect(state_of(form)).to_have_text("等网络，连上了接着传")
    form.get_by_label("名称").fill("橙")
    form.get_by_role("button", name="发布").tap()
    expect(form.locator("[data-message]")).to_have_text("照片还在传，传完就提交")
    form.context.set_offline(False)
    expect(form).to_have_title("好")
    assert f"list 橙 {Photo.objects.get().key}" in form.content()


@pytest.mark.long
def test_submit_waits_for_all_photos(form):
    form.route("**/uploads/photos/", lambda route: (form.wait_for_timeout(300), route.continue_()))
    choose(form, *[file(pictures.jpeg(300, 200 + number)) for number in range(3)])
    form.get_by_label("名称").fill("橙")
    form.get_by_label("名称").press("Enter")
    expect(form.locator("[data-message]")).to_have_text("照片还在传，传完就提交")
    expect(form).to_have_title("好")
    assert Photo.objects.count() == 3
    sent = form.content().partition("橙 ")[2].split()
    assert [Photo.objects.get(key=key[:32]).height for key in sent] == [200, 201, 202]


@pytest.mark.long
def test_session_that_ended_is_told_and_the_photo_sent_after_signing_in(form, sign_in, seller):
    form.context.clear_cookies(name="sessionid")
    choose(form, file(pictures.jpeg(300, 200)))
    expect(state_of(form)).to_have_text("登录过期了，重新登录再传")
    sign_in(seller)
    form.get_by_role("button", name="重传").tap()
    expect(state_of(form)).to_have_text("传好了，正在处理")


@pytest.mark.long
def test_a_days_measure_is_told(form, monkeypatch):
    monkeypatch.setattr(intake, "PHOTOS_A_DAY", 0)
    choose(form, file(pictures.jpeg(300, 200)))
    expect(state_of(form)).to_have_text("今天传了 0 张，明天再传")


@pytest.mark.long
def test_submit_goes_when_the_answer_had_come_while_the_phone_was_busy(form):
    """The answer to the photo lies there already when the tap on a slow phone is handled."""

    def line(route: Route) -> None:
        answer = route.fetch()
        form.evaluate("""() => {
          setTimeout(() => {
            const end = performance.now() + 700;
            while (performance.now() < end);
            document.querySelector("[name=way]").click();
          });
        }""")
        route.fulfill(response=answer)

    form.route("**/uploads/photos/", line)
    form.get_by_label("名称").fill("橙")
    choose(form, file(pictures.jpeg(300, 200)))
    expect(form).to_have_title("好")
    assert f"list 橙 {Photo.objects.get().key}" in form.content()
