"""Use a running site as people do, each with a phone's browser of their own: for a proof from outside, without its database.

The pages are read in Chinese, by what stands on them.
"""

from __future__ import annotations

import base64
import hmac
import io
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect, sync_playwright

PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 120_000  # on a machine that is busy with other proofs, too
PASSWORD = "juzi2026hong"
WHERE_TO = "李明，139-0000-0002，湖南长沙岳麓区麓山路1号"


class NoBrowser(Exception):
    """Raised where there is no browser; the message says how to get one."""


def make_photo() -> bytes:
    """Return a JPEG as a phone takes one."""
    image = Image.new("RGB", (1600, 1200), (200, 120, 40))
    ImageDraw.Draw(image).ellipse((400, 200, 1200, 1000), fill=(240, 150, 30))
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85)
    return target.getvalue()


def compute_code(secret: str) -> str:
    """Return the six digits that an authenticator shows now (RFC 6238); `secret` is in base32."""
    digest = hmac.digest(
        base64.b32decode(secret.replace(" ", "")), (int(time.time()) // 30).to_bytes(8), "sha1"
    )
    start = digest[-1] & 0x0F
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 10**6:06d}"


class People:
    """Those who come to a site at `url`; a browser for each, whom the front server's own authority does not stop."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url.rstrip("/")

    def open_browser(self) -> Page:
        context = self.browser.new_context(**PHONE, locale="zh-CN", ignore_https_errors=True)
        context.set_default_timeout(PATIENCE_MS)
        return context.new_page()

    def go(self, page: Page, path: str) -> Page:
        answer = page.goto(self.url + path)
        if answer is None or answer.status >= 400:
            raise AssertionError(f"{path} answers {answer.status if answer else 'nothing'}")
        return page

    # --- accounts ---

    def sign_in(self, page: Page, phone: str, password: str) -> None:
        self.go(page, "/accounts/login/")
        page.get_by_label("手机号").fill(phone)
        page.get_by_label("密码", exact=True).fill(password)
        page.locator(".dock").get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def sign_in_for_the_first_time(self, phone: str, given: str, code: str) -> tuple[Page, str]:
        """Sign in as staff with what `start_county` printed; return the browser and the second factor's secret."""
        page = self.open_browser()
        self.sign_in(page, phone, given.replace(" ", ""))
        page.wait_for_url("**/accounts/password/change/**")
        for box in page.locator("main input[type=password]").all():
            box.fill(PASSWORD)
        page.locator(".dock button").last.click()
        page.wait_for_url(lambda url: "/password/change/" not in url)
        page.goto(f"{self.url}/accounts/2fa/totp/activate/")
        if page.locator("#id_password").count():
            page.locator("#id_password").fill(PASSWORD)
            page.locator(".dock button").last.click()
        secret = page.locator("li b.num").inner_text()
        page.locator("#id_setup_code").fill(code)
        page.locator("#id_code").fill(compute_code(secret))
        page.locator(".dock button").last.click()
        expect(page.get_by_role("heading", level=1, name="恢复码")).to_be_visible()
        return page, secret

    def sign_up(self, name: str, phone: str, village: str) -> None:
        page = self.go(self.open_browser(), "/accounts/signup/")
        page.get_by_label("姓名").fill(name)
        page.get_by_label("手机号").fill(phone)
        page.get_by_label("密码", exact=False).first.fill(PASSWORD)
        page.get_by_label("出生年月").fill("198506")
        page.get_by_label("你的村").select_option(label=village)
        page.get_by_label("我看过隐私说明").check(force=True)
        page.locator(".dock button").last.click()
        expect(page.get_by_role("heading", name="等管理员同意")).to_be_visible()
        page.context.close()

    def grant(self, organiser: Page, name: str) -> None:
        self.go(organiser, "/me/requests/")
        expect(organiser.get_by_text(name).first).to_be_visible()
        organiser.get_by_role("button", name="同意", exact=True).first.click()
        expect(organiser.get_by_text(f"{name}现在是").first).to_be_visible()

    def ask_to_sell(self, page: Page, village: str) -> None:
        self.go(page, "/me/roles/")
        page.get_by_role("radio", name="卖家").check(force=True)
        page.get_by_label("在哪个村").select_option(label=village)
        page.locator(".dock button").last.click()
        expect(page.get_by_text("申请交上去了，等管理员同意。").first).to_be_visible()

    # --- selling ---

    def list_product(self, seller: Page, name: str) -> None:
        self.go(seller, "/me/shop/new/")
        photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": make_photo()}
        seller.get_by_label("照片").set_input_files([photo])
        expect(seller.get_by_role("button", name="拿掉这张")).to_be_visible(timeout=PATIENCE_MS)
        seller.get_by_label("名称", exact=True).focus()
        for word in (name, "5", "39.9", "10", "12.30"):
            seller.keyboard.type(word)
            seller.keyboard.press("Enter")
        seller.locator("label").filter(has_text=re.compile(r"^\s*自家种的\s*$")).click()
        seller.locator("label", has_text="包邮，运费我出").click()
        number = seller.get_by_label("买家可以打这个电话")
        if not number.is_checked():
            number.check(force=True)
        seller.locator(".dock").get_by_role("button", name="提交").click()
        expect(seller.get_by_text("收到了，管理员看过就上架。").first).to_be_visible()

    def publish(self, organiser: Page) -> None:
        """Publish the one listing that waits, once the worker has made its photo small."""
        end = time.monotonic() + PATIENCE_MS / 1000
        button = self.go(organiser, "/me/queue/").get_by_role("button", name="发布").first
        while not button.is_enabled() and time.monotonic() < end:
            organiser.wait_for_timeout(1000)
            organiser.reload()
        button.click()
        expect(organiser.get_by_text("都看完了")).to_be_visible()

    def order(self, name: str) -> str:
        """Order two of a product without an account, found on the site's own page of products; return the order's URL."""
        page = self.go(self.open_browser(), "/products/")
        page.get_by_role("link", name=name).first.click()
        page.get_by_role("link", name="下单").click()
        page.get_by_role("button", name=f"{name}多一份").click()
        page.get_by_text("有整段的收货信息？贴进来自己填").click()
        page.get_by_label("把收货信息整段贴在这里").fill(WHERE_TO)
        page.get_by_role("button", name="填到下面").click()
        expect(page.get_by_label("收货人")).to_have_value("李明")
        expect(page.locator("#dock-sum")).to_contain_text("¥79.80")
        page.get_by_label("我知道这是鲜活易腐的东西").check(force=True)
        page.get_by_role("button", name="发出请求").click()
        expect(page.get_by_text("麓山路1号")).to_be_visible()
        url = page.url
        page.context.close()
        return url

    def find_order(self, url: str) -> None:
        """Open an order again on another phone, by the last four digits of the number."""
        page = self.open_browser()
        page.goto(url)
        page.get_by_label("手机号后四位").fill("0002")
        page.get_by_role("button", name="看我的订单").click()
        expect(page.get_by_text("麓山路1号")).to_be_visible()
        page.context.close()


@contextmanager
def come_to(url: str, hosts: Mapping[str, str] | None = None) -> Iterator[People]:
    """Yield those who come to the site; their browsers find the names of `hosts` at its addresses. Raises NoBrowser."""
    path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if not path:
        raise NoBrowser("Chromium is missing: bin/need chromium installs it")
    expect.set_options(timeout=PATIENCE_MS)
    rules = ", ".join(f"MAP {name} {address}" for name, address in (hosts or {}).items())
    flags = [*FLAGS, f"--host-resolver-rules={rules}"] if rules else FLAGS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield People(browser, url)
        finally:
            browser.close()
