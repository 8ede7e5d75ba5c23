"""Writing a question in the admin: the look follows the typing, phrases are marked in the script itself."""

import pytest

from courses.models import Question
from tests.browser.conftest import expect
from tests.courses.questions.kit import SPOT
from tests.factories import make_course
from tests.quizzes import make_bank, make_question

pytestmark = pytest.mark.one_phone


@pytest.fixture
def bank(settings, village):
    settings.DEMO = True
    return make_bank(make_course(village, title="直播课"), title="题库")


@pytest.mark.long
def test_look_follows_the_typing_and_keeps_nothing(sign_in, live_server, trainer, bank, axe):
    question = make_question(bank, "single", text="哪句能说？")
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/admin/courses/question/{question.pk}/change/")
    look = page.frame_locator("iframe")
    expect(look.get_by_role("radio", name="产地直发")).to_be_visible()
    page.locator("[name=text]").fill("哪句可以照着说？")
    expect(look.get_by_role("heading", name="哪句可以照着说？")).to_be_visible()
    page.locator("[name=text_1]").fill("")
    page.locator("[name=right]").first.check()
    assert page.locator("[name=right]:checked").count() == 1
    expect(look.get_by_text("有一个选项没写字。")).to_be_visible()
    question.refresh_from_db()
    assert question.text == "哪句能说？"


def test_phrase_is_marked_by_selecting_it(sign_in, live_server, trainer, bank):
    page = sign_in(trainer)
    page.set_viewport_size({"width": 1500, "height": 900})
    page.goto(f"{live_server.url}/admin/courses/question/add/?kind=spot&bank={bank.pk}")
    page.locator("[name=text]").fill("点出违规的话")
    page.locator("[name=script]").fill(SPOT["script"])
    for phrase in ("全网最低价", "能降血压"):
        start = SPOT["script"].index(phrase)
        span = [start, start + len(phrase)]
        page.locator("[name=script]").evaluate("(box, span) => box.setSelectionRange(...span)", span)
        page.get_by_role("button", name="把选中的话标成违规").click()
    for n, phrase in ((1, "全网最低价"), (2, "能降血压")):
        expect(page.locator(f"[name=text_{n}]")).to_have_value(phrase)
    expect(page.frame_locator("iframe").get_by_text("违规的 2 处，找到 2 处。")).to_be_visible()
    page.locator("[name=explain]").fill("最低价要有凭据，水果不能说治病。")
    page.get_by_role("button", name="存并预览").click()
    expect(page.get_by_role("heading", name="点出违规的话")).to_be_visible()
    assert [one["text"] for one in Question.objects.get().content["wrong"]] == ["全网最低价", "能降血压"]


@pytest.mark.long
def test_an_untouched_form_complains_of_nothing(sign_in, live_server, trainer, bank, axe):
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/admin/courses/question/add/?kind=single&bank={bank.pk}")
    axe()
    look = page.locator(".question-look")
    expect(look).to_be_hidden()
    page.locator("[name=text]").fill("哪句能说？")
    expect(look).to_be_visible()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="还差这些，填好就能看到")).to_be_visible()
    expect(frame.locator(".errors")).to_have_count(0)
