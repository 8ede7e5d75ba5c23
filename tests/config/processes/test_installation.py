"""`make install` written to a folder: the files, their modes and what they say; removed again."""

import configparser
import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config import up
from config.management.commands.prepare import REFUSED
from config.processes import installation, sites, units

ADDRESS = "192.168.1.20"
SERVICES = ("prepare", "app", "spool", "worker", "front")


def install(root: Path, *words: str, **env: str) -> subprocess.CompletedProcess:
    """Run the command below a folder, in this process, which costs less than another one."""
    said, failed, code = io.StringIO(), "", 1
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said):
        patch.setattr(sys, "argv", ["make install", *words, "--root", str(root)])
        patch.setattr(os, "environ", {"HOST": ADDRESS} | env)
        try:
            code = installation.main()
        except SystemExit as error:
            failed = str(error)
    return subprocess.CompletedProcess(words, code, said.getvalue(), failed)


def uninstall(root: Path) -> str:
    """Return what the command says."""
    done = install(root, "--uninstall")
    assert done.returncode == 0
    return done.stdout


@pytest.fixture
def root(tmp_path):
    done = install(tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


def unit(root: Path, name: str) -> configparser.ConfigParser:
    """systemd's files have one key several times; the last counts here."""
    found = configparser.ConfigParser(strict=False, interpolation=None, delimiters=["="])
    found.optionxform = str
    found.read(root / f"etc/systemd/system/newfarmwork-{name}.service")
    return found


def test_every_program_of_make_run_has_a_unit_that_the_target_starts(root):
    programs = set(up.list_commands({"APP_SOCKET": "app.sock"}))
    forgotten = sorted(programs - set(units.PROGRAMS))
    assert not forgotten, (
        f"{forgotten}: give it a unit in config.processes.units.PROGRAMS, or `make install` leaves it out."
    )
    target = (root / "etc/systemd/system/newfarmwork.target").read_text()
    for name in programs:
        assert f"newfarmwork-{name}.service" in target
        assert unit(root, name)["Service"]["ExecStart"]


def test_every_service_is_restarted_for_ever_and_belongs_to_the_target(root):
    for name in SERVICES[1:]:
        service = unit(root, name)
        assert service["Service"]["Restart"] == "always"
        assert service["Unit"]["StartLimitIntervalSec"] == "0"
        assert service["Unit"]["PartOf"] == service["Install"]["WantedBy"] == "newfarmwork.target"


def test_a_preparation_that_failed_at_boot_is_made_again_and_calls_the_rest(root):
    prepare = unit(root, "prepare")
    assert prepare["Unit"].get("StartLimitIntervalSec") == "0"
    assert [prepare["Service"].get(key) for key in ("Restart", "RestartSec")] == ["on-failure", "10"]
    # What is refused (config.management.commands.prepare) would be done once the other computers are away for a moment.
    assert prepare["Service"]["RestartPreventExitStatus"] == str(REFUSED)
    assert prepare["Service"]["ExecStartPost"].endswith("systemctl start --no-block newfarmwork.target")


def test_app_takes_no_new_request_once_it_is_being_stopped(root):
    """Its socket's name goes first: a connection that waits there when the process ends would be cut."""
    text = (root / "etc/systemd/system/newfarmwork-app.service").read_text()
    stops = [line.partition("=")[2] for line in text.splitlines() if line.startswith("ExecStop=")]
    assert stops == ["-/bin/rm -f /run/newfarmwork/app.sock", "/bin/sleep 0.3"]
    assert (
        unit(root, "app")["Service"]["KillMode"] == "mixed"
    )  # its parent ends its processes, each when it is idle


def test_front_is_another_user_who_reads_neither_settings_nor_database(root):
    front, app = unit(root, "front")["Service"], unit(root, "app")["Service"]
    assert (app["User"], front["User"]) == ("newfarmwork", "newfarmwork-front")
    assert front["Group"] == app["Group"]
    assert "EnvironmentFile" not in front
    assert (root / "etc/newfarmwork.env").stat().st_mode & 0o777 == 0o600
    assert (root / "var/lib/newfarmwork").stat().st_mode & 0o777 == 0o710
    masks = {name: unit(root, name)["Service"]["UMask"] for name in SERVICES}
    assert masks == dict.fromkeys(SERVICES, "0077") | {"spool": "0007"}  # its socket is the group's
    assert "GROUP_READS=1" in (root / "etc/newfarmwork.env").read_text()


def test_database_of_a_site_that_ran_there_before_is_closed_to_the_front(tmp_path):
    database = tmp_path / "var/lib/newfarmwork/newfarmwork.sqlite3"
    database.parent.mkdir(parents=True)
    database.touch()
    database.chmod(0o644)
    assert install(tmp_path).returncode == 0
    assert database.stat().st_mode & 0o777 == 0o600


def test_settings_of_an_earlier_installation_stand(root):
    file = root / "etc/newfarmwork.env"
    file.write_text("SITE_ROLE=single_seller\n")
    assert install(root, PORT="8080").returncode == 0
    assert file.read_text() == "SITE_ROLE=single_seller\n"
    assert "PORT=8080" in (root / "etc/systemd/system/newfarmwork-front.service").read_text()


def test_address_is_asked_for(tmp_path):
    done = install(tmp_path, HOST="")
    assert done.returncode == 1
    assert "sudo HOST=192.168.1.20 make install" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_site_starts_with_the_written_settings(root, tmp_path):
    """The file is read by systemd, by a shell and so by Django the same way."""
    file = root / "etc/newfarmwork.env"
    file.write_text(file.read_text().replace("/var/lib/newfarmwork", str(tmp_path / "var/lib/newfarmwork")))
    reads = "from config import settings as s; print(s.ALLOWED_HOSTS, s.SITE_ROLE, s.HTTPS, s.DEMO, s.GROUP_READS)"
    done = subprocess.run(
        ["/bin/sh", "-c", f"set -a; . {file}; set +a; exec {sys.executable} -c '{reads}'"],
        cwd=settings.BASE_DIR, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout == f"['{ADDRESS}', 'localhost', '127.0.0.1'] practice False False True\n", done.stderr
    assert (tmp_path / "var/lib/newfarmwork").stat().st_mode & 0o777 == 0o710


def test_command_names_a_wrong_line_of_the_settings_before_it_reads_them(root):
    command, env = root / "usr/local/sbin/newfarmwork", root / "etc/newfarmwork.env"
    env.write_text("ALLOWED_HOSTS=nonghuo.example.cn localhost\n")
    command.write_text(command.read_text().replace("/etc/newfarmwork.env", str(env)))
    done = subprocess.run([str(command), "check_site"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (
        1,
        "WRONG  settings file: line 1: ALLOWED_HOSTS: the value has spaces and no quotes. "
        'Mend: write ALLOWED_HOSTS="…" with quotes around all of it\n',
    )


def test_command_runs_as_the_sites_user(root):
    command = root / "usr/local/sbin/newfarmwork"
    assert command.stat().st_mode & 0o777 == 0o755
    assert "setpriv --reuid newfarmwork --regid newfarmwork" in command.read_text()
    subprocess.run(["/bin/sh", "-n", str(command)], check=True)


def read_all(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(root)): (path.stat().st_mode, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_second_installation_changes_nothing_and_asks_nothing_again(tmp_path):
    first = {"PORT": "8080", "WORKERS": "3", "SITE_ROLE": "single_seller"}
    assert install(tmp_path, **first).returncode == 0
    before = read_all(tmp_path)
    assert install(tmp_path, HOST="").returncode == 0
    assert read_all(tmp_path) == before
    assert "--workers 3" in unit(tmp_path, "app")["Service"]["ExecStart"]
    assert " PORT=8080 " in (tmp_path / "etc/systemd/system/newfarmwork-front.service").read_text()


def test_every_program_starts_in_the_code_and_with_a_folder_for_its_socket(root):
    for name in SERVICES:
        assert Path(unit(root, name)["Service"]["WorkingDirectory"]) == settings.BASE_DIR
    for name in ("app", "spool"):
        service = unit(root, name)["Service"]
        assert service["RuntimeDirectory"] == "newfarmwork"
        assert (
            service["RuntimeDirectoryMode"] == "0750"
        )  # the front's group comes to the sockets, others do not
        assert (
            service["RuntimeDirectoryPreserve"] == "yes"
        )  # one of the two restarted does not take the other's socket


def test_socket_of_a_killed_app_is_removed_and_the_next_one_is_the_groups(root):
    app = unit(root, "app")["Service"]
    assert app["ExecStartPre"] == "-/bin/rm -f /run/newfarmwork/app.sock"
    assert "--uds /run/newfarmwork/app.sock --uds-permissions 0660" in app["ExecStart"]
    assert "--respawn-failed-workers" in app["ExecStart"]  # one process killed does not take the site down


def test_what_would_mean_something_else_in_a_unit_is_refused(tmp_path):
    refused = {
        "HOST": "nonghuo.cn/x", "PORT": "80 443", "VAR_DIR": "/srv/nong%h", "WORKERS": "0", "ALLOWED_HOSTS": 'a" b',
        "HTTPS": "yes please", "TLS_CERT": "/etc/hall.crt", "SITE_ROLE": "practise",
    }  # fmt: skip
    for name, value in refused.items():
        done = install(tmp_path, **{name: value})
        assert done.returncode == 1, name
        assert name.partition("_")[0] in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("host", ["192.168.1.2O", "192.168.1.256", "192.168.1"])
def test_mistyped_address_is_no_public_name(host):
    with pytest.raises(sites.BadChoice, match="HOST looks like an address and is none"):
        sites.check_site(sites.Site(host))
    assert settings.SITE_ROLES == sites.SITE_ROLES


@pytest.mark.parametrize("folder", ["/etc", "/srv/../etc", "//", "/srv//data", "/srv/data/"])
def test_data_folder_is_no_folder_of_the_system(folder):
    with pytest.raises(sites.BadChoice, match="VAR_DIR"):
        sites.check_site(sites.Site("192.168.1.20", var_dir=folder))


def test_folder_with_others_files_does_not_become_the_sites(tmp_path):
    folder = tmp_path / "var/lib"
    (folder / "postgresql").mkdir(parents=True)
    done = install(tmp_path, VAR_DIR="/var/lib")
    assert done.returncode == 1
    assert "VAR_DIR=/var/lib has others' files in it" in done.stderr
    (folder / "secret_key").write_text("")  # a site's that ran there before
    assert install(tmp_path, VAR_DIR="/var/lib").returncode == 0
    (folder / "secret_key").unlink()
    assert install(tmp_path).returncode == 0  # as at the last installation


def test_uninstalling_keeps_data_settings_and_key_and_says_where(root):
    (root / "var/lib/newfarmwork/secret_key").write_text("secret")
    release = root / "usr/local/lib/newfarmwork/releases/20260101-000000"
    release.mkdir(parents=True)
    kept = {
        name: found for name, found in read_all(root).items() if not name.startswith(("etc/systemd", "usr"))
    }
    for _time in range(2):
        said = uninstall(root)
        assert read_all(root) == kept
        assert not release.exists()
        for place in ("/var/lib/newfarmwork", "/etc/newfarmwork.env", "/etc/newfarmwork.install.json"):
            assert place in said
    assert sorted(kept) == [
        "etc/newfarmwork.env",
        "etc/newfarmwork.install.json",
        "var/lib/newfarmwork/secret_key",
    ]
    assert install(root, HOST="").returncode == 0  # and goes on with them
    assert read_all(root).items() >= kept.items()


def test_what_the_guide_added_for_copies_goes_with_the_worker_and_comes_back_with_it(root):
    added = root / "etc/systemd/system/newfarmwork-worker.service.d/copies.conf"
    with (root / "etc/newfarmwork.env").open("a") as env:
        env.write('BACKUP_DIR="/mnt/copies"\n')
    added.parent.mkdir()
    added.write_text("[Service]\nReadWritePaths=/mnt/copies\n")
    uninstall(root)
    assert not added.parent.exists()
    write(root)
    assert added.read_text() == "[Service]\nReadWritePaths=-/mnt/copies\n"
    added.write_text("[Service]\nReadWritePaths=/mnt/copies /srv/more\n")
    write(root)  # which leaves what somebody has changed
    assert "/srv/more" in added.read_text()


def test_additions_of_ones_own_stay_and_are_named(root):
    own = root / "etc/systemd/system/newfarmwork-worker.service.d/memory.conf"
    own.parent.mkdir()
    own.write_text("[Service]\nMemoryMax=2G\n")
    said = uninstall(root)
    assert own.exists()
    assert "/etc/systemd/system/newfarmwork-worker.service.d  (your own additions" in said


def test_address_that_the_settings_do_not_allow_is_refused(root):
    done = install(root, HOST="nonghuo.lan")
    assert done.returncode == 1
    assert f"says ALLOWED_HOSTS={ADDRESS} localhost 127.0.0.1. Add nonghuo.lan there" in done.stderr
    file = root / "etc/newfarmwork.env"
    file.write_text(file.read_text().replace(ADDRESS, ".lan"))
    assert install(root, HOST="nonghuo.lan").returncode == 0


NODE = {"PARTS": "app worker", "FRONTS": "10.0.0.10", "LISTEN": "10.0.0.11", "HTTPS": "1"}


def write(root: Path, **chosen: str) -> None:
    site = sites.read_site({"HOST": ADDRESS} | chosen, installation.read_choices(root))
    installation.check_settings(site, root)
    installation.write(site, root)


def list_services(root: Path) -> list[str]:
    return sorted(
        path.stem.removeprefix("newfarmwork-") for path in root.glob("etc/systemd/system/*.service")
    )


@pytest.mark.parametrize(
    ("chosen", "services"),
    [
        ({"PARTS": "front", "NODES": "10.0.0.11"}, ["front", "prepare"]),
        (NODE, ["app", "front", "prepare", "spool", "worker"]),
        (NODE | {"PARTS": "app"}, ["app", "front", "prepare", "spool"]),
        ({"PARTS": "worker"}, ["prepare", "worker"]),
        ({"PARTS": "app front"}, ["app", "front", "prepare", "spool"]),
    ],
)
def test_computer_has_the_services_of_its_parts_and_no_others(tmp_path, chosen, services):
    write(tmp_path)
    (tmp_path / "etc/newfarmwork.env").unlink()
    write(tmp_path, **chosen)
    assert list_services(tmp_path) == services
    target = (tmp_path / "etc/systemd/system/newfarmwork.target").read_text()
    assert sorted(re.findall(r"newfarmwork-(\w+)\.service", target)) == [
        name for name in services if name != "prepare"
    ]


def test_front_computer_has_no_database_and_a_node_counts_two_front_servers(tmp_path):
    for name, chosen in {"front": {"PARTS": "front", "NODES": "10.0.0.11"}, "node": NODE}.items():
        write(tmp_path / name, **chosen)
    steps = {
        name: (tmp_path / name / "etc/systemd/system/newfarmwork-prepare.service").read_text()
        for name in ("front", "node")
    }
    assert ["manage.py prepare" in steps[name] for name in ("front", "node")] == [False, True]
    settings_files = {name: (tmp_path / name / "etc/newfarmwork.env").read_text() for name in steps}
    assert "TRUSTED_PROXY_COUNT=2\n" in settings_files["node"]
    assert "TRUSTED_PROXY_COUNT" not in settings_files["front"]
    file = tmp_path / "node/etc/newfarmwork.env"
    file.write_text(settings_files["node"].replace("TRUSTED_PROXY_COUNT=2", ""))
    with pytest.raises(
        sites.BadChoice, match="says TRUSTED_PROXY_COUNT=1, but two front servers are before a node"
    ):
        write(tmp_path / "node")


def test_node_ends_its_front_server_before_its_app(tmp_path):
    """The front computer hears of it, sends nothing more, and what was begun is answered."""
    write(tmp_path, **NODE)
    front = unit(tmp_path, "front")
    assert front["Unit"]["After"] == "newfarmwork-app.service newfarmwork-spool.service"
    assert front["Service"]["TimeoutStopSec"] == "60"
    assert "shutdown_delay 5s" in Path(settings.BASE_DIR, "config/front/Caddyfile.node").read_text()


def test_second_installation_of_a_node_is_the_same_node(tmp_path):
    write(tmp_path, **NODE)
    before = read_all(tmp_path)
    write(tmp_path, HOST="")
    assert read_all(tmp_path) == before


@pytest.mark.parametrize(
    "chosen",
    [
        {"PARTS": "front"},
        {"PARTS": "front worker", "NODES": "10.0.0.11"},
        {"NODES": "10.0.0.11"},
        {"PARTS": "app worker"},
        NODE | {"LISTEN": ""},
        NODE | {"LISTEN": "10.0.0.11 10.0.0.12"},
        NODE | {"FRONTS": "front"},
        NODE | {"FRONTS": "0.0.0.0/0"},
        NODE | {"FRONTS": 'fe80::1%"$(id)'},
        NODE | {"LISTEN": "10.0.0.11:70000"},
        {"PARTS": "front", "NODES": "http://10.0.0.11"},
        {"PARTS": "back"},
    ],
)
def test_parts_that_make_no_site_together_are_refused(chosen):
    with pytest.raises(sites.BadChoice):
        sites.read_site({"HOST": ADDRESS} | chosen, {})
