"""`make run`: migrate, create demo data on the first run, then run front server, app and worker together.

    python -m config.up

Reads HOST (127.0.0.1), PORT (8000), DEMO (on here unless set) and WORKERS (2); prints what it is doing.
"""

import errno
import ipaddress
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from django.core.checks import CheckMessage

from config import files

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
    env = make_environment()
    os.environ.update(env)
    if refusal := explain_address(env["HOST"], int(env["PORT"])):
        print(refusal)
        return 1
    for problem in list_problems():
        print(f"{problem.msg}\n{problem.hint}")
        if problem.is_serious():
            return 1
    with print_time("Preparing the database"):
        run_command("migrate", verbosity=0)
        run_command("createcachetable", verbosity=0)
    if is_static_stale():
        with print_time("Collecting styles and scripts"):
            run_command("collectstatic", interactive=False, verbosity=0)
    if env["DEMO"] != "1" and has_demo():
        print(
            "This site holds the demo's people, whose password everybody knows. Begin a real one in a folder"
        )
        print("of its own (VAR_DIR=/srv/nonghuo make run), or with a DATABASE_URL of its own.")
        return 1
    if env["DEMO"] == "1" and (is_empty() or is_without_shops()):
        with print_time("Making the demo county"):
            run_command("seed_demo", once=True)
    elif is_empty():
        run_command("plant_kinds")
    return serve(env)


def make_environment() -> dict[str, str]:
    """Return the environment of the programs; a variable that is set outside wins."""
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
        ip = ipaddress.ip_address(host)
    except ValueError:
        return False
    return ip.is_private and not ip.is_unspecified


def explain_address(host: str, port: int) -> str:
    """Return why nothing can listen at this address, empty if something can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except PermissionError:
            return f"Only root may listen on port {port}; choose another: PORT=8137 make run"
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} is taken; choose another: PORT=8137 make run"
            return f"{host} is no address of this computer ({error.strerror})."
    return ""


@contextmanager
def print_time(label: str) -> Iterator[None]:
    start = time.monotonic()
    print(f"{label}… ", end="", flush=True)
    yield
    print(f"{time.monotonic() - start:.1f} s", flush=True)


def run_command(command: str, **options) -> None:
    """Run a management command in this process: starting another would cost more than the command."""
    load_settings()
    from django.core.management import call_command
    from django.db import connections

    call_command(command, **options)
    connections.close_all()


def load_settings():
    import django
    from django.conf import settings

    django.setup()
    return settings


def list_problems() -> list[CheckMessage]:
    """Return what the system checks find that no site should start with."""
    load_settings()
    from config.health import checks

    return [*checks.check_sqlite(), *checks.check_release(databases=["default"])]


def is_static_stale() -> bool:
    """Return whether any style or script is newer than the collected copy."""
    return files.is_older_than_sources(load_settings().STATIC_ROOT / "staticfiles.json", ROOT)


def is_empty() -> bool:
    load_settings()
    from accounts.models import User

    return not User.objects.exists()


def is_without_shops() -> bool:
    """Return whether nobody sells yet, as where the making of the demo county was interrupted."""
    from shops.models import Shop

    return not Shop.objects.exists()


def has_demo() -> bool:
    load_settings()
    from accounts import demo

    return demo.can_sign_in()


def serve(env: dict[str, str]) -> NoReturn:
    settings = load_settings()
    run_dir = tempfile.mkdtemp(prefix="newfarmwork-")  # short and private: a socket's path has 108 bytes
    env |= list_places(run_dir)
    for folder in (settings.LOG_DIR, settings.PRIVATE_ROOT):
        folder.mkdir(parents=True, exist_ok=True)
    # All programs run as one user.
    files.close_to_others([settings.VAR_DIR, settings.LOG_DIR, settings.PRIVATE_ROOT, settings.MEDIA_ROOT])
    print(f"\n新农活 is at http://{env['HOST']}:{env['PORT']}/  (Ctrl-C stops it)")
    if settings.DEMO:
        print("Demo sign-ins, password nonghuo-demo:")
        for phone, who in SIGN_INS:
            print(f"  {phone}  {who}")
    sys.stdout.flush()
    programs = [
        {"name": name, "command": command, "socket": env["APP_SOCKET"] if name == "app" else ""}
        for name, command in list_commands(env).items()
    ]
    plan = Path(run_dir, "programs.json")
    plan.write_text(json.dumps({"folder": run_dir, "programs": programs}))
    # It replaces this process, which is large by now and has nothing left to do.
    os.chdir(ROOT)
    os.execve(
        sys.executable, [sys.executable, "-m", "config.processes.supervisor", str(plan)], os.environ | env
    )


def list_places(run_dir: str) -> dict[str, str]:
    """Return the sockets and folders that the programs share, for their environment."""
    settings = load_settings()
    return {
        "APP_SOCKET": f"{run_dir}/app.sock",
        "SPOOL_SOCKET": f"{run_dir}/spool.sock",
        "SPOOL_ROOT": str(settings.SPOOL_ROOT),
        "STATIC_ROOT": str(settings.STATIC_ROOT),
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PRIVATE_ROOT": str(settings.PRIVATE_ROOT),
        "FRONT_SENDS": "1",
        "LOG_DIR": str(settings.LOG_DIR),
    }


def list_commands(env: dict[str, str]) -> dict[str, list[str]]:
    """Return the commands of the site's programs, each of which also has a unit in config.processes.units.

    Front and spool find the app at APP_SOCKET.
    """
    app = [sys.executable, "-m", "config.processes.server", "--interface", "wsgi", "--uds", env["APP_SOCKET"]]
    app += [
        "--uds-permissions",
        "0660",  # without the 0 granian reads it as decimal
        "--workers",
        env.get("WORKERS") or os.environ.get("WORKERS", "2"),
        "--blocking-threads",
        "4",
    ]
    app += ["--backlog", "512", "--no-ws", "--log-level", "warning", "--respawn-failed-workers"]
    app += ["config.wsgi:application"]
    return {
        "app": app,
        "worker": [sys.executable, "manage.py", "work"],
        "spool": [sys.executable, "-m", "config.http.spool"],
        "front": [f"{BIN}/caddyserver", "run", "--config", "Caddyfile"],
    }


if __name__ == "__main__":
    sys.exit(main())
