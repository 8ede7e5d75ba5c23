"""Practice films: announced a week before, deleted after ninety days, kept by choice; nothing else is deleted with them."""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice
from media import cleanup
from media.models import Upload, Video
from rehearsals.models import Rehearsal, Submission
from rehearsals.submissions import retention
from tests.progress.lessons.videos import make_video
from tests.rehearsals.worlds import make_drill, make_plan, make_rehearsal, make_submission

DAY = timedelta(days=1)


@pytest.fixture
def drill(course):
    return make_drill(course)


@pytest.fixture
def plan(learner, drill):
    return make_plan(learner, drill)


def handed(learner, plan, days_ago: float, **fields) -> Submission:
    at = timezone.now() - timedelta(days=days_ago)
    film = make_video(created_at=at)
    return make_submission(
        learner, make_rehearsal(learner, plan, received_at=at), video=film, received_at=at, **fields
    )


def test_owner_is_told_once_a_week_before(learner, plan):
    handed(learner, plan, 82, number=1)
    due = handed(learner, plan, 84, number=2)
    assert retention.apply_retention() == {"noticed": 1, "gone": 0, "dropped": 0}
    notice = Notice.objects.get()
    assert (notice.phone, notice.template) == (learner.phone, "practice_film_goes")
    assert notice.params["receipt"] == "ABCD-2345"
    assert retention.apply_retention() == {"noticed": 0, "gone": 0, "dropped": 0}
    due.refresh_from_db()
    assert retention.get_deletion_day(due) == timezone.localdate(due.video_told_at + 7 * DAY)


def test_film_goes_a_week_after_it_was_told_and_its_files_follow(learner, plan):
    submission = handed(learner, plan, 91, number=1)
    video, now = submission.video, timezone.now()
    assert retention.apply_retention(now)["gone"] == 0  # notified only now, however late the worker runs
    assert retention.apply_retention(now + 6.9 * DAY)["gone"] == 0
    assert retention.apply_retention(now + 7 * DAY)["gone"] == 1
    submission.refresh_from_db()
    assert (submission.video, submission.video_gone_at, submission.self_total) == (None, now + 7 * DAY, 80)
    assert Upload.objects.get().state == "gone"
    cleanup.drop_unused_videos()
    Video.objects.update(leased_until=timezone.now() - DAY)
    cleanup.drop_unused_videos()
    assert Video.objects.count() == 0
    assert not storages["private"].exists(video.name_of("480.mp4"))


def test_what_is_kept_stays_and_given_up_is_told_of_anew(as_user, learner, plan):
    submission = handed(learner, plan, 84, number=1)
    now = timezone.now()
    retention.apply_retention(now)
    mine = as_user(learner)
    mine.post(reverse("rehearsals:keep_film", args=[submission.key]), {"keep": "1"})
    assert retention.apply_retention(now + 60 * DAY) == {"noticed": 0, "gone": 0, "dropped": 0}
    mine.post(reverse("rehearsals:keep_film", args=[submission.key]), {"keep": "0"})
    assert retention.apply_retention(now + 60 * DAY)["noticed"] == 1
    assert Submission.objects.get().video is not None
    assert retention.apply_retention(now + 67 * DAY)["gone"] == 1


def test_film_of_another_is_not_ones_own_to_keep(as_user, trainer, learner, plan):
    submission = handed(learner, plan, 3, number=1)
    assert as_user(trainer).post(reverse("rehearsals:keep_film", args=[submission.key])).status_code == 404


def test_film_that_another_row_needs_keeps_its_files(learner, plan):
    submission = handed(learner, plan, 91, number=1)
    plan.replay = submission.video
    plan.save()
    now = timezone.now()
    retention.apply_retention(now)
    assert retention.apply_retention(now + 8 * DAY)["gone"] == 1
    cleanup.drop_unused_videos()
    assert Video.objects.get().status == "ready"


def test_recordings_never_handed_in_go_after_the_same_time(learner, plan):
    old = make_rehearsal(learner, plan, received_at=timezone.now() - 91 * DAY)
    make_rehearsal(learner, plan, received_at=timezone.now() - 89 * DAY)
    assert retention.apply_retention()["dropped"] == 1
    assert list(Upload.objects.order_by("pk").values_list("state", flat=True)) == ["gone", "whole"]
    old.refresh_from_db()
    assert (old.dropped_at is not None, Rehearsal.objects.not_dropped().count()) == (True, 1)
    assert retention.apply_retention()["dropped"] == 0


@pytest.mark.long
def test_all_that_is_due_goes_in_one_round_however_much(learner, plan, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 3)
    for number in range(1, 9):
        handed(learner, plan, 91, number=number)
    for _ in range(7):
        make_rehearsal(learner, plan, received_at=timezone.now() - 91 * DAY)
    now = timezone.now()
    assert retention.apply_retention(now) == {"noticed": 8, "gone": 0, "dropped": 7}
    assert retention.apply_retention(now + 7 * DAY) == {"noticed": 0, "gone": 8, "dropped": 0}
