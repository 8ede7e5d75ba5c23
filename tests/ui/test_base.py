"""The base page, rendered on its own."""

from types import SimpleNamespace

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.html import parse_html
from django.utils.translation import override

from config.navigation import Nav, Tab
from ui.pages import site
from ui.templatetags.ui import icon

pytestmark = pytest.mark.urls("tests.ui.urls")
NAV = Nav([Tab("/", "home", "首页"), Tab("/products/", "shop", "商品", current=True)])
VISITOR = SimpleNamespace(is_authenticated=False, pk=None)
MEMBER = SimpleNamespace(is_authenticated=True, pk=7)


def elements(node, name: str) -> list:
    """All elements of that name, in the order of the page."""
    found = [node] if getattr(node, "name", None) == name else []
    for child in getattr(node, "children", []):
        found += elements(child, name)
    return found


def attributes(element) -> dict:
    return dict(element.attributes)


def text_of(element) -> str:
    parts = [child if isinstance(child, str) else text_of(child) for child in element.children]
    return "".join(parts).strip()


def show(
    template: str = "ui/base.html", user=VISITOR, path: str = "/products/?q=%E6%9F%9A%E5%AD%90", **context
) -> str:
    request = RequestFactory().get(path)
    return render_to_string(template, {"request": request, "user": user, **site(request), **context})


def page(*args, **context):
    return parse_html(show(*args, **context).replace("<!doctype html>", ""))


def test_base_carries_the_language_of_its_words():
    assert '<html lang="zh-Hans">' in show()
    with override("en"):
        assert '<html lang="en">' in show()


def test_base_of_a_visitor_carries_no_token_and_offers_to_sign_in():
    html = show(csrf_token="never-shown")
    assert "csrf" not in html
    assert "never-shown" not in html
    links = [attributes(a)["href"] for a in elements(page(), "a")]
    assert links[:3] == ["#main", "/", "/accounts/login/?next=/products/"]


def test_base_of_a_member_does_not_offer_to_sign_in():
    assert "/accounts/login/" not in show(user=MEMBER)


def test_base_draws_the_tabs_and_marks_the_current_one():
    nav = elements(page(nav=NAV), "nav")[0]
    assert attributes(nav)["aria-label"] == "主导航"
    tabs = [
        (attributes(a)["href"], attributes(a).get("aria-current"), text_of(a)) for a in elements(nav, "a")
    ]
    assert tabs == [("/", None, "新农活"), ("/", None, "首页"), ("/products/", "page", "商品")]


def test_base_without_tabs_has_no_navigation_and_no_side_bar():
    assert elements(page(), "nav") == []
    assert attributes(elements(page(), "body")[0]) == {}
    assert attributes(elements(page(nav=NAV), "body")[0]) == {"class": "sided"}


@pytest.mark.parametrize(
    ("language", "value", "word", "lang"),
    [("zh-hans", "en", "English", "en"), ("en", "zh-hans", "中文", "zh-Hans")],
)
def test_base_switches_the_language_in_one_tap_and_comes_back(language, value, word, lang):
    with override(language):
        form = elements(page(), "form")[0]
    assert attributes(form) == {"method": "post", "action": "/language/"}
    kept, button = elements(form, "input")[0], elements(form, "button")[0]
    assert attributes(kept) == {"type": "hidden", "name": "next", "value": "/products/?q=%E6%9F%9A%E5%AD%90"}
    assert attributes(button) == {"name": "language", "value": value, "lang": lang}
    assert text_of(button) == word


def test_base_shows_the_record_numbers_only_where_there_are_any(settings):
    assert "beian" not in show()
    settings.BEIAN_ICP = "湘ICP备2026000000号-1"
    settings.BEIAN_PSB = "湘公网安备43000000000001号"
    foot = elements(page(), "footer")[0]
    assert [(attributes(a)["href"], text_of(a)) for a in elements(foot, "a")] == [
        ("/privacy/", "隐私说明"),
        ("/verify/", "查验证书"),
        ("/impact/", "培训成效"),
        ("https://beian.miit.gov.cn/", "湘ICP备2026000000号-1"),
        ("https://beian.mps.gov.cn/#/query/webSearch?code=43000000000001", "湘公网安备43000000000001号"),
    ]


