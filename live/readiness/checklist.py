"""The checklist before a live: append-only ticks with who and when (直播电商监督管理办法 §28–30)."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from live.locks import lock_plan
from live.models import ChecklistTick, Livestream
from shops.exceptions import IdempotencyConflict

Code = ChecklistTick.Code
# Short titles for lists that have no space for the whole sentence.
SHORT = {
    Code.PAPERS: _("证件"),
    Code.CARD: _("卖家信息"),
    Code.IDENTITY: _("主播身份"),
    Code.SET: _("布景"),
    Code.CLOTHES: _("衣服"),
    Code.PROPS: _("道具"),
    Code.SOUND: _("声音"),
    Code.LIGHT: _("光线"),
}


@dataclass(frozen=True)
class ChecklistRow:
    """One line of the checklist with its newest tick."""

    code: str
    label: str
    tick: ChecklistTick | None

    @property
    def is_done(self) -> bool:
        return self.tick is not None and self.tick.is_done

    @property
    def head(self) -> str:
        """Return 证件 of 证件：合格证…"""
        return str(SHORT[Code(self.code)])

    @property
    def rest(self) -> str:
        """Return what follows `head` in the label."""
        return re.sub(r"^\W+", "", str(self.label).removeprefix(self.head))


def list_rows(live: Livestream) -> list[ChecklistRow]:
    """Return all lines. One query."""
    newest = {tick.code: tick for tick in live.ticks.select_related("by").order_by("id")}
    return [ChecklistRow(code.value, str(code.label), newest.get(code.value)) for code in Code]


def tick_line(
    live: Livestream, code: str, is_done: bool, by: User, event_id: uuid.UUID | None = None
) -> ChecklistTick:
    """Add a tick or withdraw it; repeating an event id returns its row.

    Raises ValueError for an unknown code, LiveStarted, IdempotencyConflict.
    """
    code, event_id = Code(code).value, event_id or uuid.uuid4()
    if known := find_tick(event_id, live):
        return known
    try:
        with transaction.atomic():
            lock_plan(live)
            return ChecklistTick.objects.create(
                livestream=live, code=code, is_done=is_done, by=by, event_id=event_id
            )
    except IntegrityError:
        if known := find_tick(event_id, live):
            return known
        raise


def reopen(live: Livestream, code: str, by: User | None) -> None:
    """Take a tick back by a new row. Call inside the transaction that locks the live."""
    newest = live.ticks.filter(code=code).order_by("-id").first()
    if newest and newest.is_done:
        ChecklistTick.objects.create(livestream=live, code=code, is_done=False, by=by)


def find_tick(event_id: uuid.UUID, live: Livestream) -> ChecklistTick | None:
    known = ChecklistTick.objects.filter(event_id=event_id).first()
    if known and known.livestream_id != live.pk:
        raise IdempotencyConflict
    return known
