"""The queue: oldest first, by class, with its leases; the same cost for one and for many."""

from datetime import timedelta

import pytest
from django.utils import timezone

from progress.enrolment.services import enrol
from rehearsals import leases
from rehearsals.models import Review, Submission
from rehearsals.worklist import reviewing
from tests.factories import make_cohort, make_person
from tests.pages import list_messages
from tests.reviews import make_drill, make_review, make_submission, make_video

HOUR = timedelta(hours=1)


@pytest.fixture
def waiting(course, cohort, village, trainer) -> list[Submission]:
    """Three in the trainer's two classes, the second the oldest."""
    other = make_cohort(course, village, trainer, name="冬季班")
    drill, now, found = make_drill(cohort), timezone.now(), []
    for name, group, hours in (("周秀兰", cohort, 2), ("吴秋莲", other, 5), ("向满姑", cohort, 1)):
        person = make_person(name)
        enrol(person, course, group)
        found.append(make_submission(person, group, drill, number=1, received_at=now - hours * HOUR))
    return found


def names(answer) -> list[str]:
    return [one.user.name for one in answer.context["page"].items]


def test_queue_is_oldest_first_and_by_class(as_user, trainer, cohort, waiting):
    client = as_user(trainer)
    answer = client.get("/review/")
    assert names(answer) == ["吴秋莲", "周秀兰", "向满姑"]
    assert [(one.cohort.name, one.count) for one in answer.context["counts"].classes] == [
        ("冬季班", 1),
        ("秋季班", 2),
    ]
    assert names(client.get(f"/review/?class={cohort.pk}")) == ["周秀兰", "向满姑"]
    assert names(client.get("/review/?class=999999")) == ["吴秋莲", "周秀兰", "向满姑"]


def test_a_choice_that_nothing_fits_says_how_many_others_wait(as_user, trainer, waiting):
    page = as_user(trainer).get("/review/?again=1").text
    assert "别的还有 3 份等你看。" in page
    assert "都看完了" not in page


def test_queue_is_not_there_for_who_leads_no_class(as_user, learner, seller, stranger, waiting):
    for person in (learner, seller):
        assert as_user(person).get("/review/").status_code == 404
    assert names(as_user(stranger).get("/review/")) == []


def test_reviewed_and_ones_own_do_not_wait(as_user, trainer, cohort, waiting):
    make_review(trainer, waiting[0])
    make_submission(trainer, cohort)
    assert names(as_user(trainer).get("/review/")) == ["吴秋莲", "向满姑"]


@pytest.mark.long
def test_queue_costs_the_same_for_one_and_for_many(
    as_user, trainer, cohort, course, django_assert_num_queries
):
    client = as_user(trainer)
    drill = make_drill(cohort)
    make_submission(make_person("头一个"), cohort, drill)
    client.get("/review/")
    with django_assert_num_queries(13):
        client.get("/review/")
    for number in range(24):
        made = make_submission(make_person(f"学员{number}"), cohort, drill)
        leases.acquire_lease(trainer, made)
    with django_assert_num_queries(13):
        answer = client.get("/review/")
    assert len(answer.context["page"].items) == 20
    more = client.get(f"/review/?after={answer.context['page'].after}")
    assert len(more.context["page"].items) == 5


@pytest.mark.long
@pytest.mark.parametrize(
    ("video", "gone", "words"),
    [
        (None, False, "录像还没传到"),
        ("waiting", False, "录像还在处理"),
        ("failed", False, "录像没做成，等学员重录"),
        ("ready", True, "录像到期删了"),
    ],
)
def test_what_has_no_film_stands_apart_and_is_not_counted(as_user, trainer, waiting, video, gone, words):
    found = make_video(status=video) if video else None
    Submission.objects.filter(pk=waiting[0].pk).update(
        video=found, video_gone_at=timezone.now() if gone else None
    )
    client = as_user(trainer)
    answer = client.get("/review/")
    assert (names(answer), answer.context["counts"].total, answer.context["filmless"]) == (
        ["吴秋莲", "向满姑"],
        2,
        1,
    )
    [due] = [one for one in reviewing(trainer) if one.kind == "review_due"]
    assert due.count == 2
    apart = client.get("/review/?show=films")
    assert (names(apart), words in apart.content.decode()) == (["周秀兰"], True)
    assert "/take/" not in apart.content.decode()


