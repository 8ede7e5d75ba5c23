"""Chromium on a phone's screen against a live server, with the worker run when a test asks for it."""

import html
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from django.core.servers.basehttp import ThreadedWSGIServer
from django.utils.html import strip_tags
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.browser.complaints import complaints_of
from tests.browser.kept_lessons import requests, until
from tests.media import worker

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page of a test is gone before its scripts are worth compiling for speed: axe takes a third less without.
    "--js-flags=--no-opt,--no-maglev",
    # Each test's first page would begin a process anew, after the empty page that the test before has left.
    "--renderer-process-limit=1",
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
BOTH_LANGUAGES = "BOTH_LANGUAGES" in os.environ  # every page drawn in each of them, as `make prove` does
SHAPES: set[str] = set()  # of the parts of pages in which axe, in whichever worker, has found nothing
# Each box, table, list and form of a page by itself, and in it each line of text, link, button, label and heading with all that
# is in it: what axe judges together. And the order of the headings.
SHAPE = """() => {
    if (!document.querySelector("h1")) return null;
    const values = ["class", "role", "type", "dir", "tabindex", "aria-hidden", "aria-expanded", "aria-live", "aria-current"];
    const references = ["for", "aria-labelledby", "aria-describedby", "aria-controls"];
    const boxes = ["HTML", "BODY", "HEADER", "NAV", "MAIN", "FOOTER", "SECTION", "ARTICLE", "ASIDE", "DIV", "FORM", "LI", "DD",
        "TD", "DIALOG"];
    const rows = ["UL", "OL", "DL", "TABLE", "THEAD", "TBODY", "TR", "FIELDSET", "DETAILS"];
    const leads = (name, value) => !references.includes(name) || value.split(" ").every((id) => document.getElementById(id));
    // What moves has come to its end: no colour is half-way to another.
    for (const one of document.getAnimations()) if (one.effect?.getComputedTiming().endTime < Infinity) one.finish();
    // Chinese words in an English page are text as any other.
    const isWords = (node) => node.nodeType === 3 ? node.data.trim() : node.matches?.("span[lang]:not([class]):not(:has(*))");
    const isSeen = (node) => !isWords(node) && node.checkVisibility({ visibilityProperty: true });
    const hasText = (node) => [...node.childNodes].some(isWords);
    const parts = new Map();  // each with its first box that holds text, which may have too little contrast
    const add = (shape, node) => parts.has(shape) || parts.set(shape, node);
    const part = (node, parent) => {
        const children = [...node.children].filter(isSeen);
        const isBox = boxes.includes(node.tagName), isWhole = node.hasAttribute("role") || hasText(node);
        if (isWhole || !(isBox || rows.includes(node.tagName))) return add(`${parent} ${draw(node)}`, node);
        const names = isBox ? "" : [...new Set(children.map((child) => child.tagName))].join();
        add(`${parent} ${line(node)} ${names}`);
        for (const child of children) part(child, node.tagName);
    };
    const draw = (node) => {
        // Of a drawing that is read to nobody it does not matter what it shows.
        const children = node.matches("svg[aria-hidden=true]") ? [] : [...node.children].filter(isSeen).map(draw);
        return `${line(node)} (${children.filter((row, place) => row !== children[place - 1]).join("")})`;
    };
    const line = (node) => {
        const attributes = [...node.attributes].filter(({name}) => name !== "lang").map(({name, value}) =>
            values.includes(name) ? `${name}=${value}` : `${name}:${!value}${leads(name, value)}`);
        const style = getComputedStyle(node);
        const slides = node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight;
        const scrolls = slides && /auto|scroll/.test(style.overflow);
        const isRead = hasText(node) || "placeholder" in node;
        const letters = isRead ? `${style.color} ${style.fontSize} ${style.fontWeight} ${behind(node)}` : "";
        const facts = [node.tagName, node.labels?.length > 0, isRead, scrolls, style.backgroundColor, letters];
        return [...facts, ...attributes.sort()].join(" ");
    };
    const behind = (node) => {
        for (let one = node; one; one = one.parentElement) {
            const { backgroundColor, backgroundImage, opacity } = getComputedStyle(one);
            if (backgroundImage !== "none" || opacity !== "1") return `${one.tagName} ${backgroundImage} ${opacity}`;
            if (!/, 0\\)$/.test(backgroundColor)) return backgroundColor;
        }
        return "";
    };
    part(document.documentElement, "");
    const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(isSeen).map((one) => one.tagName);
    add(levels.filter((level, place) => level !== levels[place - 1]).join());
    const { lang } = document.documentElement;
    add(`${!lang} ${!document.title} ${document.querySelector("meta[name=viewport]")?.content}`);
    // FNV-1a, twice 32 bits: a page's shapes are a hundred thousand letters.
    const short = (text) => {
        let [first, second] = [0x811c9dc5, 0x1234567];
        for (let place = 0; place < text.length; place += 1) {
            first = Math.imul(first ^ text.charCodeAt(place), 0x01000193);
            second = Math.imul(second ^ text.charCodeAt(place), 0x85ebca6b);
        }
        return `${first}:${second}:${text.length}`;
    };
    const found = new Map([...parts].map(([shape, node]) => [short(shape), node]));
    globalThis[Symbol.for("parts")] = found;
    return [...found.keys()];
}"""
# Contrast, which takes three quarters of the time of all rules, is measured in the new parts of the page, everything else on
# the whole page. Only what is wrong comes back from the browser: what axe has passed is a hundred kilobytes a page. It would
# load a style sheet's own @imports by an inline style, which the CSP refuses.
LOOK = """async (shapes) => {
    if (!window.axe) return null;
    const some = { resultTypes: ["violations"], preload: false };
    const { violations } = await axe.run({ ...some, rules: { "color-contrast": { enabled: false } } });
    const parts = globalThis[Symbol.for("parts")];
    const include = shapes.map((shape) => parts.get(shape)).filter((node) => node?.isConnected);
    const faint = include.length ? await axe.run({ include }, { ...some, runOnly: ["color-contrast"] }) : { violations: [] };
    return { violations: [...violations, ...faint.violations] };
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# No page is answered by the service worker: to begin it, and to ask it for each page, takes a tenth of the time.
WORKERLESS = """if (window.ServiceWorkerContainer)
    ServiceWorkerContainer.prototype.register = () => Promise.reject(new Error("none"))"""
LETTERS = "getComputedStyle(document.documentElement).fontSize"
PATIENCE = 30_000  # ms for what a busy machine will do yet
# Connections that wait while a test makes its rows; of ten the next is asked again only after seconds.
ThreadedWSGIServer.request_queue_size = 128
expect.set_options(timeout=PATIENCE)


@pytest.fixture(autouse=True)
def note_requests() -> None:
    requests.begin()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if "languages" in item.fixturenames:
                item.add_marker(pytest.mark.languages)


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


@pytest.fixture(scope="module")
def phone(
    request: pytest.FixtureRequest, browser: Browser, browser_context_args: dict
) -> Iterator[tuple[Page, list[str]]]:
    """The page of the tests that are marked `one_phone`, and its complaints."""
    with browser.new_context(**browser_context_args) as context:
        context.set_default_timeout(PATIENCE)
        if request.node.get_closest_marker("workerless"):
            context.add_init_script(WORKERLESS)
        page = context.new_page()
        yield page, complaints_of(page)


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[Page]:
    """On a phone of its own; where the module is marked `one_phone`, on the one of all its tests, emptied after each: a new
    context and its first page take as long as three pages. Such tests may route, go offline and open more pages; one
    that adds a script before a page's own or a clock, or answers a dialog, which stay with the page, is marked `own_phone`."""
    mark = request.node.get_closest_marker
    if mark("one_phone") and not mark("own_phone"):
        page, complaints = request.getfixturevalue("phone")
        complaints.clear()
        yield page
        found = [*complaints]
        empty(page, request.getfixturevalue("live_server").url)
    else:
        context = request.getfixturevalue("context")
        if mark("workerless"):
            context.add_init_script(WORKERLESS)
        page = context.new_page()
        found = complaints_of(page)
        yield page
    assert found == []


