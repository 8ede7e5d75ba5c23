"""Let several things happen at the same time, each with a connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(*jobs) -> list:
    """Each job in a thread with a connection of its own, all let go together; what each gave or raised."""
    ready = Barrier(len(jobs))

    def run(job):
        try:
            ready.wait()
            return job()
        except Exception as problem:  # noqa: BLE001 - the test asks what it was
            return type(problem)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
