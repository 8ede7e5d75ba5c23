"""`make install`: let a village computer serve the site from its start on, by systemd; `make uninstall` ends that.

    sudo HOST=192.168.1.20 make install
    sudo HOST=nonghuo.example.cn HTTPS=1 make install
    sudo PARTS=front HOST=nonghuo.example.cn HTTPS=1 NODES="10.0.0.11 10.0.0.12" make install
    sudo PARTS="app worker" HOST=nonghuo.example.cn HTTPS=1 LISTEN=10.0.0.11 FRONTS=10.0.0.10 make install
    sudo make uninstall

Reads HOST, PORT (80), HTTPS_PORT (443), HTTPS, TLS_CERT, TLS_KEY, VAR_DIR (/var/lib/newfarmwork), ALLOWED_HOSTS, SITE_ROLE,
WORKERS (2), PARTS (all), NODES, FRONTS and LISTEN; what is not said is as it was at the last installation. Copies the code
(config.processes.releases), writes two users, the data folder, /etc/newfarmwork.env (an existing one stays), the units and
the command `newfarmwork`, starts all of it, and waits until it answers. With `--root FOLDER` the files are only written
below FOLDER, for the code that writes them.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

from config.files import close
from config.processes import readiness, releases, sites, units
from config.processes.sites import BadChoice, Site
from config.processes.units import BASE, FRONT, GROUP, USER

SYSTEM = Path("/")
# What the guide adds to the worker's unit.
COPIES_FILE = f"{units.UNITS}/newfarmwork-worker.service.d/copies.conf"
# In the data folder of a site that ran there before, by `make run` or an installation.
OURS = {"secret_key", "newfarmwork.sqlite3", "static", "upgrade.json"}


def read_choices(root: Path) -> dict[str, str]:
    """Return what was chosen at the last installation, or nothing."""
    try:
        return json.loads((root / units.CHOICES_FILE.lstrip("/")).read_text())
    except FileNotFoundError:
        return {}


def read_earlier(root: Path) -> Site:
    """Return what was chosen at the last installation; an earlier release wrote less of it."""
    known = {field.name for field in fields(Site)}
    chosen = {name: value for name, value in read_choices(root).items() if name in known}
    return Site(**{"host": ""} | chosen)


def check_settings(site: Site, root: Path) -> None:
    """Refuse a front server and settings of an earlier installation that disagree. Raises BadChoice."""
    path = root / units.ENV_FILE.lstrip("/")
    if not path.exists():
        return
    pattern = r"^\s*(HTTPS|ALLOWED_HOSTS|TRUSTED_PROXY_COUNT)=[\"']?([^\"'\n]*)"
    said = dict(re.findall(pattern, path.read_text(), re.MULTILINE))
    begin = f"{units.ENV_FILE} of the earlier installation stays as it is, and says"
    if "HTTPS" in said and (said["HTTPS"].strip().lower() in {"1", "true", "yes", "on"}) != bool(site.tls):
        asked = "1, and HSTS_SECONDS=3600" if site.tls else "0"
        raise BadChoice(f"{begin} HTTPS={said['HTTPS']}. Set HTTPS={asked} there, and install again.")
    count = said.get("TRUSTED_PROXY_COUNT", "1").strip()
    if site.is_node and count == "1":
        raise BadChoice(
            f"{begin} TRUSTED_PROXY_COUNT={count}, but two front servers are before a node. Set it to 2 there, and install again."
        )
    hosts = said.get("ALLOWED_HOSTS", "*").replace(",", " ").split()
    if site.host not in ("0.0.0.0", *hosts) and not any(is_within(site.host, host) for host in hosts):  # noqa: S104
        raise BadChoice(f"{begin} ALLOWED_HOSTS={' '.join(hosts)}. Add {site.host} there, and install again.")


def check_folder(site: Site, root: Path) -> None:
    """Refuse a folder of somebody else's: all that is in the data folder becomes the site's. Raises BadChoice."""
    folder = root / site.var_dir.lstrip("/")
    names = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    if names and site.var_dir != read_choices(root).get("var_dir") and not names & OURS:
        raise BadChoice(f"VAR_DIR={site.var_dir} has others' files in it. Choose a new or an empty folder.")


def is_within(host: str, pattern: str) -> bool:
    """Return whether Django's pattern, such as .example.cn, covers the host."""
    return pattern == "*" or (pattern.startswith(".") and f".{host}".endswith(pattern))


