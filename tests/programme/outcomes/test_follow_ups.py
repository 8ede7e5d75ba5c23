"""Follow-ups: planned from graduations, reminded of once, answered on the phone, and never lost by a second answer."""

import datetime
import time
import uuid

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import consents
from accounts.models import Consent, Membership, Notice
from programme.models import FollowUp, FollowUpAnswer, Step, find_people_below
from programme.notices import read_notice
from programme.outcomes.follow_ups import services as follow_ups
from programme.outcomes.follow_ups.services import find_last_month
from shops.ledger import entries
from shops.models import LedgerEntry
from tests.factories import make_person, make_shop
from tests.pages import squeeze
from ui import formats

Role, Kind = Membership.Role, LedgerEntry.Kind


@pytest.fixture
def graduated(trainee):
    """The trainee's graduation, 31 days ago."""
    return Step.objects.create(
        user=trainee,
        step=Step.Name.GRADUATE,
        reached_at=timezone.now() - datetime.timedelta(days=31),
        evidence_kind=Step.Evidence.CERTIFICATE,
        evidence_id=1,
    )


@pytest.fixture
def row(graduated):
    follow_ups.plan_follow_ups()
    return FollowUp.objects.get(days=30)


def post(client, url: str, **facts):
    return client.post(url, {"key": uuid.uuid4(), "is_selling": "yes", "by_live": "on"} | facts)


def test_they_are_planned_once_and_move_with_the_graduation(graduated):
    assert (follow_ups.plan_follow_ups(), follow_ups.plan_follow_ups()) == (3, 0)
    day = timezone.localdate(graduated.reached_at)
    assert [row.due_on - day for row in FollowUp.objects.all()] == [
        datetime.timedelta(days=days) for days in (30, 90, 180)
    ]
    Step.objects.update(reached_at=graduated.reached_at - datetime.timedelta(days=2))
    assert follow_ups.plan_follow_ups() == 3
    assert FollowUp.objects.get(days=30).due_on == day + datetime.timedelta(days=28)


def test_a_graduation_taken_back_asks_nothing_more(row):
    assert FollowUp.objects.due().get() == row
    Step.objects.update(taken_back_at=timezone.now(), why_taken_back=Step.Reason.CERTIFICATE)
    assert not FollowUp.objects.due().exists()
    assert follow_ups.read_token(row.token) is None


def test_one_reminder_with_a_link_that_needs_no_sign_in(row, client):
    assert (follow_ups.plan_and_remind(), follow_ups.plan_and_remind()) == (1, 0)
    [notice] = Notice.objects.all()
    words, url = read_notice(notice)
    assert (words, url) == ("结业 30 天了，现在卖得怎么样？点开填几个数。", f"/me/follow-ups/{row.pk}/")
    page = client.get(notice.params["link"])
    assert page.status_code == 200
    text = squeeze(page.content.decode())
    assert "问的是：田**" in text
    assert "结业 30 天的回访。数填" in text
    for known in ("田巧云", str(row.user.phone)[-4:], formats.day(row.due_on)):
        assert known not in text, known
    late = FollowUp.objects.get(days=90)
    assert follow_ups.remind(late.due_on + datetime.timedelta(days=15)) == 0
    assert follow_ups.remind(late.due_on + datetime.timedelta(days=14)) == 1


def test_the_link_answers_and_a_wrong_one_does_not(row, client):
    url = reverse("programme:follow_up_link", args=[row.token])
    page = post(client, url, grams="120.5", fen="300", known="books", obstacle="快递贵")
    assert "记下了，谢谢。" in page.content.decode()
    [answer] = row.answers.all()
    facts = (
        answer.mark,
        answer.is_selling,
        answer.by_live,
        answer.grams,
        answer.fen,
        answer.known,
        answer.answered_by,
    )
    assert facts == ("stated", True, True, 120_500, 30_000, "books", None)
    assert answer.month == find_last_month()
    salt = "programme.follow_up"
    wrong = (
        "oops",
        signing.dumps([row.pk, 0]),
        *(signing.dumps(one, salt=salt) for one in ("x", row.pk, [1])),
    )
    for token in wrong:
        assert client.get(reverse("programme:follow_up_link", args=[token])).status_code == 404


def test_the_link_takes_one_answer_and_then_shows_and_changes_nothing(row, client, trainee):
    url, key = reverse("programme:follow_up_link", args=[row.token]), uuid.uuid4()
    assert post(client, url, is_selling="").status_code == 200  # to be mended: nothing is sent yet
    for _time in range(2):  # a second tap on the same form
        assert "记下了，谢谢。" in post(client, url, key=key, obstacle="快递贵").content.decode()
    for answer in (post(client, url, obstacle="改一改"), client.get(url)):
        text = answer.content.decode()
        assert answer.status_code == 410
        assert "这次回访填过了，这个链接用不了了。" in text
        for known in ("田", "快递贵", "<textarea"):
            assert known not in text[text.index("<main") :], known
    assert [answer.obstacle for answer in row.answers.all()] == ["快递贵"]
    client.force_login(trainee)
    assert post(client, reverse("programme:my_follow_up", args=[row.pk])).status_code == 302
    assert row.answers.count() == 2


def test_an_estimate_of_the_trainers_does_not_end_the_link(row, client, trainer):
    follow_ups.answer(row, "estimated", is_selling=True, by=trainer, key=uuid.uuid4(), reason="上门看过")
    url = reverse("programme:follow_up_link", args=[row.token])
    assert "记下了，谢谢。" in post(client, url).content.decode()
    assert list(row.answers.order_by("pk").values_list("mark", flat=True)) == ["estimated", "stated"]


