"""Only the site's administrator sees the site's state: copies, disks, jobs, messages."""

import datetime
import shutil
from collections import namedtuple

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Membership, Notice, Place
from accounts.worklist import items
from config import worklist
from config.health import probes, status
from config.models import CopyRun
from media.models import Photo, Upload
from media.tasks import make_pictures
from tests.factories import make_person

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
PAGE = "/me/site/"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def site_owner(county, settings):
    """The organiser of the province, who has no superior."""
    settings.DEMO = True  # no second factor
    return make_person("省里的人", (Membership.Role.ORGANISER, Place.objects.get(parent=None)))


@pytest.fixture(autouse=True)
def _room_on_the_disk_and_a_worker(monkeypatch):
    probes.record_beat()
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100 * 10**9, 84 * 10**9, 16 * 10**9))


def bad() -> dict[str, str]:
    return {
        trouble.alert: trouble.sentence for trouble in status.look()[0] if trouble.alert != "worker_silent"
    }


def make_run(ago: datetime.timedelta, problem: str = "", **fields) -> CopyRun:
    ended = timezone.now() - ago
    return CopyRun.objects.create(
        began_at=ended, ended_at=ended, problem=problem, bytes=1_230_000_000, **fields
    )


@pytest.mark.both_databases
def test_a_site_that_is_well_says_so_and_when_it_was_copied(settings):
    settings.BACKUP_DIR = str(settings.VAR_DIR)
    run = make_run(HOUR)
    assert bad() == {}
    assert [fact.sentence for fact in status.look()[1]][:5] == [
        f"上次备份：{status.format_moment(run.ended_at)}，1.2\N{NO-BREAK SPACE}GB",
        "硬盘用了 84%，还能放 16.0\N{NO-BREAK SPACE}GB",
        "没转好的录像占了 0\N{NO-BREAK SPACE}MB，最多能放 1000\N{NO-BREAK SPACE}GB",
        "照片和视频都处理完了",
        "没有接短信，消息在网页上看",
    ]


def test_a_site_without_any_copy_is_warned_of(settings):
    settings.DEMO = False
    assert bad() == {"copy_absent": "还没有备份"}


def test_a_failed_copy_says_why_and_the_last_good_one_stays_named(settings):
    good = make_run(20 * HOUR)
    failed = make_run(HOUR, "full")
    assert bad() == {"copy_failed": f"{status.format_moment(failed.ended_at)}没备成：硬盘满了"}
    assert status.look()[1][0].sentence.startswith(f"上次备份：{status.format_moment(good.ended_at)}")
    make_run(datetime.timedelta(0))
    assert bad() == {}


@pytest.mark.parametrize(("hours", "is_late"), [(29, False), (31, True), (-23, False), (-25, True)])
def test_a_copy_that_is_overdue_or_of_another_day_to_come_is_warned_of(settings, hours, is_late):
    settings.BACKUP_DIR = str(settings.VAR_DIR)
    make_run(hours * HOUR)
    assert ("copy_late" in bad()) is is_late


@pytest.mark.parametrize(("days", "is_late"), [(6, False), (8, True)])
def test_where_copies_are_made_by_hand_one_a_week_is_expected(settings, days, is_late):
    settings.DEMO = False
    run = make_run(days * 24 * HOUR)
    when = status.format_moment(run.ended_at)
    late = {"copy_by_hand_late": f"上次备份：{when}，1.2\N{NO-BREAK SPACE}GB"}
    assert bad() == (late if is_late else {})
    settings.DEMO = True
    assert bad() == {}


def test_node_without_a_folder_for_copies_expects_those_of_the_node_that_makes_them(settings):
    settings.DEMO = False
    make_run(31 * HOUR, is_planned=True)
    assert list(bad()) == ["copy_late"]


