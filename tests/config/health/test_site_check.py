"""`manage.py check_site`: each fault is planted into a good site and named, with what mends it."""

import io
import json
import os
import socket
import stat
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.checks import model_checks
from django.core.checks.registry import registry
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from accounts import demo
from accounts.models import Place, User
from config.county.plan import BadPlan, find_county
from config.health import front_check, site_check, socket_check
from config.health.probes import BEAT
from config.health.site_check import Asked, Outcome
from config.models import CopyRun
from config.processes import units
from courses.models import Course, State
from demo.seed.places import read
from shops.models import Category
from tests.config.health.sites import Authority, Conduct, serve_app, serve_front
from tests.factories import make_county, make_course
from tests.media.test_stores import store, use  # noqa: F401 - fixtures

NOBODY = 65534
KEY = "correct horse battery"
AS_IN_PRODUCTION = {
    "HTTPS": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 3600,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_HSTS_PRELOAD": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "ALLOWED_HOSTS": ["nonghuo.example.cn", "localhost"],
    "OPERATOR_NAME": "邵阳县农业农村局",
    "OPERATOR_CONTACT": "0739-0000000",
    "SECRET_KEY": "p" * 30 + "Q7!xv_" * 6,
}


@dataclass
class Site:
    """A site without a fault. `find` tries everything."""

    folder: Path
    settings: object
    conduct: Conduct
    authority: Authority
    asked: Asked

    def find(self) -> list[tuple[str, str, str]]:
        outcomes = site_check.try_everything(self.asked)
        return [(outcome.subject, fault.what, fault.mend) for outcome in outcomes for fault in outcome.faults]

    def set(self, **changes) -> None:
        for name, value in changes.items():
            setattr(self.settings, name, value)

    def show_certificate(self, **which) -> None:
        server = serve_front(self.authority.make_context(**which), self.conduct)
        self.asked = Asked(f"https://localhost:{server.server_port}")


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """A data folder with a short name, because a socket's path has 108 bytes, which another user may enter."""
    with tempfile.TemporaryDirectory(prefix="nf-") as name:
        Path(name).chmod(0o711)
        folder = Path(name, "var")
        folder.mkdir(mode=0o710)
        yield folder


@pytest.fixture
def data(folder, settings) -> Path:
    """The data folder of a site that runs, without its database."""
    places = {"MEDIA_ROOT": "media", "PRIVATE_ROOT": "private", "SPOOL_ROOT": "spool", "LOG_DIR": "log"}
    places |= {"FILE_UPLOAD_TEMP_DIR": "incoming", "INTAKE_ROOT": "intake", "STATIC_ROOT": "static"}
    for name, place in places.items():
        setattr(settings, name, folder / place)
        (folder / place).mkdir(mode=0o750)
    for place in ("posters", "videos-in-work"):
        (folder / place).mkdir()
    (folder / "static/site.css").write_text("body {}")
    (folder / "static/staticfiles.json").write_text(json.dumps({"paths": {"site.css": "site.css"}}))
    settings.VAR_DIR = folder
    return folder


@pytest.fixture
def site(request, data, db, settings, authority, monkeypatch) -> Iterator[Site]:
    if request.function is not test_good_site_has_no_fault:
        # A hundred models stay as they are, whatever is planted: two thirds of the time.
        kept = registry.registered_checks - {model_checks.check_all_models}
        monkeypatch.setattr(registry, "registered_checks", kept)
    for name, value in AS_IN_PRODUCTION.items():
        setattr(settings, name, value)
    copies, key = data.parent / "copies", data.parent / "copies.key"
    copies.mkdir(mode=0o700)
    key.write_text(KEY)
    key.chmod(0o600)
    settings.BACKUP_DIR, settings.BACKUP_KEY_FILE = str(copies), str(key)
    CopyRun.objects.create(ended_at=timezone.now())
    make_course(make_county("邵阳县", "谷洲镇", ["石榴冲村"]))
    Category.objects.create(name="橙子", slug="orange")
    cache.set(BEAT, {"at": time.time(), "is_library_sound": True, "sqlite": "3.53.4"})
    run = data.parent / "run"
    run.mkdir(mode=0o750)
    run.chmod(0o750)
    conduct = Conduct(static=data / "static")
    servers = [serve_app(run / f"{name}.sock", conduct) for name in ("app", "spool")]
    servers.append(serve_front(authority.make_context(), conduct))
    set_disk(monkeypatch, used=400 * 10**9, free=600 * 10**9)  # that of whoever runs the tests may be full
    # Django's check of a variable that the browser's tests need, also in this process.
    monkeypatch.setattr("django.core.checks.async_checks.os", SimpleNamespace(environ={}))
    monkeypatch.setenv("APP_SOCKET", str(run / "app.sock"))
    monkeypatch.setenv("SPOOL_SOCKET", str(run / "spool.sock"))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    yield Site(data, settings, conduct, authority, Asked(f"https://localhost:{servers[-1].server_port}"))
    for server in servers:
        server.shutdown()
        server.server_close()


