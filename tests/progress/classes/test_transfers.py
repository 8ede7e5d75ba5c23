"""The pages on which a trainer moves somebody to another class of the course and takes it back: words and refusals."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, Notice
from courses.models import Cohort
from programme.ladder.lineage import CycleRefused
from programme.models import Teaching
from progress.enrolment import transfers
from progress.enrolment.notices import read_notice
from progress.enrolment.services import enrol, leave
from progress.models import Enrolment, Transfer
from tests.factories import make_cohort, make_person
from tests.pages import list_messages, squeeze

Role, Status = Membership.Role, Membership.Status


@pytest.fixture
def winter(course, village, trainer) -> Cohort:
    return make_cohort(course, village, trainer, name="冬季班")


def where(user) -> str:
    return Enrolment.objects.active().get(user=user).cohort.name


def url_of(cohort: Cohort, user) -> str:
    return f"/classes/{cohort.pk}/trainees/{user.pk}/transfer/"


def fill_up(cohort: Cohort) -> None:
    enrol(make_person("占了座的"), cohort.course, cohort)
    Cohort.objects.filter(pk=cohort.pk).update(most_people=1)


def test_the_person_is_moved_and_reads_where_to(as_user, trainer, learner, cohort, winter):
    client = as_user(trainer)
    page = squeeze(client.get(url_of(cohort, learner)).text)
    assert "冬季班" in page
    moved = client.post(url_of(cohort, learner), {"target": winter.pk})
    assert moved.url == f"/classes/{winter.pk}/trainees/{learner.pk}/"
    assert list_messages(moved) == ["田巧云转到“冬季班”了，通知他了。一天内能撤回。"]
    assert where(learner) == "冬季班"
    assert read_notice(Notice.objects.get(phone=learner.phone)) == (
        "老师把你转到“冬季班”了，学过的都还在。",
        "/learn/",
    )


def test_no_class_chosen_moves_nobody(as_user, trainer, learner, cohort, winter):
    assert "选一个班。" in as_user(trainer).post(url_of(cohort, learner)).text
    assert where(learner) == "秋季班"


def test_a_form_sent_twice_leads_to_where_the_person_is_now(as_user, trainer, learner, cohort, winter):
    client, form = as_user(trainer), {"target": winter.pk}
    first, again = (client.post(url_of(cohort, learner), form) for _time in range(2))
    assert (again.status_code, again.url) == (302, first.url)
    assert Transfer.objects.count() == 1
    leave(learner, cohort.course)
    assert client.post(url_of(cohort, learner), form).status_code == 404


def test_who_leads_only_the_old_class_is_not_led_to_the_new_one(
    as_user, trainer, stranger, learner, cohort, winter
):
    transfers.transfer(trainer, learner, cohort, winter)
    cohort.trainers.add(stranger)
    assert as_user(stranger).get(url_of(cohort, learner)).status_code == 404
    assert as_user(trainer).get(url_of(cohort, learner)).status_code == 302


def test_nobody_is_led_to_where_somebody_went_without_a_transfer(as_user, trainer, learner, cohort, winter):
    enrol(learner, cohort.course, winter)
    assert as_user(trainer).get(url_of(cohort, learner)).status_code == 404


def test_a_full_class_and_a_role_that_has_ended_are_refused_in_words(
    as_user, trainer, learner, cohort, winter
):
    client, form = as_user(trainer), {"target": winter.pk}
    fill_up(winter)
    assert "“冬季班”满了，先到那个班加名额。" in client.post(url_of(cohort, learner), form).text
    Cohort.objects.update(most_people=None)
    learner.memberships.update(status=Status.ENDED, decided_at=timezone.now())
    said = "他在那边的学员身份没同意或者结束了，先请管理员同意。"
    assert said in client.post(url_of(cohort, learner), form).text
    assert (where(learner), Transfer.objects.count()) == ("秋季班", 0)


def test_nobody_is_moved_into_the_class_of_a_mentor_whom_they_have_taught(
    as_user, trainer, learner, cohort, winter, village
):
    mentor = make_person("宋师傅", (Role.MENTOR, village))
    Teaching.objects.create(teacher=learner, pupil=mentor, since=timezone.localdate())
    Cohort.objects.filter(pk=winter.pk).update(mentor=mentor)
    page = as_user(trainer).post(url_of(cohort, learner), {"target": winter.pk})
    assert str(CycleRefused()) in page.text
    assert where(learner) == "秋季班"


# --- taking it back ---


@pytest.fixture
def made(trainer, learner, cohort, winter) -> Transfer:
    return transfers.transfer(trainer, learner, cohort, winter)


def undo(client, made: Transfer) -> tuple[str, list[str]]:
    """Return where taking it back leads, and what is said there."""
    answer = client.post(f"/classes/{made.to_cohort_id}/transfers/{made.pk}/undo/")
    assert answer.status_code == 302
    return answer.url, list_messages(answer)


def test_a_move_is_taken_back_once(as_user, trainer, learner, cohort, winter, made):
    client = as_user(trainer)
    assert undo(client, made) == (
        f"/classes/{cohort.pk}/trainees/{learner.pk}/",
        ["撤回了，田巧云还在“秋季班”。"],
    )
    assert where(learner) == "秋季班"
    url, said = undo(client, made)
    assert (url, said[-1]) == (
        f"/classes/{winter.pk}/",
        "撤回过了，或者过了一天撤不回了。要转就再转一次。",
    )


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("full", "“秋季班”的名额已经给了别人，先加名额再撤回。"),
        ("late", "撤回过了，或者过了一天撤不回了。要转就再转一次。"),
        ("gone", "他已经不在这个班里了。"),
    ],
)
def test_what_cannot_be_taken_back_says_why(as_user, trainer, learner, cohort, winter, made, case, said):
    if case == "full":
        fill_up(cohort)
    elif case == "late":
        Transfer.objects.update(made_at=timezone.now() - timedelta(hours=24))
    else:
        leave(learner, cohort.course)
    assert undo(as_user(trainer), made) == (f"/classes/{winter.pk}/", [said])
    made.refresh_from_db()
    assert made.undone_at is None
    assert not Enrolment.objects.active().filter(cohort=cohort, user=learner).exists()


def test_only_who_leads_both_classes_takes_it_back(as_user, stranger, learner, made):
    made.to_cohort.trainers.add(stranger)
    url = f"/classes/{made.to_cohort_id}/transfers/{made.pk}/undo/"
    assert as_user(stranger).post(url).status_code == 404
    assert where(learner) == "冬季班"
