"""A trainee's results: read, heard at a moment of the film, answered, compared; another person's are 404."""

import uuid

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from media.models import Voice
from progress.enrolment.services import enrol
from rehearsals.models import NoteAnswer, Review, Submission
from tests.factories import make_person
from tests.progress.lessons.videos import make_video as make_filed_video
from tests.reviews import all_marks, make_drill, make_note, make_review, make_submission, make_video

PARTS = {"480.mp4": "video/mp4", "240.mp4": "video/mp4", "poster.webp": "image/webp"}


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def drill(cohort):
    return make_drill(cohort)


@pytest.fixture
def submission(learner, cohort, drill) -> Submission:
    return make_submission(learner, cohort, drill, number=2)


@pytest.fixture
def review(submission, trainer) -> Review:
    return make_review(
        trainer, submission, marks=all_marks("full", prod_inside="half"), total=98, words="顺多了"
    )


def mine(submission: Submission, rest: str = "") -> str:
    return f"/review/mine/{submission.key}/{rest}"


def test_page_waits_for_the_review(as_user, learner, submission, trainer):
    make_note(make_review(trainer, submission, signed=False), text="草稿里的话")
    html = as_user(learner).get(mine(submission)).content.decode()
    assert ("老师还没点评" in html, "草稿里的话" in html) == (True, False)


def test_page_shows_the_score_the_words_and_each_note(as_user, learner, submission, review):
    note = make_note(review, 15_500, "开口就报村名。", criterion="open-who")
    gone = make_note(review, 1000, "撤下的", removed_at=timezone.now())
    answer = as_user(learner).get(mine(submission))
    html = answer.content.decode()
    assert (answer.context["shown"].total, answer.context["shown"].grade.code) == (98, "excellent")
    assert 'data-to="15500"' in html
    assert "谁、哪个村、卖什么" in html
    assert f'id="n{note.pk}"' in html
    assert gone.text not in html
    assert f'href="/review/notes/{note.key}/answer/"' in html


@pytest.mark.long
def test_without_script_a_mark_leads_to_the_page_that_begins_there(as_user, learner, submission, review):
    make_note(review, 15_500)
    assert 'href="?t=15"' in as_user(learner).get(mine(submission)).content.decode()
    assert "480.mp4#t=15" in as_user(learner).get(mine(submission, "?t=15")).content.decode()
    assert "480.mp4#t=0" in as_user(learner).get(mine(submission, "?t=x")).content.decode()
    saving = as_user(learner).get(mine(submission), headers={"save-data": "on"}).content.decode()
    assert "240.mp4#t=0" in saving


@pytest.mark.long
def test_page_is_its_owners_alone(as_user, trainer, stranger, seller, submission):
    for person in (trainer, stranger, seller):
        client = as_user(person)
        assert client.get(mine(submission)).status_code == 404
        assert client.post(mine(submission, "peers/"), {"for_peers": "1"}).status_code == 404
    assert not Submission.objects.get(pk=submission.pk).for_peers


@pytest.mark.long
def test_page_costs_the_same_for_one_note_and_for_many(
    as_user, learner, submission, review, django_assert_num_queries
):
    client = as_user(learner)
    make_note(review)
    client.get(mine(submission))
    with django_assert_num_queries(12):
        client.get(mine(submission))
    for number in range(24):
        note = make_note(review, number)
        NoteAnswer.objects.create(note=note, author=learner, text="好")
    with django_assert_num_queries(12):
        client.get(mine(submission))


@pytest.mark.long
def test_video_is_for_owner_trainer_and_peer(as_user, learner, trainer, seller, stranger, cohort, client):
    enrol(seller, cohort.course, cohort)
    submission = make_submission(learner, cohort, video=make_filed_video())
    submission.peers.add(seller)
    for part, kind in PARTS.items():
        url = f"/review/{submission.key}/video/{part}"
        client.logout()
        assert client.get(url).status_code == 404
        for person in (learner, trainer, seller):
            answer = as_user(person).get(url)
            assert (answer.status_code, answer["Content-Type"], body(answer)) == (200, kind, part.encode())
        assert as_user(stranger).get(url).status_code == 404
    as_user(learner)
    assert client.get(f"/review/{submission.key}/video/../../x").status_code == 404
    assert client.get(f"/review/{submission.key}/video/720.mp4").status_code == 404
    Submission.objects.update(video_gone_at=timezone.now())
    assert client.get(f"/review/{submission.key}/video/480.mp4").status_code == 404


@pytest.mark.long
def test_film_that_is_gone_or_waits_is_told(as_user, learner, submission, cohort):
    client = as_user(learner)
    Submission.objects.update(video_gone_at=timezone.now())
    assert "录像到期删掉了，分数和批注还在。" in client.get(mine(submission)).content.decode()
    waiting = make_submission(learner, cohort, video=make_video(status="waiting"))
    assert "录像还在处理，好了就能放。" in client.get(mine(waiting)).content.decode()
    failed = make_submission(learner, cohort, video=make_video(status="failed"))
    assert "录像没做成，请学员再交一遍。" in client.get(mine(failed)).content.decode()


