"""The recordings of a lesson that its reader may hear, as the page and the phone's store need them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from courses.models import Lesson, VoicePart
from courses.voices.paragraphs import list_paragraphs
from media.models import Voice
from progress import permissions
from progress.lessons.player import format_megabytes


@dataclass(frozen=True)
class Reading:
    """One person's reading of a lesson. `steps`: for each paragraph the block it stands in, its text and its sound, "" where
    the phone's own voice reads it. `files`: {address: bytes}.
    """

    name: str
    speech: str
    steps: list[dict]
    files: dict[str, int]
    ms: int
    gaps: int
    is_open: bool
    is_own: bool

    number: int

    @property
    def name_of_script(self) -> str:
        return f"reading-{self.number}"

    @property
    def minutes(self) -> int:
        return max(1, round(self.ms / 60_000))

    @property
    def size(self) -> str:
        return format_megabytes(sum(self.files.values()))


def find_parts(lesson: Lesson, user: User) -> QuerySet[VoicePart]:
    """Return the recordings that can be heard, of voices that are open and of the person's own."""
    rows = VoicePart.objects.filter(lesson_voice__lesson=lesson, voice__status=Voice.Status.READY)
    return rows.filter(Q(lesson_voice__opened_at__isnull=False) | Q(lesson_voice__speaker=user))


def list_readings(lesson: Lesson, user: User, *, only_open: bool = False) -> list[Reading]:
    """Return the readings of the lesson's present text, the one opened first first. One query."""
    rows = find_parts(lesson, user).select_related("lesson_voice", "voice")
    if only_open:
        rows = rows.filter(lesson_voice__opened_at__isnull=False)
    voices: dict = {}
    parts: dict[int, dict[str, VoicePart]] = {}
    for part in rows.order_by("lesson_voice__opened_at", "lesson_voice_id"):
        voices[part.lesson_voice_id] = part.lesson_voice
        parts.setdefault(part.lesson_voice_id, {})[part.digest] = part
    readings: list[Reading] = []
    for pk, voice in voices.items():
        steps, files, ms = [], {}, 0
        for paragraph in list_paragraphs(lesson.html):
            there = parts[pk].get(paragraph.digest)
            url = make_url(lesson, there.key) if there else ""
            if there:
                files[url] = there.voice.bytes
                ms += there.voice.duration_ms
            steps.append({"block": paragraph.block, "text": paragraph.text, "src": url})
        if files:
            gaps = sum(not step["src"] for step in steps)
            readings.append(
                Reading(
                    name=voice.shown_name,
                    speech=voice.spoken,
                    steps=steps,
                    files=files,
                    ms=ms,
                    gaps=gaps,
                    is_open=voice.is_open,
                    is_own=voice.speaker_id == user.pk,
                    number=len(readings) + 1,
                )
            )
    return readings


def make_url(lesson: Lesson, key: UUID) -> str:
    return reverse("progress:lesson_voice", args=[lesson.pk, key])


def find_sound(user: User, lesson_pk: int, key: UUID) -> Voice | None:
    """Return a recording for its speaker, and, while it is open, for who may watch the lesson; None for everybody else."""
    if not user.is_authenticated:
        return None
    rows = VoicePart.objects.select_related("voice", "lesson_voice__lesson__module__course__place")
    part = rows.filter(lesson_voice__lesson=lesson_pk, key=key).first()
    if part is None:
        return None
    voice = part.lesson_voice
    may_hear = voice.speaker_id == user.pk or (voice.is_open and permissions.can_watch(user, voice.lesson))
    return part.voice if may_hear else None
