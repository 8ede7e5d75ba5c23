"""Signing up and in on a phone, with and without scripts, and every page of accounts under axe."""

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts import consents
from accounts.models import Consent, Membership, User
from accounts.people import memberships
from progress.enrolment.services import enrol
from tests.accounts.conftest import with_password
from tests.browser.conftest import PHONE, SIDEWAYS
from tests.factories import PASSWORD, make_cohort, make_course, make_person

pytestmark = [pytest.mark.one_phone, pytest.mark.workerless]

Role = Membership.Role
TWICE_THE_TEXT = "document.documentElement.style.fontSize = '200%'"


def sign_in(page: Page, site: str, person: User, password: str = PASSWORD) -> None:
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("手机号").fill(str(person.phone))
    page.get_by_label("密码", exact=True).fill(password)
    page.locator(".dock").get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def fill_in(page: Page, name: str = "阿依古丽·买买提") -> None:
    page.get_by_label("姓名").fill(name)
    page.get_by_label("手机号").fill("138 0000 0001")
    page.get_by_label("密码", exact=False).first.fill("shiliuchong8")
    page.get_by_label("出生年月").fill("198506")


@pytest.fixture
def open_class(village, county):
    return make_cohort(make_course(county), village, name="石榴冲秋季班", join_code="ABC234")


def test_a_password_can_be_looked_at_and_is_sent_as_one(page, live_server, trainee):
    with_password(trainee)
    page.goto(f"{live_server}/accounts/login/")
    box = page.locator("#id_password")
    box.fill(PASSWORD)
    expect(box).to_have_attribute("type", "password")
    page.get_by_role("button", name="显示密码").click()
    expect(box).to_have_attribute("type", "text")
    hide = page.get_by_role("button", name="隐藏密码")
    expect(hide).to_have_attribute("aria-pressed", "true")
    hide.click()
    expect(box).to_have_attribute("type", "password")


@pytest.mark.long
def test_signing_up_from_the_qr_of_a_class(page, live_server, open_class, axe):
    page.goto(f"{live_server}/accounts/signup/?code=ABC234")
    expect(page.get_by_text("注册好就进班：石榴冲秋季班").first).to_be_visible()
    axe()
    page.locator(".dock button").click()
    expect(page.get_by_role("heading", name="还有 5 处要改")).to_be_visible()
    axe()
    fill_in(page)
    page.get_by_label("我看过隐私说明").check()
    page.locator(".dock button").click()
    page.wait_for_url("**/learn/**")
    assert User.objects.get().name == "阿依古丽·买买提"


@pytest.mark.usefixtures("no_second_factor")
def test_without_scripts_one_signs_up_waits_and_comes_in(browser: Browser, live_server, village, organiser):
    context = browser.new_context(**PHONE, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server}/accounts/signup/")
    fill_in(page, "石二妹")
    page.get_by_label("你的村").select_option(label="石榴冲村")
    page.get_by_label("我看过隐私说明").check()
    page.locator(".dock button").click()
    expect(page.get_by_role("heading", name="等管理员同意")).to_be_visible()
    with_password(organiser)
    sign_in(page, str(live_server), organiser)
    page.goto(f"{live_server}/me/requests/")
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_text("石二妹现在是学员了。").first).to_be_visible()
    page.goto(f"{live_server}/me/")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("link", name="登录").first).to_be_visible()
    sign_in(page, str(live_server), User.objects.get(name="石二妹"), "shiliuchong8")
    page.goto(f"{live_server}/me/")
    expect(page.get_by_text("石榴冲村").first).to_be_visible()
    context.close()


