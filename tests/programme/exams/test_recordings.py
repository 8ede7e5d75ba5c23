"""The recording of an examinee's half hour: who links it, who watches it, and what happens when it goes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Membership
from courses.models import Drill
from programme.exams import bookings, recordings, scores
from programme.models import ExamSeat
from rehearsals.models import Rehearsal, Submission
from rehearsals.submissions import retention
from tests import reviews
from tests.factories import make_person
from tests.media.videos.rows import make_video
from tests.pages import squeeze
from tests.programme.exams.worlds import book, make_exam_class, score

Role = Membership.Role


@pytest.fixture
def cohort(trainer, village, trainee):
    return make_exam_class(trainer, village, trainee)


@pytest.fixture
def away(county):
    """An examiner of the county who does not teach the class."""
    return make_person("县里的考官", (Role.TRAINER, county))


@pytest.fixture
def seat(trainer, cohort, away, trainee) -> ExamSeat:
    begins = timezone.now() - timedelta(hours=1)
    exam = book(trainer, cohort, (trainer, away), trainee, starts_at=begins)
    return ExamSeat.objects.select_related("exam__cohort__place", "user").get(exam=exam)


def record(person, cohort, days: float = 0) -> Submission:
    """Return a rehearsal handed in with its film, begun so many days ago."""
    drill = Drill.objects.get(course=cohort.course_id)
    number = Submission.objects.filter(user=person).count() + 1
    made = reviews.make_submission(person, cohort, drill, number=number, video=make_video(person))
    begun = timezone.now() - timedelta(days=days)
    Rehearsal.objects.filter(pk=made.rehearsal_id).update(happened_at=begun)
    return made


def page_of(seat) -> str:
    return reverse("programme:exam_recording", args=[seat.key])


def film_of(seat, part: str = "480.mp4") -> str:
    return reverse("programme:exam_film", args=[seat.key, part])


def text(client, seat) -> str:
    answer = client.get(page_of(seat))
    assert answer.status_code == 200
    return squeeze(answer.content.decode())


def test_an_examiner_links_it_and_only_those_concerned_watch_it(
    as_user, seat, cohort, trainer, away, organiser, trainee, stranger, village
):
    made = record(trainee, cohort)
    examiner = as_user(away)
    assert "还没附录像。没有录像，分照样算。" in text(examiner, seat)
    assert examiner.get(film_of(seat)).status_code == 404
    assert examiner.post(page_of(seat), {"recording": made.pk}).status_code == 302
    seat.refresh_from_db()
    assert seat.recording == made
    entry = AuditEntry.objects.get(verb="exam_film_linked")
    assert (entry.actor, entry.detail["name"]) == (away, seat.exam.title)
    for person in (trainee, trainer, away, organiser):
        assert "<video" in text(as_user(person), seat)
        assert as_user(person).get(film_of(seat)).status_code == 200
    assert "看得到的只有你、这次的考官和管理员。" in text(as_user(trainee), seat)
    assert page_of(seat) in as_user(trainee).get(f"/me/exams/{seat.key}/").content.decode()
    classmate = make_person("同学", (Role.TRAINEE, village))
    for person in (classmate, stranger):
        assert as_user(person).get(page_of(seat)).status_code == 404
        assert as_user(person).get(film_of(seat)).status_code == 404
    assert as_user(away).get(film_of(seat, "etc.mp4")).status_code == 404


def test_who_only_teaches_the_class_links_it_unseen(as_user, seat, cohort, trainee, village):
    helper = make_person("张老师", (Role.TRAINER, village))
    cohort.trainers.add(helper)
    made = record(trainee, cohort)
    client = as_user(helper)
    assert client.post(page_of(seat), {"recording": made.pk}).status_code == 302
    shown = text(client, seat)
    assert "附好了。考生、考官和管理员看得到。" in shown
    assert "<video" not in shown
    assert client.get(film_of(seat)).status_code == 404


def test_a_third_examiner_watches_what_two_disagreed_about(
    as_user, seat, cohort, trainer, away, county, trainee
):
    third = make_person("第三位", (Role.TRAINER, county))
    recordings.link_recording(trainer, seat, record(trainee, cohort))
    assert as_user(third).get(film_of(seat)).status_code == 404
    score(seat, trainer)
    score(seat, away, fewer=12)
    assert scores.ask_third(trainer, seat, third)
    assert as_user(third).get(film_of(seat)).status_code == 200
    assert "看录像" in as_user(third).get(f"/me/exams/{seat.key}/score/").content.decode()


def test_only_the_examinees_own_films_since_that_day_are_offered(seat, cohort, trainee, stranger):
    made = record(trainee, cohort)
    record(trainee, cohort, days=3)
    record(stranger, cohort)
    gone = record(trainee, cohort)
    Submission.objects.filter(pk=gone.pk).update(video_gone_at=timezone.now())
    assert list(recordings.find_recordings(seat)) == [made]


@pytest.mark.parametrize("posted", ["theirs", "x", "9" * 30, "\0"])
def test_what_is_not_offered_is_refused_in_words(posted, as_user, seat, cohort, trainer, trainee, stranger):
    made = record(trainee, cohort)
    recordings.link_recording(trainer, seat, made)
    value = record(stranger, cohort).pk if posted == "theirs" else posted
    answer = as_user(trainer).post(page_of(seat), {"recording": value})
    assert answer.status_code == 200
    assert "这一段不在了，重新选一段。" in squeeze(answer.content.decode())
    seat.refresh_from_db()
    assert seat.recording == made


def test_the_examinee_links_nothing_and_a_wrong_one_is_taken_off(as_user, seat, cohort, trainer, trainee):
    made = record(trainee, cohort)
    assert as_user(trainee).post(page_of(seat), {"recording": made.pk}).status_code == 404
    assert "不附录像" in text(as_user(trainer), seat)
    recordings.link_recording(trainer, seat, made)
    assert as_user(trainer).post(page_of(seat), {"recording": ""}).status_code == 302
    seat.refresh_from_db()
    assert seat.recording is None
    assert Submission.objects.filter(pk=made.pk, video__isnull=False).exists()


def test_the_film_goes_when_rehearsals_go_and_the_score_stays(as_user, seat, cohort, trainer, trainee):
    made = record(trainee, cohort)
    recordings.link_recording(trainer, seat, made)
    goes_on = retention.get_deletion_day(made)
    assert f"{goes_on.month}月{goes_on.day}日" in text(as_user(trainer), seat)
    Submission.objects.filter(pk=made.pk).update(video=None, video_gone_at=timezone.now())
    assert "录像到期删了，分数还在。" in text(as_user(trainer), seat)
    assert as_user(trainer).get(film_of(seat)).status_code == 404


def test_a_cancelled_examination_has_no_recording(as_user, seat, trainer, trainee, cohort):
    recordings.link_recording(trainer, seat, record(trainee, cohort))
    bookings.cancel_exam(trainer, seat.exam, "下大雨")
    for person in (trainer, trainee):
        assert as_user(person).get(page_of(seat)).status_code == 404
        assert as_user(person).get(film_of(seat)).status_code == 404


def test_the_page_is_in_english_too(as_user, seat, trainer):
    client = as_user(trainer)
    client.cookies["django_language"] = "en"
    assert "No recording is linked. The scores count without one." in text(client, seat)
