"""The written programme that comes with the project: courses/programme/<language>/, read into a course's document.

A course.toml names its modules' folders, a module.toml its lessons' files; a lesson is Markdown after a TOML head between
two lines of +++, and NN-name.plan.toml beside it is its plan. cases/ holds the cases, also Markdown after a head. Beside
them are quiz.toml and assignment.toml, and for the whole course pretest.toml, placement.toml, final.toml, rubric.toml,
drills.toml and phrases.toml. Pictures and videos are named by their keys, which are
files in courses/programme/media/; the document's `media` is empty.
"""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from accounts.models import Place
from courses.authoring import publication
from courses.import_export.cases import read_cases
from courses.import_export.document import (
    FORMAT,
    VERSION,
    Document,
    UnreadableFile,
    check_document,
    list_media_keys,
)
from courses.import_export.drills import read_drills, read_phrases
from courses.import_export.importer import Media, import_document
from courses.import_export.own_law import is_own_law, list_law_languages, replace_law
from courses.import_export.written_modules import make_quiz, read_module, read_question, read_quiz, read_toml
from courses.models import Course
from media import shipped
from media.models import Photo

ROOT = Path(__file__).parent.parent / "programme"
MEDIA, TUNE = ROOT / "media", "tune"


def list_languages() -> list[str]:
    """Return the languages, Chinese first, because its translation is made after it."""
    return sorted((path.parent.name for path in ROOT.glob("*/course.toml")), reverse=True)


# --- bringing it in ---


def import_programme(place: Place) -> Course:
    """Return the written course in Chinese; create it and its translation, owned by this place, unless it is there.

    What the site's trainers have changed in it stays, also its place. With LAW=own it is installed in the languages in which the
    county has written its module of the law; raises UnreadableFile if that is none, or it cannot be read.
    """
    languages = list_law_languages() if is_own_law() else list_languages()
    documents = {language: replace_law(load_programme(language)) for language in languages}
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


def check_own_law() -> None:
    """Raise UnreadableFile with everything that is wrong with the county's modules of the law; with LAW=cn nothing is."""
    problems: list[str] = []
    for language in list_law_languages() if is_own_law() else []:
        try:
            replace_law(load_programme(language))
        except UnreadableFile as error:
            problems += error.reasons
    if problems:
        raise UnreadableFile(*problems)


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


def read_rubric(head: dict) -> dict:
    title = head.pop("title")
    head["criteria"] = head.pop("criterion")
    if "short" in head:
        head["short"]["criteria"] = head["short"].pop("criterion")
    return {"title": title, "content": head}
