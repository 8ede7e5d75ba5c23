"""Time as it is spoken: 2 分 10 秒."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def spoken_time(seconds: int) -> str:
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return _("%(s)s 秒") % {"s": rest}
    if not rest:
        return _("%(m)s 分钟") % {"m": minutes}
    return _("%(m)s 分 %(s)s 秒") % {"m": minutes, "s": rest}
