"""One trainer at a time has a submission open: the lease is taken, extended, taken over after its end, never stolen."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from rehearsals import leases
from rehearsals.models import Submission
from tests.factories import make_person
from tests.reviews import make_submission

pytestmark = pytest.mark.both_databases


@pytest.fixture
def submission(learner, cohort) -> Submission:
    return make_submission(learner, cohort)


def holder(submission: Submission) -> str | None:
    found = Submission.objects.select_related("lease_by").get(pk=submission.pk)
    person = leases.get_lease_holder(found)
    return person.name if person else None


def end(submission: Submission) -> None:
    Submission.objects.filter(pk=submission.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_lease_is_taken_and_extended_by_the_same(submission, trainer):
    leases.acquire_lease(trainer, submission)
    first = submission.lease_until
    assert timedelta(minutes=19) < first - timezone.now() <= leases.LEASE_LASTS
    leases.acquire_lease(trainer, submission)
    assert (holder(submission), submission.lease_until > first) == ("李老师", True)


def test_lease_of_another_is_told_and_stays(submission, trainer, organiser):
    leases.acquire_lease(trainer, submission)
    with pytest.raises(leases.HeldByAnother) as told:
        leases.acquire_lease(organiser, submission)
    assert (told.value.by, told.value.until) == (trainer, submission.lease_until)
    assert holder(submission) == "李老师"


def test_lease_that_ran_out_is_nobodys_and_taken_over(submission, trainer, organiser):
    leases.acquire_lease(trainer, submission)
    end(submission)
    assert holder(submission) is None
    leases.acquire_lease(organiser, submission)
    assert holder(submission) == "向满姑"
    with pytest.raises(leases.HeldByAnother):
        leases.acquire_lease(trainer, submission)


def test_lease_is_given_back_by_its_holder_alone(submission, trainer, organiser):
    leases.acquire_lease(trainer, submission)
    assert leases.release_lease(organiser, submission) is False
    assert leases.release_lease(trainer, submission) is True
    assert holder(submission) is None


def test_lease_given_back_while_another_asks_for_it_goes_to_the_other(submission, trainer, organiser):
    leases.acquire_lease(trainer, submission)

    def give_back(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        if sql.startswith("UPDATE") and holder(submission) == "李老师":
            leases.release_lease(trainer, submission)
        return done

    with connection.execute_wrapper(give_back):
        leases.acquire_lease(organiser, submission)
    assert (holder(submission), submission.lease_by) == ("向满姑", organiser)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_eight_trainers_at_once_and_one_gets_it(submission):
    people = [make_person(f"老师{n}") for n in range(8)]
    gate, got = threading.Barrier(8), []

    def grab(person) -> None:
        try:
            gate.wait()
            leases.acquire_lease(person, Submission.objects.get(pk=submission.pk))
            got.append(person.name)
        except leases.HeldByAnother:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=grab, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert holder(submission) == got[0]
