import re
import time
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.auth import password_reset
from accounts.models import AuditEntry, Membership, Notice, User
from accounts.notifications import push
from progress.models import Enrolment
from tests.accounts.conftest import errors_of, is_signed_in, sign_in, with_password
from tests.factories import PASSWORD, make_county, make_person

Role = Membership.Role


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


def url(person: User) -> str:
    return f"/me/people/{person.pk}/password/"


def words_on(response) -> str:
    """Return the password printed on the card."""
    return "".join(response.context["parts"])


def test_it_works(client, trainer, trainee, village):
    client.force_login(trainer)
    assert "<h1>给田巧云一个新密码？</h1>" in client.get(url(trainee)).content.decode()
    assert client.post(url(trainee))["Location"] == f"{url(trainee)}card/"
    response = client.get(f"{url(trainee)}card/")
    card = response.content.decode()
    assert "<h1>田巧云的登录卡</h1>" in card
    assert "testserver" in card
    assert all(f"<span>{part}</span>" in card for part in response.context["parts"])
    assert "no-store" in response["Cache-Control"]
    trainee.refresh_from_db()
    assert trainee.check_password(words_on(response))
    assert trainee.password_change_due
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.subject, entry.place, entry.detail) == (
        trainer,
        "password_reset",
        f"user {trainee.pk}",
        village,
        {},
    )


def test_a_new_password_is_easy_to_read_and_hard_to_guess():
    given = ["".join(password_reset.make_password(password_reset.make_nonce())) for _time in range(200)]
    assert len(set(given)) == 200
    assert all(re.fullmatch(r"([bdfghkmnprstwyz][aeiu]){4}[2-9]{4}", word) for word in given)


def test_the_card_loaded_again_is_the_same_card(client, trainer, trainee):
    client.force_login(trainer)
    first = client.post(url(trainee), follow=True)
    trainee.refresh_from_db()
    password = trainee.password
    assert words_on(client.get(f"{url(trainee)}card/")) == words_on(first)
    trainee.refresh_from_db()
    assert (trainee.password, AuditEntry.objects.count()) == (password, 1)
    assert words_on(first) not in str(dict(client.session))


def test_the_card_is_put_away(client, organiser, trainee, seller, monkeypatch):
    """After ten minutes, for anybody else, in any other session, and once its password holds no more."""
    card = f"{url(trainee)}card/"
    other = type(client)()
    for visitor in (client, other):
        visitor.force_login(organiser)
    client.post(url(trainee))
    assert other.get(card)["Location"] == url(trainee)
    assert client.get(f"{url(seller)}card/")["Location"] == url(seller)
    now = time.time()
    monkeypatch.setattr("accounts.auth.views.time.time", lambda: now + 601)
    answer = client.get(card, follow=True)
    assert answer.redirect_chain == [(url(trainee), 302)]
    assert "登录卡已经收起来了。本人没拿到，就再给一个新密码。" in answer.content.decode()
    monkeypatch.undo()
    assert client.get(card).status_code == 200
    with_password(trainee, "juzi-8-hong")
    assert client.get(card).status_code == 302


@pytest.mark.long
def test_the_person_signs_in_with_the_card_and_chooses_their_own(client, trainer, trainee):
    client.force_login(trainer)
    word = words_on(client.post(url(trainee), follow=True))
    phone = type(client)()
    sign_in(phone, trainee, word)
    assert is_signed_in(phone, trainee)
    assert phone.get("/me/")["Location"] == "/accounts/password/change/"
    phone.post("/accounts/password/change/", {"password1": "juzi-8-hong"})
    assert phone.get("/me/").status_code == 200


def test_sessions_of_the_person_end(client, trainer, trainee):
    phone = type(client)()
    phone.force_login(trainee)
    client.force_login(trainer)
    client.post(url(trainee))
    assert phone.get("/me/")["Location"] == "/accounts/login/?next=%2Fme%2F"


def test_looking_changes_nothing(client, trainer, trainee):
    with_password(trainee)
    before = trainee.password
    client.force_login(trainer)
    client.get(url(trainee))
    trainee.refresh_from_db()
    assert (trainee.password, trainee.password_change_due) == (before, False)


