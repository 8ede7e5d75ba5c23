"""Containerfile and compose.yaml, read without a container engine: their files exist, their commands are those of the site."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections import defaultdict

import pytest
import yaml
from django.conf import settings

from config import up
from config.processes import units

ROOT = settings.BASE_DIR
CHOSEN = {
    "HOST": "nonghuo.example.cn",
    "STORE_HOST": "files.nonghuo.example.cn",
    "SECRET_KEY": "k9" * 40,
    "DATABASE_PASSWORD": "d4tabase",
    "STORE_PASSWORD": "st0re",
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
        return CHOSEN.get(name, default or "")

    text = re.sub(
        r"\$\{(?P<name>[A-Z_]+)(?::[?-](?P<default>[^}]*))?\}", fill, (ROOT / "compose.yaml").read_text()
    )
    return yaml.safe_load(text)["services"]


def get_words(service: dict) -> list[str]:
    """Return the words of the program that a service becomes in the end."""
    command = service["command"]
    if command[:2] == ["/bin/sh", "-ec"]:
        return shlex.split(command[2].rpartition("exec ")[2])
    return command


def test_what_the_image_is_made_of_is_here_and_not_left_out():
    ignored = {line.strip("/") for line in (ROOT / ".containerignore").read_text().split()}
    assert (ROOT / ".dockerignore").read_text() == (ROOT / ".containerignore").read_text()
    copied = [rest.split()[0] for name, rest in read_steps() if name == "COPY"]
    assert copied == ["bin/uv.txt", "requirements.txt", "."]
    for source in copied:
        assert (ROOT / source).exists()
    assert {
        ".git",
        ".venv",
        ".env",
        "var",
    } <= ignored  # no key, no database and no password goes into the image
    apps = {name.partition(".")[0] for name in settings.INSTALLED_APPS}
    assert not ignored & apps


def test_requirements_are_installed_as_make_does_it():
    runs = [rest for name, rest in read_steps() if name == "RUN"]
    assert "python3 -m venv .venv" in runs
    makefile = (
        (ROOT / "Makefile").read_text().replace("$(PY)", ".venv/bin/python").replace("$(VENV)", ".venv")
    )
    [pip] = [run for run in runs if " pip install " in run and "uv.txt" in run]
    assert f"\t@{pip}\n" in makefile
    [uv] = [run for run in runs if run.startswith(".venv/bin/uv ")]
    assert f"\t@{uv.replace(' --no-cache', '').replace(' --compile-bytecode', '')}\n" in makefile


def test_programs_of_the_image_exist():
    for run in [rest for name, rest in read_steps() if name == "RUN"]:
        program = shlex.split(run)[0]
        known = {"python3", "groupadd", "useradd", "install"}
        assert program in known or (ROOT / program).exists(), run


def test_containers_run_the_programs_of_the_site(services):
    expected = up.list_commands({"APP_SOCKET": units.SOCKET, "WORKERS": "2"})
    expected["front"][-1] = "config/front/Caddyfile.compose"
    for name, words in expected.items():
        inside = [
            word.replace(sys.executable, ".venv/bin/python").replace(f"{up.BIN}/", ".venv/bin/")
            for word in words
        ]
        assert get_words(services[name]) == inside, name
    assert (ROOT / expected["front"][-1]).exists()
    assert services["app"]["command"][2].startswith(f"rm -f {units.SOCKET};")
    unit = units.PREPARE.format_map(defaultdict(str, database_line=units.DATABASE_LINE, python="{python}"))
    prepared = re.findall(r"^ExecStart=\{python\} (.+)$", unit.format(python="{python}"), re.MULTILINE)
    assert services["prepare"]["command"][2].splitlines() == [
        f".venv/bin/python {words}" for words in prepared
    ]


def test_services_wait_for_what_is_there_and_share_what_they_must(services):
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
    volumes = yaml.safe_load((ROOT / "compose.yaml").read_text())["volumes"]
    for service in services.values():
        assert {volume.partition(":")[0] for volume in service.get("volumes", [])} <= set(volumes)
    for name in ("app", "spool", "front"):
        assert "run:/run/newfarmwork" in services[name]["volumes"]
    assert "data:/var/lib/newfarmwork:ro" in services["front"]["volumes"]
    secrets = {"SECRET_KEY", "DATABASE_URL", "S3_SECRET_KEY"}
    assert not secrets & set(services["front"]["environment"])


def test_every_variable_of_the_example_is_used_and_the_other_way_round():
    example = dict(
        line.partition("=")[::2]
        for line in (ROOT / "compose.env.example").read_text().splitlines()
        if line and not line.startswith("#")
    )
    used = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "compose.yaml").read_text()))
    assert set(example) == used == set(CHOSEN)
    secrets = ("SECRET_KEY", "DATABASE_PASSWORD", "STORE_PASSWORD")
    assert [example[name] for name in secrets] == [""] * 3  # no password that everybody knows


def test_settings_of_the_containers_are_those_of_a_real_site(services, tmp_path):
    env = services["app"]["environment"] | {
        "VAR_DIR": str(tmp_path / "var"),
        "LOG_DIR": str(tmp_path / "log"),
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


def test_front_of_the_containers_serves_the_site_and_the_bucket(services):
    front = services["front"]
    done = subprocess.run(
        [f"{up.BIN}/caddyserver", "adapt", *front["command"][2:]],
        cwd=ROOT, env={"PATH": os.environ["PATH"]} | front["environment"], capture_output=True, text=True, check=True,
    )  # fmt: skip
    servers = {
        server["listen"][0]: server for server in json.loads(done.stdout)["apps"]["http"]["servers"].values()
    }
    hosts = [route["match"][0]["host"][0] for route in servers[":443"]["routes"]]
    assert sorted(hosts) == [CHOSEN["STORE_HOST"], CHOSEN["HOST"]]
    assert f"{CHOSEN['STORE_HOST']}" in front["networks"]["default"]["aliases"]
