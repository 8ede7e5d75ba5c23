"""The suite's own database behind a real server, for what only simultaneous requests can show."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection

from bench.harness.servers import Server, app_server

PATIENCE = 20  # s


def environment(named: str = "beside the suite") -> dict[str, str]:
    """Return the suite's database for another process; `named` is PostgreSQL's name of its connections."""
    name = str(connection.settings_dict["NAME"])
    url = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        url = urlunsplit(urlsplit(os.environ["TEST_POSTGRES_URL"])._replace(path=f"/{name}"))
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "LOG_LEVEL": "CRITICAL", "PGAPPNAME": named}
    return {"DATABASE_URL": url} | settings


@contextmanager
def served(app: str, workers: int = 2) -> Iterator[Server]:
    with let_go() as named, app_server(app, environment(named), workers) as server:
        yield server


@contextmanager
def let_go() -> Iterator[str]:
    """Yield the name for a server's connections, and afterwards end them, because PostgreSQL cannot drop a database in use."""
    named = f"served {uuid.uuid4().hex}"
    yield named
    if connection.vendor != "postgresql":
        return
    end = time.monotonic() + PATIENCE
    with psycopg.connect(os.environ["TEST_POSTGRES_URL"], autocommit=True) as line:
        asked = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"
        while line.execute(asked, [named]).fetchone()[0]:
            assert time.monotonic() < end, "the server's connections stay open"
            time.sleep(0.1)
