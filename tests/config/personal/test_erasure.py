"""After an erasure the person is in no column and no file but those that the page names."""

import uuid
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import consents
from accounts.audit import AuditVerb
from accounts.models import AuditEntry, Consent, PushSubscription, User
from accounts.notifications import delivery
from accounts.people import closure
from config.personal import erasure, overview, terms
from media.models import Photo, Video
from progress.enrolment.services import enrol
from progress.models import Ask
from rehearsals.models import Submission
from shops.models import Complaint, ListingDraft, Order, PayCode, ProductPhoto
from tests.class_messages import make_ask, make_reply
from tests.factories import make_cohort, make_course, make_person, make_photo, make_product, make_shop
from tests.lives import make_live
from tests.progress.lessons.videos import make_video
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal, make_submission
from tests.shops.orders.seller_side import make_code, order_at

pytestmark = pytest.mark.django_db(transaction=True)

# Tables of what was done, and the column by which a person's rows are found in them.
TRAILS = {"accounts_auditentry": "subject", "django_admin_log": "object_id"}
NAME, NUMBER = "欧阳翠微", "13977665544"
# Every table and field in which the name or the number may stand afterwards, as the page says it under each heading.
STAYS = {
    "shops.Shop": {"name", "legal_name"},  # 小店和商品
    "shops.Product": {"search_text"},
    "shops.Batch": {"grower_name"},
    "shops.Order": {"buyer", "phone", "page"},  # 买东西的订单
    "shops.OrderLine": {"page"},
    "shops.Complaint": {"name", "phone"},  # 投诉
    "accounts.Notice": {"phone", "params"},  # 消息
    "wording.Check": {"text"},  # 用语检查
    "shops.Pledge": {"promiser"},
}


def make_face(owner: User, face: bytes) -> Photo:
    """Make a photo whose files differ from all others."""
    photo = make_photo(owner)
    for name in photo.names:
        default_storage.delete(name)
        default_storage.save(name, ContentFile(face))
    return photo


@pytest.fixture
def person(village, county, trainer, seller, settings) -> User:
    settings.DEMO = True  # no second factor is asked for
    number = {"phone": f"+86{NUMBER}", "phone_verified": True}
    someone = make_person(NAME, ("trainee", village), birth_month="1985-06-01", **number)
    someone.face = uuid.uuid4().bytes
    someone.memberships.update(note=f"我是{NAME}，{NUMBER}")
    consents.give(someone, Consent.Kind.PRIVACY)
    course = make_course(county)
    cohort = make_cohort(course, village, trainer)
    enrol(someone, course, cohort)
    lesson = course.modules.first().lessons.first()
    ask = make_ask(someone, cohort, lesson, f"我是{NAME}，横着拍？")
    make_reply(ask, trainer, "竖着拍。")
    make_reply(make_ask(trainer, cohort, lesson, "谁来？"), someone, f"{NAME}来。")
    plan = make_plan(someone, make_drill(course), title=f"{NAME}的彩排")
    film = make_video(owner=someone, name=f"{NAME}.mp4")
    make_submission(someone, make_rehearsal(someone, plan), video=film, keep=f"{NAME}讲得慢", number=1)
    shop = make_shop(someone, village, contact=someone.phone, story=f"{NAME}种橙子三十年")
    shop.cover = make_face(someone, someone.face)
    shop.save()
    product = make_product(shop, freight_included=True, description=f"{NAME}家的橙子")
    product.cover = make_face(someone, someone.face)
    product.save()
    ProductPhoto.objects.create(product=product, photo=product.cover)
    sold = order_at("received", product)
    sold.lines.get().photos.set([product.cover])
    make_code(shop)
    ListingDraft.objects.create(user=someone, shop=shop, typed={"description": NAME})
    theirs = make_product(make_shop(seller, village), freight_included=True)
    order_at("received", theirs, buyer=NAME, phone=someone.phone)
    Complaint.objects.create(
        number="T1", place=village, name=NAME, phone=someone.phone, text="坏了", due_at="2027-01-01T00:00Z"
    )
    delivery.write_notice("review-1", someone.phone, "rehearsal_reviewed", title=NAME)
    Authenticator.objects.create(user=someone, type="totp", data={"secret": "ABC"})
    PushSubscription.objects.create(
        user=someone, endpoint="https://x.example/1", p256dh="a", auth="b", label="手机"
    )
    AuditEntry.write(trainer, AuditVerb.MEMBERSHIP_GRANTED, someone.memberships.first(), village, name=NAME)
    AuditEntry.write(trainer, AuditVerb.PASSWORD_RESET, someone, village, note=f"{NAME} {NUMBER}")
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=trainer, content_type=kind, object_id=str(someone.pk), object_repr=NAME, action_flag=CHANGE,
        change_message=NAME,
    )  # fmt: skip
    return someone


