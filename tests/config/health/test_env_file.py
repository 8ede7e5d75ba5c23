"""The file of settings: every fault of a line is named with its number; the value, which may be a key, is not repeated."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.health import env_file
from config.processes import sites, units

GOOD = """\
# Settings
VAR_DIR="/var/lib/newfarmwork"
ALLOWED_HOSTS="nonghuo.example.cn localhost"
DATABASE_URL='postgres://farm:a$b&c@db/farm'
HTTPS=1
OPERATOR_NAME=邵阳县农业农村局
SMS_TEMPLATE_ORDER_ACCEPTED=SMS_123
PGSSLMODE=require
"""


@pytest.fixture
def write(tmp_path):
    def write_lines(text: str | bytes) -> Path:
        path = tmp_path / "newfarmwork.env"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(0o600)
        return path

    return write_lines


def test_good_file_has_no_fault_and_a_shell_reads_it_as_systemd_does(write):
    path = write(GOOD)
    assert env_file.list_faults(path) == []
    script = f'set -ae; . {path}; printf \'%s|\' "$ALLOWED_HOSTS" "$DATABASE_URL" "$OPERATOR_NAME"'
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "nonghuo.example.cn localhost|postgres://farm:a$b&c@db/farm|邵阳县农业农村局|"


FAULTS = {
    "ALLOWED_HOSTS=a.cn b.cn": ("ALLOWED_HOSTS: the value has spaces and no quotes", 'write ALLOWED_HOSTS="…"'),
    'OPERATOR_NAME="县农业局': ("OPERATOR_NAME: the quote at the end is missing", 'write OPERATOR_NAME="…" on one line'),
    "OPERATOR_NAME='县农业局": ("OPERATOR_NAME: the quote at the end is missing", "write OPERATOR_NAME='…' on one line"),
    'HTTPS="1" # on': ("HTTPS: something stands after the closing quote", "a remark on a line of its own"),
    "HTTPS=1 # on": ("HTTPS: the value has spaces and no quotes", 'write HTTPS="…"'),
    "DATABASE_URL=postgres://farm:a$b&c@db/farm": ("DATABASE_URL: a shell reads $ & in another way than systemd",
        "write DATABASE_URL='…' with single quotes"),
    'S3_SECRET_KEY="a$b"': ("S3_SECRET_KEY: a shell reads $, ` and \\ between double quotes in another way than systemd",
        "write S3_SECRET_KEY='…' with single quotes"),
    "export HTTPS=1": ("HTTPS: nothing may stand before the name or around =", "write HTTPS=…"),
    "HTTPS = 1": ("HTTPS: nothing may stand before the name or around =", "write HTTPS=…"),
    "HTTPS= 1": ("HTTPS: a space stands after =", "write HTTPS=value"),
    "HTTPS": ("“HTTPS” is no setting", "write NAME=value"),
    "OPERATOR-NAME=x": ("“OPERATOR-NAME” is no setting", "write NAME=value"),
    "; a remark": ("“; a remark” is no setting", "# before a remark"),
    "ALOWED_HOSTS=a.cn": ("no program reads ALOWED_HOSTS", "did you mean ALLOWED_HOSTS?"),
    "OPERATOR=x\n": ("no program reads OPERATOR", ""),
    "COLOUR_OF_THE_ROOF=red": ("no program reads COLOUR_OF_THE_ROOF", "docs/county/settings.md"),
}  # fmt: skip


@pytest.mark.parametrize("line", FAULTS)
def test_wrong_line_is_named_with_its_mend(write, line):
    what, mend = FAULTS[line]
    [fault] = env_file.list_faults(write(f"SITE_ROLE=practice\n\n{line}\n"))
    assert fault.what == f"line 3: {what}"
    assert mend in fault.mend


def test_what_belongs_to_the_whole_file_is_named(write):
    path = write(b"\xef\xbb\xbfHTTPS=1\r\nDEMO=0\r\nHTTPS=0\r\n")
    path.chmod(0o640)
    assert [(fault.what, fault.mend) for fault in env_file.list_faults(path)] == [
        (f"{path} can be read by others, and keys stand in it", f"chmod 0600 {path}"),
        (f"{path} begins with a byte order mark", f"sed -i '1s/^\\xef\\xbb\\xbf//' {path}"),
        ("line 1 ends as on Windows (CRLF), which becomes part of the value", f"sed -i 's/\\r$//' {path}"),
        ("line 3: HTTPS is set again (before: line 1)", "remove one of both lines"),
    ]
    for fault in env_file.list_faults(path)[:3]:
        subprocess.run(["/bin/sh", "-c", fault.mend], check=True)
    assert [fault.what for fault in env_file.list_faults(path)] == [
        "line 3: HTTPS is set again (before: line 1)"
    ]


def test_no_value_is_repeated(write):
    found = env_file.list_faults(write("S3_SECRET_KEY=very secret\nSECRET_KY='very secret'\nvery secret\n"))
    assert len(found) == 3
    assert "very secret" not in found[0].what + found[1].what


def test_missing_file_is_named(tmp_path):
    [fault] = env_file.list_faults(tmp_path / "none.env")
    assert fault.what == f"{tmp_path}/none.env cannot be read (No such file or directory)"


def test_module_runs_without_settings(write):
    """`newfarmwork check_site` runs it before the settings are read, which a wrong line may prevent."""
    command = [sys.executable, "-B", "-m", "config.health.env_file"]
    env = {"PATH": os.environ["PATH"]}
    for text, code, line in (
        (GOOD, 0, "good   settings file: "),
        ("ALLOWED_HOSTS=a b\n", 1, "WRONG  settings file: line 1: ALLOWED_HOSTS: the value has spaces"),
    ):
        done = subprocess.run(
            [*command, str(write(text))],
            cwd=settings.BASE_DIR,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout[: len(line)]) == (code, line), done.stderr


# --- the names ---

# Set by whatever starts a program, by the units for the front server, and by who runs `make uninstall`.
OF_THE_SYSTEM = {
    "PATH",
    "DJANGO_SETTINGS_MODULE",
    "COPY",
    "FRONT_ADMIN",
    "TLS_LINE",
    "URL",
    "USERS",
}


def test_every_name_that_a_program_reads_is_in_the_guides_tables():
    names = env_file.list_known_names()
    assert {"VAR_DIR", "HTTPS", "ALLOWED_HOSTS", "S3_ENDPOINT_URL", "SPOOL_SOCKET", "HOST", "FFMPEG"} <= names
    guide = Path(settings.BASE_DIR, "docs/county/settings.md").read_text()
    rows = re.findall(r"^\|([^|]+)\|", guide, re.MULTILINE)
    explained = {name for cell in rows for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}
    assert sorted(names - explained - OF_THE_SYSTEM) == []


def test_every_name_in_the_guides_table_is_read():
    guide = Path(settings.BASE_DIR, "docs/county/settings.md").read_text()
    table = guide.split("| Variable | Meaning | Value |")[1].split("\n\n")[0]
    cells = re.findall(r"^\|([^|]+)\|", table, re.MULTILINE)
    explained = {name for cell in cells for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}
    unread = explained - env_file.list_known_names()
    assert sorted(name for name in unread if not name.startswith(env_file.TEMPLATES)) == []


@pytest.mark.parametrize("https", ["0", "internal"])
def test_file_of_an_installation_is_good(write, https):
    site = sites.read_site({"HOST": "192.168.1.20", "HTTPS": https}, {})
    _mode, text = units.list_files(site)[units.ENV_FILE]
    assert env_file.list_faults(write(text)) == []
