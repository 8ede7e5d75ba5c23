"""The tabs of each kind of visitor. A tab appears when it works."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


@dataclass(frozen=True)
class Tab:
    url: str
    icon: str
    label: str
    current: bool


def tabs(request: HttpRequest) -> dict[str, list[Tab]]:
    known = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
    if known:
        found = [
            ("progress:learn", "learn", _("学习"), "/learn/"),
            ("shops:mine", "shop", _("小店"), "/me/shop/"),
            ("accounts:me", "me", _("我"), "/me/"),
        ]
        if request.user.is_superuser or request.user.has_a_staff_role:
            found.insert(1, ("progress:classes", "users", _("班级"), "/classes/"))
    else:
        found = [
            ("home", "home", _("首页"), "/"),
            ("shops:products", "shop", pgettext("many", "商品"), "/products/"),
            ("shops:villages", "village", pgettext("many", "村"), "/villages/"),
            ("courses:catalogue", "learn", pgettext("many", "课程"), "/courses/"),
        ]
    here = max((start for *_rest, start in found if request.path.startswith(start)), key=len, default="")
    if here == "/" and request.path != "/":
        here = ""
    return {"nav": [Tab(reverse(name), icon, label, start == here) for name, icon, label, start in found]}
