"""Build what the review pages show of one submission and its reviews."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from uuid import uuid4

from django.http import HttpRequest, QueryDict

from accounts.models import User
from accounts.requests import SignedInRequest
from courses.models import QuickPhrase
from progress.lessons.player import format_clock
from rehearsals import permissions, scoring
from rehearsals.leases import get_lease_holder
from rehearsals.models import Review, Submission, TimedNote
from rehearsals.reviews import comparison, evidence, review_queue, services
from rehearsals.reviews import double_scoring as second
from rehearsals.reviews import notes as noting
from rehearsals.reviews.forms import LONGEST_MS, NoteForm, ReviewForm

CSS = {QuickPhrase.Tone.KEEP: "keep", QuickPhrase.Tone.CHANGE: "fix", QuickPhrase.Tone.STOP: "stop"}


def format_half(points: int) -> str:
    return str(points // 2) if points % 2 == 0 else f"{points / 2:.1f}"


@dataclass(frozen=True)
class Level:
    code: str
    points: str
    is_on: bool
    words: str = ""


@dataclass(frozen=True)
class CriterionRow:
    """One criterion with its levels; `at_ms` is the moment of the film at which it was marked, if it was marked while playing."""

    code: str
    title: str
    levels: list[Level]
    seen: str
    own: str
    at_ms: int | None = None

    @property
    def at(self) -> str:
        return "" if self.at_ms is None else format_clock(self.at_ms)

    @property
    def seconds(self) -> int:
        return (self.at_ms or 0) // 1000

    @property
    def level(self) -> str:
        return next((level.code for level in self.levels if level.is_on), "")


@dataclass(frozen=True)
class Part:
    """One dimension, which can be marked by one tap. `level` is that of all its lines, "" if they differ or some have none.

    `label` is its title in a few characters, for a button.
    """

    number: int
    title: str
    label: str
    points: int
    earned: int
    own: int
    marked: int
    lines: list[CriterionRow]
    is_gate: bool = False

    @property
    def level(self) -> str:
        found = {line.level for line in self.lines}
        return found.pop() if len(found) == 1 else ""

    @property
    def levels(self) -> list[Level]:
        return build_levels(self.points, self.level)

    @property
    def line(self) -> CriterionRow | None:
        """Return its only line; None if there are several."""
        return self.lines[0] if len(self.lines) == 1 else None

    @property
    def is_whole(self) -> bool:
        return self.marked == len(self.lines)

    @property
    def is_mixed(self) -> bool:
        return self.marked > 0 and not self.level

    @property
    def seen(self) -> str:
        """Return the first measurement about any of the lines."""
        return next((line.seen for line in self.lines if line.seen), "")


def build_levels(points: int, level: str, words: dict | None = None) -> list[Level]:
    worth = {"none": "0", "half": format_half(points), "full": str(points)}
    words = words or {}
    return [Level(code, worth[code], code == level, words.get(code, "")) for code in scoring.LEVELS]


def build_parts(submission: Submission, review: Review | None, seen: dict) -> list[Part]:
    """Return the dimensions in the review's form, with the owner's own marks, which are given in the long form."""
    whole = submission.rubric_content
    content = review.rubric if review else whole
    sentences = evidence.describe_criteria(seen)
    marks, stamps = (
        scoring.clean_marks(content, review.marks if review else {}),
        review.stamps if review else {},
    )
    own = scoring.clean_marks(whole, submission.self_marks)
    mine = {one.title: one for one in scoring.calculate_dimensions(whole, own)}
    gate = (content.get("gate") or {}).get("criterion")
    labels = list_labels(whole)
    found = []
    for number, one in enumerate(scoring.calculate_dimensions(content, marks)):
        theirs = mine.get(one.title)
        lines = []
        for row in one.criteria:
            code = row["code"]
            # A line of the short form is about all lines that its dimension has in the long one.
            about = [each["code"] for each in theirs.criteria] if theirs and content is not whole else [code]
            chosen = dict.fromkeys(sentences[each] for each in about if each in sentences)
            given = {own.get(each, "") for each in about}
            lines.append(
                CriterionRow(
                    code,
                    row["title"],
                    build_levels(row["points"], marks.get(code, ""), row),
                    " · ".join(chosen),
                    given.pop() if len(given) == 1 else "",
                    stamps.get(code),
                )
            )
        facts = (one.points, one.earned, theirs.earned if theirs else 0, one.marked)
        is_gate = any(line.code == gate for line in lines)
        found.append(Part(number, one.title, labels.get(one.title, one.title), *facts, lines, is_gate))
    return found


def list_labels(content: dict) -> dict[str, str]:
    """Return the short form's label of each dimension by its title."""
    short = (content.get("short") or {}).get("criteria") or []
    return {one["dimension"]: one["label"] for one in short if "dimension" in one and "label" in one}


