"""What `make install` and `make uninstall` ask of the system as root, below a folder and of programs that do nothing."""

import json
import os
import sys
from pathlib import Path

import pytest

from config.processes import computer, installation, readiness, releases, sites, units

ADDRESS = "192.168.1.20"
SERVICES = " ".join(units.list_units(sites.Site(ADDRESS)))
FAILED = "look with: sudo journalctl -u 'newfarmwork-*'"
# The order in which they are called is what counts; the users are there already.
USERS_ARE_THERE = ["getent group newfarmwork", "id newfarmwork", "id newfarmwork-front"]
START = ["systemctl daemon-reload", f"systemctl enable {SERVICES}"]


class System:
    """A computer below a folder: systemd runs, and a release of the code is staged."""

    def __init__(self, root: Path, programs) -> None:
        self.root, self.programs, self.lack = root, programs, ""
        self.library = root / "usr/local/lib/newfarmwork"
        self.release = self.library / "releases/20260101-000000"
        (self.release / ".venv/bin").mkdir(parents=True)
        (self.library / "environments").mkdir()
        (root / "run/systemd/system").mkdir(parents=True)
        programs.add("getent", "id", "groupadd", "useradd", "chown", "setpriv", "systemctl", "journalctl")
        programs.add("userdel", "groupdel")
        self.make_python()

    def make_python(self, code: int = 0) -> None:
        """Give the release a Python that writes down how it was called."""
        self.programs.add("python")
        script = self.programs.folder / "python"
        python = releases.get_python(self.release)
        python.write_text(f"{script.read_text()}exit {code}\n")
        python.chmod(0o755)

    def call(self, *words: str, user: int = 0, **env: str) -> int | str:
        """Run the command; return its code, or why it refuses."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["make install", *words])
            patch.setattr(os, "geteuid", lambda: user)
            if "--uninstall" in words:  # which looks for it below the system's root
                patch.setattr(releases, "LIBRARY", Path("/", self.library.relative_to(self.root)))
            for name in (*sites.Site.__dataclass_fields__, "https", "users"):
                patch.delenv(name.upper(), raising=False)
            for name, value in env.items():
                patch.setenv(name, value)
            try:
                return installation.main()
            except SystemExit as refused:
                return str(refused)

    def install(self, **env: str) -> int | str:
        return self.call(HOST=ADDRESS, **env)

    def make_unit(self, name: str) -> Path:
        path = self.root / units.UNITS.lstrip("/") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        return path


@pytest.fixture
def system(tmp_path, programs, monkeypatch):
    system = System(tmp_path / "system", programs)
    monkeypatch.setattr(installation, "SYSTEM", system.root)
    monkeypatch.setattr(releases, "LIBRARY", system.library)
    monkeypatch.setattr(releases, "stage", lambda _source, _library: system.release)
    monkeypatch.setattr(readiness, "wait_for_site", lambda _site: system.lack)
    umask = os.umask(0o077)
    yield system
    os.umask(umask)


def test_only_root_installs_and_removes(system, capsys):
    assert system.call(HOST=ADDRESS, user=1000) == 1
    assert capsys.readouterr().out == "Run it as root: sudo HOST=… make install\n"
    assert system.call("--uninstall", user=1000) == 1
    assert capsys.readouterr().out == "Run it as root: sudo make uninstall\n"
    assert "sudo HOST=192.168.1.20 make install" in system.call()
    assert system.programs.list_calls() == []


def test_installed_site_is_started_and_waited_for(system, capsys):
    assert system.install() == 0
    folder, python = system.root / "var/lib/newfarmwork", releases.get_python(system.release)
    looks = f"{python} -c import django, pathlib; pathlib.Path('Caddyfile').read_text()"
    assert system.programs.list_calls() == [
        *USERS_ARE_THERE,
        *[
            f"setpriv --reuid {user} --regid newfarmwork --init-groups {looks}"
            for user in ("newfarmwork", "newfarmwork-front")
        ],
        f"chown -R newfarmwork:newfarmwork {folder}",
        "python -m config.processes.installation --root /",
        *START,
        "systemctl restart newfarmwork-prepare.service newfarmwork.target",
        "systemctl start newfarmwork.target",
    ]
    assert folder.stat().st_mode & 0o777 == 0o710
    assert capsys.readouterr().out.splitlines() == [
        "wrote /etc/newfarmwork.env, /usr/local/sbin/newfarmwork and the units newfarmwork-* in /etc/systemd/system",
        "It was started; waiting until it answers…",
        "",
        f"新农活 is at http://{ADDRESS}/ . Start the county's site: sudo newfarmwork start_county",
        f"Try everything once: sudo newfarmwork check_site --url http://{ADDRESS}/",
    ]


def test_users_that_are_missing_are_made(system):
    system.programs.add("getent", "id", fails_with="*")
    assert system.install() == 0
    user = "useradd --system --gid newfarmwork --no-create-home --shell /usr/sbin/nologin"
    assert system.programs.list_calls()[:6] == [
        "getent group newfarmwork",
        "groupadd --system newfarmwork",
        "id newfarmwork",
        f"{user} newfarmwork",
        "id newfarmwork-front",
        f"{user} newfarmwork-front",
    ]


def test_next_step_depends_on_certificate_and_parts(system, capsys):
    assert system.install(HTTPS="1") == 0
    said = capsys.readouterr().out
    assert f"新农活 is at https://{ADDRESS}/ ." in said
    assert "Phones trust it once " in said
    assert f"{units.ROOT_CERTIFICATE} is installed on them as a CA certificate" in said
    assert system.install(PARTS="worker") == 0
    said = capsys.readouterr().out
    assert (
        f"has its part (worker) of the site http://{ADDRESS}/ ; next: docs/county/several-computers.md"
        in said
    )
    assert "start_county" not in said


def test_front_computer_that_is_told_of_other_nodes_closes_no_connection(system):
    assert system.install(PARTS="front", NODES="10.0.0.11") == 0
    assert [one for one in system.programs.list_calls() if "systemctl" in one][2:] == [
        "systemctl restart newfarmwork-prepare.service",
        "systemctl reload-or-restart newfarmwork-front.service",
        "systemctl start newfarmwork.target",
    ]


def test_services_of_parts_that_went_to_another_computer_are_stopped(system):
    worker, app = (system.make_unit(f"newfarmwork-{name}.service") for name in ("worker", "app"))
    assert system.install(PARTS="worker") == 0
    stops = [one for one in system.programs.list_calls() if "disable" in one]
    assert stops == [f"systemctl disable --now {app.name}"]
    assert worker.exists()


def test_without_systemd_the_files_are_written_and_nothing_is_started(system, capsys):
    (system.root / "run/systemd/system").rmdir()
    assert system.install() == 0
    assert "systemd does not run here" in capsys.readouterr().out
    calls = system.programs.list_calls()
    assert calls[-1] == "python -m config.processes.installation --root /"
    assert not [one for one in calls if one.startswith("systemctl")]


def test_code_that_cannot_be_copied_or_read_changes_no_service(system, capsys, monkeypatch):
    def fail(_source, _library):
        raise releases.CannotStage("no room")

    with monkeypatch.context() as patch:
        patch.setattr(releases, "stage", fail)
        assert system.install() == 1
    assert capsys.readouterr().out == "no room\n"
    assert system.programs.list_calls() == USERS_ARE_THERE
    for user in ("newfarmwork", "newfarmwork-front"):
        system.programs.add("setpriv", fails_with=user)
        if user == "newfarmwork":  # the group's name, too
            system.programs.add("setpriv", fails_with="*")
        assert system.install() == 1
        said = capsys.readouterr().out
        assert f"The site's user cannot read {system.release} or its Python" in said
        assert "PYTHON=/usr/bin/python3 make install" in said
    assert not (system.root / "var").exists()
    system.programs.list_calls()
    system.programs.add("setpriv")
    system.make_python(1)  # the release cannot write its files
    assert system.install() == 1
    assert system.programs.list_calls()[-1].startswith("python -m config.processes.installation")


@pytest.mark.parametrize("step", ["daemon-reload", "enable", "restart", "start"])
def test_step_that_fails_ends_it_with_the_way_to_look(system, capsys, step):
    system.programs.add("systemctl", fails_with=step)
    assert system.install() == 1
    assert capsys.readouterr().out.endswith(f"It did not start; {FAILED}\n")
    *_before, failed, look = system.programs.list_calls()
    assert failed.split()[:2] == ["systemctl", step]
    assert look == "journalctl --no-pager -n 12 -o cat -u newfarmwork-prepare.service"


def test_front_computer_that_fails_has_no_database_to_tell_of(system, capsys):
    system.programs.add("systemctl", fails_with="reload-or-restart")
    assert system.install(PARTS="front", NODES="10.0.0.11") == 1
    assert system.programs.list_calls()[-1] == "systemctl reload-or-restart newfarmwork-front.service"


def test_site_that_does_not_answer_is_said(system, capsys):
    system.lack = "the app (no answer)"
    assert system.install() == 1
    assert "It does not answer: the app (no answer). Look with: sudo journalctl" in capsys.readouterr().out


def test_removed_site_is_stopped_and_its_users_stay_until_asked_for(system, capsys):
    units_there = [system.make_unit(name) for name in ("newfarmwork-app.service", "newfarmwork.target")]
    settings = system.root / "etc/newfarmwork.env"
    settings.write_text("")
    assert system.call("--uninstall") == 0
    names = [name for name in units.UNIT_NAMES if name in {path.name for path in units_there}]
    assert system.programs.list_calls() == [
        f"systemctl disable --now {' '.join(names)}",
        "systemctl daemon-reload",
    ]
    assert not any(path.exists() for path in [*units_there, system.library])
    said = capsys.readouterr().out
    assert "  /etc/newfarmwork.env  (settings)\n" in said
    assert "remove them: USERS=1 make uninstall" in said
    assert system.call("--uninstall", USERS="1") == 0
    assert system.programs.list_calls()[-3:] == [
        "userdel newfarmwork",
        "userdel newfarmwork-front",
        "groupdel newfarmwork",
    ]
    assert "USERS=1" not in capsys.readouterr().out
    (system.root / "run/systemd/system").rmdir()
    assert system.call("--uninstall") == 0
    assert system.programs.list_calls() == []


# --- the services, as an upgrade stops and starts them ---


@pytest.fixture
def choose(programs, monkeypatch):
    """choose(parts="worker", …) → the services of a computer that was installed so."""
    programs.add("systemctl")
    monkeypatch.setattr(
        computer, "wait_until_app_listens", lambda: programs.calls_file.open("a").write("wait\n")
    )

    def choose(**chosen: str) -> computer.Systemd:
        site = sites.Site(ADDRESS, **chosen)
        monkeypatch.setattr(computer.Systemd, "read_site", lambda _self: site)
        return computer.Systemd()

    return choose


NODE = {"parts": "app worker", "fronts": "10.0.0.10", "listen": "10.0.0.11:8080"}


@pytest.mark.parametrize(
    ("chosen", "stopped", "started"),
    [
        ({}, "app worker", ["restart app worker", "restart spool", "wait", "reload-or-restart front"]),
        (
            NODE,
            "app spool worker front",
            ["restart app worker", "restart spool", "wait", "reload-or-restart front"],
        ),
        ({"parts": "worker"}, "worker", ["restart worker"]),
        ({"parts": "front", "nodes": "10.0.0.11:8080"}, "", ["reload-or-restart front"]),
    ],
    ids=["one computer", "node", "films", "front"],
)
def test_computer_stops_what_writes_and_starts_what_it_has(choose, programs, chosen, stopped, started):
    services = choose(**chosen)

    def full(words: str) -> str:
        verb, *names = words.split()
        return " ".join(["systemctl", verb, *map(units.name_unit, names)]) if names else words

    services.stop()
    assert programs.list_calls() == [full(f"stop {stopped}") if stopped else "systemctl stop"]
    services.start()
    enabled = " ".join(units.list_units(services.read_site()))
    assert programs.list_calls() == [
        "systemctl daemon-reload",
        f"systemctl enable --quiet {enabled}",
        *map(full, started),
        "systemctl start newfarmwork.target",
    ]
    assert services.is_running()
    [asked] = programs.list_calls()
    assert asked == full(f"is-active {' '.join(services.read_site().programs)}").replace(
        "active", "active --quiet"
    )


def test_service_that_does_not_stop_or_start_is_said(choose, programs):
    services = choose()
    for verb, act in {"stop": services.stop, "enable": services.start, "restart": services.start}.items():
        programs.add("systemctl", fails_with=verb)
        with pytest.raises(computer.Failed) as failed:
            act()
        assert str(failed.value) == f"systemctl {verb} failed; {FAILED}"
    programs.add("systemctl", fails_with="*")
    assert not services.is_running()


def test_computer_knows_its_settings_and_where_its_data_is(tmp_path):
    here = computer.Computer(computer.Systemd(), tmp_path)
    with pytest.raises(computer.Failed, match="The site is not installed here: sudo HOST=… make install"):
        here.get_var_dir()
    unit = tmp_path / "etc/systemd/system/newfarmwork-prepare.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("[Service]\nWorkingDirectory=/usr/local/lib/newfarmwork/releases/20260101-000000\n")
    with pytest.raises(computer.Failed, match=r"/etc/newfarmwork\.env cannot be read: .*newfarmwork\.env"):
        here.get_var_dir()
    settings = tmp_path / "etc/newfarmwork.env"
    settings.write_text('# of the county\nSITE_NAME="石榴冲 的"\nALLOWED_HOSTS="a.cn b.cn"\n')
    assert here.read_settings() == {"SITE_NAME": "石榴冲 的", "ALLOWED_HOSTS": "a.cn b.cn"}
    with pytest.raises(computer.Failed, match="does not say where the data is: VAR_DIR=…"):
        here.get_var_dir()
    settings.write_text('VAR_DIR="/srv/nonghuo"\n')
    assert here.get_var_dir() == Path("/srv/nonghuo")
    assert here.find_serving().name == "20260101-000000"


def test_choices_of_another_release_are_read_as_far_as_they_are_known(tmp_path):
    assert installation.read_earlier(tmp_path) == sites.Site("")
    file = tmp_path / units.CHOICES_FILE.lstrip("/")
    file.parent.mkdir()
    file.write_text(json.dumps({"host": ADDRESS, "port": "8080", "colour": "green"}))
    assert installation.read_earlier(tmp_path) == sites.Site(ADDRESS, port="8080")
