"""Pages of the real templates for a real browser, without a server."""

from pathlib import Path
from types import SimpleNamespace

from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import RequestFactory
from playwright.sync_api import Page, Route

from ui.pages import site

ORIGIN = "http://farm.test"


def made(main: str, user: int | None = 7, **context) -> str:
    source = '{% extends "ui/base.html" %}{% block main %}' + main + "{% endblock %}"
    request = RequestFactory().get("/form")
    person = SimpleNamespace(pk=user, is_authenticated=bool(user))
    return Template(source).render(Context({"request": request, "user": person, **site(request), **context}))


class Farm:
    """Answer the browser: pages from a dict, static files from the finders, and every POST with "sent"."""

    def __init__(self, page: Page, origin: str = ORIGIN) -> None:
        self.page, self.origin, self.pages, self.posts, self.asked = page, origin, {}, [], []
        page.route(origin + "/**", self.answer)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(self.origin).partition("?")[0]
        self.asked.append(path)
        headers = {"Content-Security-Policy": "default-src 'self'; img-src 'self' data:"}
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
        self.page.goto(self.origin + path)
        return self.page


def kind_of(file: str) -> str:
    return {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}[Path(file).suffix]
