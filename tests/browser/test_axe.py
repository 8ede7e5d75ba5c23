"""What every page is checked with: that it sees a fault wherever the page has been seen without one before."""

import pytest

pytestmark = pytest.mark.one_phone

FAULTS = {
    "image-alt": "document.querySelector('main').append(new Image())",
    "color-contrast": "document.querySelector('h1').style.color = '#f4ecdd'",
    "label": "for (const one of document.querySelectorAll('label')) one.htmlFor = 'nowhere'",
    "link-name": "document.querySelector('main a').replaceChildren()",
}


@pytest.mark.long
def test_a_fault_in_a_page_that_was_seen_is_found(page, live_server, axe):
    for rule, script in FAULTS.items():
        page.goto(f"{live_server.url}/accounts/login/")
        axe()
        page.evaluate(script)
        with pytest.raises(AssertionError, match=rule):
            axe()


@pytest.mark.long
def test_a_page_that_scrolls_sideways_is_found(page, live_server, axe):
    page.goto(f"{live_server.url}/accounts/login/")
    page.evaluate("document.querySelector('h1').style.width = '400px'")
    with pytest.raises(AssertionError, match="scrolls sideways by .* at 360 px"):
        axe()
