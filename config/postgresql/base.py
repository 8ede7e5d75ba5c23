"""Django's PostgreSQL backend, in which only one thread at a time tries to reach a server that is away, and none waits long for
one that has stopped answering.

A server behind a cut line lets each try wait for CONNECT_SECONDS. If all threads of a process tried, none would be left for
the pages that need no database.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import ExecStatus

from config.postgresql import CONNECT_SECONDS
from ui.database.availability import watch

# Seconds between two tries of one process, so the longest time for which a server is back and not yet used.
PAUSE = 0.5
# Seconds in which a connection that a request finds must answer, before it asks anything.
ANSWER_SECONDS = 2


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


def is_answering(connection: psycopg.Connection) -> bool:
    """Return whether the server answers on this idle connection within ANSWER_SECONDS.

    Asked by libpq directly: psycopg waits without end for a server that is frozen, as a paused virtual machine.
    """
    pgconn = connection.pgconn
    pgconn.send_query(b"SELECT 1")
    waiting = select.poll()
    waiting.register(pgconn.socket, select.POLLIN)
    until = time.monotonic() + ANSWER_SECONDS
    while pgconn.is_busy():
        if not waiting.poll(max(0.0, until - time.monotonic()) * 1000):
            return False
        pgconn.consume_input()
    is_right = False
    while result := pgconn.get_result():
        is_right = result.status == ExecStatus.TUPLES_OK
    return is_right


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        return line.connect(lambda: super(DatabaseWrapper, self).get_new_connection(conn_params))

    def is_usable(self) -> bool:
        """Asked once in each request that needs the database (CONN_HEALTH_CHECKS)."""
        try:
            return self.connection is not None and is_answering(self.connection)
        except psycopg.Error:
            return False
