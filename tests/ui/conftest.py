from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.complaints import complaints_of
from tests.browser.conftest import browser_type_launch_args as browser_type_launch_args
from tests.browser.conftest import whole_chromium as whole_chromium
from tests.ui.farm import ORIGIN, Farm

Run = Callable[..., Any]


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    return {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN"}


@pytest.fixture
def farm(page: Page) -> Farm:
    complaints = complaints_of(page)
    page.set_default_timeout(20_000)
    yield Farm(page)
    assert complaints == []


@pytest.fixture(scope="module")
def run(browser: Browser) -> Iterator[Run]:
    """Evaluates an expression in which `m` is the named module and `given` the value after it. One page for all tests."""
    page = browser.new_page()
    page.set_default_timeout(20_000)
    Farm(page).open("/", "<!doctype html><title>units</title>")

    def evaluate(module: str, expression: str, given: object = None) -> Any:
        source = (
            f"async (given) => {{ const m = await import('{ORIGIN}/static/{module}'); return {expression}; }}"
        )
        return page.evaluate(source, given)

    yield evaluate
    page.close()