def sites_of(*words: str) -> dict[str, set[str]]:
    """Return model → text and JSON fields that contain one of these words."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        for one in model._meta.concrete_fields:
            if not isinstance(one, models.CharField | models.TextField | models.JSONField):
                continue
            values = model._base_manager.values_list(one.attname, flat=True)
            if any(word in str(value) for value in values for word in words):
                found.setdefault(model._meta.label, set()).add(one.name)
    return found


def all_files() -> dict[str, bytes]:
    found = {}
    for storage in (default_storage, storages["private"], storages["intake"]):
        folders = [""]
        while folders:
            folder = folders.pop()
            try:
                inner, names = storage.listdir(folder)
            except FileNotFoundError:
                continue
            folders += [f"{folder}/{name}".lstrip("/") for name in inner]
            for name in names:
                with storage.open(f"{folder}/{name}".lstrip("/")) as file:
                    found[f"{folder}/{name}".lstrip("/")] = file.read()
    return found


@pytest.mark.long
@pytest.mark.both_databases
def test_only_what_the_page_names_stays(person, client):
    client.force_login(person)
    session = client.session.session_key
    page = client.get("/me/close/").content.decode()
    shown = {one.group.name for one in overview.describe_erasure(person)}
    before = sites_of(NAME, NUMBER)
    assert {
        "accounts.User",
        "progress.Ask",
        "accounts.AuditEntry",
        "admin.LogEntry",
        "accounts.Notice",
    } <= set(before)
    closure.close_account(person)
    after = sites_of(NAME, NUMBER)
    assert {label: fields - STAYS.get(label, set()) for label, fields in after.items()} == {
        label: set() for label in after
    }
    # The orders, the complaint and the seller's card are there still, under a heading of the page each.
    assert {"shops.Order", "shops.OrderLine", "shops.Complaint", "shops.Shop"} <= set(after)
    groups = {entry.label: entry.group for entry in terms.load_entries()}
    # As its owner the person sees no heading for what only names them to others.
    assert {groups[label] for label in after} <= shown
    for one in terms.load_groups():
        assert (one.stays in page) == (one.name in shown and bool(one.stays)) or not one.stays
    assert not apps.get_model("sessions.Session").objects.filter(session_key=session).exists()
    for model in (Authenticator, PushSubscription, ListingDraft):
        assert not model.objects.exists()
    assert PayCode.objects.get().picture is None


@pytest.mark.long
def test_the_account_itself_keeps_nothing_that_its_entry_empties(person):
    closure.close_account(person)
    row = User.objects.get(pk=person.pk)
    emptied = {name: getattr(row, name) for act in terms.find_entry(User).erase for name in act.fields}
    assert emptied == {"phone": None, "name": "已注销"} | dict.fromkeys(set(emptied) - {"phone", "name"})
    assert "birth_month" in emptied


@pytest.mark.long
def test_films_and_photos_are_gone_but_for_the_sold_page(person):
    sold = Photo.objects.get(pk__in=Order.objects.filter(shop__owner=person).values("lines__photos"))
    film = Video.objects.get()
    before = all_files()
    cover = Photo.objects.exclude(pk=sold.pk).get()
    films = {film.name_of(part) for part in ("480.mp4", "240.mp4", "listen.m4a", "poster.webp")}
    code = PayCode.objects.get().picture.name
    own = {*cover.names, *sold.names, *films, code}
    assert own <= set(before)
    closure.close_account(person)
    after = all_files()
    assert own & set(after) == set(sold.names)
    assert {name for name, content in after.items() if person.face in content} == set(sold.names)
    assert (Submission.objects.get().video, Video.objects.count()) == (None, 0)


@pytest.mark.long
def test_what_others_wrote_and_own_stays(person, trainer, seller):
    closure.close_account(person)
    assert [ask.author for ask in Ask.objects.all()] == [trainer]
    assert Order.objects.get(shop__owner=seller).status == "received"
    entry = AuditEntry.objects.get(verb=AuditVerb.PASSWORD_RESET)
    assert (entry.actor, entry.detail) == (trainer, {"note": "已注销 "})


@pytest.mark.long
@pytest.mark.both_databases
def test_the_trail_is_asked_by_subject_and_never_walked_through(person, trainer, stranger, village):
    for n in range(3):
        AuditEntry.write(trainer, AuditVerb.PASSWORD_RESET, stranger, village, note=f"{n}")
    with CaptureQueriesContext(connection) as asked:
        closure.close_account(person)
    reads = [one["sql"].partition(" WHERE ") for one in asked if one["sql"].startswith("SELECT")]
    of = {table: [row for row in reads if f'FROM "{table}"' in row[0]] for table in TRAILS}
    walks = [row[0] for table, column in TRAILS.items() for row in of[table] if f'"{column}"' not in row[2]]
    assert (walks, bool(of["accounts_auditentry"])) == ([], True)
    assert AuditEntry.objects.filter(subject=f"user {stranger.pk}").count() == 3


def test_the_log_of_the_admin_has_an_index_by_what_its_rows_are_about(db):
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "django_admin_log").values()
    assert ["content_type_id", "object_id"] in [one["columns"] for one in found if one["index"]]


@pytest.mark.long
def test_erased_twice_by_the_command(person):
    out = StringIO()
    call_command("person", "erase", NUMBER, "--yes", stdout=out)
    assert f"Erased: 欧阳翠微 (+86{NUMBER})." in out.getvalue()
    assert "× shops.Order (电子商务法 §31" in out.getvalue()
    # The number still has an open order: the page says so, and nothing else happens.
    call_command("person", "erase", NUMBER, "--yes", stdout=out)
    assert Order.objects.filter(phone=f"+86{NUMBER}").count() == 1
    assert AuditEntry.objects.filter(verb=AuditVerb.ACCOUNT_CLOSED).count() == 1


@pytest.mark.long
def test_the_command_refuses_while_buyers_wait(person, seller):
    product = make_product(person.shops_owned.get(), freight_included=True)
    order = order_at("paid", product)
    with pytest.raises(CommandError, match=order.number):
        call_command("person", "erase", NUMBER, "--yes")
    assert User.objects.get(pk=person.pk).name == NAME


@pytest.mark.long
def test_the_command_refuses_in_a_live(person):
    shop = person.shops_owned.get()
    make_live(person, shop=shop, kind="real", title="橙子专场")
    with pytest.raises(CommandError, match="橙子专场"):
        call_command("person", "erase", NUMBER, "--yes")


def test_a_buyer_without_an_account_waits_for_the_order(seller, village):
    product = make_product(make_shop(seller, village), freight_included=True)
    order = order_at("accepted", product, phone="+8613711112222")
    with pytest.raises(CommandError, match=order.number):
        call_command("person", "erase", "13711112222", "--yes")
    with pytest.raises(closure.StillOpen):
        erasure.erase_number("+8613711112222")


@pytest.mark.parametrize("phone", ["13711113333", "abc", "12", "+8613711113333"])
def test_an_unknown_number_is_said_to_be_one(phone):
    with pytest.raises(CommandError, match="Nothing is held|no mainland mobile number"):
        call_command("person", "erase", phone, "--yes")


@pytest.mark.long
def test_asked_and_not_answered_with_yes_erases_nothing(person, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: "n")
    with pytest.raises(CommandError, match="Nothing was erased"):
        call_command("person", "erase", NUMBER)
    assert User.objects.get(pk=person.pk).name == NAME


@pytest.mark.long
def test_where_nobody_can_be_asked_nothing_is_erased(person, monkeypatch):
    monkeypatch.setattr("sys.stdin", StringIO())
    with pytest.raises(CommandError, match="nothing was erased: --yes does not ask"):
        call_command("person", "erase", NUMBER)
    assert User.objects.get(pk=person.pk).name == NAME


@pytest.mark.long
def test_another_person_of_the_same_name_keeps_theirs(person, village, trainer):
    twin = make_person(NAME, ("trainee", village))
    AuditEntry.write(trainer, AuditVerb.PASSWORD_RESET, twin, village, note=NAME)
    session = Client()
    session.force_login(twin)
    closure.close_account(person)
    assert AuditEntry.objects.get(subject=f"user {twin.pk}", verb=AuditVerb.PASSWORD_RESET).detail == {
        "note": NAME
    }
    assert session.get("/me/").status_code == 200
