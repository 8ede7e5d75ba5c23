"""`make install`: let a village computer serve the site from its start on, by systemd.

    sudo HOST=192.168.1.20 make install

Reads HOST, PORT (80), VAR_DIR (/var/lib/newfarmwork), ALLOWED_HOSTS, SITE_ROLE and WORKERS (2). Writes two users, the data
folder, /etc/newfarmwork.env (an existing one stays), the units and the command `newfarmwork`, and starts all of it; run
again after an update, it writes the units anew and restarts. With `--root FOLDER` the files are only written below FOLDER.

App, spool and worker run as the user newfarmwork. The front server is another user of the same group: it reads styles,
pictures and the films that the app permits, but neither the database nor the key.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from config import up
from config.files import close

BASE = Path(__file__).resolve().parents[2]
USER, FRONT, GROUP = "newfarmwork", "newfarmwork-front", "newfarmwork"
ENV_FILE = "/etc/newfarmwork.env"
UNITS = "/etc/systemd/system"
COMMAND = "/usr/local/sbin/newfarmwork"
SOCKET, SPOOL_SOCKET = "/run/newfarmwork/app.sock", "/run/newfarmwork/spool.sock"


@dataclass(frozen=True)
class Site:
    host: str
    port: str
    var_dir: str
    allowed_hosts: str
    site_role: str


def read_environment() -> Site:
    get = os.environ.get
    host = get("HOST", "")
    if not host:
        raise SystemExit(
            "Say under which address the phones find this computer: sudo HOST=192.168.1.20 make install"
        )
    return Site(
        host=host,
        port=get("PORT", "80"),
        var_dir=get("VAR_DIR", "/var/lib/newfarmwork"),
        allowed_hosts=get("ALLOWED_HOSTS", f"{host} localhost 127.0.0.1"),
        site_role=get("SITE_ROLE", "practice"),
    )


# --- contents of the files ---


def list_files(site: Site) -> dict[str, tuple[int, str]]:
    """Return path → (mode, content)."""
    units = {"newfarmwork.target": TARGET}
    units |= {name_unit(name): text + HARDENED for name, text in {"prepare": PREPARE, **PROGRAMS}.items()}
    programs = up.list_commands({"APP_SOCKET": SOCKET})
    names = {f"{name}_command": shlex.join(words) for name, words in programs.items()} | {
        "base": BASE,
        "python": sys.executable,
        "user": USER,
        "front": FRONT,
        "group": GROUP,
        "env_file": ENV_FILE,
        "socket": SOCKET,
        "spool_socket": SPOOL_SOCKET,
        "services": " ".join(map(name_unit, PROGRAMS)),
        **vars(site),
    }
    found = {f"{UNITS}/{name}": (0o644, text.format(**names)) for name, text in units.items()}
    found[ENV_FILE] = (0o600, ENVIRONMENT.format(**names))
    found[COMMAND] = (0o755, MANAGE.format(**names))
    return found


def name_unit(name: str) -> str:
    return f"newfarmwork-{name}.service"


ENVIRONMENT = """\
# Settings of the app and the worker; every variable is explained in docs/county.md.
# After a change: systemctl restart newfarmwork.target
VAR_DIR="{var_dir}"
ALLOWED_HOSTS="{allowed_hosts}"
SITE_ROLE="{site_role}"
DEMO=0
# Plain HTTP: only inside a hall's own network.
HTTPS=0
FRONT_SENDS=1
GROUP_READS=1
"""

MANAGE = """\
#!/bin/sh
# manage.py as the site's user and with its settings: newfarmwork start_county
set -e
umask 077
cd {base}
# Only root can read the settings, and a wrong line would end this shell without a word.
if [ "$1" = check_site ]; then {python} -B -m config.health.env_file {env_file}; fi
set -a
. {env_file}
set +a
exec setpriv --reuid {user} --regid {group} --init-groups {python} manage.py "$@"
"""

TARGET = """\
[Unit]
Description=New Farmwork
Wants={services}

[Install]
WantedBy=multi-user.target
"""

PREPARE = """\
[Unit]
Description=New Farmwork: database, styles and scripts
PartOf=newfarmwork.target
After=network.target postgresql.service
StartLimitIntervalSec=0

[Service]
Type=oneshot
# At boot the database may not answer yet.
Restart=on-failure
RestartSec=10
RemainAfterExit=yes
User={user}
Group={group}
EnvironmentFile={env_file}
WorkingDirectory={base}
ExecStart={python} manage.py migrate --noinput -v0
ExecStart={python} manage.py createcachetable
ExecStart={python} manage.py collectstatic --noinput -v0
ExecStart={python} manage.py plant_kinds
# What waited for a first try that failed was given up with it, and is called again (as root).
ExecStartPost=-+/bin/systemctl start --no-block newfarmwork.target
ReadWritePaths={var_dir}
UMask=0077
"""

APP = """\
[Unit]
Description=New Farmwork: the app
PartOf=newfarmwork.target
Requires=newfarmwork-prepare.service
After=newfarmwork-prepare.service
StartLimitIntervalSec=0

[Service]
User={user}
Group={group}
EnvironmentFile={env_file}
WorkingDirectory={base}
RuntimeDirectory=newfarmwork
RuntimeDirectoryMode=0750
RuntimeDirectoryPreserve=yes
# A socket that a killed process left would keep the next one from listening.
ExecStartPre=-/bin/rm -f {socket}
ExecStart={app_command}
# Stopped for a restart: no new request reaches a socket without a name, so the front server keeps it for the next process;
# what was taken already is answered before the end.
ExecStop=-/bin/rm -f {socket}
ExecStop=/bin/sleep 0.3
KillMode=mixed
TimeoutStopSec=30
Restart=always
RestartSec=1
# One server that is killed for want of memory is started again by its parent.
OOMPolicy=continue
ReadWritePaths={var_dir}
UMask=0077
"""

SPOOL = """\
[Unit]
Description=New Farmwork: large uploads on their way in
PartOf=newfarmwork.target
Requires=newfarmwork-prepare.service
After=newfarmwork-prepare.service
StartLimitIntervalSec=0

