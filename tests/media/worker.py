"""The worker, run by a test in this process."""

import signal

from django.core.management import call_command

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)


def work_off() -> None:
    """Do all that waits, as the worker does. Its answers to signals end with it, or the tests could not be stopped."""
    before = [signal.getsignal(number) for number in SIGNALS]
    work = {"queue_name": "*", "batch": True, "interval": 0, "verbosity": 0, "startup_delay": False}
    try:
        call_command("db_worker", **work, reload=False)
    finally:
        for number, answer in zip(SIGNALS, before, strict=True):
            signal.signal(number, answer)
