"""Serve the app by granian, with the project loaded once for all of its processes.

    python -m config.processes.server GRANIAN_OPTIONS… config.wsgi:application

granian forks its workers. What was imported before stays one copy in memory for all of them, and a worker that died is
replaced as fast as a fork. Imports, URLs and translations are loaded; nothing here opens a database connection, a thread or
a file that must not be shared. Each worker begins with the threads of config.processes.app_threads.
"""

import gc
import multiprocessing
import os
import sys
from contextlib import suppress
from importlib import import_module


def choose_folder_of_metrics() -> None:
    """Let the workers count into files of one folder; on a disk without room they do not count, and the site is served."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.conf import settings

    from config.metrics.processes import choose_folder

    with suppress(OSError):
        choose_folder(settings.METRICS_DIR)


def preload() -> None:
    """Import what every worker needs, and keep the garbage collector from touching (and so copying) those pages."""
    import_module("config.wsgi")

    from django.db import connections
    from django.template import engines
    from django.urls import get_resolver
    from django.utils import translation

    get_resolver().url_patterns  # noqa: B018 - imports all views
    engines.all()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            translation.gettext("")
    connections.close_all()
    gc.collect()
    gc.freeze()


def main() -> None:
    from granian.cli import entrypoint
    from granian.log import LOGGING_CONFIG

    # What granian itself reports goes into the journal in the form of all other lines.
    forms: dict[str, object] = LOGGING_CONFIG["formatters"]  # type: ignore[assignment]  # inferred as a mere object
    forms["generic"] = {"()": "config.logs.JsonFormatter"}
    # Python 3.14 starts other processes by a separate server, which shares nothing.
    multiprocessing.set_start_method("fork")
    choose_folder_of_metrics()
    preload()
    from config.processes import app_threads

    health, parent = app_threads.listen(sys.argv), os.getpid()

    def start_threads() -> None:
        if os.getppid() == parent:  # not in what a worker forks
            app_threads.start(health)

    os.register_at_fork(after_in_child=start_threads)
    try:
        entrypoint()
    finally:
        if os.getpid() == parent:
            app_threads.end()


if __name__ == "__main__":
    main()
