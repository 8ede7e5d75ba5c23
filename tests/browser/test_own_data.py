"""One's own data on a phone and on a computer: asked for, made, downloaded, and what erasing does."""

import zipfile

import pytest
from playwright.sync_api import expect

from tests.accounts.conftest import with_password
from tests.browser.conftest import SIDEWAYS
from tests.factories import PASSWORD, make_product, make_shop
from tests.shops.orders.seller_side import order_at

pytestmark = [pytest.mark.usefixtures("no_second_factor"), pytest.mark.one_phone]


def test_a_copy_is_asked_for_and_downloaded(
    page, sign_in, live_server, seller, village, axe, work_off, tmp_path
):
    order_at("received", make_product(make_shop(seller, village), freight_included=True))
    sign_in(with_password(seller))
    page.goto(f"{live_server}/me/")
    page.get_by_role("link", name="我的资料").click()
    expect(page.get_by_role("heading", level=1, name="我的资料")).to_be_visible()
    axe()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="要一份我的资料").click()
    expect(page.get_by_text("正在准备，做了 0%")).to_be_visible()
    axe()
    work_off()
    page.get_by_role("link", name="看做好没有").click()
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    file = tmp_path / "copy.zip"
    download.value.save_as(file)
    copy = tmp_path / "copy"
    zipfile.ZipFile(file).extractall(copy)
    page.goto(f"file://{copy}/index.html")
    expect(page.get_by_role("heading", level=1, name="我的资料")).to_be_visible()
    assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.long
def test_what_goes_and_what_stays_is_read_in_both_languages(page, sign_in, seller, village, look):
    order_at("received", make_product(make_shop(seller, village), freight_included=True))
    sign_in(with_password(seller))
    for path, words in (
        ("/me/close/", ("马上删：", "Erased at once:")),
        ("/me/data/", ("谁动过我的资料", "Who has used my data")),
        ("/privacy/", ("先留着：", "Kept for now:")),
    ):
        look(path, words)
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
