"""Chromium on a phone's screen against a live server, with the worker run when a test asks for it."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.complaints import complaints_of
from tests.browser.keeping import until

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A site whose line the browser has no reason to trust, as in a village office without TLS.
    "--host-resolver-rules=MAP village.test 127.0.0.1",
]
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
SCREENS = ({"width": 360, "height": 740}, {"width": 1280, "height": 800})
LANGUAGES = ("zh-hans", "en")
SHAPES: set[str] = set()  # of the parts of pages that this worker's axe has found nothing in
# The frame of a page, and each part of it by itself.
SHAPE = """() => {
    if (!document.querySelector("h1")) return null;
    const values = ["class", "role", "type", "dir", "tabindex", "aria-hidden", "aria-expanded", "aria-live", "aria-current"];
    const references = ["for", "aria-labelledby", "aria-describedby", "aria-controls"];
    const leads = (name, value) => !references.includes(name) || value.split(" ").every((id) => document.getElementById(id));
    // What moves has come to its end: no colour is half-way to another.
    for (const one of document.getAnimations()) if (one.effect?.getComputedTiming().endTime < Infinity) one.finish();
    // Chinese words in an English page are text as any other.
    const isWords = (node) => node.nodeType === 3 ? node.data.trim() : node.matches?.("span[lang]:not([class]):not(:has(*))");
    const parts = [];
    const part = (node) => {
        if (!["HEADER", "NAV", "MAIN", "FOOTER"].includes(node.tagName)) return draw(node, part);
        parts.push(draw(node, draw));
        return node.tagName;
    };
    const draw = (node, inner = draw) => {
        const attributes = [...node.attributes].filter(({name}) => name !== "lang").map(({name, value}) =>
            values.includes(name) ? `${name}=${value}` : `${name}:${!value}${leads(name, value)}`);
        const hasText = [...node.childNodes].some(isWords);
        const children = [...node.children].filter((child) => !isWords(child)).map((child) => inner(child));
        // Whichever of its links a navigation marks as this page's, it is the same navigation.
        if (node.tagName === "NAV") children.sort();
        const rows = children.filter((row, place) => row !== children[place - 1]);
        return `${node.tagName} ${attributes.sort().join(" ")} ${hasText} ${look(node, hasText)} (${rows.join("")})`;
    };
    const look = (node, hasText) => {
        if (!node.checkVisibility({ visibilityProperty: true })) return "hidden";
        const style = getComputedStyle(node);
        const slides = node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight;
        const scrolls = slides && /auto|scroll/.test(style.overflow);
        return `${scrolls} ${hasText ? style.color : ""} ${style.backgroundColor}`;
    };
    // FNV-1a, twice 32 bits: a page's shape is a hundred thousand letters.
    const short = (text) => {
        let [first, second] = [0x811c9dc5, 0x1234567];
        for (let place = 0; place < text.length; place += 1) {
            first = Math.imul(first ^ text.charCodeAt(place), 0x01000193);
            second = Math.imul(second ^ text.charCodeAt(place), 0x85ebca6b);
        }
        return `${first}:${second}:${text.length}`;
    };
    return [part(document.documentElement), ...parts].map(short);
}"""
# Only what is wrong comes back from the browser: what axe has passed is a hundred kilobytes a page. It would load a style
# sheet's own @imports by an inline style, which the CSP refuses.
LOOK = """() => axe.run({ resultTypes: ["violations"], preload: false }).then(({ violations }) => ({ violations }))"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LETTERS = "getComputedStyle(document.documentElement).fontSize"
PATIENCE = 30_000  # ms for what a busy machine will do yet
# Connections that wait while a test makes its rows; of ten the next is asked again only after seconds.
ThreadedWSGIServer.request_queue_size = 128
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def whole_chromium() -> str:
    """The path of a Chromium with all its parts: the headless shell shows no notifications."""
    path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    assert path, "Chromium is missing: apt-get install chromium"
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(whole_chromium: str) -> dict:
    """The headless shell, where Debian has it and CHROMIUM names no other: it takes two thirds of the time."""
    shell = None if "CHROMIUM" in os.environ else shutil.which("chromium-headless-shell")
    return {"executable_path": shell or whole_chromium, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict:
    return PHONE | {"locale": "zh-CN"}


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """Any script or style that the CSP refuses, and any error in a script, fails the test."""
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def page(page: Page) -> Page:
    complaints = complaints_of(page)
    yield page
    assert complaints == []


@pytest.fixture
def work_off() -> Callable[[], None]:
    """Runs the worker until nothing is left to do."""
    return lambda: call_command(
        "db_worker", queue_name="*", batch=True, interval=0, verbosity=0, startup_delay=False, reload=False
    )


@pytest.fixture
def axe(page: Page) -> Callable[[], None]:
    """Checks the page once it is there: WCAG 2.2 AA and best practices, no violation; no sideways scroll.

    Pages that differ in their words and in the number of like rows have one shape, and so has a page on two screens if
    the same of it is to be seen, in the same colours, scrolling in the same places. Axe looks at a page with a header,
    navigation, main part or footer of a new shape.
    """

    def check(where: Page | None = None) -> None:
        target = where or page
        # A tap returns when the next page begins to come; on a slow machine its body is not there yet.
        target.wait_for_load_state("load")
        if not (found := target.evaluate(SHAPE)):
            target.locator("h1").first.wait_for(state="attached")
            found = target.evaluate(SHAPE)
        shapes = {*found}
        if not shapes <= SHAPES:
            target.evaluate(AXE_SCRIPT)
            found = AxeResults(target.evaluate(LOOK))
            assert found.violations_count == 0, f"{target.url}\n{found.generate_report()}"
            SHAPES.update(shapes)
        check_width(target)

    return check


def check_width(page: Page) -> None:
    overflow = page.evaluate(SIDEWAYS)
    assert overflow <= 0, f"{page.url} scrolls sideways by {overflow} px at {page.viewport_size['width']} px"


@pytest.fixture
def fits(page: Page, axe: Callable[[], None]) -> Callable[[], None]:
    """The page that is open fits a phone and a desk. Axe looks at it on one of them, at every other address on a phone."""
    turns: dict[str, int] = {}

    def check() -> None:
        turn = turns.setdefault(page.url.partition("#")[0], len(turns))
        page.set_viewport_size(SCREENS[turn % 2])
        axe()
        page.set_viewport_size(SCREENS[(turn + 1) % 2])
        check_width(page)

    return check


@pytest.fixture
def enlarged(page: Page) -> Callable[[], None]:
    """The page that is open does not scroll sideways with letters of twice the size."""
    letters = page.context.new_cdp_session(page)

    def check() -> None:
        for size in (32, 16):
            letters.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
            until(lambda size=size: page.evaluate(LETTERS) == f"{size}px")
            assert page.evaluate(SIDEWAYS) <= 0, f"{page.url} scrolls sideways in letters of {size} px"

    return check


@pytest.fixture
def languages(page: Page, live_server) -> Callable[[], Iterator[int]]:
    """Goes on in Chinese (0), then in English (1)."""

    def each() -> Iterator[int]:
        for number, language in enumerate(LANGUAGES):
            cookie = {"name": "django_language", "value": language, "url": live_server.url}
            page.context.add_cookies([cookie])
            yield number

    return each


@pytest.fixture
def no_second_factor(settings) -> None:
    """It has its own tests."""
    settings.DEMO = True


@pytest.fixture
def sign_in(page: Page, live_server, client) -> Callable:
    """Signs a person in by their session, as the sign-in page would leave it.

    Each sign-in gets a session of its own: the earlier person's stays valid, so that an answer that
    their page still waits for cannot delete the new cookie.
    """

    def enter(person, url: str = "") -> Page:
        client.cookies.pop("sessionid", None)
        client.force_login(person)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": url or live_server.url}])
        return page

    return enter


__all__ = ["expect"]
