"""Render a lesson's text: CommonMark with pictures by name, sanitised by nh3 before it is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

import nh3
from django.template.loader import render_to_string

from media.models import Photo, make_file_url

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "blockquote", "code", "pre", "hr", "br", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
# The page's own title is the h1; a lesson has headings down to h4.
LEVELS = {"h1": "h2", "h5": "h4", "h6": "h4"}
# Private characters stand for a picture while the text around it is sanitised.
OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"(<p>)?{OPEN}([0-9]+){CLOSE}(</p>)?")
# Stands in stored HTML for the URL under which pictures are served, which may change: add_addresses replaces it.
ADDRESS = "\ue002"


class Picture(Protocol):
    """What rendering needs of a `courses.models.LessonPicture`, which itself uses this module."""

    photo: Photo
    alt: str


@cache
def get_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # forty milliseconds, and only pages of lessons need it

    return MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


def render_markdown(body: str, pictures: Mapping[str, Picture]) -> str:
    """Return the HTML of a lesson's body; `picture:name` becomes the lesson's photo, other images are dropped.

    It is to be stored: URLs of pictures begin with ADDRESS. A picture alone in its paragraph becomes a figure. Links keep
    http(s), mailto, tel and pages of this site.
    """
    md = get_parser()
    tokens = md.parse(body.replace("\r\n", "\n").replace(OPEN, "").replace(CLOSE, ""))
    shown: list[tuple[Picture, str]] = []
    for token in tokens:
        token.tag = LEVELS.get(token.tag, token.tag)
        for child in token.children or ():
            if child.type == "image":
                replace_image(child, pictures, shown)
    html = nh3.clean(
        md.renderer.render(tokens, md.options, {}), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES
    )
    html = html.replace(ADDRESS, "")  # typed by hand, also as an entity
    return MARK.sub(lambda match: render_picture(match, shown), html).replace("<p></p>\n", "")


def add_addresses(html: str) -> str:
    """Return stored HTML as a page shows it, its pictures under today's MEDIA_URL."""
    return html.replace(ADDRESS, make_file_url(""))


def replace_image(image: Token, pictures: Mapping[str, Picture], shown: list) -> None:
    """Replace an image token by the mark of its picture, or remove it."""
    scheme, _colon, name = str(image.attrGet("src") or "").partition(":")
    picture = pictures.get(name) if scheme == "picture" else None
    if picture:
        renderer: Any = get_parser().renderer
        shown.append((picture, renderer.renderInlineAsText(image.children, get_parser().options, {})))
    image.type, image.tag, image.children = "text", "", None
    image.content = f"{OPEN}{len(shown) - 1}{CLOSE}" if picture else ""


def render_picture(match: re.Match, shown: list[tuple[Picture, str]]) -> str:
    before, number, after = match.groups(default="")
    if len(number) > 4 or int(number) >= len(shown):  # typed by hand, as an entity
        return before + after
    picture, alt = shown[int(number)]
    sizes = [(width, f"{ADDRESS}{picture.photo.name_at(width)}") for width in picture.photo.widths()]
    context = {
        "photo": picture.photo,
        "alt": (alt or picture.alt).replace(ADDRESS, ""),
        "src": sizes[0][1] if sizes else "",
        "srcset": ", ".join(f"{url} {width}w" for width, url in sizes),
    }
    html: str = render_to_string("courses/_picture.html", context)
    html = " ".join(html.split())  # on one line, however the template is indented
    is_alone = before and after
    return f'<figure class="lesson-pic">{html}</figure>' if is_alone else f"{before}{html}{after}"
