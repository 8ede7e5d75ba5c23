"""Write a person's story, ask the person, publish it with their consent, and take it off when they withdraw.

What is public is decided when it is read (StoryQuerySet.open_for): the confirmation, a consent for this use that has not
ended, and evidence that still stands. Every write moves the stamp of the public pages.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import consents
from accounts.models import AuditEntry, Consent, Membership, Place, User
from courses.authoring.checks import check_wording
from media import cleanup
from media.models import Photo
from programme import notices
from programme.audit import Verb
from programme.exceptions import NotAllowed
from programme.models import Step, Story, StoryConsent, StoryFact
from ui.responses import page_cache

Use = StoryConsent.Use
# Beside a contact a story is an advertisement (互联网广告管理办法 §9): numbers to call, names to add, codes to scan.
CONTACT = re.compile(r"(?:\d[\s-]?){7,}|微信|[Qq]{2}|加我|打电话|扫码|二维码|下单|私信|[Ww]e[Cc]hat|WhatsApp")
Facts = Iterable[tuple[Step, str]]


def find_place(writer: User, person: User) -> Place | None:
    """Return the place of the person's first role below a place that this organiser holds; None if there is none."""
    held = Place.objects.held_by(writer, Membership.Role.ORGANISER)
    roles = Membership.objects.granted().filter(
        user=person, role__in=Membership.VILLAGE_ROLES, place__in=held
    )
    first = roles.select_related("place").order_by("pk").first()
    return first.place if first else None


def list_steps(person: User) -> list[Step]:
    return list(Step.objects.valid().filter(user=person).order_by("reached_at", "pk"))


@transaction.atomic
def write_story(story: Story, *, title: str, text: str, photo: Photo | None, facts: Facts, by: User) -> Story:
    """Store a story as it now reads; it is not public any more until its person confirms it again."""
    before = story.photo_id
    story.title, story.text, story.photo = title, text, photo
    story.written_by, story.written_at = by, timezone.now()
    story.asked_at = story.confirmed_at = None
    story.save()
    story.facts.all().delete()
    StoryFact.objects.bulk_create(
        StoryFact(story=story, on=timezone.localdate(step.reached_at), text=sentence, step=step)
        for step, sentence in facts
    )
    if before and before != story.photo_id:
        cleanup.release_photo(before)
    page_cache.invalidate(Story.stamp_name)
    return story


def list_problems(story: Story) -> list[str]:
    """Return what keeps the story from being shown: forbidden words, a contact, or no fact with evidence that stands."""
    facts = list(story.facts.select_related("step"))
    problems = [] if facts else [_("至少讲一件有依据的事。")]
    if any(fact.step is None or fact.step.taken_back_at for fact in facts):
        problems.append(_("有一件事的依据收回了，改一改再请本人看。"))
    texts = (story.title, story.text, *(fact.text for fact in facts))
    if any(CONTACT.search(text) for text in texts):
        problems.append(_("故事里不留电话、微信、二维码，也不写怎么买。"))
    for text in texts:
        problems += [message for message, blocks in check_wording(text) if blocks]
    return problems


@transaction.atomic
def ask_person(story: Story, by: User) -> None:
    """Ask the person to read and confirm the story. Raises NotAllowed with what has to be mended first."""
    if problems := list_problems(story):
        raise NotAllowed(problems)
    story.asked_at, story.confirmed_at, story.withdrawn_at = timezone.now(), None, None
    story.save()
    notices.write_story_notice(story)
    AuditEntry.write(by, Verb.STORY_ASKED, story, story.place, title=story.title)


