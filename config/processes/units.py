"""The files that `make install` writes: units, settings of a new site, and the command `newfarmwork`.

App, spool and worker run as the user newfarmwork. The front server is another user of the same group: it reads styles,
pictures and the films that the app permits, but neither the database nor the key.
"""

from __future__ import annotations

import ipaddress
import json
import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from config import up

BASE = Path(__file__).resolve().parents[2]
USER, FRONT, GROUP = "newfarmwork", "newfarmwork-front", "newfarmwork"
ENV_FILE = "/etc/newfarmwork.env"
# What was said at installation: an upgrade, or an installation without HOST, uses it again.
CHOICES_FILE = "/etc/newfarmwork.install.json"
UNITS = "/etc/systemd/system"
COMMAND = "/usr/local/sbin/newfarmwork"
SOCKET, SPOOL_SOCKET = "/run/newfarmwork/app.sock", "/run/newfarmwork/spool.sock"
FRONT_STATE = "/var/lib/newfarmwork-front"
FRONT_LOG = "/var/log/newfarmwork"
# Caddy's own authority makes it at its first start.
ROOT_CERTIFICATE = f"{FRONT_STATE}/caddy/pki/authorities/local/root.crt"
FRONT_ADMIN = "unix//run/newfarmwork-front/admin.sock"
CREDENTIALS = "/run/credentials/newfarmwork-front.service"


class BadChoice(Exception):
    """Raised when the site cannot be installed as it was asked for; the message says why and what to type."""


@dataclass(frozen=True)
class Site:
    """What is chosen at installation. `tls` is how the front server gets its certificate:

    "" (plain HTTP), "public" (by itself, for a name that the whole internet finds), "internal" (from its own authority),
    "files" (`tls_cert` and `tls_key`).
    """

    host: str
    port: str = "80"
    https_port: str = "443"
    var_dir: str = "/var/lib/newfarmwork"
    allowed_hosts: str = ""
    site_role: str = "practice"
    workers: str = "2"
    tls: str = ""
    tls_cert: str = ""
    tls_key: str = ""

    @property
    def url(self) -> str:
        scheme, port, usual = ("https", self.https_port, "443") if self.tls else ("http", self.port, "80")
        return f"{scheme}://{self.host}{'' if port == usual else f':{port}'}/"


def read_site(env: Mapping[str, str], earlier: Mapping[str, str]) -> Site:
    """Return what the environment says, else what an earlier installation was told. Raises BadChoice."""
    names = ("host", "port", "https_port", "var_dir", "allowed_hosts", "site_role", "workers")
    chosen = {name: env.get(name.upper()) or earlier.get(name, "") for name in names}
    if not chosen["host"]:
        raise BadChoice(
            "Say under which address the phones find this computer: sudo HOST=192.168.1.20 make install"
        )
    if env.get("HOST") not in (None, "", earlier.get("host")) and not env.get("ALLOWED_HOSTS"):
        chosen["allowed_hosts"] = ""
    chosen["allowed_hosts"] = chosen["allowed_hosts"] or f"{chosen['host']} localhost 127.0.0.1"
    site = Site(
        **{name: value for name, value in chosen.items() if value}, **choose_tls(env, earlier, chosen["host"])
    )
    check_site(site)
    return site


def choose_tls(env: Mapping[str, str], earlier: Mapping[str, str], host: str) -> dict[str, str]:
    """Return tls, tls_cert and tls_key. Raises BadChoice."""
    wish, cert, key = (env.get(name, "").strip() for name in ("HTTPS", "TLS_CERT", "TLS_KEY"))
    if bool(cert) != bool(key):
        raise BadChoice("A certificate needs its key: give TLS_CERT and TLS_KEY, each with its whole path.")
    if cert and wish != "0":
        return {"tls": "files", "tls_cert": cert, "tls_key": key}
    if not wish:
        return {name: earlier.get(name, "") for name in ("tls", "tls_cert", "tls_key")}
    if wish == "0":
        return {}
    if wish not in ("1", "internal"):
        raise BadChoice("HTTPS is 1, internal (from the front server's own authority) or 0.")
    return {"tls": "public" if wish == "1" and is_public(host) else "internal"}