[Service]
User={user}
Group={group}
WorkingDirectory={base}
Environment=APP_SOCKET={socket} SPOOL_SOCKET={spool_socket} SPOOL_ROOT={var_dir}/spool
RuntimeDirectory=newfarmwork
RuntimeDirectoryMode=0750
RuntimeDirectoryPreserve=yes
ExecStart={spool_command}
Restart=always
RestartSec=1
ReadWritePaths={var_dir}
# The front's user speaks to its socket through the group; its files have a mode of their own.
UMask=0007
"""

WORKER = """\
[Unit]
Description=New Farmwork: the worker
PartOf=newfarmwork.target
Requires=newfarmwork-prepare.service
After=newfarmwork-prepare.service
StartLimitIntervalSec=0

[Service]
User={user}
Group={group}
EnvironmentFile={env_file}
WorkingDirectory={base}
ExecStart={worker_command}
Restart=always
RestartSec=2
TimeoutStopSec=20
# When memory is short the worker goes first; what it was at is taken up again.
OOMScoreAdjust=500
ReadWritePaths={var_dir}
UMask=0077
"""

FRONT_UNIT = """\
[Unit]
Description=New Farmwork: the front server
PartOf=newfarmwork.target
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
User={front}
Group={group}
WorkingDirectory={base}
Environment=HOST={host} PORT={port} APP_SOCKET={socket} SPOOL_SOCKET={spool_socket} LOG_DIR=/var/log/newfarmwork
Environment=STATIC_ROOT={var_dir}/static MEDIA_ROOT={var_dir}/media PRIVATE_ROOT={var_dir}/private
Environment=XDG_DATA_HOME=/var/lib/newfarmwork-front XDG_CONFIG_HOME=/var/lib/newfarmwork-front
StateDirectory=newfarmwork-front
LogsDirectory=newfarmwork
LogsDirectoryMode=0700
ExecStart={front_command}
Restart=always
RestartSec=1
AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
UMask=0077
"""

HARDENED = """\
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
LockPersonality=yes

[Install]
WantedBy=newfarmwork.target
"""

# One for each program of `make run` (config.up.list_commands).
PROGRAMS = {"app": APP, "spool": SPOOL, "worker": WORKER, "front": FRONT_UNIT}


# --- writing the files ---


def write(site: Site, root: Path) -> list[Path]:
    """Write the files below `root` and return which; the settings of an earlier installation stay."""
    written = []
    for name, (mode, content) in list_files(site).items():
        path = root / name.lstrip("/")
        if name == ENV_FILE and path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode)
        path.chmod(mode)
        path.write_text(content)
        written.append(path)
    return written


def make_folder(site: Site, root: Path) -> Path:
    """Create the data folder: the front server may pass through it to what its group reads, but not list it."""
    folder = root / site.var_dir.lstrip("/")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o710)
    for path in folder.iterdir():  # of a site that ran here before
        if path.is_file():
            close(path)
    return folder


def run(*command: str, **options) -> int:
    return subprocess.run(command, check=False, **options).returncode


def add_users() -> None:
    if run("getent", "group", GROUP, stdout=subprocess.DEVNULL):
        run("groupadd", "--system", GROUP)
    for name in (USER, FRONT):
        if run("id", name, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            run(
                "useradd",
                "--system",
                "--gid",
                GROUP,
                "--no-create-home",
                "--shell",
                "/usr/sbin/nologin",
                name,
            )


def can_start(user: str) -> bool:
    """Return whether that user can read the project and its Python."""
    looks = "import django, pathlib; pathlib.Path('Caddyfile').read_text()"
    command = ("setpriv", "--reuid", user, "--regid", GROUP, "--init-groups", sys.executable, "-c", looks)
    return run(*command, cwd=BASE, stderr=subprocess.DEVNULL) == 0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make install", description="Installs the site as systemd services."
    )
    parser.add_argument("--root", type=Path, help="write the files below this folder and do nothing else")
    root = parser.parse_args().root
    site = read_environment()
    if root:
        make_folder(site, root)
        for path in write(site, root):
            print(path)
        return 0
    if os.geteuid() != 0:
        print("Run it as root: sudo HOST=… make install")
        return 1
    add_users()
    if not can_start(USER) or not can_start(FRONT):
        print(f"The site's user cannot read {BASE} or its Python ({os.path.realpath(sys.executable)}).")
        print(
            "Put the project where everybody may read it, such as /opt/newfarmwork, with the system's own Python."
        )
        return 1
    folder = make_folder(site, Path("/"))
    run("chown", "-R", f"{USER}:{GROUP}", str(folder))
    for path in write(site, Path("/")):
        print(f"wrote {path}")
    if not Path("/run/systemd/system").exists():
        print("systemd does not run here; on the computer that is to serve, it would start the site now.")
        return 0
    failed = run("systemctl", "daemon-reload") or run("systemctl", "enable", *UNIT_NAMES)
    failed = failed or run("systemctl", "restart", "newfarmwork-prepare.service", "newfarmwork.target")
    if failed:
        print("It did not start; look with: journalctl -u 'newfarmwork-*'")
        return 1
    print(
        f"\n新农活 is at http://{site.host}:{site.port}/ . Start the county's site: newfarmwork start_county"
    )
    return 0


UNIT_NAMES = ("newfarmwork.target", *map(name_unit, ("prepare", *PROGRAMS)))


if __name__ == "__main__":
    sys.exit(main())
