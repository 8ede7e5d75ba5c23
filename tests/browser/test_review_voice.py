"""A spoken remark: said into the phone, made small by the worker, heard by the trainee and nobody else."""

import pytest

from media.models import Voice
from rehearsals.models import TimedNote
from tests.browser.camera import MICROPHONE
from tests.browser.conftest import FLAGS, PHONE, expect
from tests.browser.test_review import begun, submission  # noqa: F401 - a fixture


@pytest.fixture
def speaking(browser_type, browser_type_launch_args):
    """A browser with a microphone of its own making, which it gives to whoever asks."""
    found = browser_type.launch(**browser_type_launch_args | {"args": FLAGS + MICROPHONE})
    yield found
    found.close()


def test_remark_is_spoken_and_heard(
    speaking,
    live_server,
    client,
    trainer,
    trainee,
    submission,  # noqa: F811
    work_off,
):
    phone = speaking.new_context(**PHONE, locale="zh-CN", permissions=["microphone"])
    client.force_login(trainer)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    phone.add_cookies([cookie])
    page = phone.new_page()
    page.goto(f"{live_server.url}/review/")
    begun(page, submission)
    page.locator("[data-note]").tap()
    page.get_by_text("哪一条、再来一遍、语音").tap()
    page.get_by_role("button", name="说一句").tap()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="说完了").tap()
    expect(page.get_by_text("语音收到了")).to_be_visible()
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