def parse_marks(data: QueryDict, content: dict, saved: dict) -> dict[str, str]:
    """Read the marks of a form.

    A line's own mark counts. The mark of a whole part counts if it was changed and its lines were not, which is what a
    browser without scripts sends.
    """
    found: dict[str, str] = {}
    saved = scoring.clean_marks(content, saved)
    for number, one in enumerate(scoring.calculate_dimensions(content, saved)):
        codes = [row["code"] for row in one.criteria]
        given = {code: data[f"mark-{code}"] for code in codes if data.get(f"mark-{code}") in scoring.LEVELS}
        stood = {code: saved[code] for code in codes if code in saved}
        whole = data.get(f"part-{number}")
        was = set(stood.values()) if len(stood) == len(codes) else set()
        if whole in scoring.LEVELS and given == stood and was != {whole}:
            given = dict.fromkeys(codes, whole)
        found |= given
    return found


def parse_stamps(data: QueryDict, content: dict) -> dict[str, int]:
    """Read at which milliseconds of the film marks were given; what is no such number is left out."""
    found = {}
    for one in scoring.list_criteria(content):
        given = data.get(f"at-{one['code']}", "")
        if given.isascii() and given.isdecimal() and len(given) < 10 and int(given) <= LONGEST_MS:
            found[one["code"]] = int(given)
    return found


@dataclass(frozen=True)
class PlacedNote:
    """A note with its position on the film's timeline."""

    note: TimedNote
    title: str
    percent: float
    is_mine: bool = False

    @property
    def css(self) -> str:
        return CSS[TimedNote.Tone(self.note.tone)]

    @property
    def at(self) -> str:
        return format_clock(self.note.at_ms)

    @property
    def until(self) -> str:
        return format_clock(self.note.until_ms) if self.note.until_ms is not None else ""

    @property
    def seconds(self) -> int:
        return self.note.at_ms // 1000


def place_notes(
    notes: list[TimedNote], submission: Submission, mine: Review | None = None
) -> list[PlacedNote]:
    titles = {one["code"]: one["title"] for one in scoring.list_criteria(submission.rubric_content)}
    length = max(submission.video.duration_ms if submission.video else 0, 1)
    return [
        PlacedNote(
            note,
            titles.get(note.criterion, ""),
            round(min(note.at_ms * 100 / length, 100), 2),
            mine is not None and note.review_id == mine.pk and mine.signed_at is None,
        )
        for note in notes
    ]


@dataclass
class ShownReview:
    """One signed review or draft as a page shows it."""

    review: Review
    submission: Submission
    marks: list[PlacedNote] = field(default_factory=list)

    @cached_property
    def score(self) -> scoring.Score:
        return services.calculate_score(self.review)

    @property
    def total(self) -> int:
        """Return the signed total, or that of the draft so far."""
        signed = self.review.total if self.review.signed_at else None
        return self.score.total if signed is None else signed

    @property
    def is_short(self) -> bool:
        return self.review.rubric is not self.submission.rubric_content

    @property
    def grade(self) -> scoring.Grade | None:
        return scoring.grade(self.submission.rubric_content, self.total)

    @property
    def counted(self) -> tuple[int, int]:
        """Number of parts, and of those scored."""
        found = self.score.dimensions
        return len(found), sum(one.marked == len(one.criteria) for one in found)

    @property
    def left(self) -> int:
        """Number of parts with a line that has no mark yet."""
        return self.counted[0] - self.counted[1]

    @property
    def rest(self) -> list[Level]:
        """Return the levels that one button gives to all lines without a mark."""
        return build_levels(0, "")


# --- the context of the page ---


