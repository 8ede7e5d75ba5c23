"""`manage.py check_site`: each fault is planted into a good site and named, with what mends it."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts import demo
from accounts.models import Place, User
from config.health.probes import BEAT
from config.models import CopyRun
from courses.models import Course, State
from shops.models import Category
from tests.config.health.sites import Site, run_folder
from tests.factories import make_county


def leave_socket(path: Path) -> None:
    """Leave what a killed process leaves: a socket at which nobody listens."""
    path.unlink()
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(str(path))


def replace_run(name: str) -> Callable[[Site], None]:
    return lambda site: (run_folder(site) / "app.sock").chmod(int(name, 8))


def drop_cache_table(site: Site) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE shared_cache")


def make_release_of_tomorrow(site: Site) -> None:
    file = site.folder.parent / "config/new.py"
    file.parent.mkdir()
    file.touch()
    os.utime(file, (time.time() + 86_400,) * 2)
    site.set(BASE_DIR=file.parent.parent)


def set_beat(seconds_ago: float, **facts) -> Callable[[Site], None]:
    facts = {"is_library_sound": True, "sqlite": "3.46.1"} | facts
    return lambda site: cache.set(BEAT, facts | {"at": time.time() - seconds_ago})


def change(**changes) -> Callable[[Site], None]:
    return lambda site: site.set(**changes)


def answer(**changes) -> Callable[[Site], None]:
    return lambda site: vars(site.conduct).update(changes)


Planted = tuple[Callable[[Site], object], str, str, str]
# name: (what plants it, subject, the fault, a part of its mend); {run} and {var} are folders, {where} the host's port.
FAULTS: dict[str, Planted] = {
    # settings
    "nobody responsible": (change(OPERATOR_NAME="", OPERATOR_CONTACT=""), "settings",
        "OPERATOR_NAME and OPERATOR_CONTACT not set: the privacy notice does not name who is responsible (个人信息保护法 §17)",
        "Set OPERATOR_NAME"),
    "no contact": (change(OPERATOR_CONTACT=""), "settings",
        "OPERATOR_CONTACT not set: the privacy notice does not name who is responsible (个人信息保护法 §17)",
        "OPERATOR_CONTACT to its telephone"),
    "gateway without address": (change(SMS_SENDER="http", SMS_HTTP_URL=""), "settings",
        "SMS_SENDER is http and SMS_HTTP_URL is not set: no code and no message is sent", "Set SMS_HTTP_URL"),
    "unknown sender": (change(SMS_SENDER="aliyun"), "settings",
        "SMS_SENDER is “aliyun”, which is none of console, file, http, none", "SMS_SENDER=http with a gateway"),
    "codes into a file": (change(SMS_SENDER="file"), "settings",
        "SMS_SENDER=file writes codes to this computer: they reach nobody's phone", "SMS_SENDER=http with a gateway"),
    "short key": (change(SECRET_KEY="short"), "settings",
        "Your SECRET_KEY has less than 50 characters", "openssl rand -base64 60"),
    "copies without a passphrase": (change(BACKUP_KEY_FILE=""), "settings",
        "BACKUP_DIR is set without BACKUP_KEY_FILE: no copy is made without a passphrase", "backup --new-key"),
    "no name": (change(ALLOWED_HOSTS=["localhost", "127.0.0.1"]), "settings",
        "ALLOWED_HOSTS names only this computer: a browser that asks for the site by its name gets an error",
        'Set ALLOWED_HOSTS="nonghuo.example.cn"'),
    "plain HTTP": (change(HTTPS=False), "settings",
        "HTTPS is off for the public name nonghuo.example.cn: passwords are sent unencrypted", "Set HTTPS=1"),
    "open folder": (lambda site: site.folder.chmod(0o755), "settings",
        "Every user of this computer may look into {var}", "chmod 0700"),
    # files
    "log folder is a file": (change(LOG_DIR=Path("/dev/null/log")), "log",
        "/dev/null/log cannot be written (Not a directory)", "chown"),
    "styles not collected": (lambda site: (site.folder / "static/staticfiles.json").unlink(), "styles",
        "styles and scripts are not collected, or older than the release", "manage.py collectstatic --noinput"),
    # database and contents
    "migration to come": (lambda site: MigrationRecorder(connection).record_unapplied("outbox", "0001_initial"),
        "migrations", "1 migrations are not applied, the first is outbox 0001_initial", "manage.py migrate"),
    "no table of the cache": (drop_cache_table, "database",
        "the table of the shared cache is missing", "manage.py createcachetable"),
    "no kinds of produce": (lambda site: Category.objects.all().delete(), "contents",
        "there are no kinds of produce: nobody can list anything", "manage.py plant_kinds"),
    "no county": (lambda site: Place.objects.filter(kind="county").update(kind="city"), "contents",
        "there is no county: nobody can choose a village", "manage.py start_county county.toml"),
    "the demo's county": (lambda site: make_county("柚山县", "青溪镇", []), "contents",
        "柚山县 is made up for the demo, and villagers can choose it", "a database of its own"),
    "the demo's people": (lambda site: User.objects.create_user("+8613800000003", demo.PASSWORD, name="周梅英"), "contents",
        "the demo's people can sign in with the password that everybody knows", "a database of its own"),
    "no course": (lambda site: Course.objects.update(state=State.DRAFT), "contents",
        "no course is published: trainees have nothing to learn", "manage.py start_county county.toml"),
    # processes
    "spool does not run": (lambda site: (run_folder(site) / "spool.sock").unlink(), "spool",
        "{run}/spool.sock is missing: nothing listens there", "systemctl restart newfarmwork-spool"),
    "app does not run": (lambda site: (run_folder(site) / "app.sock").unlink(), "app",
        "{run}/app.sock is missing: nothing listens there", "systemctl restart newfarmwork-app"),
    "socket of a killed app": (lambda site: leave_socket(run_folder(site) / "app.sock"), "app",
        "{run}/app.sock was left by a killed process: nobody listens", "rm -f {run}/app.sock"),
    "socket of the app's user alone": (replace_run("0o755"), "app",
        "{run}/app.sock has the mode 0755: the front server cannot connect through the group", "--uds-permissions 0o660"),
    "socket of everybody": (replace_run("0o666"), "app",
        "{run}/app.sock is open to every user of this computer, who could pretend to be any visitor", "chmod o= {run}/app.sock"),
    "app cannot write its log": (answer(ready={"logs": False}), "app",
        "the app says at /readyz that “logs” is not well", "let the app's unit write to LOG_DIR"),
    "something else at the socket": (answer(ready={}), "app",
        "what listens at {run}/app.sock does not answer /readyz as the app does", "systemctl restart newfarmwork-app"),
    "worker is silent": (set_beat(200), "worker", "the worker has not been heard for 2", "restart newfarmwork-worker"),
    "worker never ran": (lambda site: cache.delete(BEAT), "worker",
        "the worker has not been heard in the last hour", "restart newfarmwork-worker"),
    "worker on an old library": (set_beat(0, is_library_sound=False), "worker",
        "the worker runs on SQLite 3.46.1, which can lose data", "systemctl restart"),
    # clock
    "clock before the release": (make_release_of_tomorrow, "clock",
        "the clock is earlier than the release's newest file (", "timedatectl set-ntp true"),
    "clock of the front server": (answer(seconds_ahead=3650), "clock",
        "the clock of localhost differs by +36", "timedatectl set-ntp true"),
    # front server
    "certificate ends": (lambda site: site.show_certificate(days=13), "certificate",
        "the certificate of localhost ends in 13 days, on ", "renew it"),
    "certificate ended": (lambda site: site.show_certificate(days=-2), "certificate",
        "the certificate of localhost ended on ", "renew it"),
    "certificate of another name": (lambda site: site.show_certificate(host="other.example.cn"), "certificate",
        "the certificate is not one for localhost", "get one for localhost"),
    "front passes numbers on": (answer(request_id="passed on"), "front server",
        "the front server passes on the number that a browser gives a request (X-Request-ID)", "import config/front/site.caddy"),
    "front gives no number": (answer(request_id=None), "front server",
        "the front server gives requests no number (X-Request-ID)", "import config/front/site.caddy"),
    "files may be sniffed": (answer(headers={}), "front server",
        "files come without X-Content-Type-Options: nosniff", "import config/front/site.caddy"),
    "front cannot read files": (answer(statuses={"/static/site.css": 403}), "front server",
        "/static/site.css answers 403, and not the file", "GROUP_READS=1"),
    "front without the app": (answer(statuses={"/healthz": 502}), "front server",
        "https://localhost:{where}/healthz answers 502 instead of the app's “ok”", "the socket's group"),
    "name unknown to the app": (answer(statuses={"/": 400}), "front server",
        "the app does not know the name localhost", "add localhost to ALLOWED_HOSTS"),
    "front hides TLS": (answer(statuses={"/": 301}), "front server",
        "the first page answers 301", "X-Forwarded-Proto"),
    "one front server more": (answer(proxies=2), "front server",
        "2 front servers name the visitor's address, and TRUSTED_PROXY_COUNT is 1: all visitors seem to come from one address",
        "set TRUSTED_PROXY_COUNT=2"),
    "one front server less": (answer(proxies=0), "front server",
        "0 front servers name the visitor's address, and TRUSTED_PROXY_COUNT is 1: a visitor may name any address",
        "set TRUSTED_PROXY_COUNT=0"),
    # copies
    "passphrase for everybody": (lambda site: Path(site.settings.BACKUP_KEY_FILE).chmod(0o644), "copies",
        "others can read {key}, which opens every copy", "chmod 0600 {key}"),
    "no passphrase": (lambda site: Path(site.settings.BACKUP_KEY_FILE).unlink(), "copies",
        "BACKUP_KEY_FILE {key} cannot be read (No such file or directory)", "backup --new-key {key}"),
    "short passphrase": (lambda site: Path(site.settings.BACKUP_KEY_FILE).write_text("12345678901"), "copies",
        "the passphrase in {key} is shorter than 12 characters", "backup --new-key"),
    "no copy yet": (lambda site: CopyRun.objects.all().delete(), "copies", "no copy was made yet", "manage.py backup FILE"),
    "copy failed": (lambda site: CopyRun.objects.create(ended_at=timezone.now(), problem="full"), "copies",
        "the last copy failed on ", "manage.py backup FILE"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_planted_fault_is_named_with_its_mend(site, name):
    plant, subject, what, mend = FAULTS[name]
    plant(site)
    names = {
        "var": site.folder,
        "run": run_folder(site),
        "key": site.folder.parent / "copies.key",
        "where": site.asked.url.rsplit(":", 1)[1],
    }
    [(found_subject, found, found_mend)] = site.find()
    assert (found_subject, found[: len(what.format(**names))]) == (subject, what.format(**names))
    assert mend.format(**names) in found_mend
