"""A sheet that was printed, filled in by hand and photographed is read back as it was filled in."""

import io

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from programme.attendance import paper, sheet_views
from programme.models import AttendanceMark, AttendanceSheet, Mark
from progress.enrolment.services import enrol
from tests.factories import make_person
from tests.programme.attendance.photographed import draw_sheet, photograph, sign, tick
from tests.programme.attendance.rows import make_session, state

pytestmark = pytest.mark.django_db
NAMES = ["安甲", "白乙", "陈丙", "邓丁", "鄂戊", "方己", "高庚", "何辛"]
LABELS = {mark: str(mark.label) for mark in sheet_views.MARKS}


@pytest.fixture
def people(course, cohort):
    found = [make_person(name) for name in NAMES]
    for person in found:
        enrol(person, course, cohort)
    return found


@pytest.fixture
def printed(session, trainer, people):
    """A sheet with its page, to be written on."""
    sheet = paper.make_sheet(session, trainer)
    return sheet, draw_sheet(paper.typeset_sheet(sheet, sheet_views.write_words(session), LABELS))


def fill(page: Image.Image) -> None:
    tick(page, 0, Mark.PRESENT)
    tick(page, 1, Mark.LATE, "cross")
    tick(page, 2, Mark.ABSENT, "fill")
    tick(page, 3, Mark.EXCUSED)
    sign(page, 4, seed=4)
    tick(page, 5, Mark.PRESENT)
    tick(page, 5, Mark.ABSENT)
    tick(page, 6, Mark.LATE, "dot")
    sign(page, len(NAMES), seed=5)


FILLED = ["present", "late", "absent", "excused", "present", "", "", ""]
UNCLEAR = [False] * 5 + [True, True, False]


def read(photo: bytes, session) -> paper.ReadPage:
    return paper.read_photo(Image.open(io.BytesIO(photo)), session)


@pytest.mark.long
@pytest.mark.parametrize(
    "how",
    [
        {"slant": 0.0, "turn": 0},
        {"slant": 0.07, "turn": 6},
        {"slant": 0.05, "turn": -84},
        {"slant": 0.04, "turn": 180, "height": 1600},
    ],
)
def test_what_was_ticked_and_signed_is_read(printed, session, how):
    sheet, page = printed
    fill(page)
    found = read(photograph(page, **how), session)
    assert (found.sheet, found.page, found.pages) == (sheet, 1, 1)
    lines = found.lines[: len(NAMES)]
    assert [line.user for line in lines] == sheet.people
    assert [line.mark for line in lines] == FILLED
    assert [line.is_unclear for line in lines] == UNCLEAR
    empty = found.lines[len(NAMES) :]
    assert [(line.user, line.is_unclear) for line in empty] == [(None, True)] + [(None, False)] * 7
    assert Image.open(io.BytesIO(lines[0].picture)).size == (720, 54)


@pytest.mark.long
def test_people_who_join_or_leave_meanwhile_do_not_move_the_lines(printed, session, course, cohort, people):
    _sheet, page = printed
    tick(page, 7, Mark.ABSENT)
    enrol(make_person("阿前"), course, cohort)
    people[0].enrolments.update(left_at=timezone.now())
    found = read(photograph(page), session)
    assert {line.user: line.mark for line in found.lines if line.mark} == {people[7].pk: "absent"}


@pytest.mark.long
def test_two_corners_are_enough_and_one_is_not(printed, session):
    _sheet, page = printed
    fill(page)
    hidden = page.copy()
    hidden.paste("#b08968", (0, 0, 240, 240))
    hidden.paste("#b08968", (1020, 1560, 1260, 1782))
    assert [line.mark for line in read(photograph(hidden), session).lines[:8]] == FILLED
    hidden.paste("#b08968", (0, 1560, 240, 1782))
    with pytest.raises(paper.UnreadableSheet) as refused:
        read(photograph(hidden), session)
    assert refused.value.reason == "one_code"


@pytest.mark.long
def test_a_photo_of_something_else_and_of_another_session_are_refused(printed, session, cohort, trainer):
    _sheet, page = printed
    other = make_session(cohort, trainer)
    for photo, of, reason in (
        (photograph(page), other, "other_session"),
        (photograph(Image.new("RGB", page.size, "white")), session, "no_code"),
    ):
        with pytest.raises(paper.UnreadableSheet) as refused:
            read(photo, of)
        assert refused.value.reason == reason


@pytest.mark.long
def test_a_large_class_takes_several_pages_with_their_own_lines(session, trainer, course, cohort, people):
    for number in range(paper.ROWS):
        enrol(make_person(f"再{number}"), course, cohort)
    sheet = paper.make_sheet(session, trainer)
    assert paper.count_pages(sheet) == 2
    text = paper.typeset_sheet(sheet, sheet_views.write_words(session), LABELS)
    assert text.count(b"/Type /Page") + text.count(b"/Type/Page") >= 2


