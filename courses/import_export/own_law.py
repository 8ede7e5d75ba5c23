"""Put a county's own module of the law in the place of China's, where the county is in another country (LAW=own).

LAW_DIR/<language>/08-law is a module as in courses/programme: module.toml, lessons, quiz.toml. It takes the place of the
module of the law in the written programme and in a zip of it. What rests on China's law goes with that module: its lessons
and plans, its examination, the questions about it in other tests, and its cases.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Clearance
from courses import questions
from courses.import_export.document import (
    FORMAT,
    MOST_REPORTED,
    VERSION,
    Document,
    UnreadableFile,
    check_quiz_rules,
    describe_shape_error,
    find_dangling_references,
    find_unstorable,
    get_validator,
    list_media_keys,
)
from courses.import_export.plans import SUFFIX, find_line
from courses.import_export.written_modules import HEAD, read_module, read_quiz, read_toml
from courses.models import Lesson

OWN = "own"
FOLDER, NUMBER = "08-law", 8
PROGRAMME = Path(__file__).parent.parent / "programme"
LANGUAGES = ("zh-hans", "en")
MODULE, QUIZ, TASK = "module.toml", "quiz.toml", "assignment.toml"
LINE = re.compile(r"at line (\d+)")


def is_own_law() -> bool:
    return settings.LAW == OWN


def get_folder(language: str) -> Path:
    return Path(settings.LAW_DIR) / language / FOLDER


def list_law_languages() -> list[str]:
    """Return the languages in which the county has a module of its own; raises UnreadableFile if that is none."""
    found = [language for language in LANGUAGES if (get_folder(language) / MODULE).is_file()]
    if not found:
        raise make_missing(get_folder(LANGUAGES[0]) / MODULE)
    return found


def make_missing(path: Path) -> UnreadableFile:
    return UnreadableFile(_("LAW=own，可是没有 %(path)s：自己的法律课要先写好") % {"path": path})


def replace_law(document: Document) -> Document:
    """Return the document with the county's module instead of China's; as it is with LAW=cn, or if it has none.

    Raises UnreadableFile with file, line and what is wrong with the county's module.
    """
    place = find_law_of_china(document["modules"]) if is_own_law() else None
    if place is None:
        return document
    language = document["course"]["language"]
    found = put_in_place(document, place, read_own_law(language))
    # The examination at the end asks from this bank, too.
    if problems := list(islice(check_quiz_rules(found), MOST_REPORTED)):
        raise UnreadableFile(*(f"{get_folder(language) / QUIZ}:1: {problem}" for problem in problems))
    return found


def find_law_of_china(modules: Sequence[Document]) -> int | None:
    """Return the place of the module that has a lesson of the written one."""
    for place, module in enumerate(modules):
        titles = {lesson["title"] for lesson in module["lessons"]}
        if module["number"] == NUMBER and titles & list_titles_of_china():
            return place
    return None


@cache
def list_titles_of_china() -> frozenset[str]:
    """Return the titles of the lessons on the law of China, in every language of the programme."""
    found = set()
    for path in PROGRAMME.glob(f"*/{FOLDER}/*.md"):
        found.add(tomllib.loads(path.read_text(encoding="utf-8").split(HEAD, 2)[1])["title"])
    return frozenset(found)


def find_lessons_of_china() -> list[Lesson]:
    """Return the published lessons of this site that teach the law of China, of courses that are out. One query."""
    rows = Lesson.objects.published().filter(module__number=NUMBER, title__in=list_titles_of_china())
    return list(rows.select_related("module__course").order_by("module__course", "position", "pk"))


def put_in_place(document: Document, place: int, own: Document) -> Document:
    quizzes = [quiz for quiz in document["quizzes"] if quiz["module"] != place]
    old = [quiz for quiz in document["quizzes"] if quiz["module"] == place]
    gone_banks = {quiz["bank"] for quiz in old} - {quiz["bank"] for quiz in quizzes}
    gone = {one["code"] for one in document["objectives"] if one["module"] == place}
    banks = [
        bank | {"questions": [row for row in bank["questions"] if row["objective"] not in gone]}
        for bank in document["banks"]
        if bank["code"] not in gone_banks
    ]
    modules = list(document["modules"])
    modules[place] = own["modules"][0]
    # Other modules may wait for the examination: it keeps the code by which they know it.
    exams = [quiz["code"] for quiz in old if quiz["kind"] == "module"]
    code = exams[0] if exams else own["quizzes"][0]["code"]
    exam = own["quizzes"][0] | {"module": place, "code": code, "bank": code}
    found = document | {
        "modules": modules,
        "objectives": [one for one in document["objectives"] if one["module"] != place]
        + [one | {"module": place} for one in own["objectives"]],
        "banks": [*banks, own["banks"][0] | {"code": code}],
        "quizzes": [*quizzes, exam],
    }
    if "cases" in document:
        found["cases"] = [case for case in document["cases"] if place not in case["modules"]]
    used = {key for key, _kind in list_media_keys(found)}
    return found | {"media": {key: row for key, row in document["media"].items() if key in used}}


def store_shipped_media(document: Document) -> dict:
    """Return the photos and films of the county's module in a zip, which come with the project and not in the zip."""
    keys = {key: kind for key, kind in list_media_keys(document) if key not in document["media"]}
    if not keys:
        return {}
    from media import shipped  # with all that makes pictures and films

    names = sorted(key for key, kind in keys.items() if kind == "photo")
    photos = shipped.create_photos(PROGRAMME / "media", [f"scene-{name}" for name in names])
    films = {
        key: shipped.create_video(PROGRAMME / "media", key, "tune")
        for key, kind in keys.items()
        if kind == "video"
    }
    return {name: photos[f"scene-{name}"] for name in names} | films