def test_a_new_link_ends_the_old_and_it_ends_after_a_fortnight(row, client, trainer, monkeypatch):
    follow_ups.plan_and_remind()
    [first] = Notice.objects.values_list("params__link", flat=True)
    page = reverse("programme:follow_up", args=[row.pk])
    client.force_login(trainer)
    client.post(page, {"remind": "1"})  # reminded today already
    assert Notice.objects.count() == 1
    day = datetime.timedelta(days=1)
    FollowUp.objects.filter(pk=row.pk).update(reminded_at=timezone.now() - 2 * day)
    assert "再发一次链接" in client.get(page).content.decode()
    assert client.get(first).status_code == 404
    client.post(page, {"remind": "1"})
    client.logout()
    second = Notice.objects.latest("pk").params["link"]
    assert Notice.objects.count() == 2
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    now = time.time()
    for days, found in ((13, row), (15, None)):
        monkeypatch.setattr(signing.time, "time", lambda days=days: now + days * day.total_seconds())
        assert follow_ups.read_token(second.split("/")[-2]) == found


def test_answering_again_keeps_the_first_and_the_newest_counts(row, trainee, client):
    client.force_login(trainee)
    url, key = reverse("programme:my_follow_up", args=[row.pk]), uuid.uuid4()
    for _time in range(2):
        assert post(client, url, key=key).status_code == 302
    assert post(client, url, is_selling="no").status_code == 302
    rows = row.answers.order_by("pk").values_list("is_selling", "by_live", "is_newest")
    assert list(rows) == [(True, True, False), (False, False, True)]
    page = squeeze(client.get(url).content.decode())
    assert "后来又答过" in page


def test_figures_without_their_origin_come_back_with_what_was_typed(row, client):
    page = post(client, reverse("programme:follow_up_link", args=[row.token]), grams="12", obstacle="路不好")
    text = page.content.decode()
    assert "填了数，就选一下是怎么知道的。" in text
    assert 'value="12"' in text
    assert "路不好" in text
    assert not FollowUpAnswer.objects.exists()


def test_the_ledger_fills_only_with_consent(row, trainee, trainer, village, client):
    shop, month = make_shop(trainee, village), find_last_month()
    entries.write(shop, Kind.LIVE, 500_000, 200_000, on=month)
    entries.write(shop, Kind.REFUND, -20_000, -5_000, on=month)
    entries.write(shop, Kind.FREIGHT, -9_000, on=month)
    client.force_login(trainee)
    url = reverse("programme:my_follow_up", args=[row.pk])
    send = {"from_ledger": "1", "ledger-key": uuid.uuid4()}
    assert "先打勾同意" in client.post(url, send).content.decode()
    assert not row.answers.exists()
    assert client.post(url, send | {"ledger-agrees": "on"}).status_code == 302
    [answer] = row.answers.all()
    facts = (answer.mark, answer.is_selling, answer.by_live, answer.grams, answer.fen)
    assert facts == ("measured", True, True, 195_000, 480_000)
    consents.withdraw(trainee, Consent.Kind.LEDGER_FIGURES)
    client.force_login(trainer)
    client.post(reverse("programme:follow_up", args=[row.pk]), send | {"ledger-key": uuid.uuid4()})
    assert row.answers.count() == 1


def test_a_trainer_estimates_with_a_reason(row, trainer, client):
    client.force_login(trainer)
    url = reverse("programme:follow_up", args=[row.pk])
    assert "写一句凭什么这么估。" in post(client, url, grams="900").content.decode()
    assert post(client, url, grams="900", reason="上门看过").status_code == 302
    [answer] = row.answers.all()
    assert (answer.mark, answer.reason, answer.answered_by) == ("estimated", "上门看过", trainer)


def test_lists_and_single_answers_agree(row, trainee, trainer, organiser, seller, stranger):
    for person in (trainee, trainer, organiser, seller, stranger):
        listed = FollowUp.objects.visible_to(person).filter(pk=row.pk).exists()
        assert listed == (person in (trainee, trainer, organiser))
    assert find_people_below(trainer).filter(pk=trainee.pk).exists()


def test_the_list_costs_the_same_for_many(row, trainer, village, client, django_assert_num_queries):
    client.force_login(trainer)
    url = reverse("programme:follow_ups")

    with CaptureQueriesContext(connection) as few:
        assert "田巧云" in client.get(url).content.decode()
    for number in range(23):
        person = make_person(f"学员{number}", (Role.TRAINEE, village))
        Step.objects.create(
            user=person,
            step=Step.Name.GRADUATE,
            reached_at=timezone.now() - datetime.timedelta(days=40),
            evidence_kind=Step.Evidence.CERTIFICATE,
            evidence_id=1,
        )
    follow_ups.plan_follow_ups()
    with django_assert_num_queries(len(few)):
        assert "学员22" in client.get(url).content.decode()


def test_too_many_answers_are_refused_in_words(row, monkeypatch, client, trainee):
    monkeypatch.setattr(follow_ups, "MOST_ANSWERS", 1)
    client.force_login(trainee)
    url = reverse("programme:my_follow_up", args=[row.pk])
    post(client, url)
    assert "填的次数太多了" in post(client, url).content.decode()
    assert row.answers.count() == 1


@pytest.mark.long
def test_staff_reach_the_follow_ups_from_their_own_page_and_nobody_else(
    as_user, organiser, trainer, seller, row
):
    link = f'href="{reverse("programme:follow_ups")}"'
    pages = [as_user(person).get(reverse("accounts:me")).text for person in (organiser, trainer, seller)]
    assert [page.count(link) for page in pages] == [1, 1, 0]
