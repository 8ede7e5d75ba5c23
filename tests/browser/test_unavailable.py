"""What somebody sees whose page, or whose form, comes while the site's database is away."""

from urllib.parse import urlsplit

import pytest
from django.db import OperationalError
from django.test import RequestFactory
from playwright.sync_api import expect

from config.http import unavailable
from shops.models import Complaint
from tests.factories import make_product, make_shop

pytestmark = pytest.mark.one_phone
TEXT = "昨天收到的橙子坏了三个。\n<箱子> 是湿的，想退一半的钱。"


def answer(route) -> None:
    """Answer as the site does when it cannot reach its database."""
    asked = route.request
    url, make = urlsplit(asked.url), RequestFactory().generic
    body, kind = asked.post_data_buffer or b"", asked.headers.get("content-type", "")
    sender = {
        name: value for name, value in asked.all_headers().items() if name in ("host", "origin", "referer")
    }
    headers = {"Accept": "text/html", "Host": url.netloc, **sender}
    request = make(asked.method, f"{url.path}?{url.query}", body, kind, headers=headers)
    response = unavailable.make_unavailable(request, OperationalError("the connection is lost"))
    route.fulfill(status=response.status_code, headers=dict(response.items()), body=response.content)


def test_page_that_cannot_be_shown_is_tried_again(page, live_server, axe):
    page.route("**/products/", answer)
    page.goto(f"{live_server.url}/products/")
    expect(page.get_by_role("heading", level=1)).to_have_text("网站正在恢复，等几秒再试")
    axe()
    page.unroute("**/products/")
    page.get_by_role("link", name="再试一次").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("网站正在恢复，等几秒再试")


@pytest.mark.long
def test_form_that_was_not_stored_is_sent_again_from_the_page_that_says_so(
    page, live_server, seller, village, axe
):
    product = make_product(make_shop(seller, village))
    page.goto(f"{live_server.url}/complaints/?product={product.pk}")
    page.get_by_label("说说怎么回事").fill(TEXT)
    page.get_by_label("怎么称呼").fill("陈小禾")
    page.get_by_label("手机号").fill("13700000001")
    page.route("**/complaints/?**", answer)
    page.get_by_role("button", name="交上去").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("网站正在恢复，等几秒再试")
    axe()
    page.get_by_role("button", name="再交一次").click()  # still away
    page.wait_for_load_state()
    page.unroute("**/complaints/?**")
    page.get_by_role("button", name="再交一次").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("网站正在恢复，等几秒再试")
    complaint = Complaint.objects.get()
    assert (complaint.text.replace("\r", ""), complaint.name) == (TEXT, "陈小禾")
