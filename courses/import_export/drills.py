"""Drills with their viewers' questions, and reviewers' phrases: read from the written programme, exported, imported.

Older documents have neither; then the course keeps what it has.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from courses.import_export.document import Document
from courses.models import Course, Drill, QuickPhrase, ViewerComment

DRILL = (
    "title",
    "other_title",
    "text",
    "minutes",
    "most_minutes",
    "products",
    "questions",
    "is_real",
    "is_exam",
    "template",
)
COMMENT = ("name", "text", "wants", "goods", "only_if")
PHRASE = ("tone", "criterion", "text")


def read_drills(head: dict) -> list[dict]:
    """Read a drills.toml: [[drill]] with [drill.template] and [[drill.comment]]."""
    usual = {"other_title": "", "text": "", "products": 1, "questions": 0, "is_real": False, "is_exam": False}
    found = []
    for drill in head["drill"]:
        comments = [{"goods": "", "only_if": ""} | comment for comment in drill.pop("comment", [])]
        found.append(usual | {"template": {}, "comments": comments} | drill)
    return found


def read_phrases(head: dict) -> list[dict]:
    """Read a phrases.toml: [[phrase]]."""
    return [{"criterion": ""} | phrase for phrase in head["phrase"]]


def export_drills(course: Course) -> list[dict]:
    """Return the course's drills; two queries."""
    rows = course.drills.order_by("position", "id").prefetch_related("comments")
    return [
        {name: getattr(drill, name) for name in ("code", *DRILL)}
        | {
            "comments": [
                {name: getattr(one, name) for name in ("code", *COMMENT)}
                for one in sorted(drill.comments.all(), key=lambda one: one.pk)
            ]
        }
        for drill in rows
    ]


def export_phrases(course: Course) -> list[dict]:
    """Return the course's phrases; one query."""
    return [{name: getattr(one, name) for name in ("code", *PHRASE)} for one in course.phrases.order_by("id")]


def import_drills(course: Course, document: Document) -> None:
    """Create or update drills by their codes; those that trainers added stay."""
    for position, text in enumerate(document.get("drills", []), 1):
        # Older documents lack a title in the other language, the examination, the goods of a question: what is stored stays.
        facts = {name: text[name] for name in DRILL if name in text} | {"position": position}
        drill, _new = Drill.objects.update_or_create(course=course, code=text["code"], defaults=facts)
        known = tuple(name for name in COMMENT if all(name in one for one in text["comments"]))
        comments = [
            ViewerComment(drill=drill, code=one["code"], **{name: one[name] for name in known})
            for one in text["comments"]
        ]
        upsert(comments, ("drill", "code"), known)
    phrases = [
        QuickPhrase(course=course, code=one["code"], **{name: one[name] for name in PHRASE})
        for one in document.get("phrases", [])
    ]
    upsert(phrases, ("course", "code"), PHRASE)


def upsert(rows: Sequence[models.Model], known_by: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Insert the rows, or update those that exist with the same `known_by`; afterwards all have their ids."""
    if rows:
        type(rows[0])._default_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=known_by, update_fields=names
        )
