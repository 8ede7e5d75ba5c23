"""Export a course: as a document, and as one zip of course.json and media/<sha256>.<extension>, each file once.

Exporting it again after an import gives the same document.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable
from typing import BinaryIO

from django.core.files.storage import Storage, default_storage, storages

from courses.import_export.cases import export_cases
from courses.import_export.document import FORMAT, VERSION, Document, serialize
from courses.import_export.drills import export_drills, export_phrases
from courses.import_export.plans import export_plan
from courses.models import Course, Lesson, Module, Question, Quiz
from media.models import Photo, Video

KeyOf = Callable[[Photo | Video], str]


def export_course(course: Course, key_of: KeyOf) -> Document:
    """Return the document without its `media`; photos and videos are named by `key_of`. Eighteen queries."""
    modules = list(
        course.modules.order_by("position", "id").prefetch_related(
            "needs",
            "needs_quiz",
            "assignments",
            "lessons__pictures__photo",
            "lessons__video",
            "lessons__plan",
        )
    )
    places: dict[int | None, int] = {module.pk: place for place, module in enumerate(modules)}
    codes: dict[int | None, str] = {
        lesson.pk: code
        for module in modules
        for lesson, code in assign_codes(sorted(module.lessons.all(), key=lambda one: (one.position, one.pk)))
    }
    banks = course.banks.prefetch_related("questions__objective", "questions__pictures__photo")
    return {
        "format": FORMAT,
        "version": VERSION,
        "course": {
            "slug": course.slug,
            "title": course.title,
            "language": course.language,
            "summary": course.summary,
            "audience": course.audience,
            "state": course.state,
            "cover": key_of(course.cover) if course.cover and course.cover.is_ready else "",
        },
        "objectives": [
            {
                "code": one.code,
                "text": one.text,
                "module": places.get(one.module_id),
                "is_key": one.is_key,
                "weight": one.weight,
            }
            for one in course.objectives.order_by("code")
        ],
        "modules": [export_module(module, places, codes, key_of) for module in modules],
        "banks": [
            {
                "code": bank.code,
                "title": bank.title,
                "questions": [export_question(question, key_of) for question in bank.questions.all()],
            }
            for bank in banks.order_by("code")
        ],
        "quizzes": [
            export_quiz(quiz, places, codes)
            for quiz in course.quizzes.select_related("bank").order_by("code")
        ],
        "rubrics": [{"title": one.title, "content": one.content} for one in course.rubrics.order_by("title")],
        "drills": export_drills(course),
        "phrases": export_phrases(course),
        "cases": export_cases(course, places),
        "media": {},
    }


def assign_codes(lessons: Iterable[Lesson]) -> list[tuple[Lesson, str]]:
    """Return each lesson with its code; one without gets a code from its position that no other has."""
    lessons = list(lessons)
    used = {lesson.code for lesson in lessons}
    given = []
    for number, lesson in enumerate(lessons, 1):
        code = lesson.code or f"lesson-{number}"
        while not lesson.code and code in used:
            code += "x"
        used.add(code)
        given.append((lesson, code))
    return given


def export_module(
    module: Module, places: dict[int | None, int], codes: dict[int | None, str], key_of: KeyOf
) -> dict:
    lessons = sorted(module.lessons.all(), key=lambda one: (one.position, one.pk))
    return {
        "number": module.number,
        "title": module.title,
        "summary": module.summary,
        "hours": module.hours,
        "proof": module.proof,
        "always_taught": module.always_taught,
        "opens_on": module.opens_on.isoformat() if module.opens_on else None,
        "needs": sorted(places[one.pk] for one in module.needs.all() if one.pk in places),
        "needs_quiz": sorted(
            quiz.code for quiz in module.needs_quiz.all() if quiz.course_id == module.course_id
        ),
        "lessons": [export_lesson(lesson, codes[lesson.pk], key_of) for lesson in lessons],
        "assignments": [
            {name: getattr(task, name) for name in ("title", "text", "hand_in", "minutes", "criteria")}
            | ({"code": task.code} if task.code else {})
            for task in sorted(module.assignments.all(), key=lambda one: (one.position, one.pk))
        ],
    }


def export_lesson(lesson: Lesson, code: str, key_of: KeyOf) -> dict:
    """Export a lesson, without pictures and videos that are still being processed or have failed."""
    names = ("title", "minutes", "do_now", "body", "captions", "watch_share", "state")
    pictures = [picture for picture in lesson.pictures.all() if picture.photo.is_ready]
    plan = getattr(lesson, "plan", None)
    return (
        {name: getattr(lesson, name) for name in names}
        | ({"plan": export_plan(plan)} if plan else {})
        | {
            "code": code,
            "phrases": [part for part in lesson.phrases.split("|") if part],
            "video": key_of(lesson.video) if lesson.video and lesson.video.is_ready else "",
            "pictures": [
                {"name": picture.name, "alt": picture.alt, "photo": key_of(picture.photo)}
                for picture in pictures
            ],
        }
    )


def export_question(question: Question, key_of: KeyOf) -> dict:
    names = ("code", "kind", "form", "text", "explain", "content", "is_retired")
    pictures = [picture for picture in question.pictures.all() if picture.photo.is_ready]
    return {name: getattr(question, name) for name in names} | {
        "objective": question.objective.code if question.objective else "",
        "pictures": [{"name": picture.name, "photo": key_of(picture.photo)} for picture in pictures],
    }


def export_quiz(quiz: Quiz, places: dict[int | None, int], codes: dict[int | None, str]) -> dict:
    names = (
        "code",
        "title",
        "kind",
        "draw",
        "objective_minimum",
        "pass_percent",
        "tries",
        "talk_after",
        "minutes",
        "floor_percent",
        "master_right",
        "master_of",
        "state",
        "clears",
    )
    return {name: getattr(quiz, name) for name in names} | {
        "module": places.get(quiz.module_id),
        "lesson": codes.get(quiz.lesson_id, ""),
        "bank": quiz.bank.code if quiz.bank else "",
        "floor_module": places.get(quiz.floor_module_id),
    }


DOCUMENT = "course.json"
# The earliest time of a zip, so that the same course gives the same bytes.
WHEN = (2026, 1, 1, 0, 0, 0)
BLOCK = 1 << 20


def write_archive(course: Course, target: BinaryIO) -> Document:
    """Write the zip to a seekable file and return its document. Reads every file twice: once for its hash."""
    found: dict[Photo | Video, dict] = {}

    def key_of(row: Photo | Video) -> str:
        if row not in found:
            found[row] = describe_medium(row)
        return make_medium_key(found[row])

    document = export_course(course, key_of)
    document["media"] = {make_medium_key(medium): medium for medium in found.values()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        text = zipfile.ZipInfo(DOCUMENT, WHEN)
        archive.writestr(text, serialize(document), zipfile.ZIP_DEFLATED)
        written: set[str] = set()
        for row, medium in found.items():
            for file in medium["files"]:
                if file["sha256"] not in written:
                    written.add(file["sha256"])
                    copy_file(archive, row, file)
    return document


def describe_medium(row: Photo | Video) -> dict:
    """Return the entry of a photo or video in the document's `media`."""
    files = [
        {"part": part, "width": width, "height": height}
        | hash_file(find_storage(row), get_storage_name(row, part))
        for part, width, height in (
            list_photo_parts(row) if isinstance(row, Photo) else list_video_parts(row)
        )
    ]
    return {
        "kind": "photo" if isinstance(row, Photo) else "video",
        "width": row.width,
        "height": row.height,
        "duration_ms": 0 if isinstance(row, Photo) else row.duration_ms,
        "files": files,
    }


