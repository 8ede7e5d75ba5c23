"""The deployed programs: complete migrations, safe production settings, small processes."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command

PRODUCTION = {
    "SECRET_KEY": "p" * 30 + "Q7!xv_" * 6,
    "ALLOWED_HOSTS": "shop.example.cn",
    "HTTPS": "1",
    "DEMO": "0",
    "DEBUG": "0",
    "OPERATOR_NAME": "邵阳县农业农村局",
    "OPERATOR_CONTACT": "0739-0000000",
}


def manage(*command: str, **env: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"} | env,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_deployment_check_is_silent_with_the_documented_environment():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), (
        done.stderr
    )


def test_demo_refuses_a_public_address():
    done = manage("check", **PRODUCTION | {"DEMO": "1"})
    assert done.returncode != 0
    assert "refuses to serve a public address" in done.stderr


def test_demo_serves_private_addresses_and_its_processes_do_not_hold_the_dictionary_of_pinyin():
    """It takes 60 MB of each, on a computer that may have 1 GiB."""
    code = (
        "import sys, config.urls, config.copies.restore\nprint('pypinyin' in sys.modules)\n"
        "from django.core.management import call_command\ncall_command('check')"
    )
    env = PRODUCTION | {"DEMO": "1", "ALLOWED_HOSTS": "localhost 127.0.0.1 192.168.1.20"}
    done = manage("shell", "--no-imports", "-v0", "-c", code, **env)
    assert (done.returncode, done.stdout.split("\n")[0]) == (0, "False"), done.stderr
