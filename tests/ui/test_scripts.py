"""The scripts every page shares, in a real browser, on pages made of the real templates; no server behind them."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import RequestFactory
from playwright.sync_api import Page, Route, expect

from ui.context import site

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.ui.urls")]
ORIGIN = "http://farm.test"
FORM = """<form {% form_attrs draft="product" %} action="/sent">{% include "ui/_draft.html" %}
<input type="hidden" name="token" value="secret-token"><input name="name" value="{{ name }}">
<textarea name="story"></textarea><input type="password" name="password">
<select name="kind"><option value="a">a</option><option value="b">b</option></select>
<input type="radio" name="own" value="1"><input type="radio" name="own" value="2">
<input type="checkbox" name="days" value="1"><input type="checkbox" name="days" value="3">
<button name="go" value="yes">发布</button></form>"""


def made(main: str, user: int | None = 7, **context) -> str:
    source = '{% extends "ui/base.html" %}{% block main %}' + main + "{% endblock %}"
    request = RequestFactory().get("/form")
    person = SimpleNamespace(pk=user, is_authenticated=bool(user))
    return Template(source).render(Context({"request": request, "user": person, **site(request), **context}))


class Farm:
    """Answers the browser: pages from a dict, static files from the finders, and every POST with "sent"."""

    def __init__(self, page: Page) -> None:
        self.page, self.pages, self.posts, self.asked = page, {}, [], []
        page.route(ORIGIN + "/**", self.answer)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        self.asked.append(path)
        headers = {"Content-Security-Policy": "default-src 'self'"}
        if path.startswith("/static/"):
            file = finders.find(path.removeprefix("/static/"))
            route.fulfill(path=file, headers=headers | {"Content-Type": kind_of(file)})
            return
        if route.request.method == "POST":
            self.posts.append(route.request.post_data)
        found = self.pages.get(path)
        route.fulfill(
            status=200 if found else 503,
            body=found or "",
            headers=headers | {"Content-Type": "text/html; charset=utf-8"},
        )

    def open(self, path: str, html: str | None = None) -> Page:
        if html is not None:
            self.pages[path] = html
        self.page.goto(ORIGIN + path)
        return self.page


def kind_of(file: str) -> str:
    return {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}[Path(file).suffix]


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


def type_a_listing(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.fill("[name=name]", "冰糖橙")
    page.fill("[name=story]", "第一行\n第二行")
    page.fill("[name=password]", "not-to-be-kept")
    page.select_option("[name=kind]", "b")
    page.check("[name=own][value='2']")
    page.check("[name=days][value='3']")


def listing(page: Page) -> list:
    page.wait_for_load_state("networkidle")
    return page.evaluate(
        "[...new FormData(document.querySelector('form[data-draft]'))].filter(([k]) => k != 'token')"
    )


def until(page: Page, expression: str) -> None:
    """Asked from here: Playwright's own waiting evaluates a string in the page, which the CSP refuses."""
    for _times in range(50):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{expression} did not come true")


DRAFTS = "Object.keys(localStorage).filter((key) => key.startsWith('draft:'))"
EMPTY = [["name", ""], ["story", ""], ["password", ""], ["kind", "a"]]
TYPED = [
    ["name", "冰糖橙"],
    ["story", "第一行\n第二行"],
    ["password", ""],
    ["kind", "b"],
    ["own", "2"],
    ["days", "3"],
]


def test_draft_comes_back_with_a_note_and_can_be_dropped(farm):
    page = farm.open("/form", made(FORM))
    note = page.locator("[data-draft-note]")
    expect(note).to_be_hidden()
    type_a_listing(page)
    page.reload()
    assert listing(page) == TYPED
    expect(note).to_have_text("已恢复上次没写完的清掉重写")
    page.click("[data-draft-drop]")
    expect(note).to_be_hidden()
    assert listing(page) == EMPTY
    page.reload()
    assert listing(page) == EMPTY
    expect(note).to_be_hidden()


def test_draft_keeps_neither_passwords_nor_tokens(farm):
    page = farm.open("/form", made(FORM))
    type_a_listing(page)
    page.reload()
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "冰糖橙" in kept
    assert "not-to-be-kept" not in kept
    assert "secret-token" not in kept


def test_draft_of_one_person_is_not_shown_to_the_next_on_the_same_phone(farm):
    type_a_listing(farm.open("/form", made(FORM, user=7)))
    assert listing(farm.open("/form", made(FORM, user=8))) == EMPTY
    assert listing(farm.open("/form", made(FORM, user=7))) == TYPED


def test_draft_without_an_account_ends_with_the_tab(farm):
    page = farm.open("/form", made(FORM, user=None))
    type_a_listing(page)
    page.reload()
    assert listing(page) == TYPED
    assert page.evaluate(f"{DRAFTS}.length") == 0


def test_draft_ends_when_the_server_says_it_is_done(farm):
    page = farm.open("/form", made(FORM))
    type_a_listing(page)
    farm.pages["/sent"] = made(
        "ok", messages=[Message(constants.SUCCESS, "已上架", extra_tags="done:product")]
    )
    page.click("[name=go]")
    expect(page.locator(".toast")).to_have_text("已上架")
    until(page, f"{DRAFTS}.length === 0")
    assert listing(farm.open("/form")) == EMPTY


def test_draft_outlives_a_session_that_was_lost(farm):
    page = farm.open("/form", made(FORM))
    type_a_listing(page)
    farm.pages["/sent"] = made("登录", user=None)
    page.click("[name=go]")
    expect(page.locator("main")).to_have_text("登录")
    assert listing(farm.open("/form")) == TYPED