def empty(page: Page, origin: str) -> None:
    """Takes away what a test has left: further pages, settings, all that the browser keeps of the server's origin and of
    the one that is open."""
    context = page.context
    there = urlsplit(page.url)
    origins = {origin, *({f"{there.scheme}://{there.netloc}"} if there.scheme == "http" else ())}
    for other in context.pages:
        if other is not page:
            other.close()
    page.unroute_all()
    context.set_offline(False)
    context.clear_permissions()
    page.emulate_media(media="null")
    with suppress(Error):  # broken off by a page that was just loading itself anew
        page.goto("about:blank")
    page.goto("about:blank")
    page.set_viewport_size(PHONE["viewport"])
    context.clear_cookies()
    line = context.new_cdp_session(page)
    for one in origins:
        line.send("Storage.clearDataForOrigin", {"origin": one, "storageTypes": "all"})
    line.send("Network.clearBrowserCache")  # the next test's page may have the version of one of this
    line.send("Page.resetNavigationHistory")
    line.detach()


@pytest.fixture
def work_off() -> Callable[[], None]:
    """Runs the worker until nothing is left to do."""
    return worker.work_off


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[set[str]], bool]:
    """Tells whether all these shapes have been seen by a worker of this run; `is_clean=True` notes them as seen."""
    folder = tmp_path_factory.getbasetemp()
    path = (folder if worker_id == "master" else folder.parent) / "shapes"  # the folder of the whole run
    path.touch()
    read = 0

    def seen(some: set[str], *, is_clean: bool = False) -> bool:
        nonlocal read
        if is_clean:
            with path.open("a") as file:
                file.write("".join(f"{shape}\n" for shape in some - SHAPES))
            SHAPES.update(some)
        elif not some <= SHAPES and path.stat().st_size > read:
            whole, _end, _begun = path.read_text()[read:].rpartition("\n")
            read += len(whole)
            SHAPES.update(whole.split())
        return some <= SHAPES

    return seen


