"""The written programme that comes with the project: courses/programme/<language>/, read into a course's document.

A course.toml names its modules' folders, a module.toml its lessons' files; a lesson is Markdown after a TOML head between
two lines of +++, and NN-name.plan.toml beside it is its plan. cases/ holds the cases, also Markdown after a head. Beside
them are quiz.toml and assignment.toml, and for the whole course pretest.toml, placement.toml, final.toml, rubric.toml,
drills.toml and phrases.toml. Pictures and videos are named by their keys, which are
files in courses/programme/media/; the document's `media` is empty.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import ascii_lowercase

from django.db import transaction

from accounts.models import Place
from courses.authoring import publication
from courses.import_export.cases import read_cases
from courses.import_export.document import FORMAT, VERSION, Document, check_document, list_media_keys
from courses.import_export.drills import read_drills, read_phrases
from courses.import_export.importer import Media, import_document
from courses.import_export.plans import SUFFIX, read_plan
from courses.models import Course
from media import shipped
from media.models import Photo

ROOT = Path(__file__).parent.parent / "programme"
MEDIA, TUNE = ROOT / "media", "tune"
HEAD = "+++\n"
PICTURE = re.compile(r"!\[([^\]]*)\]\(picture:([^)\s]+)\)")


def list_languages() -> list[str]:
    """Return the languages, Chinese first, because its translation is made after it."""
    return sorted((path.parent.name for path in ROOT.glob("*/course.toml")), reverse=True)


# --- bringing it in ---


def import_programme(place: Place) -> Course:
    """Return the written course in Chinese; create it and its translation, owned by this place, unless it is there.

    What the site's trainers have changed in it stays, also its place.
    """
    documents = {language: load_programme(language) for language in list_languages()}
    first = next(iter(documents.values()))
    if found := Course.objects.filter(slug=first["course"]["slug"]).first():
        return found
    keys = [key for document in documents.values() for key in list_media_keys(document)]
    names = {f"scene-{name}" for name, kind in keys if kind == "photo"}
    photos = shipped.create_photos(MEDIA, sorted(names))
    with transaction.atomic():
        chinese, *others = [import_language(document, place, photos) for document in documents.values()]
        for other in others:
            chinese.twin, other.twin = other, chinese
            other.save()
        chinese.save()
    return chinese


def import_language(document: Document, place: Place, photos: dict[str, Photo]) -> Course:
    check_document(document)
    media = Media(
        lambda name: photos[f"scene-{name}"],
        lambda film: shipped.create_video(MEDIA, film, TUNE),
    )
    course = import_document(
        document, place, media, Course.objects.filter(slug=document["course"]["slug"]).first()
    )
    publication.record_version(course, None)
    return course


# --- reading it ---


def load_programme(language: str) -> Document:
    """Return the course written in this language ("zh-hans", "en"); raises FileNotFoundError if there is none."""
    folder = ROOT / language
    head = read_toml(folder / "course.toml")
    folders = [folder / name for name in head.pop("modules")]
    objectives: list[Document] = []
    banks: list[Document] = []
    quizzes: list[Document] = []
    modules = [read_module(place, inside, objectives) for place, inside in enumerate(folders)]
    for place, inside in enumerate(folders):
        if (inside / "quiz.toml").exists():
            bank, quiz = read_quiz(read_toml(inside / "quiz.toml"), modules[place]["number"], place)
            banks.append(bank)
            quizzes.append(quiz)
    if (folder / "pretest.toml").exists():
        bank, pair = read_pretest(read_toml(folder / "pretest.toml"))
        banks.append(bank)
        quizzes += pair
    numbers = {module["number"]: place for place, module in enumerate(modules)}
    for name, read in (("placement.toml", read_placement), ("final.toml", read_final)):
        if (folder / name).exists():
            quizzes.append(read(read_toml(folder / name), numbers))
    return {
        "format": FORMAT,
        "version": VERSION,
        "course": {"cover": "", "state": "published"} | head,
        "objectives": objectives,
        "modules": modules,
        "banks": banks,
        "quizzes": quizzes,
        "rubrics": [read_rubric(read_toml(folder / "rubric.toml"))]
        if (folder / "rubric.toml").exists()
        else [],
        "drills": read_drills(read_toml(folder / "drills.toml")) if (folder / "drills.toml").exists() else [],
        "phrases": read_phrases(read_toml(folder / "phrases.toml"))
        if (folder / "phrases.toml").exists()
        else [],
        "cases": read_cases(folder / "cases", [module["number"] for module in modules]),
        "media": {},
    }


def read_module(place: int, folder: Path, objectives: list[dict]) -> dict:
    head = read_toml(folder / "module.toml")
    objectives += [one | {"module": place} for one in head.pop("objectives", [])]
    task = folder / "assignment.toml"
    module = {"needs": [], "needs_quiz": [], "opens_on": None} | head
    module["lessons"] = [read_lesson(folder / name) for name in head["lessons"]]
    module["assignments"] = [read_toml(task)] if task.exists() else []
    return module


def read_lesson(path: Path) -> dict:
    empty, head, body = path.read_text(encoding="utf-8").split(HEAD, 2)
    if empty:
        raise ValueError(f"{path}: text before the head")
    lesson: Document = {"video": "", "captions": "", "watch_share": 80, "state": "published"} | tomllib.loads(
        head
    )
    pictures = [{"name": name, "alt": alt, "photo": name} for alt, name in PICTURE.findall(body)]
    captions = path.with_suffix(".vtt")
    if captions.exists():
        lesson["captions"] = captions.read_text(encoding="utf-8")
    plan = path.with_suffix(SUFFIX)
    if plan.exists():
        lesson["plan"] = read_plan(plan, lesson["minutes"])
    return lesson | {"code": path.stem, "body": body.strip() + "\n", "pictures": pictures}


def read_quiz(head: dict, number: int, place: int) -> tuple[dict, dict]:
    code = f"module-{number}"
    questions = [read_question(question) for question in head.pop("question")]
    bank = {"code": code, "title": head["title"], "questions": questions}
    quiz = make_quiz(code, "module", bank, head["title"]) | head | {"module": place}
    return bank, quiz


def read_pretest(head: dict) -> tuple[dict, list[dict]]:
    """Read one bank in two forms, asked before and after the course."""
    questions = [read_question(question) for question in head["question"]]
    bank = {"code": "before-after", "title": head["title"], "questions": questions}
    pre = make_quiz("before", "pre", bank, head["title"])
    post = make_quiz("after", "post", bank, head["post_title"])
    return bank, [pre | {"tries": 1, "pass_percent": 60}, post | {"tries": 1, "pass_percent": 60}]


def read_placement(head: dict, numbers: dict[int, int]) -> dict:
    """Read the test that shows a beginner what to skip; it asks from the modules' banks."""
    return make_quiz("placement", "place", {"code": ""}, head["title"]) | head


