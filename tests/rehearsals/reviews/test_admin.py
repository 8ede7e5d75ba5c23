"""Submissions and reviews in the admin: readable for those who lead the class, changed by nobody."""

import pytest
from django.urls import reverse

from rehearsals.models import Review, Submission
from tests.reviews import make_drill, make_review, make_submission


@pytest.fixture
def submission(learner, cohort) -> Submission:
    return make_submission(learner, cohort, make_drill(cohort), number=2)


def listed(client, name: str) -> list:
    return list(client.get(reverse(f"admin:rehearsals_{name}_changelist")).context["cl"].queryset)


def test_rows_are_those_of_ones_classes(as_user, trainer, stranger, submission):
    review = make_review(trainer, submission)
    assert (listed(as_user(trainer), "submission"), listed(as_user(trainer), "review")) == (
        [submission],
        [review],
    )
    assert (listed(as_user(stranger), "submission"), listed(as_user(stranger), "review")) == ([], [])


@pytest.mark.long
def test_rows_open_and_nothing_in_them_is_changed(as_user, trainer, submission):
    review = make_review(trainer, submission)
    client = as_user(trainer)
    for name, row in (("submission", submission), ("review", review)):
        page = client.get(reverse(f"admin:rehearsals_{name}_change", args=[row.pk]))
        assert (page.status_code, "_save" in page.content.decode()) == (200, False)
        assert client.post(reverse(f"admin:rehearsals_{name}_change", args=[row.pk]), {}).status_code == 403
        assert client.get(reverse(f"admin:rehearsals_{name}_add")).status_code == 403


@pytest.mark.long
def test_drafts_and_hidden_first_scores_are_not_listed(as_user, trainer, organiser, submission):
    draft = make_review(organiser, submission, signed=False)
    Submission.objects.update(needs_second=True)
    first = make_review(trainer, submission)
    assert (listed(as_user(organiser), "review"), listed(as_user(trainer), "review")) == ([], [first])
    Review.objects.filter(pk=draft.pk).update(kind=Review.Kind.SECOND, signed_at=first.signed_at)
    assert {row.pk for row in listed(as_user(organiser), "review")} == {first.pk, draft.pk}
