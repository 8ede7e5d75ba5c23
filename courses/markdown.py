"""Lesson text: CommonMark with pictures by name, sanitised by nh3 before it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import nh3
from django.template.loader import render_to_string
from markdown_it import MarkdownIt

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre", "hr", "br", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}}


@cache
def parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


def rendered(body: str, pictures: Mapping[str, object]) -> str:
    """HTML of a lesson's body; `picture:name` becomes the lesson's photo, other images are dropped.

    Links keep http(s), mailto and tel; headings below the page's own h1 (a `#` becomes h2).
    """
    md = parser()
    tokens = md.parse(body.replace("\r\n", "\n"))
    marks: list[str] = []
    for token in tokens:
        if token.type in ("heading_open", "heading_close") and token.tag == "h1":
            token.tag = "h2"
        for child in token.children or ():
            if child.type == "image":
                source = str(child.attrs.get("src", ""))
                name = source.removeprefix("picture:") if source.startswith("picture:") else None
                picture = pictures.get(name)
                marks.append(figure(picture, child.content) if picture else "")
                child.type, child.tag, child.content = "text", "", f"\ue000{len(marks) - 1}\ue001"
    html = nh3.clean(md.renderer.render(tokens, md.options, {}), tags=TAGS, attributes=ATTRIBUTES)
    for number, mark in enumerate(marks):
        html = html.replace(f"<p>\ue000{number}\ue001</p>", mark).replace(f"\ue000{number}\ue001", mark)
    return html


def figure(picture, alt: str) -> str:
    return render_to_string("courses/_figure.html", {"picture": picture, "alt": alt or picture.alt}).strip()