def write(site: Site, root: Path) -> list[Path]:
    """Write the files below `root` and return which; the settings of an earlier installation stay."""
    written = []
    for name, (mode, content) in units.list_files(site).items():
        path = root / name.lstrip("/")
        if name == units.ENV_FILE and path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, mode, content)
        written.append(path)
    for name in list_foreign_units(site):
        (root / units.UNITS.lstrip("/") / name).unlink(missing_ok=True)
    return written + allow_copies(site, root)


def allow_copies(site: Site, root: Path) -> list[Path]:
    """Let the worker write into the folder that settings of before name for its copies, as the guide does by hand."""
    settings, path = root / units.ENV_FILE.lstrip("/"), root / COPIES_FILE.lstrip("/")
    said = re.findall(r"^\s*BACKUP_DIR=[\"']?(/[\w.+@/-]+)", settings.read_text(), re.MULTILINE)
    if not said or "worker" not in site.programs or path.exists():
        return []
    path.parent.mkdir(parents=True, exist_ok=True)
    # Without its disk (-) the worker does all else.
    replace(path, 0o644, f"[Service]\nReadWritePaths=-{said[-1]}\n")
    return [path]


def list_foreign_units(site: Site) -> list[str]:
    """Return the units of other computers' parts, which this one may have had before."""
    return [name for name in units.UNIT_NAMES if name not in units.list_units(site)]