@pytest.mark.long
def test_lock_is_shown_until_it_ends(as_user, trainer, organiser, waiting):
    leases.acquire_lease(organiser, waiting[1])
    html = as_user(trainer).get("/review/").content.decode()
    assert "向满姑在看，到 " in html
    assert html.count("/take/") == 2
    Submission.objects.update(lease_until=timezone.now())
    assert as_user(trainer).get("/review/").content.decode().count("/take/") == 3


@pytest.mark.long
def test_looking_takes_nothing(as_user, trainer, waiting):
    client = as_user(trainer)
    client.get("/review/")
    assert client.get(f"/review/{waiting[0].key}/").context["holds"] is False
    assert not Review.objects.exists()
    assert not Submission.objects.exclude(lease_by=None).exists()
    assert client.get(f"/review/{waiting[0].key}/take/").status_code == 405


@pytest.mark.long
def test_take_opens_and_release_puts_back(as_user, trainer, waiting):
    client = as_user(trainer)
    answer = client.post(f"/review/{waiting[0].key}/take/", follow=True)
    assert answer.context["holds"] is True
    assert answer.context["spot"].number == 2
    assert answer.context["spot"].next.row == waiting[2]
    assert list_messages(client.post(f"/review/{waiting[0].key}/release/")) == ["放回去了，草稿还在。"]
    assert leases.get_lease_holder(Submission.objects.get(pk=waiting[0].pk)) is None
    assert Review.objects.get().signed_at is None


@pytest.mark.long
def test_take_of_what_another_holds_is_told_with_its_end(as_user, trainer, organiser, waiting):
    leases.acquire_lease(organiser, waiting[0])
    until = timezone.localtime(waiting[0].lease_until).strftime("%H:%M")
    client = as_user(trainer)
    answer = client.post(f"/review/{waiting[0].key}/take/", follow=True)
    assert f"向满姑正在看这一份，{until} 以后没动静你再接手。" in answer.content.decode()
    assert (answer.context["holds"], answer.context["held"]) == (False, organiser)


@pytest.mark.long
@pytest.mark.parametrize("page", ["", "take/", "release/", "draft/", "notes/", "sign/", "peers/", "compare/"])
def test_anothers_submission_is_not_there(as_user, waiting, seller, stranger, page):
    for person in (seller, stranger):
        client = as_user(person)
        for method in (client.get, client.post):
            assert method(f"/review/{waiting[0].key}/{page}").status_code in (404, 405)
    assert not Review.objects.exists()


def test_ones_own_is_led_to_its_own_page_and_never_reviewed(as_user, trainer, cohort):
    """A trainer who learns in a class of their own."""
    mine = make_submission(trainer, cohort)
    client = as_user(trainer)
    answer = client.get(f"/review/{mine.key}/")
    assert (answer.status_code, answer.url) == (302, f"/review/mine/{mine.key}/")
    for page in ("take", "draft", "notes", "sign"):
        assert client.post(f"/review/{mine.key}/{page}/").status_code == 404
    assert not Review.objects.exists()


def test_staff_show_their_second_factor_first(as_user, trainer, waiting, settings):
    settings.DEMO = False
    assert as_user(trainer).get("/review/").status_code == 302


@pytest.mark.long
def test_second_scores_wait_apart_with_the_spread(as_user, trainer, organiser, waiting):
    Submission.objects.filter(pk=waiting[0].pk).update(needs_second=True)
    make_review(trainer, waiting[0], total=80)
    client = as_user(organiser)
    answer = client.get("/review/?show=second")
    assert (names(answer), answer.context["twice"], answer.context["mean"]) == (["周秀兰"], 1, None)
    make_review(organiser, waiting[0], kind=Review.Kind.SECOND, total=86)
    answer = client.get("/review/?show=second")
    assert (names(answer), answer.context["twice"], answer.context["mean"]) == ([], 0, 6.0)