@pytest.fixture
def axe(page: Page, shapes: Callable) -> Callable[[], None]:
    """Checks the page once it is there: WCAG 2.2 AA and best practices, no violation; no sideways scroll.

    Pages that differ in their words and in the number of like rows have one shape, and so has a page on two screens if
    the same of it is to be seen, in the same colours, scrolling in the same places. Axe looks at a page with a part of a
    new shape: new to all workers of the run. It measures the contrast of the new parts only.
    """

    def check(where: Page | None = None) -> None:
        target = where or page
        # A tap returns when the next page begins to come; on a slow machine its body is not there yet.
        target.wait_for_load_state("load")
        if not (found := target.evaluate(SHAPE)):
            target.locator("h1").first.wait_for(state="attached")
            found = target.evaluate(SHAPE)
        parts = {*found}
        if not shapes(parts):
            unseen = [*parts - SHAPES]
            # Axe, of half a megabyte, is not in a page that is looked at for the first time.
            if not (answer := target.evaluate(LOOK, unseen)):
                target.evaluate(AXE_SCRIPT)
                answer = target.evaluate(LOOK, unseen)
            found = AxeResults(answer)
            assert found.violations_count == 0, f"{target.url}\n{found.generate_report()}"
            shapes(parts, is_clean=True)
        check_width(target)

    return check


def check_width(page: Page) -> None:
    overflow = page.evaluate(SIDEWAYS)
    assert overflow <= 0, f"{page.url} scrolls sideways by {overflow} px at {page.viewport_size['width']} px"


@pytest.fixture
def fits(page: Page, axe: Callable[[], None]) -> Callable[[], None]:
    """The page that is open fits a phone and a desktop. Axe looks at it on one of them, at every other address on a phone."""
    turns: dict[str, int] = {}

    def check() -> None:
        screen = SCREENS[turns.setdefault(page.url.partition("#")[0], len(turns)) % 2]
        other = SCREENS[SCREENS.index(screen) - 1]
        # To draw a page on another screen takes a while: the one that it is on comes first.
        first, last = (screen, other) if page.viewport_size == screen else (other, screen)
        for size in (first, last):
            if page.viewport_size != size:
                page.set_viewport_size(size)
            (axe if size == screen else lambda: check_width(page))()

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
def languages(page: Page, live_server) -> Callable[..., Iterator[int]]:
    """Goes on in Chinese (0), then in English (1). Unless it is asked for both, only `make prove` goes on in Chinese: the
    English words are the longer ones, and almost every other test draws its pages in Chinese."""

    def each(*, both: bool = BOTH_LANGUAGES) -> Iterator[int]:
        for number, language in enumerate(LANGUAGES):
            if not both and number == 0:
                continue
            cookie = {"name": "django_language", "value": language, "url": live_server.url}
            page.context.add_cookies([cookie])
            yield number

    return each


@pytest.fixture
def look(page, live_server, languages, fits) -> Callable[..., None]:
    """Opens an address in both languages and finds there each pair of sentences; it is drawn as `languages` has it, the
    Chinese sentences are always read."""

    def check(path: str, *pairs: tuple[str, str]) -> None:
        for language in languages(both=True):
            if language == 0 and not BOTH_LANGUAGES:
                words = words_of(page.context.request.get(live_server.url + path).text())
                for chinese, _english in pairs:
                    assert chinese in words, f"{path} does not say {chinese}"
                continue
            page.goto(live_server.url + path)
            for pair in pairs:
                expect(page.get_by_text(pair[language]).first).to_be_visible()
            fits()

    return check


def words_of(source: str) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(strip_tags(source.partition("<body")[2])).split())


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
