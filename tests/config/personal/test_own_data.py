"""“我的资料”: what is stored, a copy of it, and nothing of other people."""

import io
import json
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import consents
from accounts.audit import AuditVerb
from accounts.models import AuditEntry, Consent, DataExport
from config import files
from config.personal import data_exports, export, overview, terms
from config.personal.terms import Person
from media.models import Photo
from progress.enrolment.services import enrol
from progress.models import Ask, Attempt
from progress.quizzes.time_limits import DELIVERED_WITHIN
from rehearsals.models import Review, Submission, TimedNote
from shops.models import Order
from tests.accounts.conftest import with_password
from tests.class_messages import make_ask
from tests.factories import PASSWORD, make_cohort, make_course, make_photo, make_product, make_shop
from tests.progress.lessons.videos import make_video
from tests.quizzes import make_quiz
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal, make_submission
from tests.reviews import make_review
from tests.shops.orders.seller_side import order_at

URL, ASK, FILE = "/me/data/", "/me/data/copy/", "/me/data/copy.zip"
GB = 1_000_000_000


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


@pytest.fixture
def cohort(village, county, trainer):
    return make_cohort(make_course(county), village, trainer)


@pytest.fixture
def film(trainee, village, county):
    plan = make_plan(trainee, make_drill(make_course(county)))
    return make_submission(
        trainee, make_rehearsal(trainee, plan), video=make_video(owner=trainee), number=1
    ).video


def written(person: Person, room: int = 10 * GB) -> zipfile.ZipFile:
    target = io.BytesIO()
    export.write(person, target, room)
    return zipfile.ZipFile(target)


def verified(person):
    """The person has shown that the number is theirs."""
    person.phone_verified = True
    person.save()
    return person


def table(archive: zipfile.ZipFile, label: str) -> list[dict]:
    return json.loads(archive.read(f"data/{label}.json"))


def test_the_page_says_what_is_held(client, trainee, cohort, trainer):
    enrol(trainee, cohort.course, cohort)
    make_ask(trainee, cohort, cohort.course.modules.first().lessons.first())
    client.force_login(trainee)
    answer = client.get(URL)
    page = answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    counts = {one.group.name: one.count for one in answer.context["held"]}
    assert (counts["learning"], counts["talk"], counts["account"]) == (1, 1, 1)
    assert "班里的提问和回答" in page
    assert 'href="/learn/"' in page
    assert "还没有别人动过。" in page


@pytest.mark.long
def test_who_used_the_data_is_shown(client, trainee, trainer, cohort, stranger):
    enrol(trainee, cohort.course, cohort)
    AuditEntry.write(trainer, AuditVerb.PASSWORD_RESET, trainee, cohort.place)
    AuditEntry.write(trainer, AuditVerb.LIST_EXPORTED, cohort, cohort.place, name=cohort.name, count=1)
    AuditEntry.write(trainee, AuditVerb.CONSENT_GIVEN, trainee)
    AuditEntry.write(trainer, AuditVerb.PASSWORD_RESET, stranger)
    client.force_login(trainee)
    looks = client.get(URL).context["looks"]
    assert [(one["doing"], one["actor"]) for one in looks] == [("导出表格", trainer), ("重置密码", trainer)]


@pytest.mark.long
def test_who_opened_an_order_of_mine_is_shown(client, trainee, seller, organiser, village):
    verified(trainee)
    product = make_product(make_shop(seller, village), freight_included=True)
    mine, other = order_at("received", product, phone=trainee.phone), order_at("received", product)
    AuditEntry.write(organiser, "order_opened", mine, village)
    AuditEntry.write(organiser, "order_opened", other, village)
    client.force_login(trainee)
    assert [(one["doing"], one["actor"]) for one in client.get(URL).context["looks"]] == [
        ("在后台看了订单", organiser)
    ]


@pytest.mark.long
def test_a_consent_is_taken_back_on_the_page(client, seller):
    consents.give(seller, Consent.Kind.PUBLIC_STORY)
    client.force_login(seller)
    assert 'value="public_story"' in client.get(URL).content.decode()
    client.post("/me/privacy/withdraw/", {"kind": "public_story"})
    assert 'value="public_story"' not in client.get(URL).content.decode()


