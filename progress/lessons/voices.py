"""The recordings of a lesson that its reader may hear, as the page and the phone's store need them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import User
from courses.models import Lesson, VoicePart
from courses.voices.paragraphs import list_paragraphs
from courses.voices.services import list_film_cues
from media.models import Voice
from progress import permissions
from progress.lessons.player import format_megabytes


@dataclass(frozen=True)
class Reading:
    """One person's reading of a lesson and of its film.

    `steps`: for each paragraph the block it stands in, its text and its sound, "" where the phone's own voice reads it.
    `cues`: for each caption of the film when it begins and ends, in milliseconds, and its sound, "" where nobody says it.
    `files` and `film_files`: {address: bytes}.
    """

    name: str
    speech: str
    choice: str
    steps: list[dict]
    files: dict[str, int]
    ms: int
    cues: list[dict]
    film_files: dict[str, int]
    is_open: bool
    is_own: bool
    number: int

    @property
    def name_of_script(self) -> str:
        return f"reading-{self.number}"

    @property
    def gaps(self) -> int:
        return sum(not step["src"] for step in self.steps)

    @property
    def film_gaps(self) -> int:
        return sum(not cue["src"] for cue in self.cues)

    @property
    def minutes(self) -> int:
        return max(1, round(self.ms / 60_000))

    @property
    def bytes(self) -> int:
        return sum(self.files.values())

    @property
    def size(self) -> str:
        return format_megabytes(self.bytes)

    @property
    def film_size(self) -> str:
        return format_megabytes(sum(self.film_files.values()))


def find_parts(lesson: Lesson, user: User) -> QuerySet[VoicePart]:
    """Return the recordings that can be heard, of voices that are open and of the person's own."""
    rows = VoicePart.objects.filter(lesson_voice__lesson=lesson, voice__status=Voice.Status.READY)
    return rows.filter(Q(lesson_voice__opened_at__isnull=False) | Q(lesson_voice__speaker=user))


def list_readings(lesson: Lesson, user: User, *, only_open: bool = False) -> list[Reading]:
    """Return the readings of the lesson's present text and film, the one opened first first. One query."""
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
        said = parts[pk]
        steps, files, ms = [], {}, 0
        for paragraph in list_paragraphs(lesson.html):
            there = said.get(paragraph.digest)
            url = make_url(lesson, there.key) if there else ""
            if there:
                files[url] = there.voice.bytes
                ms += there.voice.duration_ms
            steps.append({"block": paragraph.block, "text": paragraph.text, "src": url})
        cues, film_files = [], {}
        for cue in list_film_cues(lesson):
            there = said.get(cue.digest)
            url = make_url(lesson, there.key) if there else ""
            if there:
                film_files[url] = there.voice.bytes
            cues.append({"from": cue.starts_ms, "to": cue.ends_ms, "src": url})
        if files or film_files:
            readings.append(
                Reading(
                    name=voice.shown_name,
                    speech=voice.spoken,
                    choice=f"{voice.shown_name}|{voice.speech}",
                    steps=steps,
                    files=files,
                    ms=ms,
                    cues=cues,
                    film_files=film_files,
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
