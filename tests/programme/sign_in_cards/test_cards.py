"""Sign-in cards of a whole class: who gets a new password, what is printed, and that it holds."""

import io

import pikepdf
import pytest
from django.core import signing
from django.utils import timezone

from accounts.models import AuditEntry, Membership, User
from accounts.people.memberships import grant_role_by_code
from programme.sign_in_cards import cards
from progress.enrolment.services import enrol
from tests.factories import make_cohort, make_course, make_person
from tests.pdfs import draw_pages, find_letters, measure_ink, read_codes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings) -> None:
    settings.DEMO = True


@pytest.fixture
def cohort(county, village, trainer):
    return make_cohort(make_course(county), village, trainer, name="秋季班")


@pytest.fixture
def people(cohort, trainee, seller, trainer) -> list[User]:
    """Return one who signs in, one who never did, a seller and a trainer, all in the class."""
    User.objects.filter(pk=trainee.pk).update(last_login=timezone.now())
    new = make_person("龙小妹")
    for one in (trainee, new, seller, trainer):
        enrol(one, cohort.course, cohort)
    return [trainee, new, seller, trainer]


def post(client, cohort, *people, key=None):
    facts = {"user": [one.pk for one in people], "key": key or cards.make_key(cohort)}
    return client.post(f"/classes/{cohort.pk}/cards/", facts)


def fill(trainer, cohort, *people, key=None) -> dict[str, dict]:
    """Return what stands on the cards, by name."""
    chosen, key = {one.pk for one in people}, key or cards.make_key(cohort)
    filled = cards.fill_cards(trainer, cohort, chosen, key, "http://testserver/login/", "testserver")
    return {card["name"]: card for card in filled["cards"]}


def count_pages(made: bytes) -> int:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return len(pdf.pages)


def test_only_who_may_get_a_password_is_offered_and_who_never_signed_in_is_ticked(trainer, cohort, people):
    found = {one.user.name: (one.can_get, one.needs) for one in cards.list_holders(trainer, cohort)}
    assert found == {
        "田巧云": (True, False),
        "龙小妹": (True, True),
        "周梅英": (False, False),  # a seller
        "李老师": (False, False),  # oneself
    }


def test_cards_carry_the_password_that_holds_and_the_same_form_gives_the_same(trainer, cohort, people):
    _trainee, new, seller, _trainer = people
    before, key = seller.password, cards.make_key(cohort)
    printed = fill(trainer, cohort, new, seller, key=key)
    new.refresh_from_db()
    assert new.check_password("".join(printed["龙小妹"]["password"]))
    assert new.password_change_due
    assert User.objects.get(pk=seller.pk).password == before
    assert [card["password"] for name, card in printed.items() if name != "龙小妹"] == [[], [], []]
    phone = f"{new.phone}"[3:]
    assert printed["龙小妹"]["phone"] == f"{phone[:3]}****{phone[-4:]}"
    assert fill(trainer, cohort, new, key=key) == printed
    assert AuditEntry.objects.filter(verb="password_reset").count() == 1
    entry = AuditEntry.objects.filter(verb="cards_printed").earliest("pk")
    assert entry.detail == {"name": "秋季班", "count": 4, "codes": 1}
    # The owner has chosen another since: a form sent again does not take it away.
    new.set_password("ziji-de-mima-2026")
    new.save()
    assert fill(trainer, cohort, new, key=key)["龙小妹"]["password"] == []
    assert User.objects.get(pk=new.pk).check_password("ziji-de-mima-2026")


def test_pdf_is_answered_and_stored_nowhere(as_user, trainer, cohort, people):
    response = post(as_user(trainer), cohort, people[1])
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in response["Cache-Control"]
    assert count_pages(response.content) == 1


def test_key_of_another_class_or_of_long_ago_changes_nothing(as_user, trainer, cohort, people, monkeypatch):
    new = people[1]
    before = new.password
    other = make_cohort(cohort.course, cohort.place, trainer)
    old = signing.dumps([cohort.pk, "x", 0], salt=cards.SALT)
    monkeypatch.setattr(cards, "KEY_LASTS_SECONDS", 0)
    for key in (old, "", "\x00"):
        assert post(as_user(trainer), cohort, new, key=key).status_code == 302
    monkeypatch.undo()
    assert post(as_user(trainer), cohort, new, key=cards.make_key(other)).status_code == 302
    assert User.objects.get(pk=new.pk).password == before


@pytest.mark.long
def test_two_pages_for_nine_with_the_code_on_every_card_and_rare_letters_drawn(trainer, cohort):
    rare = make_person("阿𬱖𠮷")  # the first by pinyin
    enrol(rare, cohort.course, cohort)
    for n in range(8):
        enrol(make_person(f"学员{n}"), cohort.course, cohort)
    facts = (trainer, cohort, set(), cards.make_key(cohort), "http://testserver/login/", "testserver")
    made = cards.print_cards(*facts)
    pages = draw_pages(made)
    assert [read_codes(page) for page in pages] == [
        ["http://testserver/login/"] * 8,
        ["http://testserver/login/"],
    ]
    User.objects.filter(pk=rare.pk).update(name="阿\u3000\u3000")
    empty = draw_pages(cards.print_cards(*facts))[0]
    a, *letters = [measure_ink(pages[0].crop(box), empty.crop(box)) for box in find_letters(made, rare.name)]
    assert a == 0
    assert len(letters) == 2
    assert all(0.2 < share < 0.7 for share in letters), letters


def test_nobody_else_opens_it(as_user, stranger, cohort, people, village):
    assert as_user(stranger).get(f"/classes/{cohort.pk}/cards/").status_code == 404
    grant_role_by_code(people[1], village, Membership.Role.TRAINEE)
    assert as_user(people[1]).get(f"/classes/{cohort.pk}/cards/").status_code == 404
