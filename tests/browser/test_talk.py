"""A question under a lesson on the phone, its answer, and what the trainer tells the class."""

from datetime import timedelta

import pytest
from django.utils import timezone

from courses.models import Lesson
from progress.enrolment.services import enrol
from progress.models import Ask, Reply
from tests.browser.conftest import expect
from tests.class_messages import make_announcement, make_ask, make_reply
from tests.factories import make_cohort, make_course, make_person

pytestmark = pytest.mark.one_phone


@pytest.fixture
def lessons(trainee, trainer, village) -> list[Lesson]:
    """A class in which somebody asked yesterday and was answered."""
    course = make_course(village, lessons=3, title="直播课", slug="live")
    cohort = make_cohort(course, village, trainer, name="秋季班", join_code="ABC234")
    enrol(trainee, course, cohort)
    classmate = make_person("吴秋莲")
    enrol(classmate, course, cohort)
    lessons = list(Lesson.objects.in_order())
    ask = make_ask(
        classmate, cohort, lessons[0], "手机横着拍还是竖着拍？", asked_at=timezone.now() - timedelta(days=1)
    )
    make_reply(ask, trainer, "看买家怎么看：直播竖着拍，\n要剪进电脑里看的横着拍。")
    make_announcement(cohort, trainer, "周三九点在村委会二楼上课，每人带一箱果子来，练称重。")
    return lessons


@pytest.mark.long
def test_question_is_asked_at_the_end_of_the_lesson(sign_in, live_server, trainee, lessons, axe):
    page = sign_in(trainee)
    page.goto(f"{live_server.url}/learn/lessons/{lessons[0].pk}/")
    page.wait_for_load_state("networkidle")
    page.locator("#asks").scroll_into_view_if_needed()
    expect(page.get_by_text("手机横着拍还是竖着拍？")).to_be_visible()
    axe()
    page.get_by_role("textbox", name="你的问题").fill("第一行\n太阳在背后行不行？")
    page.locator("#asks").get_by_role("button", name="问老师").click()
    expect(page.locator("#asks li").first).to_contain_text("太阳在背后行不行？")
    expect(page.locator("#status")).to_have_text("问题交给老师了，回了会告诉你。")
    expect(page.get_by_role("textbox", name="你的问题")).to_have_value("")
    axe()
    assert [ask.text for ask in Ask.objects.filter(author=trainee)] == ["第一行\n太阳在背后行不行？"]
    page.reload()
    page.wait_for_load_state(
        "networkidle"
    )  # where it was scrolled to, the part that comes late is changed at once
    page.locator("#asks").scroll_into_view_if_needed()
    expect(page.get_by_role("textbox", name="你的问题")).to_have_value("")


@pytest.mark.long
def test_answer_lost_on_the_way_leaves_the_words_and_one_question(
    sign_in, live_server, trainee, lessons, axe
):
    page = sign_in(trainee)
    page.goto(f"{live_server.url}/learn/lessons/{lessons[0].pk}/")
    page.wait_for_load_state("networkidle")
    page.locator("#asks").scroll_into_view_if_needed()
    box = page.get_by_role("textbox", name="你的问题")
    box.fill("断了还在吗？")

    def arrive_but_lose_the_answer(route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route("**/asks/", arrive_but_lose_the_answer)
    page.locator("#asks").get_by_role("button", name="问老师").click()
    expect(page.locator("#status")).to_have_text("没连上，等一下再试")
    expect(box).to_have_value("断了还在吗？")
    axe()
    page.unroute("**/asks/")
    page.locator("#asks").get_by_role("button", name="问老师").click()
    expect(page.locator("#asks li").first).to_contain_text("断了还在吗？")
    assert Ask.objects.filter(author=trainee).count() == 1


@pytest.mark.long
@pytest.mark.usefixtures("no_second_factor")
def test_trainer_answers_on_the_phone_and_the_trainee_hears_of_it(
    sign_in, live_server, trainer, trainee, lessons, axe
):
    ask = make_ask(trainee, trainee.enrolments.get().cohort, lessons[1], "太阳在背后行不行？")
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/classes/")
    expect(page.get_by_text("1 个问题没回")).to_be_visible()
    axe()
    page.get_by_role("link", name="秋季班").click()
    expect(page.get_by_text("1 个问题没回")).to_be_visible()
    axe()
    page.get_by_role("link", name="学员问的").click()
    page.wait_for_url("**/asks/")
    axe()
    page.get_by_role("link", name="太阳在背后行不行？").click()
    page.get_by_role("textbox", name="你的回答").fill("不行，脸会黑。")
    axe()
    page.get_by_role("button", name="回答").click()
    expect(page.get_by_text("回好了，问的人和班里都能看到。").first).to_be_visible()
    expect(page.get_by_role("heading", name="还没回的")).to_have_count(0)
    axe()
    assert [(row.ask, row.text) for row in Reply.objects.filter(ask=ask)] == [(ask, "不行，脸会黑。")]

    page = sign_in(trainee)
    page.goto(f"{live_server.url}/learn/")
    told = page.get_by_role("region", name="等你办的").get_by_role("button", name="老师回了你的问题")
    expect(told).to_be_visible()
    axe()
    told.click()
    expect(page.get_by_text("不行，脸会黑。")).to_be_visible()
    axe()
    page.get_by_role("link", name="撤下这个问题").click()
    expect(page.get_by_role("button", name="撤下")).to_be_visible()
    axe()
    page.get_by_role("button", name="撤下").click()
    expect(page.get_by_text("这个问题撤下了。")).to_be_visible()
    axe()


@pytest.mark.usefixtures("no_second_factor")
def test_trainer_tells_the_class_and_takes_it_back(sign_in, live_server, trainer, trainee, lessons, axe):
    page = sign_in(trainer)
    page.goto(f"{live_server.url}/classes/{trainee.enrolments.get().cohort_id}/")
    page.get_by_role("link", name="发通知给全班").click()
    expect(page.get_by_role("button", name="发给全班")).to_be_visible()
    axe()
    page.get_by_role("textbox").fill("周五不上课。")
    page.get_by_role("button", name="发给全班").click()
    expect(page.get_by_role("textbox")).to_have_value("")
    axe()
    page.get_by_role("listitem").filter(has_text="周五不上课。").get_by_role("link", name="撤下").click()
    expect(page.get_by_role("button", name="撤下")).to_be_visible()
    axe()
    page.get_by_role("button", name="撤下").click()
    expect(page.get_by_text("周五不上课。")).to_have_count(0)

    page = sign_in(trainee)
    page.goto(f"{live_server.url}/learn/")
    expect(page.get_by_text("周三九点在村委会二楼上课")).to_be_visible()
    page.get_by_role("link", name="全部通知").click()
    expect(page.get_by_text("周三九点在村委会二楼上课")).to_be_visible()
    axe()