def test_what_is_urgent_looks_otherwise_than_what_can_wait(site_owner, as_user, settings, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(100 * 10**9, 90 * 10**9, 10 * 10**9))
    settings.BACKUP_DIR = str(settings.VAR_DIR)
    make_run(31 * HOUR)
    html = as_user(site_owner).get(PAGE).content.decode()
    urgent, later = html.split("这几天办的")
    assert urgent.index("马上要办的") < urgent.index('id="disk_full"') < urgent.index("list__mark--stop")
    assert urgent.index("硬盘快满了") < urgent.index("硬盘用了 90%")
    assert later.index('id="copy_late"') < later.index("list__mark--calico") < later.index("昨晚没有备份")
    assert "list__mark--stop" not in later


def test_files_that_are_not_in_the_copy_are_counted():
    make_run(HOUR, missing=3)
    assert bad() == {"copy_incomplete": "上次备份里少了 3 个文件"}


@pytest.mark.parametrize(("used", "is_bad"), [(84_400, False), (84_600, True), (99_000, True)])
def test_a_disk_is_warned_of_from_85_percent_on(monkeypatch, used, is_bad):
    usage = Usage(100_000 * 10**6, used * 10**6, (100_000 - used) * 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage)
    make_run(HOUR)
    assert ("disk_full" in bad()) is is_bad


def test_a_job_that_waits_too_long_is_warned_of(trainee):
    make_run(HOUR)
    make_pictures.enqueue(Photo.objects.create(owner=trainee).pk)
    assert bad() == {}
    long_ago = timezone.now() - 3 * HOUR
    DBTaskResult.objects.update(enqueued_at=long_ago)
    assert bad() == {"jobs_late": f"排着队的照片和视频，最早的是{status.format_moment(long_ago)}传的"}


def test_messages_that_did_not_go_are_counted(settings, trainee):
    make_run(HOUR)
    for key, ago in (("new", HOUR / 4), ("late", HOUR), ("later", 2 * HOUR), ("given up", 60 * HOUR)):
        Notice.objects.create(key=key, phone=trainee.phone, template="x", made_at=timezone.now() - ago)
    assert bad() == {}
    settings.SMS_SENDER = "http"
    assert bad() == {"messages_unsent": "2 条短信没发出去"}
    Notice.objects.filter(key="late").update(sent_at=timezone.now())
    Notice.objects.filter(key="later").update(seen_at=timezone.now())
    assert bad() == {}


def test_who_runs_the_site_is_warned_and_led_to_the_page(site_owner, as_user):
    make_run(HOUR, "full")
    sentence = bad()["copy_failed"]
    client = as_user(site_owner)
    assert sentence in client.get(PAGE).content.decode()
    [found] = [wait for wait in items.list_items(site_owner) if wait.kind == "copy_failed"]
    assert (found.url, found.sentence) == (PAGE, sentence)
    assert sentence in client.get("/admin/").content.decode()
    assert f'href="{PAGE}"' in client.get("/me/").content.decode()


def test_the_admins_first_page_says_when_the_last_copy_was_made_though_nothing_waits(site_owner, as_user):
    run = make_run(HOUR)
    html = as_user(site_owner).get("/admin/").content.decode()
    assert f"上次备份：{status.format_moment(run.ended_at)}" in html
    assert "都办完了" in html


def test_nobody_else_is_told(organiser, trainer, seller, stranger, as_user, settings):
    settings.DEMO = True
    make_run(HOUR, "full")
    for person in (organiser, trainer, seller, stranger):
        assert [wait.kind for wait in items.list_items(person) if wait.url == PAGE] == []
        client = as_user(person)
        assert client.get(PAGE).status_code == 404
        assert f'"{PAGE}"' not in client.get("/me/").content.decode()
    assert "没备成" not in as_user(organiser).get("/admin/").content.decode()


def test_others_pay_no_query_for_it(organiser, django_assert_num_queries):
    assert organiser.granted
    with django_assert_num_queries(0):
        assert list(worklist.troubles(organiser)) == []


@pytest.mark.parametrize(("size", "is_bad"), [(849, False), (850, True)])
def test_room_for_films_is_warned_of_from_85_percent_on(trainee, settings, size, is_bad):
    settings.SITE_FILM_BYTES = 1000
    Upload.objects.create(
        owner=trainee, purpose="take", state="whole", size=size, offset=size, expires_at=timezone.now()
    )
    assert ("films_full" in bad()) is is_bad
