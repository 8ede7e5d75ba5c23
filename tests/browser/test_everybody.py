"""Pages for everybody: in either language, without scripts, on a phone and a desktop, by WCAG."""

import pytest
from playwright.sync_api import expect

from progress.models import LessonDone
from shops.products import search
from tests.browser.conftest import PHONE
from tests.factories import make_cohort, make_course, make_product, make_shop

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]


@pytest.fixture
def open_class(village, county, trainer):
    course = make_course(county, lessons=2, title="乡村直播卖货", slug="live-selling")
    return make_cohort(course, village, trainer, name="石榴冲秋季班", join_code="ABC234")


@pytest.mark.long
def test_language_is_switched_in_one_tap(page, live_server, seller, village, axe):
    product = make_product(make_shop(seller, village))
    page.goto(f"{live_server.url}/products/")
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    axe()
    page.goto(f"{live_server.url}{product.get_absolute_url()}")
    expect(page.locator("h1")).to_contain_text("冰糖橙")
    expect(page.locator("h1 [lang='zh-Hans'], h1[lang='zh-Hans']")).to_have_count(1)
    axe()
    page.get_by_role("button", name="中文").tap()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


@pytest.mark.long
def test_without_javascript_one_reads_and_enrols(browser, live_server, client, open_class, trainee):
    client.force_login(trainee)
    context = browser.new_context(**PHONE, locale="zh-CN", java_script_enabled=False)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{live_server.url}/learn/")
    page.get_by_label("有进班码").or_(page.locator("input[name=code]")).first.fill("abc234")
    page.get_by_role("button", name="进班").tap()
    page.get_by_role("button", name="进这个班").tap()
    page.wait_for_url("**/learn/")
    page.goto(f"{live_server.url}/learn/live-selling/")
    page.get_by_role("link", name="第1-1课").first.tap()
    expect(page.get_by_text("正文。").first).to_be_visible()
    page.get_by_role("button", name="学完了").tap()
    expect(page.get_by_role("link", name="下一课", exact=True)).to_be_visible()
    assert LessonDone.objects.get().user == trainee
    context.close()


def test_every_public_page_is_fit_for_everybody(
    page, live_server, open_class, seller, village, languages, fits
):
    shop = make_shop(
        seller, village, story="树是 2014 年栽的。", contact="+8613800000003", address="三组 18 号"
    )
    product = make_product(shop)
    search.index_products([product])
    lesson = open_class.course.modules.get().lessons.first()
    paths = [
        "/",
        "/products/",
        "/products/?q=没有的东西",
        product.get_absolute_url(),
        shop.get_absolute_url(),
        "/villages/",
    ]
    paths += [village.village.get_absolute_url(), "/courses/", "/courses/live-selling/"]
    paths += [
        f"/courses/live-selling/lessons/{lesson.pk}/",
        "/privacy/",
        "/accounts/login/",
        "/accounts/signup/",
        "/nowhere/",
    ]
    for language in languages():
        for path in paths:
            page.goto(f"{live_server.url}{path}")
            expect(page.locator("html")).to_have_attribute("lang", ("zh-Hans", "en")[language])
            fits()


@pytest.mark.long
@pytest.mark.usefixtures("no_second_factor")
def test_every_page_of_the_classes_is_fit_for_everybody(
    sign_in, live_server, open_class, trainer, trainee, axe
):
    from progress.enrolment.join_codes import redeem

    redeem(trainee, "ABC234")
    page = sign_in(trainer)
    member = f"/classes/{open_class.pk}/trainees/{trainee.pk}/"
    lesson = open_class.course.modules.get().lessons.first()
    by_lesson = f"/classes/{open_class.pk}/lessons/{lesson.pk}/"
    for path in (
        "/learn/",
        "/classes/",
        f"/classes/{open_class.pk}/",
        member,
        by_lesson,
        f"/classes/{open_class.pk}/lessons/",
        f"/classes/{open_class.pk}/phones/",
        f"/classes/{open_class.pk}/poster/",
    ):
        answer = page.goto(f"{live_server.url}{path}")
        assert answer.status == 200, path
        axe()
