"""What the page of one submission is drawn from, for the person who looks at it."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpRequest

from accounts.models import User
from courses.models import QuickPhrase
from progress import (
    comparing,
    evidence,
    evidence_words,
    leases,
    noting,
    queueing,
    review_page,
    reviewing,
    rules,
)
from progress import second_look as second
from progress.models import Review, Submission
from progress.review_forms import NoteForm, ReviewForm
from progress.watching import clock


def page_of(request: HttpRequest, submission: Submission, **forms) -> dict:
    """What the page shows this person of it: their own draft while they hold it, else what they may read."""
    user = request.user
    written = list(submission.reviews.select_related("reviewer"))
    for each in written:
        each.submission = submission
    own = next((each for each in written if each.reviewer_id == user.pk), None)
    kind, holder = reviewing.kind_for(user, submission), leases.holder(submission)
    holds = own is not None and kind is not None and (kind == Review.Kind.PEER or holder == user)
    readable = [each for each in written if each.signed_at and rules.can_read_review(user, each)]
    leads = kind != Review.Kind.PEER and rules.can_review(user, submission)
    return {
        **said_of(submission, [own] if holds else readable, own),
        "submission": submission,
        "kind": kind,
        "holds": holds,
        "held": None if holds or kind in (None, Review.Kind.PEER) or holder in (None, user) else holder,
        "leads": leads,
        "spread": second.spread(submission.rubric_content, readable),
        "spot": queueing.spot(user, submission) if leads else None,
        "tries": comparing.others(submission) if leads else [],
        "player": film(request, submission),
        "signed": reviewing.last_signed(user),
        **(editing(user, submission, own, forms) if holds else {}),
    }


def said_of(submission: Submission, reviews: list[Review], own: Review | None = None) -> dict:
    """Of these reviews, the first of which is the one with a score; and what the program saw."""
    shown = [review_page.Shown(each, submission) for each in reviews]
    notes = list(noting.standing(reviews))
    for each in shown:
        of_it = [note for note in notes if note.review_id == each.review.pk]
        each.marks = review_page.on_line(of_it, submission, own)
    seen, content = evidence.of(submission), submission.rubric_content
    first = shown[0] if shown else None
    return {
        "shown": first,
        "others": shown[1:],
        "marks": review_page.on_line(notes, submission, own),
        "parts": review_page.parts(content, first.review.marks if first else {}, submission.self_marks, seen),
        "chips": evidence_words.chips(seen),
        "seen": seen_rows(seen),
    }


def editing(user: User, submission: Submission, own: Review, forms: dict) -> dict:
    draft = {name: getattr(own, name) for name in reviewing.FIELDS}
    course = submission.drill.course_id if submission.drill_id else None
    fresh = {"key": uuid4(), "tone": "change"}
    return {
        "form": forms.get("form") or ReviewForm(initial=draft),
        "note_form": forms.get("note_form") or NoteForm(submission=submission, user=user, initial=fresh),
        "phrases": list(QuickPhrase.objects.filter(course=course)) if course else [],
        "lacks": forms.get("lacks", []),
    }


def film(request: HttpRequest, submission: Submission) -> dict:
    """How the player begins: ?t=62; who saves data gets the small rung."""
    video, seconds = submission.video, request.GET.get("t", "")
    ready = video is not None and video.is_ready and submission.video_gone_at is None
    saver = request.headers.get("Save-Data", "").lower() == "on"
    rung = "240" if ready and (saver or not video.bytes_of("480")) else "480"
    is_time = seconds.isascii() and seconds.isdecimal() and len(seconds) < 6
    return {
        "is_ready": ready,
        "plays": ready and request.GET.get("play") == "1",
        "file": f"{rung}.mp4",
        "at": int(seconds) if is_time else 0,
        "length": clock(video.duration_ms) if ready else "",
        "is_wide": ready and video.width > video.height,
    }


def seen_rows(seen: dict) -> dict:
    """The evidence with times as people read them."""
    return {
        "items": [
            one | {"planned": clock(one["planned_ms"]), "took": clock(one["took_ms"])}
            for one in seen.get("items", [])
        ],
        "silences": [
            {"at": clock(start), "at_ms": start, "seconds": (end - start) // 1000}
            for start, end in seen.get("silences", [])
        ],
        "asked": [
            one
            | {"at": clock(one["at_ms"])}
            | {"after": None if one["after_ms"] is None else round(one["after_ms"] / 1000)}
            for one in seen.get("asked", [])
        ],
        "words": seen.get("words", []),
    }