@pytest.mark.long
def test_a_session_lost_in_a_long_form_loses_no_word(page, live_server, trainee):
    with_password(trainee)
    sign_in(page, str(live_server), trainee)
    page.goto(f"{live_server}/me/roles/")
    page.get_by_role("radio", name="卖家").check()
    page.get_by_label("在哪个村").select_option(label="石榴冲村")
    page.get_by_label("跟管理员说一句").fill("我家有十亩橙子，\n想学直播。")
    page.context.clear_cookies(name="sessionid")
    page.locator(".dock button").click()
    expect(page.locator("main").get_by_text("还用刚才的账号登录，刚才写的还在")).to_be_visible()
    page.get_by_label("手机号").fill(str(trainee.phone))
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.locator(".dock button").click()
    page.wait_for_url("**/me/roles/")
    assert page.get_by_label("跟管理员说一句").input_value() == "我家有十亩橙子，\n想学直播。"
    expect(page.get_by_role("radio", name="卖家")).to_be_checked()
    page.locator(".dock button").click()
    expect(page.get_by_text("申请交上去了，等管理员同意。").first).to_be_visible()
    assert trainee.memberships.get(role=Role.SELLER).note == "我家有十亩橙子，\n想学直播。"


@pytest.mark.long
@pytest.mark.usefixtures("no_second_factor")
def test_a_forgotten_password_is_given_on_a_card(page, browser, live_server, trainer, trainee, village, axe):
    """By the trainer of one's own class."""
    course = make_course(village)
    enrol(trainee, course, make_cohort(course, village, trainer))
    with_password(trainer)
    sign_in(page, str(live_server), trainer)
    page.goto(f"{live_server}/me/people/")
    page.get_by_role("searchbox").or_(page.locator("[name=q]")).first.fill("巧云")
    page.get_by_role("button", name="找").click()
    page.get_by_role("link", name="田巧云").click()
    page.get_by_role("button", name="给新密码").click()
    expect(page.get_by_role("heading", name="田巧云的登录卡")).to_be_visible()
    axe()
    word = "".join(page.locator(".signin-card__word span").all_inner_texts())
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="印出来")).to_be_hidden()
    expect(page.locator(".signin-card")).to_be_visible()
    phone = browser.new_context(**PHONE, locale="zh-CN").new_page()
    sign_in(phone, str(live_server), trainee, word)
    expect(phone.get_by_role("heading", name="换成你自己的密码")).to_be_visible()
    phone.get_by_label("新密码").fill("juzi-8-hong")
    phone.locator(".dock button").click()
    expect(phone.get_by_text("密码改好了。").first).to_be_visible()
    phone.context.close()


VISITED = [
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/forgotten/",
    "/accounts/inactive/",
    "/privacy/",
]
OWN = [
    "/me/",
    "/me/name/",
    "/me/roles/",
    "/me/close/",
    "/me/data/",
    "/me/requests/",
    "/me/people/",
    "/accounts/password/change/",
    "/accounts/logout/",
    "/accounts/2fa/",
    "/accounts/reauthenticate/?next=/me/",
]


def look_at(page: Page, axe, site: str, paths: list[str]) -> None:
    for path in paths:
        page.goto(f"{site}{path}")
        axe()
        page.evaluate(TWICE_THE_TEXT)
        assert page.evaluate(SIDEWAYS) <= 0, f"{path} scrolls sideways at 200 % text"


@pytest.mark.long
def test_pages_for_visitors_are_accessible(page, live_server, village, axe, settings):
    settings.DEMO = True
    look_at(page, axe, str(live_server), VISITED)


@pytest.mark.long
@pytest.mark.usefixtures("no_second_factor")
def test_pages_of_oneself_are_accessible(page, live_server, organiser, village, axe):
    with_password(organiser)
    consents.give(organiser, Consent.Kind.PUBLIC_CONTACT)
    memberships.ask_for_role(organiser, Role.SELLER, village)
    memberships.ask_for_role(make_person("阿依古丽·买买提江·麦麦提艾力"), Role.MENTOR, village, "想带" * 90)
    sign_in(page, str(live_server), organiser)
    look_at(page, axe, str(live_server), OWN)
    page.goto(f"{live_server}/accounts/2fa/totp/activate/")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.locator(".dock button").click()
    code = page.get_by_alt_text("给验证器扫的二维码")
    assert code.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    axe()
