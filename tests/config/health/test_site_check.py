"""`manage.py check_site`: what it says of a good site and of several faults, and where it looks for the front server."""

import io
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from config.county.plan import BadPlan, find_county
from config.health import front_check, site_check, socket_check
from config.health.site_check import Asked, Outcome
from config.models import CopyRun
from config.processes import units
from courses.models import Course, State
from demo.seed.places import read
from shops.models import Category
from tests.config.health.sites import run_folder, set_disk
from tests.media.test_stores import store, use  # noqa: F401 - fixtures


def test_good_site_has_no_fault(every_model, site):
    assert site.find() == []
    out = io.StringIO()
    call_command("check_site", url=site.asked.url, stdout=out)
    here = [subject for subject, _check in site_check.CHECKS if subject not in ("nodes", "node")]
    lines = {subject: f"good   {subject}" for subject in here}
    lines["bucket"] = "-      bucket: not tried; files are on this computer's disk"
    assert out.getvalue().splitlines() == list(lines.values())


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