@transaction.atomic
def confirm_story(story: Story, uses: Mapping[str, datetime.date], read_at: datetime.datetime) -> None:
    """Record the person's consent for each use until its day, in place of what they agreed to before.

    Raises NotAllowed if the story was changed after the person read it (`read_at` is when it was asked), or does not hold.
    """
    row = Story.objects.select_for_update().get(pk=story.pk)
    if row.asked_at is None or row.asked_at != read_at:
        raise NotAllowed([_("故事刚改过，重新看一遍。")])
    if problems := list_problems(row):
        raise NotAllowed(problems)
    now = timezone.now()
    row.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    StoryConsent.objects.bulk_create(
        StoryConsent(story=row, use=use, until=until, given_at=now) for use, until in uses.items()
    )
    consents.give(row.person, Consent.Kind.PUBLIC_STORY)
    row.confirmed_at, row.withdrawn_at = now, None
    row.save()
    AuditEntry.write(row.person, Verb.STORY_CONFIRMED, row, row.place, uses=", ".join(sorted(uses)))


def find_steps_of_facts(people: Collection[int]) -> dict[int, str]:
    """Return by the id of each fact of these people's stories the name of the step that shows it and stands."""
    facts = StoryFact.objects.filter(story__person__in=people, step__taken_back_at__isnull=True)
    return dict(facts.filter(step__isnull=False).order_by().values_list("pk", "step__step"))


def rest_on_steps(person: User, named_steps: Mapping[int, str]) -> None:
    """Let facts rest on the person's steps of these names as they stand now, with the days of those steps.

    For two accounts that became one: the same steps were computed again, perhaps from earlier evidence of the other account.
    A fact whose step the person no longer has is left as it is, and its story is not shown.
    """
    standing = {step.step: step for step in Step.objects.valid().filter(user=person)}
    facts = StoryFact.objects.filter(pk__in=named_steps, story__person=person)
    for fact in facts:
        if (step := standing.get(named_steps[fact.pk])) and step.pk != fact.step_id:
            fact.step, fact.on = step, timezone.localdate(step.reached_at)
            fact.save(update_fields=["step", "on"])


@transaction.atomic
def withdraw_story(story: Story) -> None:
    """Withdraw all consents of a story: from now on it is nowhere to be seen. A second call changes nothing.

    Its photo is deleted in every size, because whoever has noted its address could still open it.
    """
    row = Story.objects.select_for_update().get(pk=story.pk)
    if row.withdrawn_at:
        return
    now = timezone.now()
    row.consents.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
    photo, row.photo = row.photo_id, None
    row.withdrawn_at, row.confirmed_at = now, None
    row.save()
    if photo:
        cleanup.release_photo(photo)
    AuditEntry.write(row.person, Verb.STORY_WITHDRAWN, row, row.place)


def withdraw_own(person: User, kind: str) -> None:
    """Withdraw all stories of a person who no longer wants to be named in public (the setting CONSENT_WITHDRAWN)."""
    if kind != Consent.Kind.PUBLIC_STORY:
        return
    for story in Story.objects.filter(person=person, confirmed_at__isnull=False):
        withdraw_story(story)


def refresh_public_stories() -> int:
    """Move the stamp of the public pages if a fact of a public story has lost its evidence, and delete the photos of stories
    whose last consent has ended: a round of the worker. Return how many lost their evidence.
    """
    release_ended_photos()
    lost = StoryFact.objects.filter(
        step__taken_back_at__isnull=False, story__confirmed_at__isnull=False, story__withdrawn_at__isnull=True
    )
    stories = set(lost.order_by().values_list("story", flat=True))
    if stories:
        Story.objects.filter(pk__in=stories).update(confirmed_at=None)
        page_cache.invalidate(Story.stamp_name)
    return len(stories)


@transaction.atomic
def release_ended_photos() -> None:
    """Delete the photos of stories that were confirmed and may be used for nothing any more, as their days are over."""
    good = StoryConsent.objects.filter(
        story=OuterRef("pk"), withdrawn_at__isnull=True, until__gte=timezone.localdate()
    )
    ended = Story.objects.filter(~Exists(good), confirmed_at__isnull=False, photo__isnull=False)
    for pk, photo in list(ended.values_list("pk", "photo")):
        Story.objects.filter(pk=pk).update(photo=None)
        cleanup.release_photo(photo)