def set_disk(monkeypatch, **usage: int) -> None:
    monkeypatch.setattr("config.health.site_check.shutil.disk_usage", lambda folder: SimpleNamespace(**usage))


def test_good_site_has_no_fault(site):
    assert site.find() == []
    out = io.StringIO()
    call_command("check_site", url=site.asked.url, stdout=out)
    here = [subject for subject, _check in site_check.CHECKS if subject not in ("nodes", "node")]
    lines = {subject: f"good   {subject}" for subject in here}
    lines["bucket"] = "-      bucket: not tried; files are on this computer's disk"
    assert out.getvalue().splitlines() == list(lines.values())


def leave_socket(path: Path) -> None:
    """Leave what a killed process leaves: a socket at which nobody listens."""
    path.unlink()
    with socket.socket(socket.AF_UNIX) as line:
        line.bind(str(path))


def run_folder(site: Site) -> Path:
    return site.folder.parent / "run"


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


def test_command_fails_with_the_fault_in_one_line(site):
    Category.objects.all().delete()
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^1 thing is wrong\.$") as failed:
        call_command("check_site", url=site.asked.url, stdout=out)
    assert failed.value.returncode == 1
    assert (
        "WRONG  contents: there are no kinds of produce: nobody can list anything. Mend: manage.py plant_kinds\n"
        in out.getvalue()
    )


def test_installed_site_is_mended_by_its_own_command(site, monkeypatch):
    monkeypatch.setenv("PARTS", "app worker front")
    Category.objects.all().delete()
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"^1 thing is wrong\. Type the commands that mend with sudo\.$"):
        call_command("check_site", url=site.asked.url, stdout=out)
    assert "Mend: newfarmwork plant_kinds\n" in out.getvalue()


def test_command_reads_the_file_of_settings_too(site, tmp_path):
    env, out = tmp_path / "newfarmwork.env", io.StringIO()
    env.write_text("HTTPS=1\nALLOWED_HOSTS=nonghuo.example.cn localhost\n")
    env.chmod(0o600)
    with pytest.raises(CommandError, match="1 thing is wrong"):
        call_command("check_site", url=site.asked.url, env=env, stdout=out)
    assert out.getvalue().startswith(
        "WRONG  settings file: line 2: ALLOWED_HOSTS: the value has spaces and no quotes. Mend: write ALLOWED_HOSTS="
    )


def test_computer_with_the_worker_alone_needs_no_sockets(site, monkeypatch):
    monkeypatch.setenv("APP_SOCKET", "/nowhere/app.sock")
    monkeypatch.setenv("SPOOL_SOCKET", "/nowhere/spool.sock")
    assert [subject for subject, _what, _mend in site.find()] == ["app", "spool"]
    out = io.StringIO()
    call_command("check_site", url=site.asked.url, skip=["app", "spool"], stdout=out)
    assert "-      app: not tried; left out\n-      spool: not tried; left out\n" in out.getvalue()


def test_two_faults_of_a_county_that_never_started_are_both_named(site):
    site.settings.BACKUP_DIR = site.settings.BACKUP_KEY_FILE = ""
    CopyRun.objects.all().delete()
    Course.objects.update(state=State.DRAFT)
    assert [(subject, what) for subject, what, _mend in site.find()] == [
        ("contents", "no course is published: trainees have nothing to learn"),
        ("copies", "no copies are made: what this computer loses is lost"),
    ]


def test_node_whose_copies_another_one_makes_is_good(site):
    site.settings.BACKUP_DIR = site.settings.BACKUP_KEY_FILE = ""
    assert site.find() == []
    CopyRun.objects.update(ended_at=timezone.now() - timedelta(hours=31))
    assert [subject for subject, _what, _mend in site.find()] == ["copies"]


