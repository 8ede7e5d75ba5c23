"""Names of the kinds of events and of the reasons why one is not applied; each app registers its own."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outbox import protocol

_kinds: dict[str, Promise] = {}
_reasons: dict[str, Promise] = {
    protocol.BROKEN: _("手机交来的不完整，看不懂。"),
    protocol.TOO_BIG: _("这一件太大，只留了开头，记不上。"),
    protocol.SAME_ID: _("手机给两件事编了同一个号，这是第二件。"),
    protocol.UNKNOWN_KIND: _("这里还不认得这样的事，可能网页太旧。"),
    protocol.ERROR: _("我们这边出了错，东西都留着。"),
}


def register_descriptions(kinds: Mapping[str, Promise], reasons: Mapping[str, Promise]) -> None:
    """Add the names of kinds of event and the sentences for codes of reasons; called when an app is ready."""
    _kinds.update(kinds)
    _reasons.update(reasons)


def describe_kind(kind: str) -> str:
    return str(_kinds.get(kind, _("一件事")))


def describe_reason(reason: str) -> str:
    return str(_reasons.get(reason, _("没记上，东西都留着。")))
