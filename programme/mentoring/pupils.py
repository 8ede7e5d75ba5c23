"""Let people into a mentor's class, and show the mentor how far each of them has come."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from courses.models import Cohort
from programme.ladder import lineage, page, steps
from programme.models import Step, Teaching
from progress.classes.board import Trainee, load_board
from progress.enrolment.seats import NotAdmitted


@transaction.atomic
def admit(user: User, cohort: Cohort) -> None:
    """Record who teaches whom when somebody joins a mentor's class (the setting CLASS_ADMITS). Raises NotAdmitted.

    A record that was withdrawn, perhaps by the pupil, stays withdrawn.
    """
    mentor = cohort.mentor
    if mentor is None:
        return
    lineage.lock_lineage()
    if lineage.has_taught(lineage.read_pupils(), user.pk, mentor.pk):
        raise NotAdmitted(str(lineage.CycleRefused()))
    known = Teaching.objects.filter(teacher=mentor, pupil=user)
    if not known.exists():
        since = max(timezone.localdate(), cohort.starts_on)
        Teaching.objects.create(teacher=mentor, pupil=user, cohort=cohort, since=since)


@dataclass(frozen=True)
class PupilRow:
    """A pupil of a mentor's class: the newest step, what the next one asks, the next lesson, and the last activity."""

    trainee: Trainee
    steps: frozenset[str]

    @property
    def path(self) -> list[tuple[str, bool]]:
        """Return the labels of all steps, in their order, with whether each is reached."""
        return [(str(step.label), step.value in self.steps) for step in Step.Name]

    @property
    def following(self) -> tuple[str, str] | None:
        """Return the label of the first step that is missing and what it asks, without any figures; None after the last."""
        missing = next((step for step in Step.Name if step.value not in self.steps), None)
        return (str(missing.label), str(page.ASKS[missing])) if missing else None


def list_pupils(cohort: Cohort) -> list[PupilRow]:
    """Return the people of the class as the evidence shows them now, who have done the fewest lessons first.

    At most 19 queries, however many people; a mentor's class is one page.
    """
    board = load_board(cohort)
    reached = steps.compute_steps([trainee.pk for trainee in board.trainees])
    return [PupilRow(trainee, frozenset(reached[trainee.pk])) for trainee in board.trainees]
