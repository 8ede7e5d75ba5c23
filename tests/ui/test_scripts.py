"""The scripts of every page in a real browser: sending once, htmx and its messages, WeChat."""

import pytest
from playwright.sync_api import Route, expect

from tests.ui.farm import ORIGIN, Farm, made

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.ui.urls")]


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


@pytest.mark.long
def test_submit_that_was_held_and_let_go_in_the_same_moment_is_sent(farm):
    """What was waited for may end before any timer runs: the second submit is then no second tap."""
    page = farm.open(
        "/form",
        made('<form {% form_attrs %} action="/sent"><button name="go" value="yes">送出</button></form>'),
    )
    page.wait_for_load_state("networkidle")
    farm.pages["/sent"] = made("ok")
    page.evaluate("""() => {
      const button = document.querySelector("[name=go]");
      button.form.addEventListener("submit", (event) => {
        event.preventDefault();
        Promise.resolve().then(() => button.click());
      }, { once: true });
      button.click();
    }""")
    expect(page.locator("main")).to_have_text("ok")
    assert farm.posts == ["go=yes"]


@pytest.mark.long
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


@pytest.mark.long
def test_htmx_is_fetched_only_where_a_page_uses_it(farm):
    farm.open("/form", made("<p>text</p>")).wait_for_load_state("networkidle")
    static = {f"/static/ui/{name}" for name in ("whole.css", "start.js", "app.js")}
    assert set(farm.asked) == {"/form", *static}
    farm.open("/more", made('<a href="/x" hx-get="/x">more</a>')).wait_for_load_state("networkidle")
    assert "/static/django_htmx/htmx-2.min.js" in farm.asked


MORE = """<ul id="rows"><li>一</li>
<li id="next"><a href="/x" hx-get="/x" hx-target="#next" hx-swap="outerHTML">再看</a></li></ul>"""


@pytest.mark.long
def test_swap_says_what_came_and_keeps_the_focus_there(farm):
    page = farm.open("/form", made(MORE))
    page.wait_for_load_state("networkidle")
    farm.pages["/x"] = '<li data-say="又来了 2 款">二</li><li>三</li>'
    page.click("#next a")
    expect(page.locator("#status")).to_have_text("又来了 2 款")
    expect(page.locator("#rows li")).to_have_text(["一", "二", "三"])
    assert page.evaluate("document.activeElement.textContent") == "二"


@pytest.mark.long
def test_swap_without_words_is_announced_too_and_binds_modules(farm):
    page = farm.open("/form", made(MORE))
    page.wait_for_load_state("networkidle")
    farm.pages["/x"] = (
        '<li><form data-module="/static/ui/once.js" action="/y"><button>好</button></form></li>'
    )
    page.click("#next a")
    expect(page.locator("#status")).to_have_text("已更新")
    page.wait_for_load_state("networkidle")
    page.evaluate("addEventListener('submit', (event) => event.preventDefault())")
    assert "/static/ui/once.js" in farm.asked


@pytest.mark.long
def test_swap_that_fails_says_so_to_everyone(farm):
    page = farm.open("/form", made(MORE))
    page.wait_for_load_state("networkidle")
    page.click("#next a")
    expect(page.locator("#status")).to_have_text("没连上，等一下再试")
    expect(page.locator("#status")).to_have_class("toast toast--float")
    expect(page.locator("#status")).to_be_in_viewport(ratio=1)


PART = (
    """<div class="await" hx-get="/x" hx-trigger="revealed" hx-swap="outerHTML" data-module="/static/ui/again.js">
  <div hidden data-again><button type="button">再试一次</button></div></div>"""
    + "<p>行</p>" * 60
)


@pytest.mark.long
def test_part_that_did_not_come_is_asked_for_again_at_a_tap_and_by_scrolling(farm):
    page = farm.page
    page.clock.install()
    farm.open("/form", made(PART))
    part, button = page.locator("main [hx-get]"), page.get_by_role("button", name="再试一次")
    expect(page.locator("#status")).to_have_text("没连上，等一下再试")
    expect(button).to_be_visible()
    expect(part).not_to_have_class("await")
    with page.expect_response("**/x"):
        button.click()
    page.clock.fast_forward(4000)
    expect(part).not_to_have_attribute("data-hx-revealed", "true")
    farm.pages["/x"] = "<p id=came>来了</p>"
    page.mouse.wheel(0, 50)
    expect(page.locator("#came")).to_have_text("来了")


@pytest.mark.long
def test_signed_in_pages_are_not_kept_by_htmx_on_a_shared_phone(farm):
    page = farm.open("/form", made(MORE.replace("hx-swap", 'hx-push-url="true" hx-swap')))
    page.wait_for_load_state("networkidle")
    farm.pages["/x"] = "<li>二</li>"
    page.click("#next a")
    expect(page.locator("#rows li")).to_have_text(["一", "二"])
    kept = "[Object.keys(localStorage), sessionStorage.getItem('htmx-history-cache')]"
    assert page.evaluate(kept) == [["farm:user"], None]


@pytest.mark.long
def test_wechat_is_shown_how_to_open_the_browser(browser, farm):
    html = made('{% include "ui/_wechat.html" %}')
    expect(farm.open("/form", html).locator(".only-wechat")).to_be_hidden()
    agent = "Mozilla/5.0 (Linux; Android 13) Chrome/116 Mobile MicroMessenger/8.0.40"
    with browser.new_context(user_agent=agent) as context:
        expect(Farm(context.new_page()).open("/form", html).locator(".only-wechat")).to_be_visible()
