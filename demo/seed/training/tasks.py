"""Seed what people handed in for tasks, in every kind and state, and what their trainers answered (demo/data/tasks.toml).

The films are two cuts of the rehearsal's film, as long as the tasks ask for; each person has one of each.
"""

from __future__ import annotations

import datetime
import io
import re
import shutil
import subprocess
import tomllib
import uuid
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from courses.models import Assignment, Cohort, Course
from demo.seed.media_files import MEDIA
from demo.seed.timeline import Timeline, clock_at
from demo.seed.training.rehearsals import TRIES, find_key
from media import shipped
from media.documents.services import store_document
from media.models import Photo, Video
from media.videos import encoding, ffmpeg, inspection
from outbox.reception import make_receipt
from progress.models import Enrolment
from rehearsals import notices
from rehearsals.models import Submission, TaskItem, TaskNote, TaskReview, TaskVersion, TaskWork
from rehearsals.tasks import services
from rehearsals.tasks.reviews.page import make_key

MARK = uuid.UUID("5f0c8a54-6a39-4a6e-9d3c-2a8f5be5d031")
DATA = Path(__file__).resolve().parents[2] / "data" / "tasks.toml"
# Seconds of the film: the module's task asks for less than 20 each, or for 30 to 60.
CLIP, CUT = 18, 45
CUT_MODULES = (3,)
AGREES_AFTER = datetime.timedelta(hours=2)
DAY = re.compile(r"\{(-?\d+)\}")
WORD_NAMES = "http://schemas.openxmlformats.org/"


def read_works() -> list[dict[str, Any]]:
    return tomllib.loads(DATA.read_text("utf-8"))["works"]


def seed_tasks(
    timeline: Timeline, course: Course, cast: dict[str, User], people: Iterable[User], folder: Path
) -> None:
    """Seed the tasks; `folder` has the rehearsal's film, and must exist until the timeline has run."""
    tasks = Assignment.objects.filter(module__course=course).select_related("module__course")
    rows = WorkRows(
        timeline,
        {task.module.number: task for task in tasks.order_by("-position")},
        {user.name: user for user in people} | cast,
        cut_films(folder),
    )
    timeline.add(timeline.now, rows.store, read_works())


@dataclass
class Cut:
    """A folder with the files of a film, and the facts about it."""

    folder: Path
    facts: inspection.Probe


