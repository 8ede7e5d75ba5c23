"""Django's PostgreSQL backend, in which only one thread at a time tries to reach a server that is away.

A server behind a cut line lets each try wait for CONNECT_SECONDS. If all threads of a process tried, none would be left for
the pages that need no database.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from config.postgresql import CONNECT_SECONDS
from ui.availability import watch

# Seconds between two tries of one process, so the longest time for which a server is back and not yet used.
PAUSE = 0.5


class Line:
    """The way to the server, shared by the threads of a process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.is_away = False
        self.next_try = 0.0

    def connect(self, make: Callable[[], Any]) -> Any:
        """Return what `make` returns. Raises its psycopg.OperationalError; also while another thread is trying, or has just
        tried in vain.
        """
        with self.lock:
            if self.is_away and time.monotonic() < self.next_try:
                raise psycopg.OperationalError("the database did not answer a moment ago")
            self.next_try = time.monotonic() + CONNECT_SECONDS + PAUSE
        try:
            made = make()
        except psycopg.OperationalError as error:
            with self.lock:
                self.is_away, self.next_try = True, time.monotonic() + PAUSE
            watch.note_away(error)
            raise
        self.is_away = False
        watch.note_back()
        return made


line = Line()


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        return line.connect(lambda: super(DatabaseWrapper, self).get_new_connection(conn_params))