def read_final(head: dict, numbers: dict[int, int]) -> dict:
    """Read the theory examination at the end; `floor_module` is a module's number."""
    floor = numbers[head.pop("floor_module")] if "floor_module" in head else None
    return make_quiz("final", "final", {"code": ""}, head["title"]) | head | {"floor_module": floor}


def make_quiz(code: str, kind: str, bank: dict, title: str) -> dict:
    quiz = {"code": code, "kind": kind, "bank": bank["code"], "title": title, "state": "published"}
    quiz |= {"minutes": None, "floor_module": None, "floor_percent": 0}
    quiz |= {"draw": 0, "objective_minimum": 0, "pass_percent": 60, "tries": None, "talk_after": None}
    quiz |= {"master_right": None, "master_of": None}
    return quiz | {"module": None, "lesson": "", "clears": ""}


def read_question(written: dict) -> dict:
    """Read a question; choices and steps get letters in the written order, and the trainee sees them shuffled."""
    names = ("code", "kind", "form", "objective", "text", "explain")
    question = {"form": "", "objective": "", "explain": ""} | {k: written[k] for k in names if k in written}
    rest = {name: value for name, value in written.items() if name not in names}
    question["pictures"] = []
    if "choices" in rest:
        rest["choices"] = [
            {"id": letter, "right": False, "why": ""} | choice
            for letter, choice in zip(ascii_lowercase, rest["choices"], strict=False)
        ]
        used = [choice["picture"] for choice in rest["choices"] if "picture" in choice]
        question["pictures"] = [{"name": name, "photo": name} for name in used]
    if "steps" in rest:
        lettered = zip(ascii_lowercase, rest["steps"], strict=False)
        rest["steps"] = [{"id": letter, "text": step} for letter, step in lettered]
    for name in {"answer", "tolerance"} & rest.keys():
        rest[name] = rest[name] if isinstance(rest[name], bool) else str(rest[name])
    return question | {"content": rest, "is_retired": False}


def read_rubric(head: dict) -> dict:
    title = head.pop("title")
    head["criteria"] = head.pop("criterion")
    if "short" in head:
        head["short"]["criteria"] = head["short"].pop("criterion")
    return {"title": title, "content": head}


def read_toml(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))
