"""The checklist before a live: who ticked what when, in rows that are only added (直播电商监督管理办法 §28–30)."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from live.exceptions import IdempotencyConflict
from live.locks import lock_plan
from live.models import ChecklistTick, Livestream

Code = ChecklistTick.Code
# As it is said where there is no room for the whole of it.
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
class Row:
    """One line of the list with the newest word on it."""

    code: str
    label: str
    tick: ChecklistTick | None

    @property
    def is_done(self) -> bool:
        return self.tick is not None and self.tick.is_done

    @property
    def head(self) -> str:
        """证件 of 证件：合格证…"""
        return str(SHORT[Code(self.code)])

    @property
    def rest(self) -> str:
        """What stands after it."""
        return re.sub(r"^\W+", "", str(self.label).removeprefix(self.head))


def rows(live: Livestream) -> list[Row]:
    """All of the list; one query."""
    newest = {tick.code: tick for tick in live.ticks.select_related("by").order_by("id")}
    return [Row(code.value, code.label, newest.get(code.value)) for code in Code]


def tick(
    live: Livestream, code: str, is_done: bool, by: User, event_id: uuid.UUID | None = None
) -> ChecklistTick:
    """May be repeated. Raises ValueError for an unknown code, LiveStarted, IdempotencyConflict."""
    code, event_id = Code(code).value, event_id or uuid.uuid4()
    if known := made_by(event_id, live):
        return known
    try:
        with transaction.atomic():
            lock_plan(live)
            return ChecklistTick.objects.create(
                livestream=live, code=code, is_done=is_done, by=by, event_id=event_id
            )
    except IntegrityError:
        if known := made_by(event_id, live):
            return known
        raise


def open_again(live: Livestream, code: str, by: User | None) -> None:
    """What was ticked holds no more; its row stays. Inside the caller's transaction, which holds the live."""
    newest = live.ticks.filter(code=code).order_by("-id").first()
    if newest and newest.is_done:
        ChecklistTick.objects.create(livestream=live, code=code, is_done=False, by=by)


def made_by(event_id: uuid.UUID, live: Livestream) -> ChecklistTick | None:
    known = ChecklistTick.objects.filter(event_id=event_id).first()
    if known and known.livestream_id != live.pk:
        raise IdempotencyConflict
    return known
