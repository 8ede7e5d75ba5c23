"""The whole main job, end to end: a trainee learns, a trainer teaches, a villager sells, a visitor finds."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from courses.models import Module
from progress.models import LessonDone
from shops.models import Product
from tests.browser.conftest import PHONE
from tests.browser.test_selling import Thumb, from_a_phone, type_in
from tests.factories import make_category, make_cohort, make_course
from tests.media import pictures

DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}


@pytest.fixture
def open_class(village, county, trainer):
    course = make_course(county, lessons=2, title="乡村直播卖货", slug="live-selling")
    return make_cohort(course, village, trainer, name="石榴冲秋季班", join_code="ABC234")


@pytest.fixture
def desk(browser: Browser, live_server, client):
    """desk(person) → a page on a computer's screen, signed in."""
    contexts = []

    def open_for(person: User) -> Page:
        client.force_login(person)
        context = browser.new_context(**DESK)
        contexts.append(context)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    yield open_for
    for context in contexts:
        context.close()


def test_sign_up_by_code_then_read_done_next(page, live_server, open_class, axe):
    page.goto(f"{live_server.url}/accounts/signup/?code=abc-234")
    page.get_by_label("姓名").fill("田巧云")
    page.get_by_label("手机号").fill("138 0000 0001")
    page.locator("#id_password1").fill("shiliuchong8")
    page.get_by_label("出生年月").fill("1985年6月")
    page.get_by_label("我看过隐私说明").check()
    axe()
    page.locator(".dock button").tap()
    page.wait_for_url("**/learn/**")
    axe()
    page.get_by_role("link", name="开始学").or_(page.get_by_role("link", name="接着学")).first.tap()
    expect(page.get_by_role("heading", name="第1-1课")).to_be_visible()
    axe()
    page.get_by_role("button", name="学完了").tap()
    next_lesson = page.get_by_role("link", name="下一课", exact=True)
    expect(next_lesson).to_be_visible()
    axe()
    next_lesson.tap()
    expect(page.get_by_role("heading", name="第1-2课")).to_be_visible()
    page.goto(f"{live_server.url}/learn/")
    expect(page.get_by_text("学完 1 课，共 2 课").first).to_be_visible()
    done = LessonDone.objects.get()
    assert (done.lesson.title, done.user.name) == ("第1-1课", "田巧云")


def test_trainer_writes_a_lesson_with_a_picture_and_the_trainee_sees_it(
    desk, live_server, open_class, trainer, trainee, work_off, tmp_path, settings, client, axe
):
    settings.DEMO = True  # the second factor has its own tests
    picture = tmp_path / "window.jpg"
    picture.write_bytes(pictures.phone_jpeg(1600, 1200))
    module = Module.objects.get(course=open_class.course)
    page = desk(trainer)
    page.goto(f"{live_server.url}/admin/courses/lesson/add/?module={module.pk}")
    page.get_by_label("课名", exact=True).fill("窗边的光")
    page.get_by_role("textbox", name="正文").fill("## 找光\n\n侧着窗坐。\n")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="放图").click()
    chooser.value.set_files(picture)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("窗边的桌子")
    dialog.get_by_role("button", name="放进正文").click()
    axe(page)
    page.get_by_role("button", name="存并发布").click()
    expect(page.locator(".messagelist, .toast").first).to_be_visible()
    work_off()
    client.force_login(trainee)
    lesson = module.lessons.get(title="窗边的光")
    page = desk(trainee)
    page.goto(f"{live_server.url}/learn/lessons/{lesson.pk}/")
    shown = page.get_by_role("img", name="窗边的桌子")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    axe(page)


def stored_files() -> list[Path]:
    roots = (settings.MEDIA_ROOT, settings.INTAKE_ROOT)
    return [path for root in roots for path in Path(root).rglob("*") if path.is_file()]


def test_seller_lists_organiser_approves_visitor_finds(
    sign_in, desk, browser, live_server, seller, organiser, work_off, axe, settings
):
    settings.DEMO = True
    make_category("柚子", hints="柚")
    before = set(stored_files())
    page, thumb = sign_in(seller), Thumb()
    page.goto(f"{live_server.url}/me/shop/new/")
    page.get_by_label("照片").set_input_files([from_a_phone()])
    expect(page.locator('[data-shot="waiting"]')).to_be_visible(timeout=30_000)
    page.get_by_label("名称", exact=True).focus()
    type_in(page, "红心蜜柚", "5", "26", "40", "12.30")
    thumb.on(page.locator("label").filter(has_text=re.compile("^\\s*自家种的\\s*$")))
    thumb.on(page.locator("label", has_text="包邮，运费我出"))
    thumb.on(page.get_by_label("买家可以打这个电话"))
    thumb.on(page.locator(".dock").get_by_role("button", name="提交"))
    expect(page.get_by_text("收到了，管理员看过就上架。").first).to_be_visible()
    assert thumb.taps <= 6
    work_off()
    files = sorted(set(stored_files()) - before)
    assert [path.name.rpartition("-")[2] for path in files] == ["1200.webp", "320.webp", "720.webp"]
    for path in files:
        content = path.read_bytes()
        assert pictures.SERIAL not in content
        assert pictures.LATITUDE not in content
        assert b"Exif" not in content
    product = Product.objects.get()
    admin = desk(organiser)
    admin.goto(f"{live_server.url}/admin/")
    axe(admin)
    admin.goto(f"{live_server.url}/admin/shops/product/{product.pk}/change/")
    axe(admin)
    admin.get_by_role("button", name="发布").or_(admin.get_by_role("link", name="发布")).first.click()
    expect(admin.locator(".messagelist, .toast").first).to_be_visible()
    product.refresh_from_db()
    assert (product.status, product.decided_by) == ("published", organiser)
    visitor = browser.new_context(**PHONE, locale="zh-CN").new_page()
    for query in ("village=" + product.place.village.slug, "q=心蜜", "q=hxmy", "q=youzi", "q=石榴冲"):
        visitor.goto(f"{live_server.url}/products/?{query}")
        expect(visitor.get_by_role("heading", name="红心蜜柚")).to_be_visible()
        axe(visitor)
    visitor.goto(f"{live_server.url}/products/?q=脐橙")
    expect(visitor.get_by_role("heading", name="红心蜜柚")).to_have_count(0)
    axe(visitor)
    visitor.goto(f"{live_server.url}{product.get_absolute_url()}")
    expect(visitor.get_by_text("合 ¥10.40/公斤").first).to_be_visible()
    axe(visitor)
    visitor.context.close()


assert os.environ["VAR_DIR"] in str(settings.MEDIA_ROOT)  # never the files of a real site
