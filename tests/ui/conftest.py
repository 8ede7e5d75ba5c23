import pytest
from playwright.sync_api import Page

from tests.browser.complaints import complaints_of
from tests.browser.conftest import browser_type_launch_args as browser_type_launch_args
from tests.browser.conftest import whole_chromium as whole_chromium
from tests.ui.farm import Farm


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    return {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN"}


@pytest.fixture
def farm(page: Page) -> Farm:
    complaints = complaints_of(page)
    page.set_default_timeout(20_000)
    yield Farm(page)
    assert complaints == []
