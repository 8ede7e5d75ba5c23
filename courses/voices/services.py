"""Keep the recordings of a lesson's paragraphs, and open or withdraw them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Lesson, LessonVoice, VoicePart
from courses.voices.film import Cue, list_cues, measure_excess
from courses.voices.paragraphs import Paragraph, list_paragraphs
from media.models import Voice
from outbox.protocol import clamp_moment

# More noise than this many decibels below the speech is said to who records.
QUIET_DB = 15
MOST_DB = 120


class Row(NamedTuple):
    """A paragraph, or a line of the film, with its recording, if there is one that can be heard or is being made.

    `excess`: by how many seconds it lasts longer than its picture.
    """

    paragraph: Paragraph | Cue
    part: VoicePart | None
    problem: str
    excess: int = 0


def begin_voice(user: User, lesson: Lesson, speech: str, shown_name: str) -> LessonVoice:
    """Return this person's voice of the lesson in that way of speaking, begun now if there is none; the name is the new one."""
    row, _is_new = LessonVoice.objects.update_or_create(
        lesson=lesson, speaker=user, speech=speech, defaults={"shown_name": shown_name}
    )
    return row


def list_film_cues(lesson: Lesson) -> tuple[Cue, ...]:
    """Return what is said over the lesson's film; nothing while it cannot be played."""
    return list_cues(lesson.captions) if lesson.video and lesson.video.is_ready else ()


def list_rows(voice: LessonVoice, lesson: Lesson, *, of_film: bool = False) -> list[Row]:
    """Return each paragraph once, or each line of the film, with its recording. One query."""
    parts = {part.digest: part for part in voice.parts.select_related("voice")}
    wanted: Iterable[Paragraph | Cue] = list_film_cues(lesson) if of_film else list_paragraphs(lesson.html)
    rows: dict[str, Row] = {}
    for one in wanted:
        if one.digest in rows:
            continue
        part = parts.get(one.digest)
        if part is None:
            rows[one.digest] = Row(one, None, "")
        elif part.voice.status == Voice.Status.FAILED:
            rows[one.digest] = Row(one, None, part.voice.problem)
        else:
            excess = measure_excess(one, part.voice.duration_ms) if isinstance(one, Cue) else 0
            rows[one.digest] = Row(one, part, "", excess)
    return list(rows.values())


def keep_part(
    voice: LessonVoice,
    lesson: Lesson,
    digest: str,
    media_key: str,
    key: UUID,
    *,
    noise_db: int | None = None,
    at: datetime | None = None,
) -> VoicePart | None:
    """Store the recording of a paragraph in place of an older one; a second copy changes nothing.

    None if neither the lesson nor its film has such a paragraph any more. Raises ValidationError for a recording that is not
    this person's.
    """
    wanted = {one.digest for one in list_paragraphs(lesson.html)}
    if digest not in wanted | {one.digest for one in list_cues(lesson.captions)}:
        return None
    recorded_at = clamp_moment(at, timezone.now())
    with transaction.atomic():
        LessonVoice.objects.select_for_update().get(pk=voice.pk)
        there = voice.parts.filter(digest=digest).first()
        if there and (there.key == key or there.recorded_at > recorded_at):
            return there
        if VoicePart.objects.filter(key=key).exists():
            raise ValidationError(_("这段录音是别处的，再录一次"), code="elsewhere")
        sound = Voice.objects.filter(owner=voice.speaker, key=media_key).first()
        if sound is None:
            raise ValidationError(_("录音没找到，再录一次"), code="missing")
        facts = {"key": key, "voice": sound, "noise_db": noise_db, "recorded_at": recorded_at}
        part, _is_new = VoicePart.objects.update_or_create(lesson_voice=voice, digest=digest, defaults=facts)
    return part


def open_voice(voice: LessonVoice) -> None:
    """Let trainees hear it. Raises ValidationError while nothing is recorded."""
    if not voice.parts.exists():
        raise ValidationError(_("一段都还没录，先录一段。"), code="empty")
    LessonVoice.objects.filter(pk=voice.pk, opened_at__isnull=True).update(
        opened_at=timezone.now(), closed_at=None
    )


def withdraw_voice(voice: LessonVoice) -> None:
    LessonVoice.objects.filter(pk=voice.pk, opened_at__isnull=False).update(
        opened_at=None, closed_at=timezone.now()
    )


def delete_voice(voice: LessonVoice) -> None:
    """Delete the recordings; media.cleanup deletes the files that nothing uses any more."""
    voice.delete()


def list_own(user: User, lesson: Lesson) -> list[LessonVoice]:
    """Return this person's voices of the lesson, the one begun last first."""
    return list(LessonVoice.objects.filter(lesson=lesson, speaker=user).order_by(F("begun_at").desc(), "-id"))