@pytest.mark.long
def test_a_copy_is_asked_for_with_the_password_made_and_fetched(client, trainee, stranger):
    client.force_login(with_password(trainee))
    wrong = client.post(ASK, {"password": "wrong"})
    assert (wrong.status_code, DataExport.objects.count()) == (422, 0)
    assert client.post(ASK, {"password": PASSWORD})["Location"] == URL
    assert client.post(ASK, {"password": PASSWORD})["Location"] == URL
    copy = DataExport.objects.get()
    assert "正在准备，做了 0%" in client.get(URL).content.decode()
    assert client.get(FILE).status_code == 404
    assert data_exports.make(copy.pk)
    copy.refresh_from_db()
    assert (copy.state, copy.expires_at - copy.made_at < timedelta(days=7, seconds=5)) == ("ready", True)
    answer = client.get(FILE)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    assert table(archive, "accounts.User")[0]["name"] == "田巧云"
    client.force_login(stranger)
    assert client.get(FILE).status_code == 404
    client.logout()
    assert client.get(FILE).status_code == 302


@pytest.mark.long
def test_the_password_is_not_guessed_for_long(client, trainee):
    client.force_login(with_password(trainee))
    for _n in range(3):
        for url in (ASK, "/me/close/"):
            assert "密码不对。" in client.post(url, {"password": "wrong"}).content.decode()
    for url in (ASK, "/me/close/"):
        assert "试得太多了，过十分钟再试。" in client.post(url, {"password": PASSWORD}).content.decode()
    trainee.refresh_from_db()
    assert (trainee.name, DataExport.objects.count()) == ("田巧云", 0)


def test_a_right_password_uses_up_no_try(client, trainee):
    client.force_login(with_password(trainee))
    answers = [client.post(ASK, {"password": PASSWORD}).status_code for _n in range(8)]
    assert answers == [302] * 8


@pytest.mark.long
def test_a_copy_is_gone_after_its_days(client, trainee):
    data_exports.ask(trainee)
    copy = DataExport.objects.get()
    data_exports.make(copy.pk)
    copy.refresh_from_db()
    assert storages["private"].exists(copy.file_name)
    DataExport.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    client.force_login(trainee)
    assert client.get(FILE).status_code == 404
    data_exports.sweep()
    copy.refresh_from_db()
    assert (copy.state, storages["private"].exists(copy.file_name)) == ("gone", False)


@pytest.mark.long
def test_what_a_dead_worker_left_is_made_again(trainee):
    data_exports.ask(trainee)
    copy = DataExport.objects.get()
    DataExport.objects.update(leased_until=timezone.now() + timedelta(minutes=5))
    assert not data_exports.make(copy.pk)
    DataExport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    data_exports.sweep()
    assert data_exports.make(copy.pk)


@pytest.mark.long
def test_three_copies_a_day_are_enough(trainee):
    for _n in range(3):
        data_exports.make(data_exports.ask(trainee).pk)
    with pytest.raises(data_exports.TooManyCopies):
        data_exports.ask(trainee)
    assert DataExport.objects.filter(state="ready").count() == 1


@pytest.mark.long
def test_no_secret_and_no_other_person_is_in_it(trainee, trainer, cohort):
    enrol(trainee, cohort.course, cohort)
    with_password(trainee)
    trainee.memberships.update(decided_by=trainer)
    archive = written(Person.of(trainee))
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "田巧云" in everything
    for secret in ("argon2", "李老师", str(trainer.phone)[3:]):
        assert secret not in everything
    assert set(json.loads(archive.read("fields.json"))["tables"]) == {
        entry.label for entry in terms.load_entries() if entry.is_exported
    }
    page = archive.read("index.html").decode()
    assert "<h1>我的资料</h1>" in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.long