def test_draft_does_not_overwrite_a_row_that_changed_meanwhile(farm):
    type_a_listing(farm.open("/form", made(FORM)))
    assert listing(farm.open("/form", made(FORM, name="脐橙"))) == [["name", "脐橙"], *EMPTY[1:]]


def test_draft_leaves_the_servers_words_in_a_form_that_came_back(farm):
    page = farm.open("/form", made(FORM))
    type_a_listing(page)
    back = made(FORM.replace('name="name"', 'name="name" aria-invalid="true"'), name="冰糖橙 5斤")
    farm.pages["/sent"] = back
    page.click("[name=go]")
    expect(page.locator("[aria-invalid]")).to_have_value("冰糖橙 5斤")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-draft-note]")).to_be_hidden()
    # and these newest words are what comes back on a fresh form
    assert listing(farm.open("/form"))[0] == ["name", "冰糖橙 5斤"]


def test_form_is_sent_once_however_often_it_is_tapped(farm):
    page = farm.open(
        "/form",
        made('<form {% form_attrs %} action="/slow"><button name="go" value="yes">送出</button></form>'),
    )
    page.wait_for_load_state("networkidle")

    def no_content(route: Route) -> None:  # the browser stays where it is, as while an answer is under way
        farm.posts.append(route.request.post_data)
        route.fulfill(status=204)

    page.route(ORIGIN + "/slow", no_content)
    page.evaluate("for (let i = 0; i < 3; i++) document.querySelector('[name=go]').click()")
    expect(page.locator("[name=go]")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("main form")).to_have_attribute("aria-busy", "true")
    page.evaluate("document.querySelector('[name=go]').click()")
    page.wait_for_timeout(200)
    assert farm.posts == ["go=yes"]


def test_form_wakes_up_when_the_page_is_shown_again(farm):
    page = farm.open("/form", made('<form {% form_attrs %} action="/sent"><button>送出</button></form>'))
    page.wait_for_load_state("networkidle")
    farm.pages["/sent"] = made("ok")
    page.click("main button")
    expect(page.locator("main")).to_have_text("ok")
    page.go_back()
    page.wait_for_load_state("networkidle")
    page.click("main button")
    expect(page.locator("main")).to_have_text("ok")
    assert len(farm.posts) == 2


def test_htmx_is_fetched_only_where_a_page_uses_it(farm):
    farm.open("/form", made("<p>text</p>")).wait_for_load_state("networkidle")
    assert set(farm.asked) == {"/form", "/static/ui/look.css", "/static/ui/icons.svg", "/static/ui/app.js"}
    farm.open("/more", made('<a href="/x" hx-get="/x">more</a>')).wait_for_load_state("networkidle")
    assert "/static/django_htmx/htmx-2.min.js" in farm.asked


MORE = """<ul id="rows"><li>一</li>
<li id="next"><a href="/x" hx-get="/x" hx-target="#next" hx-swap="outerHTML">再看</a></li></ul>"""


def test_swap_says_what_came_and_keeps_the_focus_there(farm):
    page = farm.open("/form", made(MORE))
    page.wait_for_load_state("networkidle")
    farm.pages["/x"] = '<li data-say="又来了 2 款">二</li><li>三</li>'
    page.click("#next a")
    expect(page.locator("#said")).to_have_text("又来了 2 款")
    expect(page.locator("#rows li")).to_have_text(["一", "二", "三"])
    assert page.evaluate("document.activeElement.textContent") == "二"


def test_swap_without_words_is_announced_too_and_binds_modules(farm):
    page = farm.open("/form", made(MORE))
    page.wait_for_load_state("networkidle")
    farm.pages["/x"] = (
        '<li><form data-module="/static/ui/once.js" action="/y"><button>好</button></form></li>'
    )
    page.click("#next a")
    expect(page.locator("#said")).to_have_text("已更新")
    page.wait_for_load_state("networkidle")
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    assert "/static/ui/once.js" in farm.asked


def test_swap_that_fails_says_so_to_everyone(farm):
    page = farm.open("/form", made(MORE))
    page.wait_for_load_state("networkidle")
    page.click("#next a")
    expect(page.locator("#said")).to_have_text("没连上，等一下再试")
    expect(page.locator("#said")).to_have_class("toast toast--float")
    expect(page.locator("#said")).to_be_in_viewport(ratio=1)


def test_signed_in_pages_are_not_kept_by_htmx_on_a_shared_phone(farm):
    page = farm.open("/form", made(MORE.replace("hx-swap", 'hx-push-url="true" hx-swap')))
    page.wait_for_load_state("networkidle")
    farm.pages["/x"] = "<li>二</li>"
    page.click("#next a")
    expect(page.locator("#rows li")).to_have_text(["一", "二"])
    kept = "[Object.keys(localStorage), sessionStorage.getItem('htmx-history-cache')]"
    assert page.evaluate(kept) == [["farm:user"], None]


def test_wechat_is_shown_how_to_open_the_browser(browser, farm):
    html = made('{% include "ui/_wechat.html" %}')
    expect(farm.open("/form", html).locator(".only-wechat")).to_be_hidden()
    agent = "Mozilla/5.0 (Linux; Android 13) Chrome/116 Mobile MicroMessenger/8.0.40"
    with browser.new_context(user_agent=agent) as context:
        expect(Farm(context.new_page()).open("/form", html).locator(".only-wechat")).to_be_visible()
