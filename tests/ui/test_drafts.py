"""Drafts of forms in a real browser: for whom, how long, and never over newer text."""

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from playwright.sync_api import Page, expect

from tests.ui.farm import made

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.ui.urls")]
FORM = """<form {% form_attrs draft="product" %} action="/sent">{% include "ui/_draft.html" %}
<input type="hidden" name="token" value="secret-token"><input name="name" value="{{ name }}">
<textarea name="story"></textarea><input type="password" name="password">
<select name="kind"><option value="a">a</option><option value="b">b</option></select>
<input type="radio" name="own" value="1"><input type="radio" name="own" value="2">
<input type="checkbox" name="days" value="1"><input type="checkbox" name="days" value="3">
<button name="go" value="yes">发布</button></form>"""


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
    for _times in range(300):
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
    expect(note).to_have_text("已恢复上次没写完的 清掉重写")
    page.click("[data-draft-drop]")
    expect(note).to_be_hidden()
    assert listing(page) == EMPTY
    page.reload()
    assert listing(page) == EMPTY
    expect(note).to_be_hidden()


@pytest.mark.long
def test_draft_keeps_neither_passwords_nor_tokens(farm):
    page = farm.open("/form", made(FORM))
    type_a_listing(page)
    page.reload()
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "冰糖橙" in kept
    assert "not-to-be-kept" not in kept
    assert "secret-token" not in kept


@pytest.mark.long
def test_draft_of_one_person_is_not_shown_to_the_next_on_the_same_phone(farm):
    type_a_listing(farm.open("/form", made(FORM, user=7)))
    assert listing(farm.open("/form", made(FORM, user=8))) == EMPTY
    assert listing(farm.open("/form", made(FORM, user=7))) == TYPED


@pytest.mark.long
def test_draft_without_an_account_ends_with_the_tab(farm):
    page = farm.open("/form", made(FORM, user=None))
    type_a_listing(page)
    page.reload()
    assert listing(page) == TYPED
    assert page.evaluate(f"{DRAFTS}.length") == 0


@pytest.mark.long
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


@pytest.mark.long
def test_draft_outlives_a_session_that_was_lost(farm):
    page = farm.open("/form", made(FORM))
    type_a_listing(page)
    farm.pages["/sent"] = made("登录", user=None)
    page.click("[name=go]")
    expect(page.locator("main")).to_have_text("登录")
    assert listing(farm.open("/form")) == TYPED


@pytest.mark.long
def test_draft_does_not_overwrite_a_row_that_changed_meanwhile(farm):
    type_a_listing(farm.open("/form", made(FORM)))
    assert listing(farm.open("/form", made(FORM, name="脐橙"))) == [["name", "脐橙"], *EMPTY[1:]]


@pytest.mark.long
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
