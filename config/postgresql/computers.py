"""What several computers with one PostgreSQL must know of each other: whose turn it is to prepare it, and who uses it.

With SQLite the site is on one computer, and nothing of this is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

# Of the advisory lock, the same in every release. https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
PREPARING = 7_031_416


@contextmanager
def take_turn(say: Callable[[str], object]) -> Iterator[None]:
    """Wait until no other computer prepares the database. The lock is the connection's, and ends with it."""
    if connection.vendor != "postgresql":
        yield
        return
    if not ask("SELECT pg_try_advisory_lock(%s)", [PREPARING])[0][0]:
        say("Another computer is preparing the database; waiting for it…")
        ask("SELECT pg_advisory_lock(%s)", [PREPARING])
    try:
        yield
    finally:
        ask("SELECT pg_advisory_unlock(%s)", [PREPARING])


def list_others() -> list[str]:
    """Return the addresses of other computers that are connected to the site's database as its user."""
    if connection.vendor != "postgresql":
        return []
    found = ask(
        "SELECT DISTINCT host(client_addr) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
        " AND client_addr IS DISTINCT FROM inet_client_addr() AND client_addr IS NOT NULL ORDER BY 1"
    )
    return [address for (address,) in found]


def ask(sql: str, values: list[int] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
