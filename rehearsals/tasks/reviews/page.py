"""Build the page on which a trainer answers a task: what was handed in, the criteria, the answer so far, what is next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import QueryDict

from accounts.models import User
from accounts.requests import SignedInRequest
from live.models import RundownItem
from rehearsals import permissions
from rehearsals.leases import get_lease_holder
from rehearsals.models import TaskReview, TaskVersion, TaskWork
from rehearsals.reviews import review_queue
from rehearsals.tasks.page import CriterionRow, VersionRow, load_versions
from rehearsals.tasks.reviews import best_three, retraction
from rehearsals.tasks.reviews.forms import TaskNoteForm, TaskReviewForm, read_marks

RELATED = ("user", "cohort__place", "cohort__course", "assignment__module__course", "lease_by")


@dataclass(frozen=True)
class Typed:
    """What a trainer typed that was not stored: it is shown, so that it can be used."""

    next_step: str
    note: str

    def __bool__(self) -> bool:
        return bool(self.next_step or self.note)


def make_key(version: TaskVersion, reviewer: User) -> UUID:
    """Return the key of this person's answer to the version: the same on every page, so that it is given once and a
    recording still on the phone finds it."""
    return uuid5(version.client_id, str(reviewer.pk))


def get_page_context(
    request: SignedInRequest, work: TaskWork, posted: QueryDict | None = None, **forms: Any
) -> dict[str, Any]:
    """Return the context for this person: the form while they hold the work, else what may be read.

    `posted`: what was typed, shown again in the form, or beside the page where there is no form any more.
    """
    user = request.user
    versions = list(load_versions(work, drafts=True))
    attach_plans(versions)
    newest, holder = versions[0], get_lease_holder(work)
    can_review = permissions.can_review_task(user, work)
    waits = work.waiting_since is not None
    holds = can_review and waits and holder == user
    context = {
        "work": work,
        "task": work.assignment,
        "row": newest,
        "earlier": versions[1:],
        "before": next((row.review for row in versions[1:] if row.review), None),
        "waits": waits,
        "can_review": can_review,
        "holds": holds,
        "held": holder if waits and holder not in (None, user) else None,
        "spot": review_queue.get_position(user, work) if can_review else None,
        "retractable": retraction.find_retractable(user) if can_review else None,
        "best": best_three.describe_choice(work) if can_review else None,
        "typed": get_typed(posted) if posted is not None and not holds else None,
    }
    return context | (get_form_context(user, newest, posted, forms) if holds else {})


def get_typed(posted: QueryDict) -> Typed:
    return Typed(posted.get("next_step", "").strip()[:300], posted.get("note-text", "").strip()[:300])


def get_form_context(
    user: User, newest: VersionRow, posted: QueryDict | None, forms: dict[str, Any]
) -> dict[str, Any]:
    typed = {name: posted.get(name, "") for name in ("next_step", "voice")} if posted else {}
    marks = read_marks(posted, newest) if posted else {}
    note = {name: posted.get(f"note-{name}", "") for name in ("item", "spot", "at", "text")} if posted else {}
    return {
        "form": forms.get("form") or TaskReviewForm(initial=typed, user=user),
        "note_form": forms.get("note_form") or TaskNoteForm(row=newest, initial=note | {"key": uuid4()}),
        "lines": mark_lines(newest, marks),
        "key": make_key(newest.version, user),
        "draft": f"task-review-{newest.version.pk}",
        "redrawn": ",".join(["#notes", *(f"#spots-{item.pk}" for item in newest.items if item.photo)]),
        "accepted": TaskReview.Decision.ACCEPTED.value,
        "returned": TaskReview.Decision.RETURNED.value,
        "met": TaskReview.Mark.MET.value,
        "not_yet": TaskReview.Mark.NOT_YET.value,
    }


def mark_lines(row: VersionRow, marks: dict[str, str]) -> list[CriterionRow]:
    return [replace(line, mark=marks.get(line.code, "")) for line in row.criteria]


def attach_plans(versions: list[VersionRow]) -> None:
    """Set `plan` on each rundown that was handed in: its items in their order. One query, none without a rundown."""
    items: list[Any] = [item for row in versions for item in row.items if item.rundown_id]
    plans: dict[int, list[RundownItem]] = {item.rundown_id: [] for item in items}
    if plans:
        rows = RundownItem.objects.filter(livestream__in=plans).select_related("product")
        for one in rows.order_by("position", "pk"):
            plans[one.livestream_id].append(one)
    for item in items:
        item.plan = plans[item.rundown_id]
