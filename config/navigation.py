"""Build the tabs of each kind of visitor, with how many things wait behind each."""

from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from accounts.worklist import items


@dataclass(frozen=True)
class Tab:
    """A tab. `number` is how many things wait behind it, as shown; `words` the same for screen readers."""

    url: str
    icon: str
    label: str
    key: str = ""
    current: bool = False
    number: str = ""
    words: str = ""


class Nav(list[Tab]):
    """The tabs of one page; `etag` is that of the numbers, empty for visitors, whose pages are the same for all."""

    etag: str = ""


def tabs(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """Give every page its tabs (a context processor)."""
    # A request that was refused before authentication has no user.
    has_user = settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "user")
    user = request.user if has_user and request.user.is_authenticated else None
    known = user is not None
    has_classes = user is not None and (user.is_superuser or user.has_a_staff_role)
    found = make_tabs(known, has_classes, get_language())
    here = max((start for start, _tab in found if request.path.startswith(start)), key=len, default="")
    if here == "/" and request.path != "/":
        here = ""
    # Counted only where the tabs are shown: the admin and parts of pages have none.
    return {"nav": SimpleLazyObject(lambda: add_numbers(request, found, here, known))}


def add_numbers(request: HttpRequest, found: list[tuple[str, Tab]], here: str, known: bool) -> Nav:
    shown = Nav()
    numbers, shown.etag = items.format_numbers(items.count_waiting(request)) if known else ({}, "")
    for start, tab in found:
        number = numbers.get(tab.key, {"n": "", "words": ""})
        if start == here or number["n"]:
            tab = replace(tab, current=start == here, number=number["n"], words=number["words"])
        shown.append(tab)
    return shown


@cache
def make_tabs(known: bool, has_classes: bool, language: str) -> list[tuple[str, Tab]]:
    """Return the tabs with the path at which the pages of each begin, in the present language."""
    if known:
        practice = [("rehearsals:practise", "practise", _("练习"), "/practise/")]
        teaching = [
            ("progress:classes", "users", _("班级"), "/classes/"),
            ("rehearsals:reviews", "note", _("点评"), "/review/"),
        ]
        found = [
            ("progress:learn", "learn", _("学习"), "/learn/"),
            *(teaching if has_classes else practice),
            ("live:lives", "live", _("直播"), "/live/"),
            ("shops:mine", "shop", _("小店"), "/me/shop/"),
            ("accounts:me", "me", _("我"), "/me/"),
        ]
    else:
        found = [
            ("home", "home", _("首页"), "/"),
            ("shops:products", "shop", pgettext("many", "商品"), "/products/"),
            ("shops:villages", "village", pgettext("many", "村"), "/villages/"),
            ("courses:catalogue", "learn", pgettext("many", "课程"), "/courses/"),
        ]
    return [
        (start, Tab(reverse(name), icon, label, name.partition(":")[2])) for name, icon, label, start in found
    ]
