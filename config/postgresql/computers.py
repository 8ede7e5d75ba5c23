"""What several computers with one PostgreSQL must know of each other: their names, whose turn it is to prepare the database,
and who uses it with which release.

With SQLite the site is on one computer, and only its name is needed.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache as remember
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import ProgrammingError, connection

from ui.responses.page_cache import release

# Of the advisory lock, the same in every release. https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
PREPARING = 7_031_416
# The keys in the shared cache of the programs that were heard.
HEARD = "programs-heard"
# Each program of a computer is heard every HEARD_EVERY seconds, and is taken to have ended after HEARD_SECONDS without.
HEARD_EVERY, HEARD_SECONDS = 20, 60
# A file of the data folder, by which computers of one name are told apart.
NAME_FILE = "computer"
MACHINE_FILE = Path("/etc/machine-id")


def get_name() -> str:
    """Return this computer's name among those of the site: node1-3f0c8a, of its host's name and what is only here."""
    return f"{socket.gethostname()}-{tell_apart(Path(settings.VAR_DIR))}"


def get_digits(name: str) -> str:
    """Return what tells a computer from others, from its name."""
    return name.rpartition("-")[2]


@remember
def tell_apart(var_dir: Path) -> str:
    """Return six digits, the same after a restart, and others on a copy of this computer that has another machine-id."""
    own = [os.fsencode(var_dir)]
    for read in (MACHINE_FILE.read_bytes, lambda: make_name_file(var_dir / NAME_FILE)):
        with suppress(OSError):
            own.append(read().strip())
    return hashlib.sha256(b"\0".join(own)).hexdigest()[:6]


def make_name_file(path: Path) -> bytes:
    """Return what the file says; the first of several processes makes it, whole."""
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with open(descriptor, "w") as file:
            file.write(secrets.token_hex(16) + "\n")
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_bytes()


# --- whose turn it is ---


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


# --- who uses it ---


@dataclass(frozen=True)
class Other:
    """Another computer that uses the database. Of one that is connected and was not heard only the address is known."""

    name: str
    address: str
    release: str

    def __str__(self) -> str:
        return f"{self.name} ({self.address})" if self.name and self.address else self.name or self.address


def record_use(program: str) -> None:
    """Write down that a program of this computer, app or worker, uses the database, and with which release."""
    if connection.vendor != "postgresql":
        return
    key = make_key(program)
    facts = {"name": get_name(), "address": find_own_address(), "release": release()}
    cache.set(key, facts, HEARD_SECONDS)
    known = cache.get(HEARD, [])
    # Two computers may write at the same moment, and one be lost; it is there again with its next.
    if key not in known:
        cache.set(HEARD, [key, *cache.get_many(known)], None)


def end_use(program: str) -> None:
    """Write down that it has ended."""
    if connection.vendor == "postgresql":
        cache.delete(make_key(program))


def make_key(program: str) -> str:
    return f"uses-{get_name()}-{program}"


def find_own_address() -> str:
    return ask("SELECT coalesce(host(inet_client_addr()), '')")[0][0]


def list_others() -> list[Other]:
    """Return the other computers that were heard or are connected to the site's database as its user.

    Where a pooler stands before the database (PgBouncer) all connections come from its address: there they are only heard.
    """
    if connection.vendor != "postgresql":
        return []
    here, own = get_digits(get_name()), find_own_address()
    heard, placed = {}, {own}
    with suppress(ProgrammingError):  # a new database has no table of the cache
        for facts in cache.get_many(cache.get(HEARD, [])).values():
            # Containers on one computer have an address each, and one data folder.
            if get_digits(facts["name"]) != here:
                address = "" if facts["address"] == own else facts["address"]
                heard[facts["name"]] = Other(facts["name"], address, facts["release"])
            placed.add(facts["address"])
    connected = [Other("", address, "") for address in list_connected() if address not in placed]
    return [*(heard[name] for name in sorted(heard)), *connected]


def list_connected() -> list[str]:
    """Return the addresses of others' connections, but for those that wait for their turn to prepare the database."""
    found = ask(
        "SELECT DISTINCT host(client_addr) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename = current_user"
        " AND client_addr IS DISTINCT FROM inet_client_addr() AND client_addr IS NOT NULL"
        " AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = %s) ORDER BY 1",
        [PREPARING],
    )
    return [address for (address,) in found]


def ask(sql: str, values: list[int] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