@pytest.fixture(autouse=True)
def own_class(cohort, trainer, trainee, seller):
    """The trainer's own, with somebody in it who sells."""
    cohort.trainers.add(trainer)
    for person in (trainee, seller):
        Enrolment.objects.create(user=person, course=cohort.course, cohort=cohort)
    return cohort


@pytest.fixture
def everybody(trainee, trainer, seller, organiser, stranger, county, village):
    return {
        "trainee": trainee,
        "trainer": trainer,
        "seller": seller,
        "organiser": organiser,
        "stranger": stranger,
        "boss": make_person("系统管理员", (Role.TRAINEE, village), is_superuser=True),
        "technician": make_person("技术员", (Role.TRAINEE, village), is_staff=True),
        "other trainer": make_person("王老师", (Role.TRAINER, village), (Role.SELLER, village)),
        "switched off": make_person("停用的", (Role.TRAINEE, village), is_active=False),
        "only asked": make_person("等同意的"),
    }


def test_who_may_reset_whom(everybody, village):
    Membership.objects.create(user=everybody["only asked"], place=village, role=Role.TRAINEE)
    may = {
        (actor, person)
        for actor in everybody
        for person in everybody
        if password_reset.can_reset(everybody[actor], everybody[person])
    }
    assert may == {
        ("trainer", "trainee"),
        ("organiser", "trainee"),
        ("organiser", "seller"),
        ("boss", "trainee"),
        ("boss", "seller"),
        ("boss", "only asked"),
    }


def test_the_rule_and_the_list_agree(everybody, village):
    Membership.objects.create(user=everybody["only asked"], place=village, role=Role.TRAINEE)
    for actor in everybody.values():
        listed = set(password_reset.find_resettable(actor))
        assert listed == {person for person in everybody.values() if password_reset.can_reset(actor, person)}


def test_the_trainer_of_ones_own_class_may_wherever_one_belongs(
    cohort, trainer, organiser, stranger, village
):
    """Somebody of another county in a class here; the trainer holds nothing there."""
    guest = make_person("外县来的", (Role.TRAINEE, stranger.granted[0].place))
    teacher = make_person("代课老师", (Role.TRAINER, make_county("远县", "远镇", ["远村"])))
    cohort.trainers.add(teacher)
    assert not password_reset.can_reset(teacher, guest)
    enrolment = Enrolment.objects.create(user=guest, course=cohort.course, cohort=cohort)
    assert password_reset.can_reset(teacher, guest)
    assert guest in password_reset.find_resettable(teacher)
    enrolment.left_at = timezone.now()
    enrolment.save()
    assert not password_reset.can_reset(teacher, guest)
    assert guest not in password_reset.find_resettable(teacher)


def test_staff_in_a_class_are_still_staff(cohort, trainer, organiser):
    Enrolment.objects.create(user=organiser, course=cohort.course, cohort=cohort)
    assert not password_reset.can_reset(trainer, organiser)
    assert organiser not in password_reset.find_resettable(trainer)


def test_staff_are_refused_even_if_a_caller_forgot_to_ask(trainer, organiser):
    with pytest.raises(PermissionDenied):
        password_reset.reset_password(organiser, trainer, "x")
    with pytest.raises(PermissionDenied):
        password_reset.reset_password(trainer, trainer, "x")
    assert not AuditEntry.objects.exists()


def test_a_trainer_resets_no_seller_not_even_of_the_own_class(client, trainer, seller):
    with_password(seller)
    client.force_login(trainer)
    assert [client.get(url(seller)).status_code, client.post(url(seller)).status_code] == [404, 404]
    seller.refresh_from_db()
    assert seller.check_password(PASSWORD)