# --- reading it ---


def read_own_law(language: str) -> Document:
    """Return a document of this module alone; raises UnreadableFile with file, line and what is wrong."""
    folder = get_folder(language)
    for path in (folder / MODULE, folder / QUIZ):
        if not path.is_file():
            raise make_missing(path)
    head = read_parts(folder)
    objectives: list[Document] = []
    try:
        module = read_module(0, folder, objectives)
        bank, quiz = read_quiz(read_toml(folder / QUIZ), NUMBER, 0)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(f"{folder}: {error!r}") from error
    document = {
        "format": FORMAT,
        "version": VERSION,
        "course": dict.fromkeys(("summary", "audience", "cover"), "")
        | {"slug": "law", "title": "law", "language": language, "state": "published"},
        "objectives": objectives,
        "modules": [module],
        "banks": [bank],
        "quizzes": [quiz],
        "rubrics": [],
        "media": {},
    }
    problems = list(islice(find_problems(document, folder, head["lessons"]), MOST_REPORTED))
    if problems:
        raise UnreadableFile(*problems)
    return document


def read_parts(folder: Path) -> Document:
    """Return what module.toml says; raises UnreadableFile for a file that is missing or cannot be parsed."""
    head = parse(folder / MODULE)
    lessons = head.get("lessons")
    if not isinstance(lessons, list) or not lessons or not all(isinstance(name, str) for name in lessons):
        raise UnreadableFile(
            f"{folder / MODULE}:{find_key(folder / MODULE, 'lessons')}: lessons = [“01-….md”, …]"
        )
    problems = []
    for path in [*(folder / name for name in lessons), folder / QUIZ, folder / TASK]:
        if path.is_file():
            try:
                parse(path)
            except UnreadableFile as error:
                problems += error.reasons
        elif path.name != TASK:
            where = f"{folder / MODULE}:{find_key(folder / MODULE, 'lessons')}"
            problems.append(f"{where}: " + _("没有 %(path)s 这个文件") % {"path": path.name})
    if problems:
        raise UnreadableFile(*problems)
    if not isinstance(parse(folder / QUIZ).get("question"), list):
        raise UnreadableFile(f"{folder / QUIZ}:1: [[question]]")
    return head


def parse(path: Path) -> Document:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path}: {error}") from error
    before = 0
    if path.suffix == ".md":
        parts = text.split(HEAD, 2)
        if len(parts) != 3 or parts[0]:
            raise UnreadableFile(f"{path}:1: " + _("开头要有两行 +++，中间写 title、minutes"))
        text, before = parts[1], 1
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = LINE.search(str(error))
        number = int(line[1]) + before if line else 1
        raise UnreadableFile(f"{path}:{number}: {error}") from error