# --- the pages ---


@pytest.fixture
def url(cohort, session) -> str:
    return f"/classes/{cohort.pk}/sessions/{session.pk}/sheet/"


def send(client: Client, url: str, photo: bytes):
    return client.post(f"{url}photo/", {"photo": SimpleUploadedFile("表.jpg", photo, "image/jpeg")})


@pytest.mark.long
def test_a_sheet_is_printed_photographed_and_recorded_after_a_yes(client, trainer, session, url, people):
    client.force_login(trainer)
    pdf = client.post(url)
    assert pdf.headers["Content-Type"] == "application/pdf"
    sheet = AttendanceSheet.objects.get()
    page = draw_sheet(paper.typeset_sheet(sheet, sheet_views.write_words(session), LABELS))
    fill(page)
    shown = send(client, url, photograph(page))
    assert shown.status_code == 200
    assert AttendanceMark.objects.count() == 0
    assert (shown.context["unclear"], len(shown.context["written"])) == (2, 1)
    chosen = {
        f"mark-{line.user}": line.mark
        for line, _name, _picture in shown.context["rows"]
        if not line.is_unclear
    }
    chosen[f"mark-{people[5].pk}"] = "late"
    said = {"token": shown.context["token"]} | chosen
    for _again in range(2):
        assert client.post(f"{url}photo/", said).status_code == 302
    assert state(session) == {
        "安甲": "present", "白乙": "late", "陈丙": "absent", "邓丁": "excused", "鄂戊": "present", "方己": "late",
    }  # fmt: skip
    assert set(AttendanceMark.objects.values_list("how", "recorded_by")) == {("paper", trainer.pk)}
    assert AttendanceMark.objects.count() == 6


@pytest.mark.long
def test_marks_typed_after_the_session_had_ended_are_shown_again_and_a_changed_one_counts(
    client, trainer, session, url, printed
):
    _sheet, page = printed
    client.force_login(trainer)
    token = send(client, url, photograph(page)).context["token"]
    user = AttendanceSheet.objects.get().people[0]
    said = {"token": token, f"mark-{user}": "late"}
    client.logout()
    client.post(f"{url}photo/", said)
    client.force_login(trainer)
    shown = client.get(f"{url}photo/")
    assert shown.context["token"] == token
    assert [line.mark for line, _name, _picture in shown.context["rows"]][:2] == ["late", ""]
    for mark in ("late", "absent"):  # "back" shows the same form
        client.post(f"{url}photo/", said | {f"mark-{user}": mark})
    assert state(session)["安甲"] == "absent"


def test_a_mark_changed_and_changed_back_is_what_it_was_changed_back_to(
    client, trainer, session, url, people
):
    client.force_login(trainer)
    sheet = paper.make_sheet(session, trainer)
    facts = [trainer.pk, session.pk, sheet.key, 1, "0" * 32]
    token = signing.dumps(facts, salt=sheet_views.SALT)
    for mark in ("present", "late", "present", "present"):
        client.post(f"{url}photo/", {"token": token, f"mark-{people[0].pk}": mark})
    assert state(session)[people[0].name] == "present"
    assert AttendanceMark.objects.count() == 3


@pytest.mark.long
def test_what_cannot_be_read_is_said_and_changes_nothing(client, trainer, session, url, people):
    client.force_login(trainer)
    blank = photograph(Image.new("RGB", (1050, 1485), "white"), height=900)
    for photo, words in (
        (blank, "没认出四个角上的方块码"),
        (b"no picture at all", "不是照片也不是 PDF"),
        (blank[:9000], "缺了后半截"),
    ):
        page = send(client, url, photo)
        assert page.status_code == 422
        assert words in page.content.decode()
    assert AttendanceMark.objects.count() == 0


@pytest.mark.long
def test_a_token_of_another_session_or_person_records_nothing(
    client, trainer, organiser, cohort, session, url, printed
):
    _sheet, page = printed
    client.force_login(trainer)
    token = send(client, url, photograph(page)).context["token"]
    user = AttendanceSheet.objects.get().people[0]
    said = {"token": token, f"mark-{user}": "present"}
    other = make_session(cohort, trainer)
    client.post(f"/classes/{cohort.pk}/sessions/{other.pk}/sheet/photo/", said)
    client.force_login(organiser)
    client.post(f"{url}photo/", said)
    client.post(f"{url}photo/", said | {"token": token[:-1]})
    assert AttendanceMark.objects.count() == 0