@pytest.mark.parametrize(("since", "days", "ids"), [(0, 0, []), (4, 2, []), (5, 0, ["certificate"])])
def test_short_certificate_is_renewed_later(site, since, days, ids):
    """Of half a day, of six days; one with half a day left of five and a half."""
    site.show_certificate(since=since, days=days)
    assert [subject for subject, _what, _mend in site.find()] == ids


def test_certificate_of_nobody_known_is_refused(site, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    [(subject, what, mend)] = site.find()
    assert (subject, what[:48]) == ("certificate", "phones do not trust the certificate of localhost")
    assert "fullchain.pem" in mend


def test_front_server_that_does_not_run_is_named_twice(site):
    site.asked = Asked("https://localhost:1")
    assert [(subject, mend) for subject, _what, mend in site.find()] == [
        ("certificate", "start the front server; open the port in the firewall"),
        ("front server", "start the front server; look into its log"),
    ]


def test_hall_without_tls_and_without_a_given_url_is_good(site):
    """What `make install` sets."""
    site.set(HTTPS=False, SECURE_SSL_REDIRECT=False, SECURE_HSTS_SECONDS=0, SESSION_COOKIE_SECURE=False)
    site.set(CSRF_COOKIE_SECURE=False, ALLOWED_HOSTS=["192.168.1.20", "localhost", "127.0.0.1"])
    site.asked = Asked()
    outcomes = {outcome.subject: outcome for outcome in site_check.try_everything(site.asked)}
    assert [outcome.faults for outcome in outcomes.values() if outcome.faults] == []
    assert outcomes["front server"].not_tried == "name its URL: --url http://192.168.1.20"


@pytest.mark.parametrize(
    ("hosts", "url"),
    [
        (["localhost", "192.168.1.20", "nonghuo.example.cn"], "https://nonghuo.example.cn"),
        ([".example.cn", "localhost", "192.168.1.20"], "https://192.168.1.20"),
    ],
)
def test_front_server_is_looked_for_under_the_sites_own_name(settings, hosts, url):
    settings.HTTPS, settings.ALLOWED_HOSTS = True, hosts
    assert front_check.find_url("").geturl() == url


def test_closed_folder_of_sockets_needs_no_group(site):
    """`make run` has one user for all."""
    run_folder(site).chmod(0o700)
    (run_folder(site) / "app.sock").chmod(0o600)
    assert site.find() == []
    site.set(GROUP_READS=True)
    run, group = run_folder(site), socket_check.name_group(run_folder(site).stat().st_gid)
    closed = f"{run} is closed to the group {group}: the front server does not reach the socket"
    assert [(subject, what) for subject, what, _mend in site.find()] == [
        (
            "app",
            f"{run}/app.sock has the mode 0600: the front server cannot connect through the group {group}",
        ),
        ("app", closed),
        ("spool", closed),
    ]


@pytest.mark.parametrize(
    ("used", "free", "what"),
    [
        (850 * 10**9, 150 * 10**9, "85 % full, 150000 MB are left"),
        (10**9, 499 * 10**6, "67 % full, 499 MB are left"),
    ],
)
def test_disk_that_is_full_soon_is_named_once(site, monkeypatch, used, free, what):
    set_disk(monkeypatch, used=used, free=free)
    [found] = site.find()
    assert found[:2] == ("disks", f"the disk of {site.folder} is {what}")


@pytest.mark.both_databases
def test_clock_of_the_database_is_compared(db, monkeypatch):
    assert abs(site_check.measure_database()) < 2
    real = time.time
    monkeypatch.setattr("config.health.site_check.time.time", lambda: real() - 5)
    found = [fault.what for fault in site_check.check_clock(Asked()) if "PostgreSQL" in fault.what]
    assert found == (["the clock of PostgreSQL differs by +5 s"] if connection.vendor == "postgresql" else [])


def test_what_cannot_be_tried_is_named_and_the_rest_is_tried(site, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE config_copyrun RENAME COLUMN problem TO trouble")
    [(subject, what, mend)] = site.find()
    assert (subject, what[:21], mend) == (
        "copies",
        "the database refuses:",
        "mend what stands above, and try again",
    )


def test_bucket_is_tried_as_the_site_and_its_readers_use_it(use):  # noqa: F811
    asked, bucket = Asked("http://nonghuo.example.cn"), use()
    bucket.allows_origin = asked.url
    assert site_check.try_one("bucket", site_check.check_bucket, asked) == Outcome("bucket", [])
    bucket.is_public = False
    [fault] = site_check.try_one("bucket", site_check.check_bucket, asked).faults
    assert fault.what.startswith("Pictures are not seen: ")
    assert "GetObject" in fault.mend


def test_counties_of_the_demo_are_those_of_its_places_and_no_real_ones():
    places = read("places")
    assert {places["county"]["name"], places["elsewhere"]["county"]} == site_check.COUNTIES_OF_THE_DEMO
    for name in site_check.COUNTIES_OF_THE_DEMO:
        with pytest.raises(BadPlan):
            find_county(name)


def test_sockets_are_looked_for_where_the_units_have_them():
    assert (socket_check.SOCKET, socket_check.SPOOL_SOCKET) == (units.SOCKET, units.SPOOL_SOCKET)


# --- owners and modes ---


def run_as_the_sites_user(function: Callable[[], object]):
    """Return what the function returns in a process of a user who is not root, to whom no mode means anything."""
    if os.geteuid() != 0:
        return function()
    reads, writes = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other threads run, and the child uses nothing of theirs
        child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        os.write(writes, json.dumps(function()).encode())
        os._exit(0)
    os.close(writes)
    os.waitpid(child, 0)
    with open(reads) as file:
        return json.load(file)


def give_to_the_sites_user(folder: Path) -> None:
    if os.geteuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, NOBODY, NOBODY)


def list_unwritable() -> list[str]:
    found = [*site_check.check_folders(Asked()), *site_check.check_log(Asked())]
    return [fault.what for fault in found]


PLACES = ("posters", "videos-in-work", "spool", "private", "media", "incoming", "intake", "log")


def test_folders_of_the_sites_user_are_good(data):
    give_to_the_sites_user(data)
    assert run_as_the_sites_user(list_unwritable) == []
    assert list(site_check.check_owners(Asked())) == []


@pytest.mark.parametrize("place", PLACES)
def test_folder_that_cannot_be_written_is_named(data, place):
    give_to_the_sites_user(data)
    (data / place).chmod(0o500)
    assert run_as_the_sites_user(list_unwritable) == [f"{data}/{place} cannot be written (Permission denied)"]


@pytest.mark.parametrize("place", PLACES)
def test_folder_of_another_user_is_named(data, place):
    """Root ran a command, and the site cannot write there since."""
    give_to_the_sites_user(data)
    if os.geteuid() == 0:
        os.chown(data / place, 0, 0)
        found = list(site_check.check_owners(Asked()))
        owner = socket_check.name_user(NOBODY)
        assert [fault.what for fault in found] == [f"{data}/{place} belongs to root, and the site to {owner}"]
        assert found[0].mend == f"chown -R {owner}:{socket_check.name_group(NOBODY)} {data}/{place}"
    else:  # whatever this user owns is another's in a site of root
        found = [fault.what for fault in site_check.list_foreign_files(os.stat("/"))]
        me = socket_check.name_user(os.geteuid())
        assert f"{data}/{place} belongs to {me}, and the site to root" in found


def test_app_of_another_user_than_the_data_is_named(site):
    path = run_folder(site) / "app.sock"
    if os.geteuid() == 0:
        os.chown(path, NOBODY, -1)
    else:
        site.set(VAR_DIR=Path("/"))
    users = [socket_check.name_user(one.stat().st_uid) for one in (path, site.settings.VAR_DIR)]
    [fault] = socket_check.list_faults_of_socket(path, "newfarmwork-app")
    assert fault.what == f"{path} belongs to {users[0]}, and the data folder to {users[1]}"
    assert f"chown -R {users[0]} {site.settings.VAR_DIR}" in fault.mend


def test_log_of_today_that_another_user_began_is_named(data):
    give_to_the_sites_user(data)
    file = site_check.probes.logs.find_file(data / "log")
    file.touch()
    file.chmod(0o400)
    assert run_as_the_sites_user(list_unwritable) == [f"a file of today in {data}/log cannot be written"]


def test_root_goes_on_as_the_sites_user(data):
    """What root creates, the site could not write."""
    if os.geteuid() != 0:
        site_check.become_owner(data)
        assert data.stat().st_uid == os.geteuid()
        return
    give_to_the_sites_user(data)
    reads, writes = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if child == 0:
        site_check.become_owner(data)
        (data / "made").touch()
        os.write(writes, b"done")
        os._exit(0)
    os.close(writes)
    os.waitpid(child, 0)
    os.close(reads)
    made = (data / "made").stat()
    assert (made.st_uid, made.st_gid, stat.S_IMODE(made.st_mode) & 0o007) == (NOBODY, NOBODY, 0)
