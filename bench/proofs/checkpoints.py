"""Several processes write to one SQLite file while others checkpoint it: no acknowledged row may be missing.

    python -m bench.proofs.checkpoints [SECONDS]

In this situation SQLite before 3.51.3 could lose commits or damage the file (`config.sqlite`). The race depends on timing
that cannot be forced, so a run without errors proves nothing about an old library; it shows that this library, with our
settings, keeps what it acknowledged.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.harness.servers import ROOT
from config import sqlite

WRITERS, CHECKPOINTERS, SECONDS = 3, 2, 120


@dataclass(frozen=True)
class Outcome:
    acknowledged: int
    missing: int
    doubled: int
    integrity: str
    resets: int

    @property
    def is_good(self) -> bool:
        return (self.missing, self.doubled, self.integrity) == (0, 0, "ok") and self.acknowledged > 0


def race(folder: Path, seconds: float, writers: int = WRITERS, checkpointers: int = CHECKPOINTERS) -> Outcome:
    """Write rows from several processes for `seconds` seconds and count the rows afterwards."""
    path = folder / "race.sqlite3"
    with sqlite.open_connection(path) as line:
        line.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, writer INTEGER, number INTEGER, body BLOB)")
        line.execute("CREATE UNIQUE INDEX row_once ON row (writer, number)")
    jobs = [("write", number) for number in range(writers)] + [("copy", n) for n in range(checkpointers)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.proofs.checkpoints", job, str(path), str(number), str(seconds)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for job, number in jobs
    ]
    outputs = [process.communicate(timeout=seconds + 60)[0] for process in running]
    failed = [job for job, process in zip(jobs, running, strict=True) if process.returncode]
    if failed:
        raise RuntimeError(f"{failed} failed; the lines above say why")
    acknowledged = {
        (number, int(line)) for number, lines in enumerate(outputs[:writers]) for line in lines.split()
    }
    with sqlite.open_connection(path) as line:
        found = line.execute("SELECT writer, number FROM row NOT INDEXED").fetchall()
        [[integrity]] = line.execute("PRAGMA integrity_check").fetchall()
    return Outcome(
        acknowledged=len(acknowledged),
        missing=len(acknowledged - set(found)),
        doubled=len(found) - len(set(found)),
        integrity=integrity,
        resets=sum(int(lines) for lines in outputs[writers:]),
    )


def write(path: str, writer: int, seconds: float) -> None:
    """Commit one row after another and print the number of each acknowledged row."""
    chance, end, number = random.Random(writer), time.monotonic() + seconds, 0
    with sqlite.open_connection(path) as line:
        # The log restarts after a few pages, a hundred times as often as on a site.
        line.execute("PRAGMA wal_autocheckpoint=10")
        while time.monotonic() < end:
            body = chance.randbytes(chance.choice((100, 3000, 9000)))
            try:
                line.execute("BEGIN IMMEDIATE")
            except line.OperationalError:  # locked for all of the timeout: nothing was acknowledged
                continue
            line.execute("INSERT INTO row (writer, number, body) VALUES (?, ?, ?)", (writer, number, body))
            if number % 20 == 19:  # the file shrinks and grows, too
                line.execute("UPDATE row SET body = x'' WHERE writer = ? AND number < ?", (writer, number))
            line.execute("COMMIT")
            print(number)
            number += 1


def copy(path: str, seed: int, seconds: float) -> None:
    """Checkpoint the log in all of SQLite's modes, and print how often it could be reset."""
    chance, end, resets = random.Random(seed), time.monotonic() + seconds, 0
    with sqlite.open_connection(path) as line:
        while time.monotonic() < end:
            how = chance.choice(("PASSIVE", "PASSIVE", "FULL", "RESTART", "TRUNCATE"))
            [[busy, _pages, _copied]] = line.execute(f"PRAGMA wal_checkpoint({how})").fetchall()
            resets += not busy
            time.sleep(chance.random() / 200)
    print(resets)


def main() -> None:
    if sys.argv[1:2] in (["write"], ["copy"]):
        job, path, number, seconds = sys.argv[1:]
        {"write": write, "copy": copy}[job](path, int(number), float(seconds))
        return
    seconds = float(sys.argv[1]) if sys.argv[1:] else SECONDS
    with tempfile.TemporaryDirectory(prefix="newfarmwork-race-") as folder:
        outcome = race(Path(folder), seconds)
    print(
        f"\nSQLite {sqlite.get_version()}: {WRITERS} writers and {CHECKPOINTERS} checkpointers for {seconds:.0f} s"
    )
    print(f"  {outcome}  {'ok' if outcome.is_good else 'LOST'}")
    sys.exit(not outcome.is_good)


if __name__ == "__main__":
    main()
