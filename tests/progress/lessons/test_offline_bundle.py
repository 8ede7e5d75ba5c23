import time

import pytest

from courses.models import Course, Lesson, LessonPicture, State
from media.models import Video
from tests.factories import make_photo
from tests.progress.lessons.videos import CAPTIONS, make_video, with_video
from tests.quizzes import make_quiz


def listed(client, lesson: Lesson) -> dict:
    return client.get(f"/learn/lessons/{lesson.pk}/keep/").json()


def test_listing_says_what_is_kept_and_its_bytes(as_user, learner, lessons):
    lesson, photo = lessons[0], make_photo()
    LessonPicture.objects.create(lesson=lesson, photo=photo, name="hands", alt="手")
    lesson.body = "文字\n\n![](picture:hands)"
    lesson.save()
    quiz = make_quiz(lesson.module.course, lesson=lesson, kind="lesson")
    found = listed(as_user(learner), lesson)
    assert [one["url"] for one in found["files"]] == [
        f"/learn/lessons/{lesson.pk}/",
        photo.url_at(720),
        f"/learn/quizzes/{quiz.pk}/",
        f"/learn/quizzes/{quiz.pk}/paper/",
    ]
    assert found["files"][0]["bytes"] == len(lesson.html.encode()) + 8000
    assert found["files"][1]["bytes"] > 0
    assert found["files"][3]["shelf"] == f"paper:{learner.pk}:{quiz.pk}"
    assert (found["title"], found["lang"], found["rungs"]) == (lesson.title, "zh-Hans", [])


def test_words_like_a_photos_address_do_no_harm(as_user, learner, lessons):
    """Code and long words may stand in a lesson too; the listing is asked for by every phone that keeps it."""
    lesson = lessons[0]
    lesson.body = "看 /media/../../x-720.webp 吧 " + "-1" * 9_900
    lesson.save()
    begun = time.process_time()
    client = as_user(learner)
    assert [one["bytes"] for one in listed(client, lesson)["files"]][1:] == [0]
    assert time.process_time() - begun < 2


def test_rungs_are_those_the_page_plays(as_user, learner, lessons):
    lesson = with_video(lessons[0])
    client = as_user(learner)
    found = listed(client, lesson)["rungs"]
    assert [(one["rung"], one["bytes"]) for one in found] == [
        ("480", 6_200_000),
        ("240", 2_060_000),
        ("listen", 1_200_000),
    ]
    html = client.get(f"/learn/lessons/{lesson.pk}/").content.decode()
    assert all(f'"{one["url"]}"' in html for one in found)


def test_video_that_is_not_ready_is_not_offered(as_user, learner, lessons):
    lesson = with_video(lessons[0], video=make_video(status=Video.Status.WAITING))
    assert listed(as_user(learner), lesson)["rungs"] == []


@pytest.mark.long
def test_version_moves_with_what_is_shown_only(as_user, learner, lessons):
    client, lesson = as_user(learner), lessons[0]
    seen = [listed(client, lesson)["version"]]
    lesson.save()
    assert listed(client, lesson)["version"] == seen[0]
    for change in ({"body": "别的"}, {"title": "新名字"}, {"do_now": "拍一条"}, {"captions": CAPTIONS}):
        for name, value in change.items():
            setattr(lesson, name, value)
        lesson.save()
        seen.append(listed(client, lesson)["version"])
    with_video(lesson)
    seen.append(listed(client, lesson)["version"])
    assert len(set(seen)) == 6


def test_draft_and_unknown_are_nobodys_to_keep(client, as_user, trainer, learner, lessons):
    keep = f"/learn/lessons/{lessons[0].pk}/keep/"
    assert client.get(keep).status_code == 302
    assert as_user(learner).get("/learn/lessons/987654/keep/").status_code == 404
    Course.objects.update(state=State.DRAFT)
    assert as_user(trainer).get(keep).status_code == 404


@pytest.mark.long
def test_page_of_kept_lessons_is_for_who_is_signed_in(client, as_user, learner):
    assert client.get("/learn/kept/")["Location"] == "/accounts/login/?next=%2Flearn%2Fkept%2F"
    html = as_user(learner).get("/learn/kept/").content.decode()
    assert f'data-user="{learner.pk}"' in html
    assert "还没有存课。" in html