def test_base_shows_messages_and_escapes_them():
    html = show(
        messages=[Message(constants.SUCCESS, "收到了 <b>8F3K</b>"), Message(constants.ERROR, "没存上")]
    )
    assert "收到了 &lt;b&gt;8F3K&lt;/b&gt;" in html
    toasts = [
        p
        for p in elements(parse_html(html.replace("<!doctype html>", "")), "p")
        if "toast" in str(p.attributes)
    ]
    assert [attributes(p) for p in toasts] == [{"class": "toast", "role": "status"}] * 2
    assert [attributes(elements(p, "path")[0])["d"] for p in toasts] == [
        "m4.5 12.5 5 5 10-11",
        "M8.2 3h7.6L21 8.2v7.6L15.8 21H8.2L3 15.8V8.2zM12 7.5v5.5M12 16.5v.01",
    ]


def test_message_that_ends_a_draft_says_whose():
    done = Message(constants.SUCCESS, "已上架", extra_tags="done:product")
    toast = next(p for p in elements(page(user=MEMBER, messages=[done]), "p") if "toast" in str(p.attributes))
    assert attributes(toast) == {
        "class": "toast",
        "role": "status",
        "data-module": "/static/ui/draft.js",
        "data-draft-done": "product",
        "data-user": "7",
    }


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_page_needs_no_context_and_leads_on(name, language):
    with override(language):
        tree = parse_html(render_to_string(f"{name}.html").replace("<!doctype html>", ""))
    assert len(elements(tree, "h1")) == 1
    main = elements(tree, "main")[0]
    assert "btn btn--main" in [attributes(a).get("class") for a in elements(main, "a")]
    assert elements(tree, "nav") == []


def test_confirm_page_says_what_will_happen_and_asks():
    html = show(
        "ui/confirm.html",
        title="下架冰糖橙？",
        text="买家就看不到它了。",
        cancel_url="/me/shop/",
        confirm="下架",
        fields={"id": 3},
        danger=True,
        csrf_token="token",
    )
    tree = parse_html(html.replace("<!doctype html>", ""))
    main = elements(tree, "main")[0]
    form = elements(main, "form")[0]
    assert attributes(form) == {"method": "post", "novalidate": None, "data-module": "/static/ui/once.js"}
    values = {attributes(i)["name"]: attributes(i)["value"] for i in elements(form, "input")}
    assert values == {"csrfmiddlewaretoken": "token", "id": "3"}
    assert text_of(elements(form, "button")[0]) == "下架"
    assert attributes(elements(main, "a")[0])["href"] == "/me/shop/"
    assert text_of(elements(main, "a")[0]) == "先不"


def test_empty_state_offers_the_next_step():
    html = render_to_string(
        "ui/_empty.html",
        {"title": "小店还空着", "text": "拍一张果子。", "url": "/x/", "button": "上架第一款"},
    )
    tree = parse_html(html)
    assert text_of(elements(tree, "h2")[0]) == "小店还空着"
    assert (attributes(elements(tree, "a")[0])["href"], text_of(elements(tree, "a")[0])) == (
        "/x/",
        "上架第一款",
    )


def test_icon_is_its_drawing_and_asks_for_no_file():
    drawing = 'viewBox="0 0 24 24" aria-hidden="true"><path d="m4.5 12.5 5 5 10-11"/></svg>'
    assert icon("check") == f'<svg class="i" {drawing}'
    assert icon("check", small=True, tone="leaf") == f'<svg class="i i--s leaf" {drawing}'
