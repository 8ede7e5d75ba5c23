"""A villager lists fruit, an organiser approves it, and a visitor finds it by whatever they search for."""

import os
import re
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from accounts.models import User
from shops.models import Product
from tests.browser.conftest import PHONE
from tests.browser.test_selling import Thumb, from_a_phone, type_in
from tests.factories import make_category
from tests.media import pictures

DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN"}


@pytest.fixture
def desktop(browser: Browser, live_server, client):
    """desktop(person) → a page on a computer's screen, signed in."""
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


def stored_files() -> list[Path]:
    roots = (settings.MEDIA_ROOT, settings.INTAKE_ROOT)
    return [path for root in roots for path in Path(root).rglob("*") if path.is_file()]


def test_seller_lists_organiser_approves_visitor_finds(
    sign_in, desktop, browser, live_server, seller, organiser, work_off, axe, settings
):
    settings.DEMO = True
    make_category("柚子", hints="柚")
    before = set(stored_files())
    page, thumb = sign_in(seller), Thumb()
    page.goto(f"{live_server.url}/me/shop/new/")
    page.get_by_label("照片").set_input_files([from_a_phone(width=4000, height=3000)])
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
    admin = desktop(organiser)
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