def replace(path: Path, mode: int, content: str) -> None:
    """Write a file whole, whenever the power fails."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "w") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


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


def runs_systemd(root: Path) -> bool:
    return (root / "run/systemd/system").exists()


def has_unit(root: Path, name: str) -> bool:
    return (root / units.UNITS.lstrip("/") / name).exists()


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


def can_start(user: str, release: Path) -> bool:
    """Return whether that user can read the code and its Python."""
    looks = "import django, pathlib; pathlib.Path('Caddyfile').read_text()"
    python = str(releases.get_python(release))
    command = ("setpriv", "--reuid", user, "--regid", GROUP, "--init-groups", python, "-c", looks)
    return run(*command, cwd=release, stderr=subprocess.DEVNULL) == 0


def write_for(release: Path, root: Path = SYSTEM) -> int:
    """Let the code of a release write its own files, with the choices of this environment or of the last installation."""
    python = str(releases.get_python(release))
    command = (python, "-m", "config.processes.installation", "--root", str(root))
    return run(*command, cwd=release, stdout=subprocess.DEVNULL)


def install(site: Site) -> int:
    os.umask(0o022)
    add_users()
    try:
        release = releases.stage(BASE, releases.LIBRARY)
    except releases.CannotStage as error:
        print(error)
        return 1
    if not can_start(USER, release) or not can_start(FRONT, release):
        python = os.path.realpath(releases.get_python(release))
        print(f"The site's user cannot read {release} or its Python ({python}).")
        print("Install with the system's own Python: rm -r .venv, then PYTHON=/usr/bin/python3 make install.")
        return 1
    folder = make_folder(site, SYSTEM)
    # What a command left there that was run as root is the site's again.
    run("chown", "-R", f"{USER}:{GROUP}", str(folder))
    has_systemd = runs_systemd(SYSTEM)
    for name in list_foreign_units(site):
        if has_systemd and has_unit(SYSTEM, name):
            run("systemctl", "disable", "--now", name)
    if write_for(release):
        return 1
    releases.drop_old(releases.LIBRARY, keep={release})
    print(f"wrote {units.ENV_FILE}, {units.COMMAND} and the units newfarmwork-* in {units.UNITS}")
    if not has_systemd:
        print("systemd does not run here; on the computer that is to serve, it would start the site now.")
        return 0
    failed = run("systemctl", "daemon-reload") or run("systemctl", "enable", *units.list_units(site))
    prepare, front = map(units.name_unit, ("prepare", "front"))
    # A front computer that is told of other nodes closes no connection for that.
    if site.nodes:
        failed = (
            failed or run("systemctl", "restart", prepare) or run("systemctl", "reload-or-restart", front)
        )
    else:
        failed = failed or run("systemctl", "restart", prepare, "newfarmwork.target")
    failed = failed or run("systemctl", "start", "newfarmwork.target")
    if failed:
        if not site.nodes:  # why a database was not changed
            run("journalctl", "--no-pager", "-n", "12", "-o", "cat", "-u", prepare)
        print("It did not start; look with: sudo journalctl -u 'newfarmwork-*'")
        return 1
    print("It was started; waiting until it answers…", flush=True)
    if lack := readiness.wait_for_site(site):
        print(f"It does not answer: {lack}. Look with: sudo journalctl -n 50 -u 'newfarmwork-*'")
        return 1
    print_next_steps(site)
    return 0


def print_next_steps(site: Site) -> None:
    if site.parts.split() != list(sites.PARTS):
        print(
            f"\nThis computer has its part ({site.parts}) of the site {site.url} ; next: docs/county/several-computers.md"
        )
        return
    print(f"\n新农活 is at {site.url} . Start the county's site: sudo newfarmwork start_county")
    print(f"Try everything once: sudo newfarmwork check_site --url {site.url}")
    if site.tls == "internal":
        print(
            f"Phones trust it once {units.ROOT_CERTIFICATE} is installed on them as a CA certificate"
            " (docs/county/one-computer.md)."
        )


def uninstall(root: Path, with_users: bool) -> int:
    """Stop the site and remove what the installation wrote; keep its data, settings, keys and certificates."""
    choices = read_choices(root)
    if root == SYSTEM and runs_systemd(root):
        there = [name for name in units.UNIT_NAMES if has_unit(root, name)]
        run("systemctl", "disable", "--now", *there)
    for name in [*(f"{units.UNITS}/{name}" for name in units.UNIT_NAMES), units.COMMAND, COPIES_FILE]:
        (root / name.lstrip("/")).unlink(missing_ok=True)
    with suppress(OSError):  # there is none, or somebody's own additions are in it
        (root / COPIES_FILE.lstrip("/")).parent.rmdir()
    releases.remove_all(root / str(releases.LIBRARY).lstrip("/"))
    if root == SYSTEM and runs_systemd(root):
        run("systemctl", "daemon-reload")
    if with_users and root == SYSTEM:
        for name in (USER, FRONT):
            run(
                "userdel", name, stderr=subprocess.DEVNULL
            )  # which says that the group is the other one's, too
        run("groupdel", GROUP, stderr=subprocess.DEVNULL)
    var_dir = choices.get("var_dir", Site.var_dir)
    kept = {
        "data, pictures, films and the secret key": var_dir,
        "settings": units.ENV_FILE,
        "what was chosen at installation": units.CHOICES_FILE,
        "certificates of the front server": units.FRONT_STATE,
        "the front server's log": units.FRONT_LOG,
        "your own additions to the worker's unit": str(Path(COPIES_FILE).parent),
    }
    print("Removed: the services, the command newfarmwork and the copies of the code. Kept:")
    for what, path in kept.items():
        if (root / path.lstrip("/")).exists():
            print(f"  {path}  ({what})")
    print("`make install` goes on with them.")
    if not with_users and root == SYSTEM:
        print(
            f"The users {USER} and {FRONT} stay, because the data is theirs; remove them: USERS=1 make uninstall"
        )
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="make install", description="Installs the site as systemd services, or removes it."
    )
    parser.add_argument(
        "--root", type=Path, help="write (or remove) the files below this folder and do nothing else"
    )
    parser.add_argument("--uninstall", action="store_true", help="stop and remove it; data and settings stay")
    options = parser.parse_args()
    root = options.root or SYSTEM
    if not options.root and os.geteuid() != 0:
        print(f"Run it as root: sudo {'make uninstall' if options.uninstall else 'HOST=… make install'}")
        return 1
    if options.uninstall:
        return uninstall(root, with_users=os.environ.get("USERS") == "1")
    try:
        site = sites.read_site(os.environ, read_choices(root))
        check_settings(site, root)
        check_folder(site, root)
    except BadChoice as error:
        raise SystemExit(str(error)) from error
    if not options.root:
        return install(site)
    make_folder(site, root)
    for path in write(site, root):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
