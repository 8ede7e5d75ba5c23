"""Let a county's year happen in two processes, to use two cores: first what concerns the people and their classes, then half of
the shops in each process, on a copy of the database of its own, for SQLite has one writer.

What happens in one shop touches no other, and each process takes the steps of its shops in their order. Afterwards the rows that
the second process added or changed are copied into the first database: rows added there have numbers from OFFSET on, and no row
may have changed in both. Unlike in `bench.scenarios.year.simulation.run_year` the months' counts of steps happen before the
shops' year, and one count follows it; the figures at the end must be the same.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

from django.db import connection, connections

from bench.scenarios.year.county import LAST, Size, Year, at
from bench.scenarios.year.simulation import plan_answers, plan_year
from demo.seed.timeline import clock_at
from programme.ladder import steps

OFFSET = 1_000_000
# Rebuilt from other rows, or of no importance after the year: page versions, sessions, the cache, the words of the search.
LEFT_OUT = ("ui_stamp", "django_session", "shared_cache", "shops_search", "sqlite_")


def run_in_halves(size: Size) -> Year:
    year = plan_year(size)
    year.run(lambda shop: shop is None, "people")
    path = str(connection.settings_dict["NAME"])
    base, half = f"{path}.before", f"{path}.half"
    connections.close_all()
    copy(path, base)
    copy(path, half)
    count_from(half, OFFSET)
    child = os.fork()
    if not child:
        connection.settings_dict["NAME"] = half
        run_half(year, 1)
    year.run(lambda shop: shop is not None and shop % 2 == 0, "even shops")
    year.steps.clear()
    _pid, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(f"the process of the odd shops ended with {status}")
    connections.close_all()
    merge(path, base, half)
    with clock_at(at(LAST, "23:30")):
        steps.count_everybody()
    plan_answers(year)
    year.run()
    return year


def run_half(year: Year, rest: int) -> None:
    """Take the steps of every second shop and end the process."""
    status = 1
    try:
        year.run(lambda shop: shop is not None and shop % 2 == rest, "odd shops")
        connections.close_all()
        status = 0
    finally:
        os._exit(status)


def copy(source: str, target: str) -> None:
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def count_from(path: str, first: int) -> None:
    """Let every table number its next row from `first`."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM sqlite_sequence")
        database.executemany(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
            [
                (name, first)
                for name, sql in database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
                if "AUTOINCREMENT" in (sql or "")
            ],
        )


def merge(path: str, base: str, half: str) -> None:
    """Copy the rows that were added or changed in `half` since `base` into the database at `path`."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("ATTACH ? AS base", [base])
        database.execute("ATTACH ? AS half", [half])
        renumber(database)
        for (table,) in database.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY name"
        ).fetchall():
            if not table.startswith(LEFT_OUT):
                merge_table(database, table)
        if wrong := database.execute("PRAGMA main.foreign_key_check").fetchall():
            raise RuntimeError(f"rows that point to nothing: {wrong[:5]}")


def merge_table(database: sqlite3.Connection, table: str) -> None:
    keys = [row[1] for row in database.execute(f"PRAGMA main.table_info({table})") if row[5]]
    key = ", ".join(f'"{name}"' for name in keys)
    changed = f"SELECT * FROM half.{table} EXCEPT SELECT * FROM base.{table}"
    database.execute(f"CREATE TEMP TABLE news AS {changed}")
    database.execute(
        f"CREATE TEMP TABLE mine AS SELECT {key} FROM"
        f" (SELECT * FROM main.{table} EXCEPT SELECT * FROM base.{table})"
    )
    both = database.execute(f"SELECT {key} FROM news INTERSECT SELECT {key} FROM mine").fetchall()
    if both:
        raise RuntimeError(f"both processes changed rows of {table}: {both[:5]}")
    earlier = f"SELECT {key} FROM base.{table}"
    database.execute(
        f"DELETE FROM main.{table} WHERE ({key}) IN (SELECT {key} FROM news INTERSECT {earlier})"
    )
    database.execute(f"INSERT INTO main.{table} SELECT * FROM news")
    database.execute("DROP TABLE news")
    database.execute("DROP TABLE mine")


def renumber(database: sqlite3.Connection) -> None:
    """Give orders that drew the same random number in both processes another; in one database the second would draw again."""
    taken = "SELECT number FROM main.shops_order UNION ALL SELECT number FROM half.shops_order"
    twice = f"SELECT number FROM ({taken}) GROUP BY number HAVING COUNT(*) > 1"
    for (number,) in database.execute(twice).fetchall():
        other = int(number)
        while database.execute(f"SELECT 1 FROM ({taken}) WHERE number = ?", [str(other)]).fetchone():
            other += 1
        rows = "UPDATE half.shops_order SET number = ? WHERE number = ? AND id >= ?"
        database.execute(rows, [str(other), number, OFFSET])
