"""ID numbers: asked for only where a class must report them, encrypted, masked, looked at with a reason, deleted."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts import consents
from accounts.models import AuditEntry, Consent, Membership, Notice
from accounts.people import closure
from config.personal import export, retention
from config.personal.terms import Person
from courses.models import Cohort
from programme.exceptions import NoRule
from programme.id_numbers import services
from programme.id_numbers.masks import mask, normalise
from programme.models import IdNumber, LedgerApproval
from programme.notices import read_notice
from programme.training_ledger.approvals import decide
from programme.training_ledger.sheets import build_roster, load_class
from tests.factories import make_cohort, make_course, make_person
from tests.programme.training_ledger.worlds import write_ledger

pytestmark = pytest.mark.django_db
# Made up for the tests; the last characters follow from the others.
NUMBER, WITH_X = "431226199001011235", "43122619900101118X"
WHY = "县人社局要补贴名单，见湘人社〔2026〕1 号"


@pytest.fixture
def cohort(trainer, trainee, village) -> Cohort:
    cohort = make_cohort(make_course(village), village, trainer)
    cohort.enrolments.create(user=trainee, course=cohort.course)
    return cohort


@pytest.fixture
def required(cohort, organiser) -> Cohort:
    services.require_id_numbers(organiser, cohort, WHY)
    return cohort


# --- the number itself ---


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (NUMBER, NUMBER),
        ("431226 19900101 1235", NUMBER),
        ("４３１２２６１９９００１０１１２３５", NUMBER),
        ("43122619900101118x", WITH_X),
        ("43122619900101118Ｘ", WITH_X),
    ],
)
def test_a_number_is_read_however_it_is_typed(typed, number):
    assert normalise(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("431226199001011234", "check"),
        ("431226199001012135", "check"),
        ("431226199002301233", "birthday"),
        ("431226189901011233", "birthday"),
        ("431226299901011233", "birthday"),
        ("43122619900101123", "length"),
        ("431226900101123", "old"),
        ("4312261990010112X3", "shape"),
        ("031226199001011233", "shape"),
    ],
)
def test_a_wrong_number_is_refused_without_being_repeated(typed, code):
    with pytest.raises(ValidationError) as raised:
        normalise(typed)
    assert raised.value.code == code
    assert typed not in str(raised.value.messages)


def test_only_the_ends_of_a_number_are_shown():
    assert mask(NUMBER) == "4312**********1235"
    assert mask("") == ""


# --- who may ask, and who enters ---


def test_nobody_is_asked_unless_an_organiser_says_why(client, cohort, trainer, trainee, organiser):
    mine = reverse("programme:my_id_number", args=[cohort.pk])
    theirs = reverse("programme:id_numbers", args=[cohort.pk])
    client.force_login(trainee)
    assert client.get(mine).status_code == 404
    assert client.get(theirs).status_code == 404
    client.force_login(trainer)
    assert client.get(theirs).status_code == 200
    assert client.post(theirs, {"reason": WHY}).status_code == 404
    client.force_login(organiser)
    assert "写清楚是谁要、凭哪份文件。" in client.post(theirs, {"reason": " "}).text
    assert client.post(theirs, {"reason": WHY}).status_code == 302
    client.force_login(trainee)
    assert WHY in client.get(mine).text


def test_a_person_enters_their_own_with_a_consent_of_its_own(client, required, trainee):
    client.force_login(trainee)
    url = reverse("programme:my_id_number", args=[required.pk])
    page = client.post(url, {"id_number": NUMBER}).text
    assert "不同意就不能收你的身份证号。" in page
    assert not IdNumber.objects.exists()
    page = client.post(url, {"id_number": NUMBER, "consent": "on"}, follow=True).text
    assert "4312**********1235" in page
    assert NUMBER not in page
    row = IdNumber.objects.get()
    assert (row.user, row.read()) == (trainee, NUMBER)
    consent = trainee.consents.get(kind=Consent.Kind.ID_NUMBER)
    assert (consent.version, consent.withdrawn_at) == (services.CONSENT_VERSION, None)


def test_the_database_the_trail_and_the_logs_hold_no_number(required, trainer, trainee, caplog):
    caplog.set_level(logging.DEBUG)
    row = services.enter_id_number(trainer, required, trainee, NUMBER)
    services.read_in_full(trainer, row, "核对")
    with connection.cursor() as cursor:
        cursor.execute("SELECT key_id, sealed FROM programme_idnumber")
        [stored] = cursor.fetchall()
    assert NUMBER not in "".join(stored)
    assert "19900101" not in str(list(AuditEntry.objects.values())) + str(list(Notice.objects.values()))
    assert NUMBER not in caplog.text
    assert NUMBER not in f"{row} {row!r}"


def test_a_number_copied_into_another_row_is_unreadable(required, trainer, trainee):
    row = services.enter_id_number(trainer, required, trainee, NUMBER)
    other = make_person("冒名")
    copied = IdNumber.objects.create(user=other, cohort=required, key_id=row.key_id, sealed=row.sealed)
    assert copied.read() is None


def test_a_number_typed_when_the_session_had_ended_is_not_kept(client, required, trainee):
    url = reverse("programme:my_id_number", args=[required.pk])
    assert client.post(url, {"id_number": NUMBER, "consent": "on"}).status_code == 302
    assert NUMBER not in str(dict(client.session))


def test_a_trainer_enters_it_with_the_person_present_who_is_told(client, required, trainer, trainee):
    client.force_login(trainer)
    url = reverse("programme:id_number", args=[required.pk, trainee.pk])
    assert "本人不同意就不能填。" in client.post(url, {"id_number": NUMBER}).text
    client.post(url, {"id_number": NUMBER, "consent": "on"})
    notice = Notice.objects.get(template="id_number_entered")
    assert notice.phone == trainee.phone
    assert read_notice(notice) == (
        f"老师替你填了身份证号，{required.name}要上报。不愿意可以撤回。",
        reverse("programme:my_id_number", args=[required.pk]),
    )
    entry = AuditEntry.objects.get(verb="id_number_entered")
    assert (entry.actor, entry.subject, entry.detail["in_person"]) == (trainer, f"user {trainee.pk}", True)
    stranger = make_person("外人")
    assert client.get(reverse("programme:id_number", args=[required.pk, stranger.pk])).status_code == 404


# --- looking and exporting ---


@pytest.mark.long
def test_each_look_in_full_needs_a_reason_and_is_written_down(client, required, trainer, trainee):
    services.enter_id_number(trainee, required, trainee, NUMBER)
    client.force_login(trainer)
    url = reverse("programme:id_number", args=[required.pk, trainee.pk])
    listed = client.get(reverse("programme:id_numbers", args=[required.pk])).text
    assert NUMBER not in listed + client.get(url).text
    assert "4312**********1235" in listed
    assert "写一句为什么。" in client.post(url, {"look": "1"}).text
    assert not AuditEntry.objects.filter(verb="id_number_seen").exists()
    answer = client.post(url, {"look": "1", "reason": "跟身份证对一遍"})
    assert NUMBER in answer.text
    assert "no-store" in answer["Cache-Control"]
    entry = AuditEntry.objects.get(verb="id_number_seen")
    assert (entry.actor, entry.detail["reason"]) == (trainer, "跟身份证对一遍")
    client.force_login(trainee)
    assert "看了完整的身份证号" in client.get(reverse("own_data")).text


@pytest.mark.long
def test_a_large_class_is_paged_at_the_same_cost(
    client, required, trainer, trainee, django_assert_num_queries
):
    services.enter_id_number(trainee, required, trainee, NUMBER)
    client.force_login(trainer)
    url = reverse("programme:id_numbers", args=[required.pk])
    client.get(url)
    with django_assert_num_queries(9) as one:
        client.get(url)
    for n in range(51):
        required.enrolments.create(user=make_person(f"学员{n}"), course=required.course)
    with django_assert_num_queries(len(one)):
        page = client.get(url)
    assert (page.context["total"], page.context["given"], len(page.context["people"])) == (52, 1, 50)
    after = page.context["page"].after
    assert len(client.get(url, {"after": after}).context["people"]) == 2


@pytest.mark.long
def test_an_export_is_text_and_written_down(client, required, trainer, trainee):
    services.enter_id_number(trainee, required, trainee, NUMBER)
    client.force_login(trainer)
    url = reverse("programme:id_numbers_export", args=[required.pk])
    assert client.post(url, {"reason": ""}).status_code == 302
    page = load_workbook(io.BytesIO(client.post(url, {"reason": "报人社局"}).content)).active
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["姓名", "身份证号"],
        ["田巧云", NUMBER],
    ]
    assert (page["B2"].data_type, page["B2"].number_format) == ("s", "@")
    entry = AuditEntry.objects.get(verb="id_numbers_exported")
    assert (entry.detail["reason"], entry.detail["count"]) == ("报人社局", 1)
    client.force_login(trainee)
    assert "导出了完整的身份证号" in client.get(reverse("own_data")).text


def test_the_ledger_has_them_masked_and_only_where_they_are_required(required, trainee, organiser):
    services.enter_id_number(trainee, required, trainee, NUMBER)
    assert build_roster(load_class(required, "")).rows[0][-1] == "4312**********1235"
    services.end_rule(organiser, required)
    assert [column.title for column in build_roster(load_class(required, "")).columns][-1] == "哪天退班"
    assert not IdNumber.objects.exists()


# --- the end ---


def test_withdrawing_the_consent_anywhere_deletes_the_number(client, required, trainee):
    services.enter_id_number(trainee, required, trainee, NUMBER)
    client.force_login(trainee)
    client.post(reverse("accounts:withdraw"), {"kind": "id_number"})
    assert not IdNumber.objects.exists()
    services.enter_id_number(trainee, required, trainee, NUMBER)
    client.post(reverse("programme:my_id_number", args=[required.pk]), {"withdraw": "1"})
    assert not IdNumber.objects.exists()
    assert not consents.is_given(trainee, Consent.Kind.ID_NUMBER)


@pytest.mark.long
def test_numbers_go_some_days_after_the_approval(
    required, trainer, trainee, organiser, settings, monkeypatch
):
    settings.ID_NUMBER_DAYS = 30
    monkeypatch.setattr("programme.training_ledger.production.print_ledger", lambda *_args: b"%PDF")
    services.enter_id_number(trainee, required, trainee, NUMBER)
    ledger = write_ledger(trainer, required)
    decide(trainer, ledger, LedgerApproval.Act.SUBMITTED)
    decide(organiser, ledger, LedgerApproval.Act.APPROVED)
    now = timezone.now()
    retention.run(now + timedelta(days=29))
    assert IdNumber.objects.count() == 1
    retention.run(now + timedelta(days=31))
    assert not IdNumber.objects.exists()
    late = services.enter_id_number(trainee, required, trainee, NUMBER)
    assert late.delete_after is not None


def test_numbers_of_a_report_that_is_never_approved_go_after_a_year(required, trainee):
    services.enter_id_number(trainee, required, trainee, NUMBER)
    retention.run(timezone.now() + timedelta(days=365))
    assert IdNumber.objects.count() == 1
    retention.run(timezone.now() + timedelta(days=367))
    assert not IdNumber.objects.exists()


@pytest.mark.long
def test_closing_the_account_deletes_it(required, trainee):
    services.enter_id_number(trainee, required, trainee, NUMBER)
    closure.close_account(trainee)
    assert not IdNumber.objects.exists()


@pytest.mark.long
def test_the_own_copy_has_the_number_and_nobody_elses_has(required, trainer, trainee):
    services.enter_id_number(trainer, required, trainee, NUMBER)
    for person, expected in ((trainee, [NUMBER]), (trainer, [None])):
        target = io.BytesIO()
        export.write(Person.of(person), target, 10**9)
        with zipfile.ZipFile(target) as archive:
            rows = json.loads(archive.read("data/programme.IdNumber.json"))
            rest = b"".join(archive.read(name) for name in archive.namelist() if "IdNumber" not in name)
        assert [row.get("number") for row in rows] == expected
        assert "sealed" not in rows[0]
        assert NUMBER.encode() not in rest


def test_a_mentor_sees_none(client, required, village):
    mentor = make_person("师傅", (Membership.Role.MENTOR, village))
    client.force_login(mentor)
    assert client.get(reverse("programme:id_numbers", args=[required.pk])).status_code == 404


def test_no_number_outlasts_the_rule(required, organiser, trainee):
    services.end_rule(organiser, required)
    with pytest.raises(NoRule):
        services.enter_id_number(trainee, required, trainee, NUMBER)
    assert not IdNumber.objects.exists()