def test_an_open_quiz_and_an_unsigned_review_are_not_in_it(trainee, trainer, village, county):
    """The paper holds the right answers, and a draft is seen by its author alone."""
    course = make_course(county)
    plan = make_plan(trainee, make_drill(course))
    submission = make_submission(trainee, make_rehearsal(trainee, plan), number=1)
    review = make_review(trainer, submission, signed=False)
    TimedNote.objects.create(review=review, at_ms=1000, tone="good", text="还没发给学员")
    quiz = make_quiz(course)
    attempt = Attempt.objects.create(user=trainee, quiz=quiz, number=1, paper={"right": "秘密"})
    tables = ("progress.Attempt", "rehearsals.Review", "rehearsals.TimedNote")
    archive = written(Person.of(trainee))
    assert [table(archive, label) for label in tables] == [[], [], []]
    assert "还没发给学员" not in archive.read("index.html").decode()
    # The author has the draft in the own copy.
    assert [len(table(written(Person.of(trainer)), label)) for label in tables] == [0, 1, 1]
    Attempt.objects.update(finished_at=timezone.now())  # an answer may still be on its way from a phone
    assert table(written(Person.of(trainee)), "progress.Attempt") == []
    Attempt.objects.update(finished_at=timezone.now() - DELIVERED_WITHIN - timedelta(seconds=1))
    Review.objects.update(signed_at=timezone.now(), total=50)
    archive = written(Person.of(trainee))
    assert [[row["id"] for row in table(archive, label)] for label in tables[:2]] == [
        [attempt.pk],
        [review.pk],
    ]
    assert [row["text"] for row in table(archive, tables[2])] == ["还没发给学员"]


@pytest.mark.long
@pytest.mark.parametrize("group_reads", [False, True])
def test_the_front_server_reads_the_copy(trainee, settings, group_reads):
    """The site is installed with a umask that leaves nothing to the group."""
    settings.FILE_UPLOAD_PERMISSIONS = files.get_file_mode(group_reads)
    settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS = files.get_folder_mode(group_reads)
    before = os.umask(0o077)
    try:
        data_exports.ask(trainee)
        assert data_exports.make(DataExport.objects.get().pk)
    finally:
        os.umask(before)
    path = Path(storages["private"].path(DataExport.objects.get().file_name))
    found = [f"{one.stat().st_mode & 0o7777:o}" for one in (path, path.parent)]
    assert found == [f"{files.get_file_mode(group_reads):o}", f"{files.get_folder_mode(group_reads):o}"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("sends_codes", "what_to_do"),
    [
        (False, "带上身份证和这部手机，到村里或乡镇的管理员那里"),
        (True, "在登录页点“用短信登录”进来一次"),
    ],
)
def test_that_an_unverified_number_leaves_orders_out_is_said_with_what_to_do(
    sends_codes, what_to_do, client, trainee, settings
):
    settings.PROVES_PHONES = sends_codes
    left_out = "你买东西的订单、投诉和跟它们有关的消息不在里面"
    client.force_login(trainee)

    def pages() -> list[str]:
        zipped = written(Person.of(trainee)).read("index.html").decode()
        return [client.get(URL).content.decode(), zipped]

    assert [(left_out in page, what_to_do in page) for page in pages()] == [(True, True)] * 2
    verified(trainee)
    assert [left_out in page for page in pages()] == [False] * 2
    office = written(Person.with_number(str(trainee.phone))).read("index.html").decode()
    assert left_out not in office


@pytest.mark.long
def test_orders_of_an_unverified_number_are_not_in_it(trainee, seller, village):
    """A person who signs up with a buyer's number gets nothing of the buyer's data."""
    product = make_product(make_shop(seller, village), freight_included=True)
    order = order_at("received", product, phone=trainee.phone)
    archive = written(Person.of(trainee))
    assert [len(table(archive, f"shops.{name}")) for name in ("Order", "OrderLine", "OrderEvent")] == [
        0,
        0,
        0,
    ]
    assert not [one for one in overview.list_holdings(trainee) if one.group.name == "bought"]
    mine = written(Person.of(verified(trainee)))
    assert [row["number"] for row in table(mine, "shops.Order")] == [order.number]


@pytest.mark.long
def test_orders_from_before_the_account_are_not_in_it(trainee, seller, village):
    """A number is given to another owner after some months."""
    product = make_product(make_shop(seller, village), freight_included=True)
    before, after = (order_at("received", product, phone=trainee.phone) for _n in range(2))
    Order.objects.filter(pk=before.pk).update(placed_at=trainee.joined_at - timedelta(days=100))
    archive = written(Person.of(verified(trainee)))
    assert [row["number"] for row in table(archive, "shops.Order")] == [after.number]
    assert {row["order"] for row in table(archive, "shops.OrderLine")} <= {after.pk}


