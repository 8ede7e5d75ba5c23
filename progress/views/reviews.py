"""A trainer's queue, and one submission with what is said of it."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateformat import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.kept import signed_in
from accounts.models import User
from accounts.second_factor import staff_page
from courses.models import Cohort, QuickPhrase
from progress import evidence, evidence_words, leases, noting, queueing, review_page, reviewing, rules
from progress import second_look as second
from progress.models import Review, Submission
from progress.review_forms import NoteForm, ReviewForm
from progress.watching import clock

ABOVE = ("user", "cohort__place", "cohort__course", "drill", "rehearsal__livestream", "video", "lease_by")


@signed_in
@staff_page
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first; ?class=3 of one class; ?show=second what waits for a second score."""
    user = request.user
    if not user.works_in_the_admin and not Cohort.objects.manageable_by(user).exists():
        raise Http404
    show, number = request.GET.get("show", ""), request.GET.get("class", "")
    waiting = queueing.classes(user)
    chosen = next((one.cohort for one in waiting if str(one.cohort.pk) == number), None)
    twice = second.waiting(user)
    rows = twice if show == "second" else queueing.queue(user, chosen)
    context = {
        "waiting": waiting,
        "count": sum(one.count for one in waiting),
        "chosen": chosen,
        "show": show,
        "page": queueing.rows_of(rows, queueing.OLDEST, request.GET.get("after", "")),
        "twice": twice.count(),
        "now": timezone.now(),
    }
    if show == "second":
        context["spreads"] = second.spreads(user)
        context["mean"] = second.mean(context["spreads"])
    return render(request, "progress/review_list.html", context)


def found(user: User, key: UUID) -> Submission:
    """For who leads its class or was given it; nobody's own, and to all others it is not there."""
    submission = get_object_or_404(Submission.objects.select_related(*ABOVE), key=key)
    if submission.user_id == user.pk or not rules.can_watch_submission(user, submission):
        raise Http404
    return submission


@signed_in
@staff_page
@require_safe
def review(request: HttpRequest, key: UUID) -> HttpResponse:
    mine = Submission.objects.filter(key=key, user=request.user)
    if mine.exists():
        return redirect("progress:submission", key)
    submission = found(request.user, key)
    return render(request, "progress/review_show.html", page_of(request, submission))


def page_of(request: HttpRequest, submission: Submission, **forms) -> dict:
    """What the page shows this person of it: their own draft while they hold it, else what they may read."""
    user = request.user
    written = list(submission.reviews.select_related("reviewer"))
    for each in written:
        each.submission = submission
    own = next((each for each in written if each.reviewer_id == user.pk), None)
    kind = reviewing.kind_for(user, submission)
    holder = leases.holder(submission)
    holds = own is not None and kind is not None and (kind == Review.Kind.PEER or holder == user)
    readable = [each for each in written if each.signed_at and rules.can_read_review(user, each)]
    shown = (
        [review_page.Shown(own, submission)]
        if holds
        else [review_page.Shown(each, submission) for each in readable]
    )
    notes = list(noting.standing([each.review for each in shown]))
    for each in shown:
        of_it = [note for note in notes if note.review_id == each.review.pk]
        each.marks = review_page.on_line(of_it, submission, own)
    seen = evidence.of(submission)
    first = shown[0] if shown else None
    leads = kind != Review.Kind.PEER and rules.can_review(user, submission)
    return {
        "submission": submission,
        "shown": first,
        "others": shown[1:],
        "marks": review_page.on_line(notes, submission, own),
        "parts": review_page.parts(
            submission.rubric_content,
            first.review.marks if first else {},
            submission.self_marks,
            seen,
        ),
        "kind": kind,
        "holds": holds,
        "held": None if holds or kind in (None, Review.Kind.PEER) or holder in (None, user) else holder,
        "leads": leads,
        "spread": second.spread(submission.rubric_content, readable),
        "chips": evidence_words.chips(seen),
        "seen": seen_rows(seen),
        "spot": queueing.spot(user, submission) if leads else None,
        "tries": tries(submission) if leads else [],
        "player": film(request, submission),
        **(editing(request, submission, own, forms) if holds else {}),
    }


def editing(request: HttpRequest, submission: Submission, own: Review, forms: dict) -> dict:
    draft = {name: getattr(own, name) for name in reviewing.FIELDS}
    course = submission.drill.course_id if submission.drill_id else None
    return {
        "form": forms.get("form") or ReviewForm(initial=draft),
        "note_form": forms.get("note_form")
        or NoteForm(submission=submission, user=request.user, initial={"key": uuid4(), "tone": "change"}),
        "phrases": list(QuickPhrase.objects.filter(course=course)) if course else [],
        "lacks": forms.get("lacks", []),
    }


def tries(submission: Submission) -> list[Submission]:
    """This person's other tries of the same drill, the newest first."""
    same = Submission.objects.filter(user=submission.user_id, drill=submission.drill_id)
    return list(same.exclude(pk=submission.pk).only("key", "number").order_by("-number")[:5])


def film(request: HttpRequest, submission: Submission) -> dict:
    """How the player begins: ?t=62; who saves data gets the small rung."""
    video, seconds = submission.video, request.GET.get("t", "")
    ready = video is not None and video.is_ready and submission.video_gone_at is None
    saver = request.headers.get("Save-Data", "").lower() == "on"
    rung = "240" if ready and (saver or not video.bytes_of("480")) else "480"
    is_time = seconds.isascii() and seconds.isdecimal() and len(seconds) < 6
    return {
        "is_ready": ready,
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


@signed_in
@staff_page
@require_POST
def review_take(request: HttpRequest, key: UUID) -> HttpResponse:
    """Opens it for oneself; another's lock is told with its end."""
    submission = found(request.user, key)
    try:
        reviewing.begin(request.user, submission)
    except leases.Held as held:
        messages.warning(request, told_held(held))
    except reviewing.NothingToReview:
        messages.info(request, _("这一份已经点评好了。"))
    return redirect("progress:review", key)


def told_held(held: leases.Held) -> str:
    until = time_format(timezone.localtime(held.until), "H:i")
    return _("%(name)s正在看这一份，%(until)s 以后没动静您再接手。") % {"name": held.by.name, "until": until}


@signed_in
@staff_page
@require_POST
def review_release(request: HttpRequest, key: UUID) -> HttpResponseRedirect:
    """Back into the queue; the draft stays with its author."""
    if leases.give_back(request.user, found(request.user, key)):
        messages.success(request, _("放回去了，草稿还在。"))
    return redirect("progress:reviews")
