"""The pages of a training ledger: one tap writes it, large classes wait for the worker, files are taken and checked."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import AuditEntry, Membership
from accounts.people import closure
from courses.models import Cohort
from programme.models import LedgerApproval, TrainingLedger
from programme.training_ledger import production
from programme.training_ledger.approvals import decide
from tests.factories import make_cohort, make_course, make_person
from tests.programme.training_ledger.worlds import write_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def plain_print(monkeypatch):
    """The print has its own tests (test_files.py)."""
    monkeypatch.setattr(production, "print_ledger", lambda *_args: b"%PDF-1.7 a print")


@pytest.fixture
def cohort(trainer, trainee, village) -> Cohort:
    cohort = make_cohort(make_course(village), village, trainer, name="石榴冲一班")
    cohort.enrolments.create(user=trainee, course=cohort.course)
    return cohort


@pytest.fixture
def url(cohort) -> str:
    return reverse("programme:ledgers", args=[cohort.pk])


def take(client, ledger, kind: str):
    return client.post(reverse("programme:ledger_file", args=[ledger.cohort_id, ledger.key]), {"as": kind})


def read(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_one_tap_writes_a_ledger_that_can_be_taken(client, cohort, trainer, url):
    client.force_login(trainer)
    assert url in client.get(cohort.get_absolute_url()).text
    page = client.post(url, follow=True).text
    ledger = TrainingLedger.objects.get()
    assert "全部下载（压缩包）" in page
    assert ledger.sha256 in page
    answer = take(client, ledger, "zip")
    with zipfile.ZipFile(io.BytesIO(read(answer))) as archive:
        names = archive.namelist()
    assert [name.rpartition(".")[2] for name in names] == ["xlsx", "pdf", "json"]
    assert names[0].startswith("培训台账-石榴冲一班-")
    assert read(take(client, ledger, "pdf")) == b"%PDF-1.7 a print"
    assert take(client, ledger, "exe").status_code == 404
    trail = AuditEntry.objects.filter(verb="ledger_downloaded", subject=f"cohort {cohort.pk}", actor=trainer)
    assert trail.count() == 2


@pytest.mark.long
def test_a_large_class_waits_for_the_worker_and_shows_how_far_it_is(
    client, cohort, trainer, url, monkeypatch
):
    monkeypatch.setattr(production, "MOST_AT_ONCE", 0)
    client.force_login(trainer)
    page = client.post(url, follow=True).text
    ledger = TrainingLedger.objects.get()
    assert '<progress max="100" value="0"' in page
    client.post(url)
    assert TrainingLedger.objects.count() == 1
    assert take(client, ledger, "zip").status_code == 404
    TrainingLedger.objects.update(percent=40)
    assert "做了 40%" in client.get(ledger.get_absolute_url()).text
    assert production.make(ledger.pk)
    assert not production.make(ledger.pk)
    ledger.refresh_from_db()
    assert (ledger.state, ledger.percent, ledger.leased_until) == ("ready", 100, None)


def test_what_a_dead_worker_left_is_written_again(cohort, trainer, monkeypatch):
    monkeypatch.setattr(production, "MOST_AT_ONCE", 0)
    ledger = write_ledger(trainer, cohort)
    TrainingLedger.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    calls = DBTaskResult.objects.filter(task_path=production.make_ledger.module_path)
    calls.delete()
    production.sweep()
    production.sweep()  # a call waits already
    assert [call.args_kwargs["args"] for call in calls] == [[ledger.pk]]


def test_a_ledger_that_cannot_be_written_says_so(client, cohort, trainer, url, monkeypatch):
    def fail(*_args):
        raise OSError("no room")

    monkeypatch.setattr(production, "print_ledger", fail)
    client.force_login(trainer)
    assert "没做成，回上一页再做一份。" in client.post(url, follow=True).text
    assert TrainingLedger.objects.get().state == "failed"


@pytest.mark.long
def test_decisions_are_taken_on_its_page(client, cohort, trainer, organiser, url):
    client.force_login(trainer)
    client.post(url)
    ledger = TrainingLedger.objects.get()
    page = client.post(ledger.get_absolute_url(), {"act": "submitted", "reason": ""}, follow=True).text
    assert "你交的，等别人核对、批准。" in page
    page = client.post(ledger.get_absolute_url(), {"act": "approved"}, follow=True).text
    assert "交的人不能自己核对、批准。" in page
    client.force_login(organiser)
    page = client.post(ledger.get_absolute_url(), {"act": "returned", "reason": " "}).text
    assert "写清楚为什么退回，要改哪里。" in page
    client.post(ledger.get_absolute_url(), {"act": "approved", "reason": "齐了"})
    page = client.get(ledger.get_absolute_url()).text
    assert "批准以后没变过。" in page
    cohort.enrolments.create(user=make_person("向晚霞"), course=cohort.course)
    page = client.get(ledger.get_absolute_url()).text
    assert "批准以后班里的记录又变了：" in page
    changes = client.get(reverse("programme:ledger_changes", args=[cohort.pk, ledger.key])).text
    assert "向晚霞" in changes
    assert client.post(ledger.get_absolute_url(), {"act": "nonsense"}).status_code == 200


@pytest.mark.long
def test_others_find_no_ledger(client, cohort, trainer, trainee, stranger, village, url):
    ledger = write_ledger(trainer, cohort)
    mentor = make_person("师傅", (Membership.Role.MENTOR, village))
    for person in (trainee, stranger, mentor):
        client.force_login(person)
        assert client.get(url).status_code == 404
        assert client.get(ledger.get_absolute_url()).status_code == 404
        assert take(client, ledger, "zip").status_code == 404
        assert not TrainingLedger.objects.visible_to(person).exists()
    assert TrainingLedger.objects.visible_to(trainer).get() == ledger


def test_a_ledger_of_another_class_is_not_found_under_this_one(client, cohort, trainer, village):
    ledger = write_ledger(trainer, cohort)
    other = make_cohort(cohort.course, village, trainer)
    client.force_login(trainer)
    assert client.get(reverse("programme:ledger", args=[other.pk, ledger.key])).status_code == 404


def test_dropping_a_zip_says_whether_it_is_unchanged(client, cohort, trainer, trainee):
    ledger = write_ledger(trainer, cohort)
    with storages["private"].open(ledger.file_name) as file:
        whole = file.read()
    url = reverse("programme:ledger_check")
    client.force_login(trainee)
    page = client.post(url, {"given": SimpleUploadedFile("台账.zip", whole)}).text
    assert "没改过，是这个网站做的。" in page
    altered = whole.replace(b"a print", b"A print")
    page = client.post(url, {"given": SimpleUploadedFile("台账.zip", altered)})
    assert "压缩包打不开，可能没传完整。" in page.text  # its checksum is wrong
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    given = [
        SimpleUploadedFile("manifest.json", files["manifest.json"]),
        SimpleUploadedFile("a.pdf", b"A print"),
    ]
    assert "文件改过了。" in client.post(url, {"given": given}).text
    page = client.post(url, {"given": SimpleUploadedFile("a.pdf", b"x")})
    assert (page.status_code, "里头没有台账的清单。" in page.text) == (422, True)
    assert client.post(url, {"csrf": "x"}).status_code == 422


@pytest.mark.long
def test_files_go_when_their_time_is_over(cohort, trainer, organiser):
    draft, approved = write_ledger(trainer, cohort), write_ledger(trainer, cohort)
    decide(trainer, approved, LedgerApproval.Act.SUBMITTED)
    decide(organiser, approved, LedgerApproval.Act.APPROVED)
    TrainingLedger.objects.update(made_at=timezone.now() - timedelta(days=91))
    production.sweep()
    assert dict(TrainingLedger.objects.values_list("pk", "state")) == {draft.pk: "gone", approved.pk: "ready"}
    assert not storages["private"].exists(draft.file_name)
    TrainingLedger.objects.update(made_at=timezone.now() - timedelta(days=3 * 366 + 1))
    production.sweep()
    assert not storages["private"].exists(approved.file_name)


@pytest.mark.long
def test_closing_an_account_deletes_the_ledgers_that_were_not_approved(
    cohort, trainer, trainee, django_capture_on_commit_callbacks
):
    draft = write_ledger(trainer, cohort)
    with django_capture_on_commit_callbacks(execute=True):
        closure.close_account(trainee)
    draft.refresh_from_db()
    assert draft.state == "gone"
    assert not storages["private"].exists(draft.file_name)


def test_a_closing_that_is_rolled_back_leaves_the_ledger_its_file(
    client, cohort, trainer, trainee, django_capture_on_commit_callbacks
):
    draft = write_ledger(trainer, cohort)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        production.drop_unapproved(trainee)
        transaction.set_rollback(True)
    client.force_login(trainer)
    assert read(take(client, draft, "pdf")) == b"%PDF-1.7 a print"


@pytest.mark.long
def test_the_list_costs_the_same_for_one_and_for_many(
    client, cohort, trainer, url, django_assert_num_queries
):
    client.force_login(trainer)
    write_ledger(trainer, cohort)
    client.get(url)
    with django_assert_num_queries(QUERIES):
        client.get(url)
    for _n in range(8):
        write_ledger(trainer, cohort)
    with django_assert_num_queries(QUERIES):
        client.get(url)


QUERIES = 8


def test_writing_and_checking_are_limited(client, cohort, trainer, url, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {
        "training_ledger": "0/10m/user",
        "ledger_check": "0/10m/user",
    }
    client.force_login(trainer)
    assert "试得太多了" in client.post(url, follow=True).content.decode()
    assert not TrainingLedger.objects.exists()
    page = client.post("/verify/ledger/", {"given": SimpleUploadedFile("a.zip", b"PK")})
    assert (page.status_code, "试得太多了" in page.content.decode()) == (422, True)