def test_voice_is_heard_by_who_reads_the_review(
    as_user, learner, trainer, stranger, submission, review, client
):
    voice = Voice.objects.create(owner=trainer, status=Voice.Status.READY)
    storages["private"].save(voice.name, ContentFile(b"spoken"))
    note = make_note(review, voice=voice)
    url = f"/review/notes/{note.key}/voice.m4a"
    assert client.get(url).status_code == 404
    for person in (learner, trainer):
        answer = as_user(person).get(url)
        assert (answer["Content-Type"], body(answer)) == ("audio/mp4", b"spoken")
    assert as_user(stranger).get(url).status_code == 404
    Review.objects.update(signed_at=None)
    assert as_user(learner).get(url).status_code == 404


def test_note_is_answered_once(as_user, learner, submission, review):
    note, event = make_note(review), str(uuid.uuid4())
    client, url = as_user(learner), f"/review/notes/{note.key}/answer/"
    for _time in range(2):
        answer = client.post(url, {"text": "下回先切开。", "event_id": event})
        assert answer.url == f"/review/mine/{submission.key}/#n{note.pk}"
    assert [row.text for row in NoteAnswer.objects.all()] == ["下回先切开。"]
    assert "下回先切开。" in client.get(mine(submission)).content.decode()


def test_empty_and_long_answers_come_back(as_user, learner, review):
    note = make_note(review)
    client, url = as_user(learner), f"/review/notes/{note.key}/answer/"
    assert "写一写你怎么想。" in client.post(url, {"text": " "}).content.decode()
    assert "最多 300 个字，多了 1 个" in client.post(url, {"text": "长" * 301}).content.decode()
    NoteAnswer.objects.bulk_create([NoteAnswer(note=note, author=learner, text="好") for _n in range(20)])
    assert "这一条回得够多了" in client.post(url, {"text": "再来"}).content.decode()
    assert NoteAnswer.objects.count() == 20


def test_note_is_answered_by_nobody_else_and_not_before_it_is_signed(
    as_user, learner, trainer, stranger, review
):
    note = make_note(review)
    url = f"/review/notes/{note.key}/answer/"
    for person in (trainer, stranger):
        assert as_user(person).post(url, {"text": "我来"}).status_code == 404
    Review.objects.update(signed_at=None)
    assert as_user(learner).post(url, {"text": "我来"}).status_code == 404
    assert not NoteAnswer.objects.exists()


def test_trainer_reads_the_answer(as_user, learner, trainer, submission, review):
    NoteAnswer.objects.create(note=make_note(review), author=learner, text="记住了")
    assert "记住了" in as_user(trainer).get(f"/review/{submission.key}/").content.decode()


def test_recorded_again_is_shown_beside_its_note(as_user, learner, cohort, drill, submission, review):
    again = make_submission(learner, cohort, drill, number=3)
    NoteAnswer.objects.create(note=make_note(review), author=learner, rehearsal=again.rehearsal)
    html = as_user(learner).get(mine(submission)).content.decode()
    assert f'href="/review/mine/{again.key}/"' in html


@pytest.mark.long
def test_two_tries_side_by_side(as_user, learner, trainer, cohort, drill, submission, review):
    old = make_submission(learner, cohort, drill, number=1)
    make_review(trainer, old, marks=all_marks("half"), total=50)
    answer = as_user(learner).get(f"/review/{submission.key}/compare/")
    assert [one["try"].submission for one in answer.context["pair"]] == [old, submission]
    steps = {row.title: row.step for row in answer.context["rows"]}
    assert (steps["讲货"], steps["节奏"]) == (9, 4)
    same = as_user(learner).get(f"/review/{old.key}/compare/?with={submission.key}")
    assert [one["try"].submission for one in same.context["pair"]] == [old, submission]
    assert as_user(trainer).get(f"/review/{submission.key}/compare/").status_code == 200


def test_other_rubrics_points_are_not_subtracted(
    as_user, learner, trainer, cohort, drill, submission, review
):
    content = {"criteria": [{"code": "x", "dimension": "讲货", "title": "x", "points": 100}]}
    old = make_submission(learner, cohort, drill, number=1, content=content)
    make_review(trainer, old, marks={"x": "half"}, total=50)
    rows = as_user(learner).get(f"/review/{submission.key}/compare/").context["rows"]
    first = next(row for row in rows if row.title == "讲货")
    assert (first.old.earned, first.new.earned, first.step) == (50, 20, None)
    assert next(row for row in rows if row.title == "节奏").old is None


def test_nothing_to_compare_with_is_404(as_user, learner, cohort, submission):
    make_submission(make_person("别人"), cohort, submission.drill, number=1)
    assert as_user(learner).get(f"/review/{submission.key}/compare/").status_code == 404


def test_blind_trainer_compares_without_the_hidden_score(
    as_user, learner, organiser, trainer, cohort, drill, submission, review
):
    Submission.objects.update(needs_second=True)
    old = make_submission(learner, cohort, drill, number=1)
    make_review(trainer, old, total=50)
    answer = as_user(organiser).get(f"/review/{submission.key}/compare/")
    assert [one["try"].review and one["try"].review.total for one in answer.context["pair"]] == [50, None]


def test_owner_sees_the_second_score_and_the_spread(as_user, learner, organiser, submission, review):
    make_review(organiser, submission, kind=Review.Kind.SECOND, marks=all_marks("half"), total=50)
    answer = as_user(learner).get(mine(submission))
    assert (answer.context["shown"].total, answer.context["spread"].far) == (98, 48)
    assert "算数的是第一个分。" in answer.content.decode()