@pytest.mark.long
def test_own_photos_and_films_are_in_it(trainee, film):
    photos = [make_photo(trainee, is_private=is_private) for is_private in (False, True)]
    archive = written(Person.of(trainee))
    for photo in photos:
        with photo.storage.open(photo.name_at(1200)) as file:
            assert archive.read(f"files/photos/{photo.pk}.webp") == file.read()
    with storages["private"].open(film.name_of("480.mp4")) as file:
        assert archive.read(f"files/films/{film.pk}.mp4") == file.read()


@pytest.mark.long
def test_five_gigabytes_of_films_are_named_with_their_pages(trainee, film):
    renditions = {"480": {"bytes": 5 * GB, "width": 854, "height": 480}}
    type(film).objects.filter(pk=film.pk).update(renditions=renditions, name="丰收.mp4")
    archive = written(Person.of(trainee), room=100 * GB)
    key = Submission.objects.get().key
    page = archive.read("index.html").decode()
    assert "丰收.mp4 (4.7" in page
    assert f"/review/mine/{key}/" in page
    assert not [name for name in archive.namelist() if name.startswith("files/films/")]


@pytest.mark.long
def test_a_full_disk_is_said(client, trainee, monkeypatch):
    monkeypatch.setattr(export, "measure_free_bytes", lambda: -1)
    copy = data_exports.ask(trainee)
    assert not data_exports.make(copy.pk)
    client.force_login(trainee)
    assert "电脑上的地方不够了" in client.get(URL).content.decode()
    assert not storages["private"].exists(copy.file_name)


@pytest.mark.long
def test_rows_and_files_that_go_meanwhile_spoil_nothing(trainee, cohort):
    """The table of photos is written before their files are copied: between them one goes."""
    photo = make_photo(trainee)
    lesson = cohort.course.modules.first().lessons.first()
    make_ask(trainee, cohort, lesson)
    gone = []

    def interfere(percent: int) -> None:
        if not gone:
            gone.append(percent)
            for name in photo.names:
                default_storage.delete(name)
            Photo.objects.filter(pk=photo.pk).delete()
            Ask.objects.all().delete()

    target = io.BytesIO()
    copied = export.write(Person.of(trainee), target, 10 * GB, interfere)
    archive = zipfile.ZipFile(target)
    assert [file.row.key for file in copied.missing] == [photo.key]
    assert "下面这些，取的时候已经没有了" in archive.read("index.html").decode()
    assert table(archive, "progress.Ask") == []


@pytest.mark.long
def test_a_buyer_without_an_account_gets_theirs_by_the_command(seller, village, tmp_path):
    product = make_product(make_shop(seller, village), freight_included=True)
    order = order_at("received", product, phone="+8613711112222")
    other = order_at("received", product, phone="+8613711113333", buyer="别人家")
    file = tmp_path / "copy.zip"
    call_command("person", "export", "137 1111 2222", str(file))
    archive = zipfile.ZipFile(file)
    assert [row["number"] for row in table(archive, "shops.Order")] == [order.number]
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert (other.number in everything, "别人家" in everything) == (False, False)
    assert "token" not in table(archive, "shops.Order")[0]
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="is there already"):
        call_command("person", "export", "13711112222", str(file))


@pytest.mark.django_db
def test_a_file_that_cannot_be_written_is_said_in_a_sentence(trainee):
    with pytest.raises(CommandError, match="/proc/copy.zip cannot be written, nothing was kept of it: "):
        call_command("person", "export", str(trainee.phone), "/proc/copy.zip")


@pytest.mark.django_db
def test_an_unknown_number_makes_no_file(tmp_path):
    file = tmp_path / "copy.zip"
    with pytest.raises(CommandError, match="Nothing is held about 13711119999"):
        call_command("person", "export", "13711119999", str(file))
    assert not file.exists()


def test_what_a_killed_worker_left_of_a_copy_is_deleted_after_a_day(settings, tmp_path):
    """Another computer's worker has made the copy since: nobody would write over it here."""
    settings.VAR_DIR = tmp_path
    folder = tmp_path / data_exports.DRAFTS
    data_exports.drop_drafts()  # there may be no folder
    folder.mkdir()
    left, growing = folder / "left.part", folder / "growing.part"
    for path in (left, growing):
        path.write_bytes(b"a name")
    two_days_ago = os.stat(left).st_mtime - 2 * 24 * 60 * 60
    os.utime(left, (two_days_ago, two_days_ago))
    data_exports.drop_drafts()
    assert [path.name for path in folder.iterdir()] == ["growing.part"]
