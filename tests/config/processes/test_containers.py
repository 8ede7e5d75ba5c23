"""Containerfile and compose.yaml, read without a container engine: their files exist, their commands are those of the site."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingUnixStreamServer

import pytest
import yaml
from django.conf import settings

from config import up
from config.health import container_check
from config.processes import units

ROOT = settings.BASE_DIR
CHOSEN = {
    "HOST": "nonghuo.example.cn",
    "TLS_LINE": "",
    "DATABASE_PASSWORD": "d4tabase",
    "COPIES": "",
    "WORKERS": "2",
    "HSTS_SECONDS": "3600",
}
# Settings that go from .env to the programs of the site as they are.
OF_THE_SITE = {
    "SITE_ROLE": "practice",
    "OPERATOR_NAME": "县农业农村局",
    "OPERATOR_CONTACT": "0739-1234567",
}


def read_steps() -> list[tuple[str, str]]:
    """Return the instructions of the Containerfile as (name, arguments)."""
    text = (ROOT / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest.strip()) for name, _space, rest in (line.partition(" ") for line in lines)]


@pytest.fixture(scope="module")
def services() -> dict[str, dict]:
    """The services of compose.yaml, with the variables filled in as compose does it."""

    def fill(found: re.Match) -> str:
        name, default = found["name"], found["default"]
        assert name in CHOSEN, f"{name} is not in compose.env.example"
        return CHOSEN[name] or default or ""

    text = re.sub(
        r"\$\{(?P<name>[A-Z_]+)(?::[?-](?P<default>[^}]*))?\}", fill, (ROOT / "compose.yaml").read_text()
    )
    return yaml.safe_load(text)["services"]


def get_words(service: dict) -> list[str]:
    """Return the words of the program that a service becomes in the end."""
    command = service["command"]
    if command[:2] == ["/bin/sh", "-ec"]:
        return shlex.split(command[2].rpartition("exec ")[2].replace("\\\n", " "))
    return command


def test_only_what_the_programs_need_goes_into_the_image():
    assert (ROOT / ".dockerignore").read_text() == (ROOT / ".containerignore").read_text()
    lines = [
        line for line in (ROOT / ".containerignore").read_text().split("\n") if line[:1] not in ("", "#")
    ]
    assert lines[0] == "*"  # no .env, no key and no table of villages that lies beside the code
    kept = {line.removeprefix("!") for line in lines[1:] if line.startswith("!")}
    apps = {name.partition(".")[0] for name in settings.INSTALLED_APPS}
    own = {name for name in apps if (ROOT / name).is_dir()}
    assert kept == own | {"manage.py", "requirements.txt", "bin/uv.txt"}
    copied = {
        source
        for name, rest in read_steps()
        if name == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    }
    assert copied == {"bin/uv.txt", "requirements.txt", "."}
    for source in copied | kept:
        assert (ROOT / source).exists()


def test_requirements_are_installed_as_make_does_it():
    runs = [rest for name, rest in read_steps() if name == "RUN"]
    makefile = (ROOT / "Makefile").read_text()
    [pip] = [run.partition(" && ")[2] for run in runs if " pip install " in run and "uv.txt" in run]
    pip = pip.replace("/opt/uv/bin/python", "$(PY)").replace("uv.txt", "bin/uv.txt")
    assert f"\t@{pip}\n" in makefile
    [uv] = [run for run in runs if "/bin/uv " in run]
    for inside, outside in (
        ("/opt/uv/", "$(VENV)/"), (" --no-cache", ""), (" --compile-bytecode", ""), (".venv/bin/python", "$(PY)"),
    ):  # fmt: skip
        uv = uv.replace(inside, outside)
    assert f"\t@{uv}\n" in makefile


def test_containers_run_the_programs_of_the_site(services):
    expected = up.list_commands({"APP_SOCKET": units.SOCKET, "WORKERS": "2"})
    expected["front"][-1] = "config/front/Caddyfile.https"
    for name, words in expected.items():
        inside = [
            word.replace(sys.executable, ".venv/bin/python").replace(f"{up.BIN}/", ".venv/bin/")
            for word in words
        ]
        assert get_words(services[name]) == inside, name
        check = services[name]["healthcheck"]["test"]
        assert check == ["CMD", *[".venv/bin/python", "-m", "config.health.container_check"], name]
    assert set(services) == {*expected, "database"}
    first, *prepared, key = services["app"]["command"][2].partition("exec ")[0].splitlines()
    assert first == f"rm -f {units.SOCKET}"
    unit = units.PREPARE.format_map(defaultdict(str, database_line=units.DATABASE_LINE, python="{python}"))
    in_unit = re.findall(r"^ExecStart=\{python\} (.+)$", unit.format(python="{python}"), re.MULTILINE)
    # No other computer uses the database of the containers, but each of them has an address.
    assert prepared == [
        f".venv/bin/python {words}".replace("prepare", "prepare --despite-others") for words in in_unit
    ]
    assert "backup --new-key" in key


def test_containers_that_were_made_anew_are_the_same_computer(services):
    """Its name is that of the worker's heartbeat; without one each container has a new name."""
    names = {services[name].get("hostname") for name in ("app", "worker", "spool")}
    assert names == {"newfarmwork"}