def cut_films(folder: Path) -> dict[int, Cut]:
    """Return the beginning of the rehearsal's film in both lengths, cut by one command without encoding."""
    names = (*(f"{one.name}.mp4" for one in encoding.RENDITIONS), encoding.LISTEN)
    cuts = {seconds: folder / f"first-{seconds}" for seconds in (CLIP, CUT)}
    command = [ffmpeg.find_binary(), "-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
    for name in names:
        command += ["-i", str(folder / name)]
    for seconds, made in cuts.items():
        made.mkdir()
        shutil.copyfile(folder / encoding.POSTER, made / encoding.POSTER)
        for number, name in enumerate(names):
            out = ["-t", str(seconds), "-c", "copy", "-fflags", "+bitexact", "-movflags", "+faststart"]
            command += ["-map", str(number), *out, str(made / name)]
    subprocess.run(command, check=True, timeout=60)
    facts = inspection.probe(cuts[CLIP] / "480.mp4", settings.VIDEO_MAX_SECONDS)
    return {seconds: Cut(made, replace(facts, duration_ms=seconds * 1000)) for seconds, made in cuts.items()}


@dataclass
class WorkRows:
    """The tasks by the number of their module, everybody by name and by role, and the films by their length.

    The rows are inserted in bulk in their final state, as the services leave them: 36 versions by the services take more than
    a second.
    """

    timeline: Timeline
    tasks: dict[int, Assignment]
    people: dict[str, User]
    cuts: dict[int, Cut]
    cohorts: dict[int, Cohort] = field(default_factory=dict)
    photos: dict[tuple[str, str], Photo] = field(default_factory=dict)
    films: dict[tuple[str, int], Video] = field(default_factory=dict)
    rows: dict[type[Model], list[Any]] = field(
        default_factory=lambda: {
            model: [] for model in (TaskWork, TaskVersion, TaskItem, TaskReview, TaskNote)
        }
    )

    def store(self, works: list[dict[str, Any]]) -> None:
        active = Enrolment.objects.active().filter(cohort__isnull=False, course__in=self.find_courses())
        self.cohorts = {row.user_id: row.cohort for row in active.select_related("cohort") if row.cohort}
        for number, work in enumerate(works):
            self.add_work(work, number)
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows)
        for review in self.rows[TaskReview]:
            with clock_at(review.created_at):
                notices.write_task_review_notice(review)
        for work in self.rows[TaskWork]:
            if work.is_chosen:
                with clock_at(work.shared_at - AGREES_AFTER):
                    notices.write_chosen_notice(work)

    def find_courses(self) -> set[int]:
        return {task.module.course_id for task in self.tasks.values()}

    def find_moment(self, when: list | float) -> datetime.datetime:
        return self.timeline.at(*when) if isinstance(when, list) else self.timeline.ago(hours=when)

    def write(self, text: str) -> str:
        """Return the text with its days."""

        def name_day(found: re.Match[str]) -> str:
            on = self.timeline.day(int(found[1]))
            return f"{on.month}月{on.day}日"

        return DAY.sub(name_day, text).strip()

    # --- rows ---

    def add_work(self, given: dict[str, Any], number: int) -> None:
        user, task = self.people[given["who"]], self.tasks[given["module"]]
        versions = given["versions"]
        last = versions[-1]
        work = TaskWork(
            user=user,
            assignment=task,
            cohort=self.cohorts[user.pk],
            begun_at=self.find_moment(versions[0]["when"]),
            waiting_since=None if "answer" in last else self.find_moment(last["when"]),
            is_chosen="best" in given,
            shared_at=self.find_moment(given["best"]) + AGREES_AFTER if "best" in given else None,
        )
        self.rows[TaskWork].append(work)
        for place, version in enumerate(versions, 1):
            self.add_version(work, place, version, uuid.uuid5(MARK, f"{number} {place}"))

    def add_version(self, work: TaskWork, number: int, given: dict[str, Any], key: uuid.UUID) -> None:
        at, task = self.find_moment(given["when"]), work.assignment
        unticked = given.get("unticked", "").split()
        version = TaskVersion(
            client_id=key,
            work=work,
            number=number,
            receipt=make_receipt(work.user.pk, [key]),
            text=self.write(given.get("text", "")),
            ticks=[row | {"ticked": row["code"] not in unticked} for row in task.criteria],
            is_after_class=work.cohort is not None and timezone.localdate(at) > work.cohort.ends_on,
            happened_at=at,
            received_at=at,
        )
        self.rows[TaskVersion].append(version)
        with clock_at(at):
            items = self.make_items(work.user, task, given)
        for place, item in enumerate(items, 1):
            item.version, item.position = version, place
        self.rows[TaskItem] += items
        if "answer" in given:
            self.add_answer(version, items, given["answer"])

    def make_items(self, user: User, task: Assignment, given: dict[str, Any]) -> list[TaskItem]:
        """Return, unsaved, what the version consists of beside its text."""
        if "films" in given:
            film = self.find_film(user, CUT if task.module.number in CUT_MODULES else CLIP)
            return [TaskItem(video=film) for _place in range(given["films"])]
        if "photos" in given:
            return [TaskItem(photo=photo) for photo in self.find_photos(user, given["photos"])]
        if "file" in given:
            content = write_file(given["file"], self.write(given["lines"]))
            file = SimpleUploadedFile(given["file"], content)
            return [TaskItem(document=store_document(file, user, takes_office=True))]
        if "tries" in given:
            keys = [find_key(one) for one in TRIES if one.code in given["tries"]]
            rows = Submission.objects.filter(key__in=keys).select_related("rehearsal__livestream")
            return [
                TaskItem(submission=one, label=services.name_rehearsal(one))
                for one in rows.order_by("received_at")
            ]
        if "rundown" in given:
            plan = services.find_rundowns(user).filter(title=given["rundown"]).order_by("pk")[0]
            return [TaskItem(rundown=plan, label=plan.title)]
        if "product" in given:
            product = services.find_products(user).order_by("pk")[0]
            return [TaskItem(product=product, label=product.name)]
        return []

    def find_photos(self, user: User, names: list[str]) -> list[Photo]:
        """Return the person's photos of these pictures, each made once."""
        missing = [name for name in names if (user.name, name) not in self.photos]
        if missing:
            made = shipped.create_photos(
                MEDIA, [f"produce-{name}" for name in missing], user, is_private=True
            )
            self.photos |= {(user.name, name): made[f"produce-{name}"] for name in missing}
        return [self.photos[user.name, name] for name in names]

    def find_film(self, user: User, seconds: int) -> Video:
        """Return the person's film of this length, made once."""
        known = self.films.get((user.name, seconds))
        if known is None:
            cut = self.cuts[seconds]
            weight = (cut.folder / "480.mp4").stat().st_size
            known = Video.objects.create(owner=user, name="film.mp4", bytes=weight, wants_measures=False)
            shipped.finish_video(known, cut.folder, cut.facts)
            self.films[user.name, seconds] = known
        return known

    def add_answer(self, version: TaskVersion, items: list[TaskItem], given: dict[str, Any]) -> None:
        reviewer, at, unmet = (
            self.people[given["by"]],
            self.find_moment(given["when"]),
            given.get("unmet", "").split(),
        )
        for number, (text, position, *place) in enumerate(given.get("notes", ())):
            names = ("at_ms",) if len(place) == 1 else ("x", "y")
            self.rows[TaskNote].append(
                TaskNote(
                    key=uuid.uuid5(version.client_id, f"note {number}"),
                    version=version,
                    item=items[position - 1],
                    author=reviewer,
                    text=text,
                    made_at=at,
                    **dict(zip(names, place, strict=True)),
                )
            )
        self.rows[TaskReview].append(
            TaskReview(
                key=make_key(version, reviewer),
                version=version,
                reviewer=reviewer,
                decision=given["decision"],
                marks={row["code"]: "not_yet" if row["code"] in unmet else "met" for row in version.ticks},
                next_step=self.write(given["text"]),
                created_at=at,
            )
        )


# --- files ---


def write_file(name: str, text: str) -> bytes:
    """Return a Word file or a CSV of these lines, as WPS saves them."""
    if name.endswith(".csv"):
        return f"{text}\n".replace("\n", "\r\n").encode("gb18030")
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    lines = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in text.splitlines())
    members = {
        "[Content_Types].xml": f'<Types xmlns="{WORD_NAMES}package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{WORD_NAMES}package/2006/relationships"><Relationship Id="r1" '
        f'Type="{WORD_NAMES}officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{WORD_NAMES}wordprocessingml/2006/main">'
        f"<w:body>{lines}</w:body></w:document>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, xml in members.items():
            archive.writestr(member, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}')
    return file.getvalue()
