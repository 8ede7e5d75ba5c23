import pytest
from playwright.sync_api import Page

from tests.browser.conftest import browser_type_launch_args as browser_type_launch_args
from tests.ui.farm import Farm


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    return {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN"}


@pytest.fixture
def farm(page: Page) -> Farm:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: complaints.append(line.text) if "Content Security Policy" in line.text else None,
    )
    page.set_default_timeout(5000)
    yield Farm(page)
    assert complaints == []
