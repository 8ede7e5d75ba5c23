"""Make two accounts of one person into one: every row that belonged to the second belongs to the first, and none is lost.

What two rows become of which a person has one is in `rules`.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models, transaction

from accounts import second_factor
from accounts.models import AuditEntry, Membership, Notice, Place, User
from accounts.people import closure
from programme.audit import Verb
from programme.duplicates.rules import RULES, SECRET, STAYS, Merge, settle_consents
from programme.exceptions import MergeRefused
from programme.ladder import lineage, steps
from programme.models import AccountMerge, ExamScore, ExamSeat, Story
from programme.outcomes.stories import services as stories
from progress.models import Attempt
from rehearsals.models import Review
from ui.responses import page_cache

# --- who may ---


def find_refusal(keep: User, gone: User) -> str:
    """Return a code of why these two cannot become one, "" if they can."""
    if keep.pk == gone.pk:
        return "same"
    if closure.is_erased(keep) or closure.is_erased(gone):
        return "closed"
    if gone.is_superuser or gone.is_staff or gone.places_with_role(*Membership.STAFF_ROLES):
        return "staff"
    if second_factor.is_set_up(gone):
        return "second_factor"
    if has_open_tries(keep, gone):
        return "open_try"
    if any_pair(keep, gone, Review, "reviewer", "submission_id"):
        return "reviewed"
    if any_pair(keep, gone, ExamSeat, "user", "course_id") or any_pair(
        keep, gone, ExamScore, "examiner", "seat_id"
    ):
        return "examined"
    return "lineage" if has_lineage_cycle(keep, gone) else ""


def has_open_tries(keep: User, gone: User) -> bool:
    both = Attempt.objects.filter(user__in=(keep, gone), finished_at__isnull=True).order_by()
    return both.values("quiz").annotate(n=models.Count("pk")).filter(n=2).exists()


def any_pair(keep: User, gone: User, model: type[models.Model], name: str, *same: str) -> bool:
    return next(Merge(keep, gone, keep).pairs(model, name, *same), None) is not None


def has_lineage_cycle(keep: User, gone: User) -> bool:
    """Return whether one of the two taught the other through somebody else."""
    pupils = lineage.read_pupils()
    for teacher, pupil in ((keep.pk, gone.pk), (gone.pk, keep.pk)):
        others = pupils.get(teacher, set()) - {pupil}
        if any(lineage.has_taught(pupils, other, pupil) for other in others):
            return True
    return False


# --- doing it ---


@transaction.atomic
def merge_accounts(
    keep: User,
    gone: User,
    by: User,
    reason: str = "",
    place: Place | None = None,
    *,
    is_unused: bool = False,
) -> AccountMerge:
    """Make `gone` a part of `keep`; nobody signs in to `gone` afterwards. Raises MergeRefused, with `is_unused` also for an
    account to which somebody has signed in meanwhile.

    Merged again it is the same row. The two rows are locked in the order of their ids, so that two merges wait for each other.
    """
    locked = {
        user.pk: user
        for user in User.objects.select_for_update().filter(pk__in=(keep.pk, gone.pk)).order_by("pk")
    }
    keep, gone = locked[keep.pk], locked[gone.pk]
    if found := AccountMerge.objects.filter(keep=keep, gone=gone).first():
        return found
    lineage.lock_lineage()
    if is_unused and gone.last_login:
        raise MergeRefused("signed_in")
    if refusal := find_refusal(keep, gone):
        raise MergeRefused(refusal)
    merge, named_steps = Merge(keep, gone, by), stories.find_steps_of_facts((keep.pk, gone.pk))
    for model, name in list_references():
        label = f"{model._meta.label}.{name}"
        if label in STAYS:
            continue
        if label in SECRET:
            merge.rows(model, name).delete()
            continue
        if rule := RULES.get(label):
            rule(merge)
        merge.rows(model, name).update(**{name: keep.pk})
    for table in list_memberships():
        move_memberships(merge, table)
    settle_consents(keep)
    Notice.objects.filter(phone=gone.phone).update(phone=keep.phone)
    join_accounts(keep, gone)
    made = AccountMerge.objects.create(
        keep=keep, gone=gone, made_by=by, reason=reason, dropped=to_json(merge.dropped)
    )
    AuditEntry.write(by, Verb.ACCOUNTS_MERGED, keep, place, gone=gone.pk, reason=reason)
    steps.refresh_steps([keep.pk])
    stories.rest_on_steps(keep, named_steps)
    page_cache.invalidate("shops")
    page_cache.invalidate("courses")
    page_cache.invalidate(Story.stamp_name)
    return made


def list_references() -> list[tuple[type[models.Model], str]]:
    """Return every foreign key to User of a table that is stored, as (model, name)."""
    return [
        (model, one.name)
        for model in apps.get_models()
        for one in model._meta.local_fields
        if model._meta.managed and one.remote_field and one.remote_field.model is User
    ]


def list_memberships() -> list[tuple[type[models.Model], str]]:
    """Return the tables between User and others (a class's trainers), as (model, name of the key to User)."""
    found = []
    for model in apps.get_models():
        for one in model._meta.local_many_to_many:
            through = one.remote_field.through
            if one.remote_field.model is User and through is not None:
                found.append((through, one.m2m_reverse_field_name()))
    return found


def move_memberships(merge: Merge, table: tuple[type[models.Model], str]) -> None:
    model, name = table
    [other] = [one.attname for one in model._meta.local_fields if one.remote_field and one.name != name]
    kept = model._base_manager.filter(**{name: merge.keep.pk}).values(other)
    merge.rows(model, name).filter(**{f"{other}__in": list(kept.values_list(other, flat=True))}).delete()
    merge.rows(model, name).update(**{name: merge.keep.pk})


def join_accounts(keep: User, gone: User) -> None:
    """Take over what only the second account knows of the person, and end it."""
    keep.birth_month = keep.birth_month or gone.birth_month
    keep.joined_at = min(keep.joined_at, gone.joined_at)
    keep.save(update_fields=["birth_month", "joined_at"])
    closure.end_account(gone, keep.name)


def to_json(dropped: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows as JSON holds them: dates and ids as text."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        if isinstance(value, list | tuple | set):
            return [plain(one) for one in value]
        return value if value is None or isinstance(value, bool | int | float | str) else str(value)

    return plain(dict(dropped))


def erase_merged(user: User) -> None:
    """Erase also the accounts that became a part of this one: their name in the trail (one of the setting ERASERS)."""
    for one in AccountMerge.objects.filter(keep=user).select_related("gone"):
        closure.erase_account(one.gone)
