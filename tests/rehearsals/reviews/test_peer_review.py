"""Peer reviews for practice: the owner allows, the trainer assigns, nothing of it counts."""

import pytest
from django.utils import timezone

from accounts.models import Membership, User
from courses.models import Cohort
from progress.enrolment.services import enrol
from progress.models import Enrolment
from rehearsals import permissions
from rehearsals.models import Review, Submission
from rehearsals.reviews import services
from tests.factories import make_person
from tests.pages import list_messages
from tests.reviews import make_drill, make_note, make_review, make_submission


@pytest.fixture
def submission(learner, cohort) -> Submission:
    return make_submission(learner, cohort, make_drill(cohort), for_peers=True)


@pytest.fixture
def classmates(course, cohort) -> list[User]:
    found = [make_person(f"同学{n}") for n in range(7)]
    for person in found:
        enrol(person, course, cohort)
    return found


def give(client, submission: Submission, people: list[User]):
    return client.post(f"/review/{submission.key}/peers/", {"people": [person.pk for person in people]})


def test_trainer_gives_it_to_classmates(as_user, trainer, submission, classmates, learner, stranger):
    client = as_user(trainer)
    page = client.get(f"/review/{submission.key}/peers/")
    assert page.context["people"] == classmates
    give(client, submission, [*classmates[:2], learner, stranger])
    assert list(submission.peers.order_by("pk")) == classmates[:2]


@pytest.mark.long
def test_five_at_a_time(as_user, trainer, submission, classmates):
    answer = give(as_user(trainer), submission, classmates[:6])
    assert list_messages(answer) == ["一次最多给 5 个人看。"]
    assert answer.content.decode().count("checked") == 6
    assert not submission.peers.exists()


@pytest.mark.long
def test_without_its_owners_word_nobody_gets_it(as_user, trainer, submission, classmates):
    Submission.objects.update(for_peers=False)
    answer = give(as_user(trainer), submission, classmates[:1])
    assert list_messages(answer) == ["学员没有答应给同学看。"]
    assert not submission.peers.exists()


@pytest.mark.long
def test_owner_lets_and_takes_back(as_user, learner, submission, classmates):
    submission.peers.add(classmates[0])
    client, url = as_user(learner), f"/review/mine/{submission.key}/peers/"
    client.post(url, {})
    assert (Submission.objects.get().for_peers, submission.peers.count()) == (False, 0)
    assert as_user(classmates[0]).get(f"/review/{submission.key}/").status_code == 404
    as_user(learner).post(url, {"for_peers": "1"})
    assert Submission.objects.get().for_peers


@pytest.mark.long
def test_peer_sees_the_film_and_no_score(as_user, trainer, submission, classmates):
    submission.peers.add(classmates[0])
    review = make_review(trainer, submission, total=37, words="老师的话")
    make_note(review, text="老师的批注")
    client = as_user(classmates[0])
    page = client.get(f"/review/{submission.key}/")
    html = page.content.decode()
    assert (page.context["kind"], page.context["leads"]) == ("peer", False)
    assert [words in html for words in ("老师的话", "老师的批注", ">37<", "给同学看")] == [False] * 4
    assert client.get(f"/review/{submission.key}/peers/").status_code == 404
    assert client.get(f"/review/{submission.key}/compare/").status_code == 404
    assert client.get("/review/").status_code == 404


@pytest.mark.long
def test_peer_writes_and_the_owner_reads_it_as_practice(as_user, learner, submission, classmates):
    submission.peers.add(classmates[0])
    client = as_user(classmates[0])
    assert "还没" not in client.get("/review/peers/").content.decode()
    client.post(f"/review/{submission.key}/take/")
    client.post(f"/review/{submission.key}/notes/", {"at": "5", "tone": "keep", "text": "切得好"})
    answer = client.post(f"/review/{submission.key}/sign/", {"words": "我学到了"}, follow=True)
    assert "交给同学了，谢谢你看得这么细。" in answer.content.decode()
    row = Review.objects.get()
    assert (row.kind, row.total, Submission.objects.get().status) == ("peer", None, "queued")
    page = as_user(learner).get(f"/review/mine/{submission.key}/")
    html = page.content.decode()
    assert ("切得好" in html, "我学到了" in html, page.context["shown"]) == (True, True, None)


@pytest.mark.long
def test_list_is_of_what_one_was_given(as_user, submission, classmates):
    submission.peers.add(classmates[0])
    first = as_user(classmates[0]).get("/review/peers/")
    assert [(row.user.name, begun) for row, begun, _signed in first.context["rows"]] == [("田巧云", False)]
    make_review(classmates[0], submission, kind=Review.Kind.PEER)
    again = as_user(classmates[0]).get("/review/peers/")
    assert again.context["rows"][0][2] is not None
    assert as_user(classmates[1]).get("/review/peers/").context["rows"] == []


def test_who_has_written_keeps_it_in_sight(as_user, trainer, submission, classmates):
    submission.peers.add(classmates[0])
    make_review(classmates[0], submission, signed=False, kind=Review.Kind.PEER)
    give(as_user(trainer), submission, [classmates[1]])
    assert list(submission.peers.order_by("pk")) == classmates[:2]


@pytest.mark.long
def test_who_has_left_the_class_looks_at_nobody_in_it(as_user, submission, classmates):
    """Not in a list, not on a page, not as a film, and nothing more is written."""
    submission.peers.add(*classmates[:2])
    gone, stays = classmates[:2]
    drafted = services.begin_review(gone, submission)
    Enrolment.objects.filter(user=gone).update(left_at=timezone.now())
    client = as_user(gone)
    assert client.get("/review/peers/").context["rows"] == []
    assert client.get(f"/review/{submission.key}/").status_code == 404
    assert [permissions.can_watch_submission(person, submission) for person in (gone, stays)] == [False, True]
    with pytest.raises(services.NothingToReview):
        services.save_draft(drafted, {}, words="还看得到")
    assert list(Submission.objects.visible_to(gone)) == []
    assert list(Submission.objects.visible_to(stays)) == [submission]


@pytest.mark.long
def test_the_class_s_mentor_comments_without_a_score(as_user, submission, village, cohort, trainer, learner):
    mentor, other = (make_person(name, (Membership.Role.MENTOR, village)) for name in ("滕玉兰", "向大姐"))
    Cohort.objects.filter(pk=cohort.pk).update(mentor=mentor)
    Submission.objects.update(for_peers=False)  # the pupil joined the mentor's class: nothing more is asked
    submission = Submission.objects.select_related("cohort__place").get()
    assert set(Submission.objects.visible_to(mentor)) == {submission}
    assert permissions.can_watch_submission(mentor, submission)
    assert not permissions.can_review(mentor, submission)
    assert not Submission.objects.reviewable_by(mentor).exists()
    client = as_user(mentor)
    assert client.get("/review/peers/").content.decode().count(learner.name) == 1
    client.post(f"/review/{submission.key}/take/")
    client.post(f"/review/{submission.key}/sign/", {"words": "价钱报得清楚", "anyway": "1"})
    review = submission.reviews.get()
    assert (review.kind, review.total, bool(review.signed_at)) == (Review.Kind.PEER, None, True)
    submission.refresh_from_db()
    assert submission.status == Submission.Status.QUEUED  # the trainer's score is still to come
    assert services.get_review_kind(trainer, submission) == Review.Kind.FIRST
    own = as_user(learner).get(f"/review/mine/{submission.key}/").content.decode()
    assert ("带教师傅" in own, "同学互看" in own) == (True, False)
    assert not permissions.can_watch_submission(other, submission)
    assert not Submission.objects.visible_to(other).exists()
