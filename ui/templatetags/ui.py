"""Tags and filters of every page; built into the template engine, so that no page loads them."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ui import formats, svg
from ui.pages import build_page_url, build_url_prefix, fill_url
from ui.parameters import add_return_url
from ui.text import HAN, is_page_chinese, join_escaped

register = template.Library()

register.filter("yuan", formats.yuan)
register.filter("jin", formats.jin)
register.filter("kg", formats.kg)
register.filter("weight", formats.jin_and_kg)
register.filter("per_jin", formats.per_jin)
register.filter("per_kg", formats.per_kg)
register.filter("day", formats.day)
register.filter("days", formats.days)
register.filter("ago", formats.ago)
register.filter("going_back", add_return_url)


@register.simple_tag
@cache
def icon(name: str, small: bool = False, tone: str = "") -> SafeString:
    """Render an icon, always next to a text: {% icon "check" %}, {% icon "check" small=True tone="leaf" %}."""
    classes = " ".join(filter(None, ("i", "i--s" if small else "", tone)))
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        classes,
        svg.load_drawings().get(name, ""),
    )


@register.simple_tag
def tab_icon() -> SafeString:
    """Return the data: URL of the icon in the browser's tab: {% tab_icon %}."""
    return svg.get_tab_icon()


@register.simple_tag
def tab_links(nav: Any) -> SafeString:
    """Draw the links of the tabs (config.navigation.Nav) as one string: every page has them."""
    return join_escaped(
        draw_tab(
            tab.url, tab.icon, tab.label, tab.current, tab.key if nav.etag else "", tab.number, tab.words
        )
        for tab in nav
    )


@lru_cache(maxsize=1000)
def draw_tab(
    url: str, icon_name: str, label: str, is_current: bool, key: str, number: str, words: str
) -> SafeString:
    return format_html(
        '<a href="{}"{}{}>{}<span>{}</span>{}</a>\n',
        url,
        format_html(' aria-current="{}"', "page") if is_current else "",
        format_html(' data-tab="{}"', key) if key else "",
        icon(icon_name),
        label,
        format_html('<b aria-hidden="true">{}</b><span class="sr">{}</span>', number, words)
        if number
        else "",
    )


@register.simple_tag
def back(url: str) -> SafeString:
    """Draw the arrow at the left of the bar, to the page above this one."""
    return format_html('<a class="tap" href="{}" aria-label="{}">{}</a>', url, _("返回"), icon("back"))


@register.simple_tag
def page_url(page: str, *args: object) -> str:
    """Return the URL of a page of an app above, by the name that PAGES gives it: {% page_url "live.studio" live.pk %}."""
    return build_page_url(page, *args)


@register.simple_tag
def url_prefix(name: str, *args: object) -> str:
    """Return the address of a view up to the number at its end: {% url_prefix "progress:trainee" class.pk as prefix %}."""
    return build_url_prefix(name, *args)


@register.simple_tag
def number_url(name: str, number: int) -> str:
    """Return the URL of a view that takes one number, in a tenth of url's time: {% number_url "progress:class_gain" 7 %}."""
    return fill_url(name, number)


@register.simple_tag
def page_lang() -> str:
    """Return the tag of the page's language: zh-Hans, en."""
    first, _dash, rest = (get_language() or "zh-hans").partition("-")
    return f"{first}-{rest.title()}" if rest else first


def is_foreign(text: str) -> bool:
    """Return whether it is Chinese text on a page that is not Chinese: a screen reader must change its voice for it."""
    return not is_page_chinese() and bool(HAN.search(text))


@register.simple_tag
def text(value: Any) -> SafeString:
    """Escape what a person wrote, marked as Chinese on an English page: {% text shop.name %}."""
    if is_foreign(str(value or "")):
        return format_html('<span lang="zh-Hans">{}</span>', value)
    return conditional_escape("" if value is None else value)


@register.simple_tag
def lang_attr(text: object) -> SafeString:
    """Mark a block or field as Chinese by an attribute: <section{% lang_attr shop.story %}>."""
    return format_html(' lang="{}"', "zh-Hans") if is_foreign(str(text or "")) else SafeString()


@register.simple_tag(takes_context=True)
def form_attrs(context: template.Context, form: Any = None, draft: str = "") -> SafeString:
    """Write the attributes of every POST form: <form {% form_attrs form draft="product" %}>.

    They turn off the browser's own error messages, send files if the form has any, prevent sending twice, and, with a draft
    name, store what was typed on this phone for this person.
    """
    modules = static("ui/once.js")
    attrs = format_html('method="post" novalidate data-module="{}"', modules)
    if draft:
        user = getattr(context.get("user"), "pk", None) or ""
        modules = f"{modules} {static('ui/draft.js')}"
        attrs = format_html(
            'method="post" novalidate data-module="{}" data-draft="{}" data-user="{}"', modules, draft, user
        )
    multipart = form is not None and form.is_multipart()
    return format_html('{} enctype="multipart/form-data"', attrs) if multipart else attrs


@register.tag
def fixed(parser: template.base.Parser, _token: template.base.Token) -> Fixed:
    """Render once a language what is the same for everybody on every page: {% fixed %}…{% endfixed %}.

    It is rendered without the page's context: a variable in it is empty.
    """
    nodes = parser.parse(["endfixed"])
    parser.delete_first_token()
    return Fixed(nodes)


class Fixed(template.Node):
    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        self.made: dict[str | None, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        language = get_language()
        if language not in self.made:
            assert context.template is not None
            bare = template.Context()
            with bare.bind_template(context.template):
                self.made[language] = self.nodelist.render(bare)
        return self.made[language]


# A line break next to a tag of HTML or of a template.
SEAMS = re.compile(r"\A\n\s*|\n\s*\Z|(?<=>)\n\s*|\n\s*(?=<)")


@register.tag
def joined(parser: template.base.Parser, _token: template.base.Token) -> Joined:
    """Join the lines of a sentence without a space: {% joined %}…{% endjoined %}.

    A sentence of many conditions is then written one to a line. A line break within a tag of HTML stays: it parts attributes.
    """
    nodes = parser.parse(["endjoined"])
    parser.delete_first_token()
    for node in nodes.get_nodes_by_type(template.base.TextNode):
        assert isinstance(node, template.base.TextNode)
        node.s = SEAMS.sub("", node.s)
    return Joined(nodes)


class Joined(template.Node):
    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        return self.nodelist.render(context)


@register.filter
def draft_done(message: object) -> str:
    """Return the draft that this success message ends: messages.success(…, extra_tags="done:product")."""
    tags = (getattr(message, "extra_tags", "") or "").split()
    return next((tag.removeprefix("done:") for tag in tags if tag.startswith("done:")), "")
