"""`make run`: migrate, demo data on the first run, then front, app and worker together.

    python -m config.up

Reads HOST (127.0.0.1), PORT (8000), DEMO (on here unless set) and WORKERS (2); says what it is doing.
"""

import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from honcho.manager import Manager

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SIGN_INS = (
    ("13800000001", "学员 trainee"),
    ("13800000002", "培训老师 trainer"),
    ("13800000003", "卖家 seller"),
    ("13800000004", "管理员 organiser"),
    ("13800000005", "外村人 stranger"),
)


def main() -> int:
    env = environment()
    os.environ.update(env)
    if taken(env["HOST"], int(env["PORT"])):
        print(f"Port {env['PORT']} is taken; choose another: PORT=8137 make run")
        return 1
    with said("Preparing the database"):
        here("migrate", verbosity=0)
        here("createcachetable", verbosity=0)
    if static_is_stale():
        with said("Collecting styles and scripts"):
            here("collectstatic", interactive=False, verbosity=0)
    if env["DEMO"] != "1" and demo_is_here():
        print(
            "This site holds the demo's people, whose password everybody knows. Begin a real one in a folder"
        )
        print("of its own (VAR_DIR=/srv/nonghuo make run), or with a DATABASE_URL of its own.")
        return 1
    if env["DEMO"] == "1" and is_empty():
        with said("Making the demo county"):
            apart("seed_demo", "--once")
    elif is_empty():
        here("plant_kinds")
    return serve(env)


def environment() -> dict[str, str]:
    """What the three processes are told; a variable that is set outside wins."""
    get = os.environ.get
    host = get("HOST", "127.0.0.1")
    env = {"HOST": host, "PORT": get("PORT", "8000"), "DEMO": get("DEMO", "1"), "PYTHONUNBUFFERED": "1"}
    env["ALLOWED_HOSTS"] = get("ALLOWED_HOSTS", f"localhost 127.0.0.1 [::1] {host}")
    env["DJANGO_SETTINGS_MODULE"] = "config.settings"
    if env["DEMO"] == "1" and not is_local(host):
        raise SystemExit(f"DEMO shows its passwords on the sign-in page and does not listen on {host}.")
    return env


def is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private and not address.is_unspecified


def taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


@contextmanager
def said(label: str) -> Iterator[None]:
    start = time.monotonic()
    print(f"{label}… ", end="", flush=True)
    yield
    print(f"{time.monotonic() - start:.1f} s", flush=True)


def here(command: str, **options) -> None:
    """A management command in this process: starting another would cost more than the command."""
    django_settings()
    from django.core.management import call_command
    from django.db import connections

    call_command(command, **options)
    connections.close_all()


def apart(*command: str) -> None:
    """One that starts processes of its own, and whose memory is free again afterwards."""
    if subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=False).returncode:
        raise SystemExit(f"\n`manage.py {' '.join(command)}` failed; the lines above say why.")


def django_settings():
    import django
    from django.conf import settings

    django.setup()
    return settings


def static_is_stale() -> bool:
    """Whether any style or script is newer than the collected copy."""
    root = django_settings().STATIC_ROOT
    manifest = root / "staticfiles.json"
    if not manifest.exists():
        return True
    collected = manifest.stat().st_mtime
    sources = [ROOT / "requirements.txt", *ROOT.glob("*/static/**/*")]
    return any(path.is_file() and path.stat().st_mtime > collected for path in sources)


def is_empty() -> bool:
    django_settings()
    from accounts.models import User

    return not User.objects.exists()


def demo_is_here() -> bool:
    django_settings()
    from config.demo.people import are_planted

    return are_planted()


def serve(env: dict[str, str]) -> int:
    settings = django_settings()
    run_dir = tempfile.mkdtemp(prefix="newfarmwork-")  # short and private: a socket's path has 108 bytes
    env = os.environ | {
        "APP_SOCKET": f"{run_dir}/app.sock",
        "STATIC_ROOT": str(settings.STATIC_ROOT),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PRIVATE_ROOT": str(settings.PRIVATE_ROOT),
        "FRONT_SENDS": "1",
        "LOG_DIR": str(settings.LOG_DIR),
    }
    for folder in (settings.LOG_DIR, settings.PRIVATE_ROOT):
        folder.mkdir(parents=True, exist_ok=True)
    manager = Manager()
    app = f"{BIN}/granian --interface wsgi --uds {run_dir}/app.sock --workers {env.get('WORKERS', '2')}"
    app += " --blocking-threads 4 --backlog 512 --no-ws --log-level warning --respawn-failed-workers"
    manager.add_process("app", f"exec {app} config.wsgi:application", env=env, cwd=str(ROOT))
    manager.add_process("worker", f"exec {sys.executable} manage.py work", env=env, cwd=str(ROOT))
    manager.add_process("front", f"exec {BIN}/caddyserver run --config Caddyfile", env=env, cwd=str(ROOT))
    print(f"\n新农活 is at http://{env['HOST']}:{env['PORT']}/  (Ctrl-C stops it)")
    if settings.DEMO:
        print("Demo sign-ins, password nonghuo-demo:")
        for phone, who in SIGN_INS:
            print(f"  {phone}  {who}")
    sys.stdout.flush()
    try:
        manager.loop()
    finally:
        shutil.rmtree(run_dir, ignore_errors=True)
    return manager.returncode or 0


if __name__ == "__main__":
    sys.exit(main())
