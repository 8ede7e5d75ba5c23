import pytest

from tests.browser.conftest import browser_type_launch_args as browser_type_launch_args


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    return {"viewport": {"width": 360, "height": 740}, "locale": "zh-CN"}
