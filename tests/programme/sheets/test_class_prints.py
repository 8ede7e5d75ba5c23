"""A sheet for a whole class: empty ones, one for each person, by the worker, and who may have it."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from media.cleanup import drop_private_files
from media.storages import write_file
from programme.models import SheetPrint
from programme.sheets import class_prints, prints
from programme.sheets.texts import load_texts
from progress.models import Enrolment
from tests.factories import make_batch, make_cohort, make_course, make_person, make_product
from tests.lives import make_item, make_live, make_ready_shop
from tests.programme.sheets.worlds import list_faults, read_pages


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def cohort(county, village, trainer, seller, trainee):
    cohort = make_cohort(make_course(county, lessons=1), county, trainer)
    for person in (seller, trainee):
        Enrolment.objects.create(user=person, course=cohort.course, cohort=cohort)
    return cohort


def url_of(cohort) -> str:
    return reverse("programme:class_sheets", args=[cohort.pk])


def post(client, cohort, **fields):
    return client.post(url_of(cohort), {"sheet": "rundown", "copies": "3"} | fields)


def test_so_many_empty_ones_each_with_its_own_page_numbers(as_user, trainer, cohort):
    client = as_user(trainer)
    assert 'value="2"' in client.get(url_of(cohort)).text
    answer = post(client, cohort, sheet="droptest", do="blank")
    pages = read_pages(answer.content)
    assert len(pages) == 3
    assert all("第 1 页，共 1 页" in page and "周梅英" not in page for page in pages)
    assert list_faults(answer.content) == []


@pytest.mark.long
def test_one_for_each_has_the_name_and_what_the_trainer_may_see(as_user, trainer, seller, village, cohort):
    shop = make_ready_shop(seller, village)
    make_item(make_live(seller, shop=shop, title="她的彩排"))
    pages = read_pages(post(as_user(trainer), cohort, do="people").content)
    assert ["田巧云" in page for page in pages if "姓名" in page] == [True, False]
    (mine,) = [page for page in pages if "周梅英" in page]
    assert "她的彩排" in mine
    assert "石榴冲村" in mine


def test_for_others_only_what_may_be_seen_is_filled_in(trainer, seller, village, stranger, cohort):
    shop = make_ready_shop(seller, village)
    hidden = make_batch(shop, is_public=False)
    make_product(shop, batch=hidden)
    make_live(seller, shop=shop, kind="real", started_at=timezone.now())
    sheets = load_texts().sheets

    def fields(code: str, reader) -> dict:
        return prints.fill(sheets[code], seller, reader).fields

    assert [bool(fields("spec", reader)) for reader in (seller, trainer, stranger)] == [True, False, False]
    assert [bool(fields("rundown", reader)) for reader in (seller, trainer, stranger)] == [True, True, False]
    for code in ("sales", "recap", "correction", "aftersales"):
        assert [bool(prints.fill(sheets[code], seller, reader).target) for reader in (seller, trainer)] == [
            True,
            False,
        ]
    seller.birth_month = datetime.date(2009, 5, 1)
    assert (fields("guardian", seller)["host"], fields("guardian", trainer)["host"]) == (
        "周梅英，2009年5月生",
        "周梅英",
    )


@pytest.mark.long
def test_the_worker_makes_those_of_a_large_class_and_they_go_after_a_day(
    as_user, trainer, cohort, village, monkeypatch
):
    monkeypatch.setattr(class_prints, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(class_prints, "COPIES_A_PART", 1)
    client = as_user(trainer)
    answer = post(client, cohort, do="people", sheet="guardian")
    row = SheetPrint.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())
    assert post(client, cohort, do="people", sheet="guardian")["Location"] == row.get_absolute_url()
    assert "正在做" in client.get(row.get_absolute_url()).text
    file = reverse("programme:class_sheet_print_file", args=[cohort.pk, row.key])
    assert client.get(file).status_code == 404
    assert class_prints.make(row.pk) is True
    assert class_prints.make(row.pk) is False
    assert client.get(row.get_absolute_url(), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    pages = read_pages(b"".join(client.get(file).streaming_content))
    assert [("田巧云" in page, "周梅英" in page) for page in pages] == [(True, False), (False, True)]
    other = make_person("另一位老师", ("trainer", cohort.place))
    assert [as_user(other).get(url).status_code for url in (row.get_absolute_url(), file)] == [404, 404]
    SheetPrint.objects.update(asked_at=timezone.now() - datetime.timedelta(days=1, minutes=1))
    class_prints.sweep()
    assert not SheetPrint.objects.exists()
    assert not storages["private"].exists(row.file_name)


def test_only_who_guides_the_class_prints_for_it(
    as_user, trainer, organiser, trainee, seller, stranger, cohort
):
    people = (trainer, organiser, trainee, seller, stranger)
    assert [as_user(one).get(url_of(cohort)).status_code for one in people] == [200, 200, 404, 404, 404]
    wrong = post(as_user(trainer), cohort, sheet="nothing", copies="0")
    assert wrong.status_code == 422
    assert "没有这一项" in wrong.text


@pytest.mark.parametrize("is_reached", [True, False])
def test_prints_that_name_somebody_go_when_they_are_erased(
    is_reached, trainer, trainee, cohort, monkeypatch, django_capture_on_commit_callbacks
):
    row = SheetPrint.objects.create(cohort=cohort, made_by=trainer, sheet="spec", site="https://nong.example")
    write_file(storages["private"], row.file_name, ContentFile(b"%PDF-1.7"))
    with monkeypatch.context() as patched, django_capture_on_commit_callbacks(execute=True):
        if not is_reached:  # the request's process ends with its transaction
            patched.setattr(transaction, "on_commit", lambda *_what, **_how: None)
        class_prints.drop_of_person(trainee)
        assert storages["private"].exists(row.file_name)
    assert not SheetPrint.objects.filter(pk=row.pk).exists()
    assert storages["private"].exists(row.file_name) is not is_reached
    [call] = DBTaskResult.objects.filter(task_path=drop_private_files.module_path)
    drop_private_files.func(*call.args_kwargs["args"])
    assert not storages["private"].exists(row.file_name)
