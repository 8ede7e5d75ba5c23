"""Another, empty machine: a separate site on the other kind of database, in another process."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

# The tables as the migrations make them, without running each: `make prove` does that.
SCHEMA = """
import importlib, django
django.setup()
from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
with connection.schema_editor() as editor:
    for model in apps.get_models():
        editor.create_model(model)
    for statement in importlib.import_module("shops.migrations.0001_initial").MAKE[connection.vendor]:
        editor.execute(statement)
executor = MigrationExecutor(connection)
executor.recorder.ensure_schema()
for step in executor.loader.graph.nodes:
    executor.recorder.record_applied(*step)
"""


def environment(folder: Path, url: str, **more: str) -> dict[str, str]:
    """Return the environment of a site with its own key."""
    own = {"DATABASE_URL": url, "VAR_DIR": str(folder), "LOG_DIR": str(folder / "log")}
    own |= {"MEDIA_ROOT": str(folder / "media"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return {name: value for name, value in os.environ.items() if name != "SECRET_KEY"} | own | more


def run(env: dict[str, str], *scripts: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", "\n".join(scripts)],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def ask(env: dict[str, str], *scripts: str) -> dict:
    """Return what the scripts print last, as JSON."""
    done = run(env, *scripts)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])
