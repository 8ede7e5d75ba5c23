"""A lesson in the voice of who teaches it: begun, recorded part by part, opened, withdrawn, deleted."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import Membership, User
from config.personal.erasure import erase
from courses.models import LessonVoice, VoicePart
from courses.voices.paragraphs import list_paragraphs
from media.models import Voice
from progress.enrolment.services import enrol
from tests.factories import make_course
from tests.pages import squeeze

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(county):
    lesson = make_course(county, lessons=1, title="直播课", slug="live").modules.get().lessons.get()
    lesson.body = "## 先称\n\n空箱去皮。\n\n- 一斤"
    lesson.save()
    return lesson


@pytest.fixture
def page(lesson):
    return reverse("courses:voice", args=["live", lesson.pk])


def make_sound(owner, **fields) -> Voice:
    facts = {"status": Voice.Status.READY, "duration_ms": 30_000, "bytes": 90_000, "sha256": uuid.uuid4().hex}
    return Voice.objects.create(owner=owner, **facts | fields)


def say(client, page, lesson, nth, sound, **fields):
    """Post the recording of a paragraph as the phone does."""
    digest = list_paragraphs(lesson.html)[nth].digest
    facts = {
        "do": "part",
        "digest": digest,
        "voice": sound.key,
        "event_id": str(uuid.uuid4()),
        "noise_db": "31",
    }
    return client.post(f"{page}?{urlencode({'speech': '麻阳话'})}", facts | fields)


@pytest.fixture
def begun(as_user, trainer, page):
    client = as_user(trainer)
    client.post(page, {"speech": "麻阳话", "shown_name": "李老师"})
    return client


def test_trainer_begins_in_their_own_speech(as_user, trainer, page, lesson):
    client = as_user(trainer)
    text = squeeze(client.get(page).text)
    assert "一共 3 段，大约念 1 分钟" in text
    assert "这是你的声音，学员听得到；你随时可以收回。" in text
    answer = client.post(page, {"speech": " 麻阳话 ", "shown_name": "李老师"})
    assert answer["Location"] == f"{page}?{urlencode({'speech': '麻阳话'})}"
    client.post(page, {"speech": "", "shown_name": "李老师"})
    rows = LessonVoice.objects.values_list("lesson", "speaker", "speech", "shown_name", "opened_at")
    assert list(rows.order_by("id")) == [
        (lesson.pk, trainer.pk, "麻阳话", "李老师", None),
        (lesson.pk, trainer.pk, "普通话", "李老师", None),
    ]
    assert "最多 20 个字" in client.post(page, {"speech": "话" * 21, "shown_name": "李老师"}).text
    assert client.get(answer["Location"]).text.count("<li data-digest") == 3


def test_part_sent_twice_is_one_and_a_newer_one_replaces_it(begun, trainer, seller, page, lesson):
    key, sound = str(uuid.uuid4()), make_sound(trainer)

    def is_main() -> bool:
        """Return whether opening it is the green button: not while nothing is read."""
        html = begun.get(f"{page}?{urlencode({'speech': '麻阳话'})}").text
        return 'class="btn btn--leaf" name="do" value="open"' in html

    assert is_main() is False
    for _time in range(2):
        answer = say(begun, page, lesson, 1, sound, event_id=key)
        assert answer.json() == {
            "digest": list_paragraphs(lesson.html)[1].digest,
            "is_kept": True,
            "missing": 2,
        }
    assert is_main() is True
    assert [(str(part.key), part.noise_db) for part in VoicePart.objects.all()] == [(key, 31)]
    better = make_sound(trainer)
    say(begun, page, lesson, 1, better)
    late = say(begun, page, lesson, 1, sound, happened_at=(timezone.now() - timedelta(hours=1)).isoformat())
    assert late.status_code == 200
    assert VoicePart.objects.get().voice == better
    assert say(begun, page, lesson, 0, make_sound(seller)).json() == {"problem": "录音没找到，再录一次"}
    assert say(begun, page, lesson, 0, sound, digest="f" * 16).json()["is_kept"] is False
    assert say(begun, page, lesson, 0, sound, event_id="?").json() == {"problem": "没传完整，再录一次"}
    assert VoicePart.objects.count() == 1


def test_opened_with_a_gap_it_is_heard_by_who_is_enrolled_and_withdrawn_in_one_tap(
    begun, as_user, trainer, trainee, stranger, page, lesson
):
    url, lesson_page = f"{page}?{urlencode({'speech': '麻阳话'})}", f"/learn/lessons/{lesson.pk}/"
    begun.post(url, {"do": "open"})
    assert "一段都还没录，先录一段。" in begun.get(url).text
    for nth in (0, 2):
        say(begun, page, lesson, nth, make_sound(trainer, duration_ms=150_000, bytes=600_000))
    assert "还差 1 段。没录的由手机念。" in squeeze(begun.get(url).text)
    enrol(trainee, lesson.module.course)
    assert "听李老师念" not in as_user(trainee).get(lesson_page).text
    as_user(trainer).post(url, {"do": "open"})
    text = squeeze(as_user(trainee).get(lesson_page).text)
    assert "听李老师念（麻阳话）· 5 分钟 · 1.2 MB" in text
    assert "有 1 段没录，由手机念。" in text
    [reading] = as_user(trainee).get(lesson_page).context["readings"]
    assert [bool(step["src"]) for step in reading.steps] == [True, False, True]
    files = as_user(trainee).get(f"{lesson_page}keep/").json()["files"]
    assert [one for one in files if "/voices/" in one["url"]] == [
        {"url": step["src"], "bytes": 600_000, "fixed": True} for step in reading.steps if step["src"]
    ]
    assert "听李老师念" not in as_user(stranger).get(lesson_page).text
    assert as_user(stranger).get(reading.steps[0]["src"]).status_code == 404
    # A paragraph that changes is read by the phone until it is recorded again.
    lesson.body = lesson.body.replace("先称", "先称一称")
    lesson.save()
    [changed] = as_user(trainee).get(lesson_page).context["readings"]
    assert [bool(step["src"]) for step in changed.steps] == [False, False, True]
    as_user(trainer).post(url, {"do": "withdraw"})
    assert as_user(trainee).get(lesson_page).context["readings"] == []
    assert as_user(trainee).get(reading.steps[2]["src"]).status_code == 404


def test_voice_goes_with_the_account_of_who_spoke_or_when_they_say_so(begun, as_user, trainer, page, lesson):
    url = f"{page}?{urlencode({'speech': '麻阳话'})}"
    say(begun, page, lesson, 0, make_sound(trainer))
    begun.post(url, {"do": "delete"})
    assert (LessonVoice.objects.count(), VoicePart.objects.count(), Voice.objects.count()) == (0, 0, 1)
    begun.post(page, {"speech": "麻阳话", "shown_name": "李老师"})
    say(begun, page, lesson, 0, make_sound(trainer))
    erase(trainer)
    assert (LessonVoice.objects.count(), VoicePart.objects.count(), Voice.objects.count()) == (0, 0, 0)


def test_who_teaches_no_more_withdraws_and_deletes_the_own_voice_and_does_nothing_else(
    begun, as_user, trainer, page, lesson
):
    url = f"{page}?{urlencode({'speech': '麻阳话'})}"
    sound = make_sound(trainer)
    say(begun, page, lesson, 0, sound)
    begun.post(url, {"do": "open"})
    Membership.objects.filter(user=trainer).delete()
    client = as_user(User.objects.get(pk=trainer.pk))
    assert page in client.get(f"/learn/lessons/{lesson.pk}/").text
    text = squeeze(client.get(page).text)
    assert ("收回来" in text, "删掉这份录音" in text, "开始录" in text) == (True, True, False)
    refused = [
        client.post(page, {"speech": "普通话", "shown_name": "李老师"}),
        client.post(url, {"do": "open"}),
    ]
    refused.append(say(client, page, lesson, 1, sound))
    assert [answer.status_code for answer in refused] == [404] * 3
    assert client.post(url, {"do": "withdraw"})["Location"] == page
    assert LessonVoice.objects.get().opened_at is None
    assert client.post(url, {"do": "delete"})["Location"] == "/"
    assert not LessonVoice.objects.exists()
    assert client.get(page).status_code == 404


def test_who_does_not_teach_the_course_finds_nothing(as_user, trainee, stranger, page):
    for person in (trainee, stranger):
        client = as_user(person)
        assert [client.get(page).status_code, client.post(page, {"do": "open"}).status_code] == [404, 404]
