"""The checklist's page, and the host: age, training, a guardian's consent."""

import datetime
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from live.models import ChecklistTick, GuardianConsent
from tests.factories import make_person
from tests.lives import make_clearance, make_live, make_ready_live, make_script
from tests.media.pictures import jpeg


def html(answer):
    return answer.content.decode()


def born(person, age: int):
    """So old that everybody born in that month is."""
    today = timezone.localdate()
    first = today.replace(day=1) - datetime.timedelta(days=1)
    person.birth_month = first.replace(year=first.year - age, day=1)
    person.save()
    return person


@pytest.fixture
def real(seller, shop, product):
    return make_ready_live(seller, shop, product)


def test_a_line_is_ticked_and_who_did_it_stays(as_user, real, seller):
    real.ticks.all().delete()
    url, event = f"/live/{real.pk}/checklist/", str(uuid.uuid4())
    told = {"code": "light", "is_done": "1", "event_id": event}
    for _again in range(2):
        assert as_user(seller).post(url, told).url == url
    as_user(seller).post(url, {"code": "light", "is_done": "0", "event_id": str(uuid.uuid4())})
    page = html(as_user(seller).get(url))
    assert [tick.is_done for tick in real.ticks.all()] == [True, False]
    assert page.count("周梅英") >= 2


def test_htmx_gets_the_line_alone(as_user, real, seller):
    real.ticks.filter(code="sound").delete()
    told = {"code": "sound", "is_done": "1", "event_id": str(uuid.uuid4())}
    page = html(as_user(seller).post(f"/live/{real.pk}/checklist/", told, HTTP_HX_REQUEST="true"))
    assert " ".join(page.split()).startswith('<li id="tick-sound" data-say="声音好了，还有 0 样"')
    assert 'aria-pressed="true"' in page


@pytest.mark.long
def test_odd_ticks_are_refused(as_user, real, seller, live):
    event = str(uuid.uuid4())
    url = f"/live/{real.pk}/checklist/"
    as_user(seller).post(f"/live/{live.pk}/checklist/", {"code": "card", "is_done": "1", "event_id": event})
    before = ChecklistTick.objects.count()
    for told in ({}, {"code": "coffee", "is_done": "1"}, {"code": "card", "is_done": "1", "event_id": event}):
        assert as_user(seller).post(url, told, follow=True).status_code == 200
    assert ChecklistTick.objects.count() == before


def test_gates_say_what_the_program_sees(as_user, real, seller):
    make_script(real.items.get(), what="全县最甜。")
    page = html(as_user(seller).get(f"/live/{real.pk}/checklist/"))
    assert "冰糖橙：“全县最甜”不能说" in page
    assert "满 18 岁" in page


def test_a_rehearsal_is_ticked_too(as_user, live, item, seller):
    page = html(as_user(seller).get(f"/live/{live.pk}/checklist/"))
    assert "彩排不拦你" in page


def test_a_host_says_once_when_they_were_born(as_user, real, seller):
    seller.birth_month = None
    seller.save()
    url = f"/live/{real.pk}/host/"
    assert as_user(seller).post(url, {"birth_month": "何时"}).context["form"].errors["birth_month"]
    as_user(seller).post(url, {"birth_month": "198506"})
    seller.refresh_from_db()
    assert seller.birth_month == datetime.date(1985, 6, 1)
    as_user(seller).post(url, {"birth_month": "199001"})
    seller.refresh_from_db()
    assert seller.birth_month.year == 1985


def test_nobody_says_it_for_them(as_user, real, seller, trainee):
    seller.birth_month = None
    seller.save()
    real.mentor = trainee
    real.save()
    page = as_user(trainee).post(f"/live/{real.pk}/host/", {"birth_month": "198506"})
    seller.refresh_from_db()
    assert (page.status_code, seller.birth_month) == (200, None)
    assert "出生年月要周梅英自己填" in html(page)


def paper(**fields):
    file = SimpleUploadedFile("同意书.jpg", jpeg(), "image/jpeg")
    told = {"guardian": "周大山", "relation": "父亲", "given_on": str(timezone.localdate()), "file_new": file}
    return told | fields


@pytest.mark.long
def test_a_guardians_consent_is_handed_in_read_and_withdrawn(
    as_user, real, seller, stranger, trainer, organiser
):
    born(seller, 17)
    url = f"/live/{real.pk}/host/"
    assert as_user(seller).post(url, paper()).url == url
    row = GuardianConsent.objects.get()
    assert (row.user, row.made_by, row.guardian) == (seller, seller, "周大山")
    assert as_user(seller).get(f"{url}{row.pk}/")["Content-Type"] == "image/webp"
    assert as_user(organiser).get(f"{url}{row.pk}/").status_code == 200
    for person in (trainer, stranger):
        assert as_user(person).get(f"{url}{row.pk}/").status_code == 404
        assert as_user(person).post(f"{url}{row.pk}/withdraw/").status_code == 404
    assert "撤回周大山签的同意书？" in html(as_user(seller).get(f"{url}{row.pk}/withdraw/"))
    as_user(seller).post(f"{url}{row.pk}/withdraw/")
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert "撤回了" in html(as_user(seller).get(url))


@pytest.mark.long
def test_an_organiser_shows_the_second_factor_before_the_paper(as_user, real, seller, organiser, settings):
    born(seller, 17)
    as_user(seller).post(f"/live/{real.pk}/host/", paper())
    settings.DEMO = False
    answer = as_user(organiser).get(f"/live/{real.pk}/host/{GuardianConsent.objects.get().pk}/")
    assert answer.status_code == 302


@pytest.mark.long
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"given_on": "2199-01-01"}, "given_on"),
        ({"given_on": "2001-01-01"}, "given_on"),
        ({"guardian": ""}, "guardian"),
        ({"file_new": SimpleUploadedFile("x.jpg", b"not a picture", "image/jpeg")}, "file"),
    ],
)
def test_a_paper_that_is_none_is_told(as_user, real, seller, fields, field):
    born(seller, 16)
    page = as_user(seller).post(f"/live/{real.pk}/host/", paper(**fields))
    assert list(page.context["form"].errors) == [field]
    assert not GuardianConsent.objects.exists()


def test_who_is_too_young_hands_nothing_in(as_user, real, seller):
    born(seller, 15)
    page = as_user(seller).post(f"/live/{real.pk}/host/", paper())
    assert "不满 16 岁，不能开播" in html(page)
    assert not GuardianConsent.objects.exists()


def test_the_clearance_is_shown_with_its_last_day(as_user, seller, shop):
    live = make_live(seller, shop=shop, kind="real")
    assert "第一次开播前要学、要考" in html(as_user(seller).get(f"/live/{live.pk}/host/"))
    make_clearance(seller)
    assert "考过了，到" in html(as_user(seller).get(f"/live/{live.pk}/host/"))
    assert make_person("别人").pk != seller.pk