def is_public(host: str) -> bool:
    """Return whether authorities on the internet may certify that name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host and not host.endswith((".local", ".lan", ".localhost", ".internal"))
    return False


def check_site(site: Site) -> None:
    """Refuse what would mean something else in a unit, a shell or a Caddyfile."""
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", site.host):
        raise BadChoice(f"HOST is a name or an address without http:// and port, not “{site.host}”.")
    for name, port in (("PORT", site.port), ("HTTPS_PORT", site.https_port)):
        if not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
            raise BadChoice(f"{name} is a number from 1 to 65535, not “{port}”.")
    if site.tls and site.port == site.https_port:
        raise BadChoice("PORT (80, which leads on to HTTPS) and HTTPS_PORT (443) are two.")
    if not re.fullmatch(r"[1-9][0-9]?", site.workers):
        raise BadChoice(f"WORKERS is a number from 1 to 99, not “{site.workers}”.")
    for name, path in (("VAR_DIR", site.var_dir), ("TLS_CERT", site.tls_cert), ("TLS_KEY", site.tls_key)):
        if path and not re.fullmatch(r"/[\w.+@/-]+", path):
            raise BadChoice(f"{name} is a whole path of letters, digits and . _ + @ -, not “{path}”.")
    if re.search(r"[^\w.:*\[\] -]", site.allowed_hosts + site.site_role):
        raise BadChoice("ALLOWED_HOSTS are names with blanks between them, SITE_ROLE is one word.")


# --- contents of the files ---


def list_files(site: Site) -> dict[str, tuple[int, str]]:
    """Return path → (mode, content)."""
    units = {"newfarmwork.target": TARGET}
    units |= {name_unit(name): text + HARDENED for name, text in {"prepare": PREPARE, **PROGRAMS}.items()}
    programs = up.list_commands({"APP_SOCKET": SOCKET, "WORKERS": site.workers})
    if site.tls:
        programs["front"][-1] = "config/front/Caddyfile.https"
    names = {f"{name}_command": shlex.join(words) for name, words in programs.items()} | {
        "base": BASE,
        "python": sys.executable,
        "user": USER,
        "front": FRONT,
        "group": GROUP,
        "env_file": ENV_FILE,
        "socket": SOCKET,
        "spool_socket": SPOOL_SOCKET,
        "front_state": FRONT_STATE,
        "front_admin": FRONT_ADMIN,
        "reload_command": shlex.join(
            [*programs["front"][:1], "reload", *programs["front"][2:], "--address", FRONT_ADMIN]
        ),
        "services": " ".join(map(name_unit, PROGRAMS)),
        "tls_line": TLS_LINES[site.tls],
        "https_lines": HTTPS_LINES if site.tls else HTTP_LINES,
        "credentials": CREDENTIAL_LINES if site.tls == "files" else "",
        "url": site.url.rstrip("/"),
        **asdict(site),
    }
    names["credentials"] = names["credentials"].format(**names)
    found = {f"{UNITS}/{name}": (0o644, text.format(**names)) for name, text in units.items()}
    found[ENV_FILE] = (0o600, ENVIRONMENT.format(**names))
    found[CHOICES_FILE] = (0o644, json.dumps(asdict(site), indent=1) + "\n")
    found[COMMAND] = (0o755, MANAGE.format(**names))
    return found


def name_unit(name: str) -> str:
    return f"newfarmwork-{name}.service"


# The line of Caddyfile.https that says where its certificate comes from; without one it asks the authorities itself.
TLS_LINES = {
    "": "",
    "public": "",
    "internal": "tls internal",
    "files": f"tls {CREDENTIALS}/tls.crt {CREDENTIALS}/tls.key",
}
# systemd reads them as root at each start: the key stays where it is, closed to the front server's user.
CREDENTIAL_LINES = """\
LoadCredential=tls.crt:{tls_cert}
LoadCredential=tls.key:{tls_key}
"""
HTTP_LINES = """\
# Plain HTTP: only inside a hall's own network.
HTTPS=0"""
HTTPS_LINES = """\
HTTPS=1
# Raise it once the site has been reached by HTTPS for some weeks: browsers take no other way back for so long.
HSTS_SECONDS=3600"""

ENVIRONMENT = """\
# Settings of the app and the worker; every variable is explained in docs/county/settings.md.
# After a change: systemctl restart newfarmwork.target
VAR_DIR="{var_dir}"
ALLOWED_HOSTS="{allowed_hosts}"
SITE_ROLE="{site_role}"
DEMO=0
{https_lines}
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
# What it is receiving is finished first (config.http.spool).
TimeoutStopSec=30
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
Environment="HOST={host}" PORT={port} HTTPS_PORT={https_port} URL={url} "TLS_LINE={tls_line}"
Environment=APP_SOCKET={socket} SPOOL_SOCKET={spool_socket} LOG_DIR=/var/log/newfarmwork
Environment=STATIC_ROOT={var_dir}/static MEDIA_ROOT={var_dir}/media PRIVATE_ROOT={var_dir}/private
Environment=XDG_DATA_HOME={front_state} XDG_CONFIG_HOME={front_state} FRONT_ADMIN={front_admin}
# Its own user's: through it a new configuration comes into force without a connection being closed.
RuntimeDirectory=newfarmwork-front
RuntimeDirectoryMode=0700
{credentials}StateDirectory=newfarmwork-front
LogsDirectory=newfarmwork
LogsDirectoryMode=0700
ExecStart={front_command}
ExecReload={reload_command}
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

UNIT_NAMES = ("newfarmwork.target", *map(name_unit, ("prepare", *PROGRAMS)))
