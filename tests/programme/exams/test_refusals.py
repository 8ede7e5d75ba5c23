"""What is refused around an examination, in the words that its examiners and who leads the class read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, Notice
from programme.exams import bookings, changes, scores
from programme.models import ExamScore, ExamSeat
from programme.notices import read_notice
from tests.factories import make_person
from tests.pages import list_messages, squeeze
from tests.programme.exams.worlds import book, make_exam_class, score
from ui.formats import day

Role = Membership.Role


@pytest.fixture
def cohort(trainer, village, trainee):
    return make_exam_class(trainer, village, trainee)


@pytest.fixture
def seat(trainer, organiser, cohort, trainee) -> ExamSeat:
    return book(trainer, cohort, (trainer, organiser), trainee).seats.get()


def root(seat: ExamSeat) -> str:
    return f"/classes/{seat.exam.cohort_id}/exams/{seat.exam_id}/"


def set_apart(seat: ExamSeat, *pair) -> None:
    """Let both examiners sign scores that are too far apart: 50 and 100."""
    for examiner, level in zip(pair, ("half", "full"), strict=True):
        score(seat, examiner, level)


@pytest.mark.long
def test_an_examination_is_cancelled_once_and_never_with_a_score(as_user, trainer, trainee, organiser, seat):
    client, form = as_user(trainer), {"reason": "停电"}
    score(seat, trainer)
    assert list_messages(client.post(f"{root(seat)}cancel/", form)) == ["已经有人交了分，取消不了。"]
    assert "停电" not in squeeze(client.get(root(seat)).text)
    ExamScore.objects.update(signed_at=None)
    done = client.post(f"{root(seat)}cancel/", form)
    assert list_messages(done)[-1] == "取消了。考生都收到了通知，这次不算考过。"
    again = client.post(f"{root(seat)}cancel/", form)
    assert (again.status_code, again.url) == (302, root(seat))
    assert Notice.objects.filter(template="exam_cancelled").count() == 1
    assert client.get(f"{root(seat)}examiner/").status_code == 404


def test_who_has_a_score_is_not_taken_off_the_list(as_user, trainer, trainee, seat):
    client, url = as_user(trainer), f"{root(seat)}seats/{seat.pk}/withdraw/"
    score(seat, trainer)
    assert list_messages(client.post(url)) == ["已经有人给他交了分，撤不了。"]
    ExamScore.objects.update(signed_at=None)
    assert list_messages(client.post(url))[-1] == "撤下来了，这次不算考过，还能再排。"
    assert client.post(url).status_code == 404
    assert not changes.withdraw_seat(trainer, seat)
    assert Notice.objects.filter(template="exam_withdrawn").count() == 1


def test_nobody_takes_themselves_off_the_list(trainee, seat):
    with pytest.raises(bookings.OwnSeat):
        changes.withdraw_seat(trainee, seat)
    seat.refresh_from_db()
    assert seat.withdrawn_at is None


def test_a_score_that_was_signed_from_another_tab_stays_as_it_is(trainer, seat):
    mine = ExamScore.objects.get(seat=seat, examiner=trainer)
    assert score(seat, trainer).total == 100
    with pytest.raises(scores.AlreadySigned):
        scores.save_score(mine, {}, is_signed=True)
    mine.refresh_from_db()
    assert mine.total == 100


def test_a_seat_that_was_taken_back_is_neither_scored_nor_agreed_on(as_user, trainer, seat):
    mine = scores.find_mine(trainer).get(seat=seat)
    changes.withdraw_seat(trainer, seat)
    with pytest.raises(scores.Withdrawn):
        scores.save_score(mine, {}, is_signed=False)
    with pytest.raises(scores.CannotAgree, match="^这份分现在不用商量。$"):
        scores.agree(mine, 70)
    assert as_user(trainer).get(f"/me/exams/{seat.key}/score/").status_code == 404


@pytest.mark.long
def test_a_total_is_agreed_on_only_between_two_that_are_far_apart(as_user, trainer, organiser, seat):
    client, url = as_user(trainer), f"/me/exams/{seat.key}/agree/"
    assert list_messages(client.post(url, {})) == ["填两位商量定的总分。"]
    score(seat, trainer)
    assert list_messages(client.post(url, {"total": 70}))[-1] == "这份分现在不用商量。"
    score(seat, organiser)
    assert list_messages(client.post(url, {"total": 100}))[-1] == "这份分现在不用商量。"
    seat.refresh_from_db()
    assert (seat.total, seat.way) == (100, "mean")


@pytest.mark.long
def test_the_total_agreed_on_lies_between_both_and_counts_once_both_typed_it(
    as_user, trainer, organiser, seat
):
    set_apart(seat, trainer, organiser)
    url = f"/me/exams/{seat.key}/agree/"
    said = [
        list_messages(as_user(person).post(url, {"total": total}))[-1]
        for person, total in ((trainer, 49), (trainer, 70), (organiser, 70))
    ]
    assert said == [
        "商量的分要在 50 和 100 之间。",
        "记下了。另一位也填一样的分，就定了。",
        "两位填得一样，总分定了。",
    ]


def test_who_is_no_examiner_of_the_county_any_more_agrees_on_nothing(trainer, organiser, seat):
    set_apart(seat, trainer, organiser)
    mine = scores.find_mine(organiser).get(seat=seat)
    organiser.memberships.all().delete()
    organiser.__dict__.pop("granted", None)
    mine.refresh_from_db()
    with pytest.raises(scores.CannotAgree, match="^你现在不是这个县的老师或组织者，不能打分了。"):
        scores.agree(scores.find_mine(organiser).get(seat=seat), 70)


@pytest.mark.long
def test_a_third_examiner_is_asked_once_and_only_where_two_are_far_apart(
    as_user, trainer, organiser, village, seat
):
    third = make_person("王老师", (Role.TRAINER, village))
    url, form = f"{root(seat)}seats/{seat.pk}/third/", {f"seat-{seat.pk}-examiner": third.pk}
    refused = "选一位考官。要是刚有人请过了，就不用再请。"
    client = as_user(trainer)
    assert list_messages(client.post(url, form))[-1] == refused
    set_apart(seat, trainer, organiser)
    assert list_messages(client.post(url, {}))[-1] == refused
    assert "两位差 50 分，等定分" in squeeze(client.get(root(seat)).text)
    assert list_messages(client.post(url, form))[-1] == "请好了，他在“我的考试”里打分。"
    assert list_messages(client.post(url, form))[-1] == refused
    assert ExamScore.objects.filter(seat=seat, part="third").count() == 1


@pytest.mark.long
def test_a_third_examiner_in_place_of_one_is_not_one_of_the_pair(trainer, organiser, village, seat):
    set_apart(seat, trainer, organiser)
    third, other = (make_person(name, (Role.TRAINER, village)) for name in ("王老师", "张老师"))
    scores.ask_third(trainer, seat, third)
    with pytest.raises(bookings.NotBookable) as refused:
        changes.replace_examiner(trainer, seat.exam, third, organiser)
    assert refused.value.reasons == ["考官要是两个人，不能是同一个。"]
    assert changes.replace_examiner(trainer, seat.exam, third, other) == 1
    assert seat.scores.get(part="third").examiner == other


# --- what people read of it ---


def read_last(person) -> tuple[str, str] | None:
    return read_notice(Notice.objects.filter(phone=person.phone).latest("pk"))


def test_everybody_reads_what_happens_to_their_examination(trainer, organiser, trainee, cohort):
    begins = (timezone.localtime() - timedelta(days=2)).replace(hour=9, minute=30)
    held = day(begins.date())
    exam = book(trainer, cohort, (trainer, organiser), trainee, starts_at=begins)
    seat = exam.seats.get()
    title, mine = exam.title, "/me/exams/"
    assert read_last(trainee) == (
        f"{held} 09:30 考{title}，在村部。提前半小时到，带上货和手机。",
        mine,
    )
    assert read_last(organiser) == (
        f"请你当考官：{title}，{held} 09:30，在村部。打分在“我的考试”里。",
        mine,
    )
    changes.withdraw_seat(trainer, seat)
    assert read_last(trainee) == (
        f"{held}的{title}把你撤下来了，这次不算考过。要考，跟老师说。",
        mine,
    )


def test_a_cancelled_examination_and_a_total_lead_to_why_and_to_the_result(
    trainer, organiser, trainee, cohort, seat
):
    for examiner in (trainer, organiser):
        score(seat, examiner, "none")
    assert read_last(trainee) == (f"{seat.exam.title}出分了，点开看。", f"/me/exams/{seat.key}/")
    exam = book(trainer, cohort, (trainer, organiser), trainee)
    bookings.cancel_exam(trainer, exam, "停电")
    sentence, url = read_last(trainee)
    assert (sentence.endswith(f"的{exam.title}取消了，点开看为什么。"), url) == (True, "/me/exams/")
