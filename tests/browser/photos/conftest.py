"""A form that takes photos, open on a seller's phone."""

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def form(sign_in, live_server, seller) -> Page:
    page = sign_in(seller)
    page.goto(f"{live_server.url}/photo-page/")
    expect(page.locator("[data-shots] button")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    return page
