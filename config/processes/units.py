"""The files that `make install` writes: units, settings of a new site, and the command `newfarmwork`.

App, spool and worker run as the user newfarmwork. The front server is another user of the same group: it reads styles,
pictures and the films that the app permits, but neither the database nor the key.
"""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

from config import up
from config.processes.sites import Site

BASE = Path(__file__).resolve().parents[2]
USER, FRONT, GROUP = "newfarmwork", "newfarmwork-front", "newfarmwork"
ENV_FILE = "/etc/newfarmwork.env"
# What was said at installation: an upgrade, or an installation without HOST, uses it again.
CHOICES_FILE = "/etc/newfarmwork.install.json"
UNITS = "/etc/systemd/system"
COMMAND = "/usr/local/sbin/newfarmwork"
SOCKET, SPOOL_SOCKET = "/run/newfarmwork/app.sock", "/run/newfarmwork/spool.sock"
# config.processes.app_threads makes it beside the first.
HEALTH_SOCKET = "/run/newfarmwork/health.sock"
FRONT_STATE = "/var/lib/newfarmwork-front"
FRONT_LOG = "/var/log/newfarmwork"
# Caddy's own authority makes it at its first start.
ROOT_CERTIFICATE = f"{FRONT_STATE}/caddy/pki/authorities/local/root.crt"
FRONT_ADMIN = "unix//run/newfarmwork-front/admin.sock"
CREDENTIALS = "/run/credentials/newfarmwork-front.service"


# --- contents of the files ---


def list_files(site: Site) -> dict[str, tuple[int, str]]:
    """Return path → (mode, content)."""
    programs = up.list_commands({"APP_SOCKET": SOCKET, "WORKERS": site.workers})
    programs["front"][-1] = get_caddyfile(site)
    names = {f"{name}_command": shlex.join(words) for name, words in programs.items()} | {
        "base": BASE,
        "python": sys.executable,
        "user": USER,
        "front": FRONT,
        "group": GROUP,
        "env_file": ENV_FILE,
        "socket": SOCKET,
        "spool_socket": SPOOL_SOCKET,
        "health_socket": HEALTH_SOCKET,
        "front_state": FRONT_STATE,
        "front_admin": FRONT_ADMIN,
        "reload_command": shlex.join(
            [*programs["front"][:1], "reload", *programs["front"][2:], "--address", FRONT_ADMIN]
        ),
        "services": " ".join(map(name_unit, site.programs)),
        "tls_line": TLS_LINES[site.tls],
        "https_lines": HTTPS_LINES if site.tls else HTTP_LINES,
        "url": site.url.rstrip("/"),
        "listen_host": site.listen.rpartition(":")[0],
        "listen_port": site.listen.rpartition(":")[2],
        **asdict(site),
    }
    names |= {name: text.format(**names) for name, text in choose_lines(site).items()}
    units = {name_unit(name): text + HARDENED for name, text in {"prepare": PREPARE, **PROGRAMS}.items()}
    units["newfarmwork.target"] = TARGET
    found = {f"{UNITS}/{name}": (0o644, units[name].format(**names)) for name in list_units(site)}
    found[ENV_FILE] = (0o600, ENVIRONMENT.format(**names))
    found[CHOICES_FILE] = (0o644, json.dumps(asdict(site), indent=1) + "\n")
    found[COMMAND] = (0o755, MANAGE.format(**names))
    return found


def list_units(site: Site) -> tuple[str, ...]:
    """Return the names of the units of this computer."""
    return ("newfarmwork.target", *map(name_unit, ("prepare", *site.programs)))


def get_caddyfile(site: Site) -> str:
    if site.is_node:
        return "config/front/Caddyfile.node"
    return "config/front/Caddyfile.https" if site.tls else "Caddyfile"


def choose_lines(site: Site) -> dict[str, str]:
    """Return the lines that some computers have in their files and others have not."""
    is_with_key = site.tls == "files" and not site.is_node
    return {
        "credentials": CREDENTIAL_LINES if is_with_key else "",
        "front_lines": NODE_LINES if site.is_node else FRONT_LINES + (NODES_LINE if site.nodes else ""),
        "front_after": NODE_ORDER if site.is_node else "",
        "front_stop": NODE_STOP if site.is_node else "",
        "proxy_lines": PROXY_LINES if site.is_node else "",
        "database_line": "" if site.nodes else DATABASE_LINE,
    }


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

# Said to the front server of a site on one computer, and of a front computer.
FRONT_LINES = """\
Environment="HOST={host}" PORT={port} HTTPS_PORT={https_port} URL={url} "TLS_LINE={tls_line}"
"""
NODES_LINE = """\
Environment=SITE_FILE=nodes.caddy "NODES={nodes}"
"""
# Said to a node's front server.
NODE_LINES = """\
Environment=HOST={listen_host} PORT={listen_port} HEALTH_SOCKET={health_socket} "FRONTS={fronts}"
"""
# It is stopped before the app, which answers until then what was begun.
NODE_ORDER = """\
After=newfarmwork-app.service newfarmwork-spool.service
"""
# Longer than it takes to tell the front computer and to finish (config/front/Caddyfile.node).
NODE_STOP = """\
TimeoutStopSec=60
"""
PROXY_LINES = """\
# The front computer and this node's own front server.
TRUSTED_PROXY_COUNT=2
"""
# One computer at a time (the command prepare). A front computer has no database.
DATABASE_LINE = """\
ExecStart={python} manage.py prepare
"""

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
{proxy_lines}"""

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
# Not root's, in which PostgreSQL's library would look for certificates and be refused.
HOME={var_dir}
# What is on this computer, for check_site.
PARTS="{parts}" NODES="{nodes}" LISTEN="{listen}"
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
# The database would change under other computers: somebody has to decide.
RestartPreventExitStatus=78
RemainAfterExit=yes
User={user}
Group={group}
EnvironmentFile={env_file}
WorkingDirectory={base}
{database_line}ExecStart={python} manage.py collectstatic --noinput -v0
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
{front_after}StartLimitIntervalSec=0

[Service]
# Caddy says when it listens. What begins before that, a new configuration, would not reach it.
Type=notify
User={front}
Group={group}
WorkingDirectory={base}
{front_lines}Environment=APP_SOCKET={socket} SPOOL_SOCKET={spool_socket} LOG_DIR=/var/log/newfarmwork
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
{front_stop}AmbientCapabilities=CAP_NET_BIND_SERVICE
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

# One for each program of `make run` (config.up.list_commands); which of them a computer has, its parts say.
PROGRAMS = {"app": APP, "spool": SPOOL, "worker": WORKER, "front": FRONT_UNIT}

# Of all parts.
UNIT_NAMES = ("newfarmwork.target", *map(name_unit, ("prepare", *PROGRAMS)))