def test_services_wait_for_what_is_there_and_share_what_they_must(services):
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
    volumes = yaml.safe_load((ROOT / "compose.yaml").read_text())["volumes"]
    for service in services.values():
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(volumes)
    for name in ("app", "spool", "front"):
        assert "run:/run/newfarmwork" in services[name]["volumes"]
    assert "data:/var/lib/newfarmwork:ro" in services["front"]["volumes"]


def test_programs_can_write_nothing_but_their_volumes_and_the_front_server_knows_no_secret(services):
    for name in ("app", "spool", "worker", "front"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["security_opt"] == ["no-new-privileges:true"]
    assert [name for name, rest in read_steps() if name in ("USER", "ENTRYPOINT", "CMD")] == ["USER"]
    assert ("USER", "newfarmwork") in read_steps()
    front = services["front"]
    assert front["user"] == "10002:10001"
    assert "env_file" not in front
    assert not {"DATABASE_URL", "SECRET_KEY", "S3_SECRET_KEY"} & set(front["environment"])


def test_every_variable_of_the_example_is_used_and_the_other_way_round():
    example = dict(
        line.partition("=")[::2]
        for line in (ROOT / "compose.env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))
    assert set(example) == used | set(OF_THE_SITE)
    assert used == set(CHOSEN)
    assert example["DATABASE_PASSWORD"] == ""  # no password that everybody knows


@pytest.mark.long
def test_settings_of_the_containers_are_those_of_a_real_site(services, tmp_path):
    key = tmp_path / "copies.key"
    key.touch(0o600)
    key.write_text("k9" * 20)
    env = OF_THE_SITE | services["app"]["environment"]
    env |= {
        "VAR_DIR": str(tmp_path / "var"),
        "LOG_DIR": str(tmp_path / "log"),
        "BACKUP_KEY_FILE": str(key),
    }
    (tmp_path / "var").mkdir(mode=0o700)
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"],
        cwd=ROOT, env={"PATH": os.environ["PATH"]} | env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    guide = (ROOT / "docs/county/settings.md").read_text()
    for name in env:
        assert f"`{name}`" in guide, f"{name} is not explained in docs/county/settings.md"


def test_front_of_the_containers_serves_the_site(services):
    front = services["front"]
    done = subprocess.run(
        [f"{up.BIN}/caddyserver", "adapt", *front["command"][2:]],
        cwd=ROOT, env={"PATH": os.environ["PATH"]} | front["environment"], capture_output=True, text=True, check=True,
    )  # fmt: skip
    servers = {
        server["listen"][0]: server for server in json.loads(done.stdout)["apps"]["http"]["servers"].values()
    }
    assert set(servers) == {":80", ":443"}
    assert servers[":443"]["routes"][0]["match"][0]["host"] == [CHOSEN["HOST"]]
    assert {port.partition("/")[0] for port in front["ports"]} == {"80:80", "443:443"}


# --- health checks ---


class Readiness(BaseHTTPRequestHandler):
    """What the app answers at /readyz."""

    parts: dict[str, bool]

    def do_GET(self):
        body = json.dumps(self.parts).encode()
        self.send_response(200 if all(self.parts.values()) else 503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

    def address_string(self):
        return ""


@pytest.mark.parametrize(
    ("parts", "app", "worker"),
    [
        ({"database": True, "worker": True}, 0, 0),
        ({"database": True, "worker": False}, 0, 1),
        ({"database": False, "worker": False}, 1, 1),
    ],
)
def test_app_is_healthy_without_the_worker_and_the_worker_by_its_heartbeat(
    tmp_path, monkeypatch, parts, app, worker
):
    monkeypatch.setenv("APP_SOCKET", str(tmp_path / "app.sock"))
    monkeypatch.setenv("ALLOWED_HOSTS", "nonghuo.example.cn")
    monkeypatch.setattr(Readiness, "parts", parts, raising=False)
    with ThreadingUnixStreamServer(str(tmp_path / "app.sock"), Readiness) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        try:
            assert [ask(name, monkeypatch) for name in ("app", "worker")] == [app, worker]
        finally:
            server.shutdown()


@pytest.mark.long
def test_who_does_not_listen_is_unhealthy(tmp_path, monkeypatch):
    monkeypatch.setenv("SPOOL_SOCKET", str(tmp_path / "spool.sock"))
    assert ask("spool", monkeypatch) == 1
    with socket.socket(socket.AF_UNIX) as spool:
        spool.bind(str(tmp_path / "spool.sock"))
        assert ask("spool", monkeypatch) == 1
        spool.listen()
        assert ask("spool", monkeypatch) == 0
    assert ask("spool", monkeypatch) == 1


def ask(program: str, monkeypatch) -> int:
    monkeypatch.setattr(sys, "argv", ["container_check", program])
    return container_check.main()