def test_the_owner_is_told_and_told_again_at_sign_in(client, trainer, trainee):
    client.force_login(trainer)
    word = words_on(client.post(url(trainee), follow=True))
    notice = Notice.objects.get()
    assert (str(notice.phone), notice.template, notice.params) == (
        str(trainee.phone),
        "password_reset",
        {"by": "李老师"},
    )
    assert push.read_notice(notice) == ("李老师给你的账号换了登录密码。不是你要的，马上找管理员。", "/me/")
    for password in (word, "juzi-8-hong"):
        phone = type(client)()
        phone.post("/accounts/login/", {"login": str(trainee.phone), "password": password})
        page = phone.get("/accounts/password/change/").content.decode()
        assert "李老师给你的账号换过登录密码。不是你要的，马上找管理员。" in page
        phone.post("/accounts/password/change/", {"password1": "juzi-8-hong"})


def test_the_password_of_the_card_dies_after_a_day(client, trainer, trainee):
    client.force_login(trainer)
    word = words_on(client.post(url(trainee), follow=True))
    inside = type(client)()
    sign_in(inside, trainee, word)
    assert is_signed_in(inside, trainee)
    User.objects.filter(pk=trainee.pk).update(
        password_reset_at=timezone.now() - timedelta(hours=24, minutes=1)
    )
    late = type(client)()
    answer = sign_in(late, trainee, word)
    assert errors_of(answer) == {"password": ["登录卡上的密码只管一天，已经作废。再找给你卡的人要一张。"]}
    assert not is_signed_in(late, trainee)
    assert inside.get("/me/")["Location"] == "/accounts/login/"
    assert not is_signed_in(inside, trainee)


def test_a_password_of_ones_own_outlives_the_day(client, trainer, trainee):
    client.force_login(trainer)
    word = words_on(client.post(url(trainee), follow=True))
    phone = type(client)()
    sign_in(phone, trainee, word)
    phone.post("/accounts/password/change/", {"password1": "juzi-8-hong"})
    User.objects.filter(pk=trainee.pk).update(password_reset_at=timezone.now() - timedelta(days=3))
    again = type(client)()
    sign_in(again, trainee, "juzi-8-hong")
    assert is_signed_in(again, trainee)


def test_people_elsewhere_are_not_there(client, trainer, stranger, organiser, trainee):
    client.force_login(trainer)
    assert [client.get(url(person)).status_code for person in (stranger, organiser, trainer)] == [404] * 3
    assert [client.post(url(person)).status_code for person in (stranger, organiser, trainer)] == [404] * 3
    client.force_login(trainee)
    assert client.get(url(trainee)).status_code == 404


def test_people_are_found_by_name_or_end_of_number(client, organiser, trainee, seller, stranger):
    client.force_login(organiser)

    def found(words: str) -> list[str]:
        return [person.name for person in client.get("/me/people/", {"q": words}).context["page"].items]

    assert found("") == ["周梅英", "田巧云"]
    assert found("巧云") == ["田巧云"]
    assert found(str(seller.phone)[-4:]) == ["周梅英"]
    assert found("罗金花") == []
    assert found("%") == []


def test_the_list_masks_numbers(client, trainer, trainee):
    client.force_login(trainer)
    page = client.get("/me/people/").content.decode()
    assert str(trainee.phone)[3:] not in page
    assert f"{str(trainee.phone)[3:6]}****{str(trainee.phone)[-4:]}" in page


def test_the_list_costs_the_same_for_one_and_for_many(
    as_user, organiser, trainee, village, django_assert_num_queries
):
    client = as_user(organiser)
    with django_assert_num_queries(4):
        client.get("/me/people/")
    for n in range(20):
        make_person(f"学员{chr(0x4E00 + n)}", (Role.TRAINEE, village))
    with django_assert_num_queries(4):
        client.get("/me/people/")


def test_who_holds_no_place_has_no_list(client, seller):
    client.force_login(seller)
    assert client.get("/me/people/").status_code == 404


def test_without_a_gateway_the_forgetful_are_sent_to_their_trainer(client, db):
    page = client.get("/accounts/password/forgotten/").content.decode()
    assert "<h2>找班上的老师</h2>" in page
    assert "用短信登录" not in page


def test_with_a_gateway_a_code_comes_first(client, db, gateway):
    page = client.get("/accounts/password/forgotten/").content.decode()
    assert 'href="/accounts/login/code/?next=/accounts/password/change/"' in page
