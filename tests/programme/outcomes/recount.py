"""Count the figures again from the tables, by plain SQL and Python alone: nothing of the project is imported here."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


def read(cursor: Any, sql: str, *args: object) -> list[tuple]:
    cursor.execute(sql, args)
    return cursor.fetchall()


def to_day(value: Any) -> str:
    return value if isinstance(value, str) else value.isoformat()


def to_local(value: Any) -> str:
    """Return a stored moment (UTC) as a day there."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value)
    value = value if value.tzinfo else value.replace(tzinfo=datetime.UTC)
    return value.astimezone(SHANGHAI).date().isoformat()


def count_sales(cursor: Any, path: str) -> dict[str, Counter]:
    """Return fen and grams by month and by place, and the fen written after their month, of shops below a place."""
    found: dict[str, Counter] = {name: Counter() for name in ("fen", "grams", "place_fen", "late_fen")}
    rows = read(
        cursor,
        'SELECT e."on", e.at, e.fen, e.grams, s.place_id FROM shops_ledgerentry e'
        " JOIN shops_shop s ON s.id = e.shop_id JOIN accounts_place p ON p.id = s.place_id"
        " WHERE e.kind IN ('order', 'live', 'other_in', 'refund') AND p.path LIKE %s",
        f"{path}%",
    )
    for on, written, fen, grams, place in rows:
        month = to_day(on)[:7]
        found["fen"][month] += fen
        found["grams"][month] += grams
        found["place_fen"][place] += fen
        if to_local(written)[:7] > month:
            found["late_fen"][month] += fen
    return found


def find_homes(cursor: Any, path: str) -> dict[int, int]:
    """Return {person: village} of the first role that each has below a place."""
    rows = read(
        cursor,
        "SELECT m.user_id, m.place_id FROM accounts_membership m JOIN accounts_place p ON p.id = m.place_id"
        " WHERE m.status = 'granted' AND m.role IN ('trainee', 'seller', 'mentor') AND p.path LIKE %s"
        " ORDER BY m.id DESC",
        f"{path}%",
    )
    return dict(rows)


def count_steps(cursor: Any, path: str) -> Counter:
    """Return people by (village, step, month)."""
    homes, found = find_homes(cursor, path), Counter()
    for user, step, at in read(
        cursor, "SELECT user_id, step, reached_at FROM programme_step WHERE taken_back_at IS NULL"
    ):
        if user in homes:
            found[homes[user], step, to_local(at)[:7]] += 1
    return found


def count_earners(cursor: Any, path: str, target: int) -> Counter:
    """Return by month how many people have the target as their net income, over all shops."""
    homes, nets = find_homes(cursor, path), Counter()
    for user, on, fen in read(cursor, 'SELECT villager_id, "on", fen FROM shops_ledgerentry'):
        if user in homes:
            nets[user, to_day(on)[:7]] += fen
    return Counter(month for (_user, month), net in nets.items() if net >= target)


def count_answers(cursor: Any, path: str, today: str) -> Counter:
    """Return by (days, what) how many follow-ups were due, answered, and of people who still sell by their last answer."""
    homes, found = find_homes(cursor, path), Counter()
    stands = {
        row[0]
        for row in read(
            cursor, "SELECT user_id FROM programme_step WHERE step = 'graduate' AND taken_back_at IS NULL"
        )
    }
    last = dict(read(cursor, "SELECT follow_up_id, is_selling FROM programme_followupanswer ORDER BY at, id"))
    for pk, user, days, due in read(cursor, "SELECT id, user_id, days, due_on FROM programme_followup"):
        if user in homes and user in stands and to_day(due) <= today:
            found[days, "due"] += 1
            found[days, "answered"] += pk in last
            found[days, "selling"] += bool(last.get(pk))
    return found