def get_page_context(request: SignedInRequest, submission: Submission, **forms) -> dict:
    """Return the context for this person: their own draft while they hold it, else what they may read."""
    user = request.user
    written = list(submission.reviews.select_related("reviewer"))
    for each in written:
        each.submission = submission
    own = next((each for each in written if each.reviewer_id == user.pk), None)
    kind, holder = services.get_review_kind(user, submission), get_lease_holder(submission)
    held = own if kind is not None and (kind == Review.Kind.PEER or holder == user) else None
    readable = [each for each in written if each.signed_at and permissions.can_read_review(user, each)]
    leads = kind != Review.Kind.PEER and permissions.can_review(user, submission)
    return {
        **get_reviews_context(submission, [held] if held else readable, own),
        "submission": submission,
        "kind": kind,
        "holds": held is not None,
        "held": None if held or kind in (None, Review.Kind.PEER) or holder in (None, user) else holder,
        "leads": leads,
        "guides": kind == Review.Kind.PEER and permissions.is_mentor(user, submission),
        "spread": second.calculate_spread(readable),
        "spot": review_queue.get_position(user, submission) if leads else None,
        "tries": comparison.list_other_tries(submission) if leads else [],
        "player": get_film_context(request, submission),
        "signed": services.find_retractable(user),
        **(get_draft_context(user, submission, held, forms) if held else {}),
    }


def get_reviews_context(submission: Submission, reviews: list[Review], own: Review | None = None) -> dict:
    """Return the context of these reviews, the first of which has the score, and of the evidence."""
    shown = [ShownReview(each, submission) for each in reviews]
    notes = list(noting.find_notes(reviews))
    for each in shown:
        of_it = [note for note in notes if note.review_id == each.review.pk]
        each.marks = place_notes(of_it, submission, own)
    seen = evidence.get_evidence(submission)
    first = shown[0] if shown else None
    return {
        "shown": first,
        "others": shown[1:],
        "marks": place_notes(notes, submission, own),
        "parts": build_parts(submission, first.review if first else None, seen),
        "chips": evidence.list_chips(seen),
        "seen": format_evidence(seen),
    }


def get_draft_context(user: User, submission: Submission, own: Review, forms: dict) -> dict:
    draft = {name: getattr(own, name) for name in services.DRAFT_FIELDS}
    course = submission.drill.course_id if submission.drill else None
    fresh = {"key": uuid4(), "tone": "change"}
    return {
        "form": forms.get("form") or ReviewForm(initial=draft),
        "note_form": forms.get("note_form") or NoteForm(submission=submission, user=user, initial=fresh),
        "phrases": list(QuickPhrase.objects.filter(course=course)) if course else [],
        "missing": forms.get("missing", []),
        "other_form": get_other_form(own),
    }


def get_other_form(review: Review) -> dict | None:
    """Return the other form of the rubric, with the number of its lines; None if the rubric has only one."""
    content = review.submission.rubric_content
    if not scoring.has_short_form(content):
        return None
    form = Review.Form.SHORT if review.form == Review.Form.LONG else Review.Form.LONG
    return {"code": form.value, "count": len(scoring.list_criteria(scoring.get_form(content, form)))}


def get_film_context(request: HttpRequest, submission: Submission) -> dict:
    """Return how the player begins: ?t=62; who saves data gets the small rendition."""
    video, seconds = submission.video, request.GET.get("t", "")
    ready = video if video is not None and video.is_ready and submission.video_gone_at is None else None
    saver = request.headers.get("Save-Data", "").lower() == "on"
    rendition = "240" if ready and (saver or not ready.bytes_of("480")) else "480"
    is_time = seconds.isascii() and seconds.isdecimal() and len(seconds) < 6
    return {
        "is_ready": ready is not None,
        "plays": ready is not None and request.GET.get("play") == "1",
        "file": f"{rendition}.mp4",
        "at": int(seconds) if is_time else 0,
        "length": format_clock(ready.duration_ms) if ready else "",
        "is_wide": ready is not None and ready.width > ready.height,
    }


def format_evidence(seen: dict) -> dict:
    """Return the evidence with times as people read them."""
    return {
        "items": [
            one | {"planned": format_clock(one["planned_ms"]), "took": format_clock(one["took_ms"])}
            for one in seen.get("items", [])
        ],
        "silences": [
            {"at": format_clock(start), "at_ms": start, "seconds": (end - start) // 1000}
            for start, end in seen.get("silences", [])
        ],
        "asked": [
            one
            | {"at": format_clock(one["at_ms"])}
            | {"after": None if one["after_ms"] is None else round(one["after_ms"] / 1000)}
            for one in seen.get("asked", [])
        ],
        "words": seen.get("words", []),
    }