def make_medium_key(medium: dict) -> str:
    """Return the document's key of a photo or video: a hash of its files' hashes."""
    return hashlib.sha256("".join(file["sha256"] for file in medium["files"]).encode()).hexdigest()


def list_photo_parts(photo: Photo) -> list[tuple[str, int, int]]:
    return [
        (str(width), width, max(1, round(photo.height * width / photo.width))) for width in photo.widths()
    ]


def list_video_parts(video: Video) -> list[tuple[str, int, int]]:
    parts = []
    for rendition, ending in (("480", "mp4"), ("240", "mp4"), ("listen", "m4a")):
        if made := video.renditions.get(rendition):
            parts.append((f"{rendition}.{ending}", made.get("width", 0), made.get("height", 0)))
    return [*parts, ("poster.webp", 0, 0)]


def find_storage(row: Photo | Video) -> Storage:
    return default_storage if isinstance(row, Photo) else storages["private"]


def get_storage_name(row: Photo | Video, part: str) -> str:
    return row.name_at(int(part)) if isinstance(row, Photo) else row.name_of(part)


def hash_file(storage: Storage, name: str) -> dict:
    digest, size = hashlib.sha256(), 0
    with storage.open(name) as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
    return {"sha256": digest.hexdigest(), "bytes": size}


def make_archive_path(file: dict) -> str:
    """Return the path of a file in the zip, by which it is found there; no file is ever written under it."""
    ending = file["part"].rpartition(".")[2] if "." in file["part"] else "webp"
    return f"media/{file['sha256']}.{ending}"


def copy_file(archive: zipfile.ZipFile, row: Photo | Video, file: dict) -> None:
    entry = zipfile.ZipInfo(make_archive_path(file), WHEN)
    entry.file_size = file["bytes"]
    with (
        find_storage(row).open(get_storage_name(row, file["part"])) as source,
        archive.open(entry, "w") as target,
    ):
        while block := source.read(BLOCK):
            target.write(block)
