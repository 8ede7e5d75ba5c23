"""A spoken remark: said into the phone, made small by the worker, heard by the trainee and nobody else."""

import pytest
from django.contrib.sessions.models import Session

from media.models import Voice
from rehearsals.models import Review, TimedNote
from tests.browser.camera import MICROPHONE
from tests.browser.conftest import FLAGS, PHONE, expect
from tests.browser.line import Line
from tests.browser.test_review import begun, submission  # noqa: F401 - a fixture


@pytest.fixture
def speaking(browser_type, browser_type_launch_args):
    """A browser with a microphone of its own making, which it gives to whoever asks."""
    found = browser_type.launch(**browser_type_launch_args | {"args": FLAGS + MICROPHONE})
    yield found
    found.close()


@pytest.fixture
def sign_in_phone(client, trainer):
    """Sign the trainer in on a phone, by a session of its own each time."""

    def enter(phone, url: str) -> None:
        client.force_login(trainer)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}
        phone.add_cookies([cookie])

    return enter


def speak(page) -> None:
    page.locator("[data-note]").tap()
    page.get_by_text("哪一条、再来一遍、语音").tap()
    page.get_by_role("button", name="说一句").tap()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="说完了").tap()


@pytest.mark.long
def test_remark_is_spoken_and_heard(
    speaking,
    live_server,
    sign_in_phone,
    submission,  # noqa: F811
    work_off,
):
    phone = speaking.new_context(**PHONE, locale="zh-CN", permissions=["microphone"])
    sign_in_phone(phone, live_server.url)
    page = phone.new_page()
    page.goto(f"{live_server.url}/review/")
    begun(page, submission)
    speak(page)
    expect(page.get_by_role("dialog").get_by_text("语音收到了")).to_be_visible()
    page.get_by_role("button", name="记下").tap()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.locator("[data-notes]").get_by_text("正在处理")).to_be_visible()
    work_off()
    voice = Voice.objects.get()
    assert (voice.status, TimedNote.objects.get().voice) == (Voice.Status.READY, voice)
    page.reload()
    spoken = page.locator("audio")
    spoken.evaluate("audio => audio.play()")
    assert 500 < spoken.evaluate("audio => audio.duration * 1000") < 4000
    phone.close()


STORED = """async () => {
  const ask = indexedDB.open("farm");
  const base = await new Promise((done) => (ask.onsuccess = () => done(ask.result)));
  const found = base.transaction("notes").objectStore("notes").getAllKeys();
  const keys = await new Promise((done) => (found.onsuccess = () => done(found.result)));
  base.close();
  return keys.filter((key) => key.startsWith("voice:")).length;
}"""


@pytest.mark.long
def test_remark_waits_on_the_phone_until_it_has_arrived(speaking, live_server, sign_in_phone, submission):  # noqa: F811
    """The line breaks, the page is loaded again, the session ends, an answer is lost: it arrives once, with its note."""
    line = Line(live_server.url)
    phone = speaking.new_context(**PHONE, locale="zh-CN", permissions=["microphone"])
    sign_in_phone(phone, line.url)
    page, asked = phone.new_page(), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(f"{line.url}/review/")
    begun(page, submission)
    line.without = "/uploads/voice/"
    speak(page)
    expect(page.get_by_role("dialog").get_by_text("没传上去。录音存在这台手机上")).to_be_visible()
    page.get_by_role("button", name="记下").tap()
    expect(page.get_by_role("dialog")).to_be_hidden()
    left = page.get_by_text("没传完的语音：1 段。先别关这一页。")
    expect(left).to_be_visible()
    page.get_by_role("button", name="发给学员", exact=True).tap()
    expect(page.locator("[data-voices]").get_by_text("先等语音传完，再发。")).to_be_visible()
    page.reload()
    assert asked == ["beforeunload"]
    expect(left).to_be_visible()
    Session.objects.all().delete()
    line.without = ""
    again = page.locator("[data-voices]").get_by_role("button", name="再传一次")
    again.tap()
    expect(page.locator("[data-voices]").get_by_text("登录过期了")).to_be_visible()
    assert (Voice.objects.count(), page.evaluate(STORED)) == (0, 1)
    sign_in_phone(phone, line.url)
    # Somebody else answers, as the portal of a hotel's Wi-Fi.
    page.route("**/uploads/voice/", lambda route: route.fulfill(status=404, body="<h1>Wi-Fi</h1>"), times=1)
    with page.expect_response(lambda answer: answer.status == 404):
        again.tap()
    expect(page.locator("[data-voices]").get_by_text("没传上去")).to_be_visible()
    assert page.evaluate(STORED) == 1
    page.route(
        "**/uploads/voice/", lambda route: (route.fetch(), route.abort()), times=1
    )  # its answer is lost
    # The database is away in the moment in which the note should get it.
    away = {"status": 503, "json": {"error": "网站这会儿连不上自己的数据，过几秒再试"}}
    page.route("**/notes/", lambda route: route.fulfill(**away), times=1)
    with page.expect_response(lambda answer: answer.status == 503):
        again.tap()
    expect(page.locator("[data-voices]").get_by_text("没传上去")).to_be_visible()
    assert page.evaluate(STORED) == 1
    again.tap()
    expect(left).to_be_hidden()
    expect(page.locator("[data-notes]").get_by_text("正在处理")).to_be_visible()
    assert (TimedNote.objects.get().voice, page.evaluate(STORED)) == (Voice.objects.get(), 0)
    assert Review.objects.get().signed_at is None
    phone.close()
    line.close()
