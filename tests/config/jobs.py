"""What the workers of two computers do in tests/config/test_two_workers.py; each time it is done leaves a row."""

import time

from accounts.models import AuditEntry
from media.queue import task


@task
def write_row(number: int) -> None:
    time.sleep(0.02)  # the other worker gets some too
    AuditEntry.write_about(None, "job", str(number))


def share_round() -> None:
    AuditEntry.write_about(None, "round", "shared")
    time.sleep(0.5)


def do_own_round() -> None:
    AuditEntry.write_about(None, "round", "own")