def find_key(path: Path, *at: str | int) -> int:
    """Return the line of the file where this key stands, 1 if none says it."""
    return find_line(path.read_text(encoding="utf-8"), list(at)) if path.is_file() else 1


def find_word(path: Path, word: str) -> int:
    text = path.read_text(encoding="utf-8")
    found = text.find(word)
    return text.count("\n", 0, found) + 1 if found >= 0 else 1


# --- what is wrong with it ---


def find_problems(document: Document, folder: Path, names: list[str]) -> Iterator[str]:
    """Yield file, line and what is wrong: shapes first, because what follows rests on them."""
    shapes = [
        f"{locate(error.absolute_path, document, folder, names)}: {describe_shape_error(error, folder.name)}"
        for error in islice(get_validator().iter_errors(document), MOST_REPORTED)
    ]
    if shapes:
        yield from shapes
        return
    for problem in find_unstorable(document):
        yield f"{folder / MODULE}:1: {problem}"
    module, quiz = document["modules"][0], document["quizzes"][0]
    if module["number"] != NUMBER:
        line = find_key(folder / MODULE, "number")
        yield f"{folder / MODULE}:{line}: " + _("法律单元要写 number = 8")
    if quiz["clears"] != Clearance.Kind.FIRST_LIVE:
        line = find_key(folder / QUIZ, "clears")
        yield f"{folder / QUIZ}:{line}: " + _('法律考试要写 clears = "first_live"，不然没人能开播')
    for place, question in enumerate(document["banks"][0]["questions"]):
        for problem in questions.find_problems(question["kind"], question["content"]):
            yield f"{folder / QUIZ}:{find_key(folder / QUIZ, 'question', place)}: {problem}"
    yield from find_missing_media(document, folder, names)
    codes = [row["code"] for row in document["banks"][0]["questions"]]
    for problem in find_dangling_references(document):
        code = next((code for code in codes if code in problem), "")
        path = folder / (QUIZ if code or "quiz" in problem else MODULE)
        line = find_word(path, f'"{code}"') if code else 1
        yield f"{path}:{line}: {problem}"


def find_missing_media(document: Document, folder: Path, names: list[str]) -> Iterator[str]:
    """Yield pictures and films that do not come with the project; a county adds its own in the admin."""
    for name, lesson in zip(names, document["modules"][0]["lessons"], strict=True):
        path = folder / name
        for key in [picture["photo"] for picture in lesson["pictures"]]:
            if not any((PROGRAMME / "media").glob(f"scene-{key}-*.webp")):
                yield say_unknown(path, f"(picture:{key})", key)
        if lesson["video"] and not (PROGRAMME / "media" / f"{lesson['video']}.480.mp4").is_file():
            yield say_unknown(path, lesson["video"], lesson["video"])


def say_unknown(path: Path, word: str, key: str) -> str:
    problem = _("项目里没有 %(key)s 这张图或这条视频，自己的在后台加") % {"key": key}
    return f"{path}:{find_word(path, word)}: {problem}"


def locate(at: Iterable[str | int], document: Document, folder: Path, names: list[str]) -> str:
    """Return the file and the line where a part of the document was written."""
    steps = list(at)
    path, keys = folder / MODULE, steps[2:]
    match steps:
        case ["modules", 0, "lessons", int(nth), *rest]:
            path = folder / names[nth]
            path, keys = (path.with_suffix(SUFFIX), rest[1:]) if rest[:1] == ["plan"] else (path, rest)
        case ["modules", 0, "assignments", int(_nth), *rest]:
            path, keys = folder / TASK, rest
        case ["banks", 0, "questions", int(nth), *rest]:
            path, keys = folder / QUIZ, ["question", nth, *rest[-1:]]
        case ["banks" | "quizzes", *rest]:
            path, keys = folder / QUIZ, rest[1:]
        case ["objectives", int(nth), *_rest]:
            code = document["objectives"][nth].get("code")
            return f"{path}:{find_word(path, str(code)) if code else find_key(path, 'objectives')}"
    return f"{path}:{find_key(path, *keys)}"
