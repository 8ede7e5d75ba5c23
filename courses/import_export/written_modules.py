"""Read a module of the written programme: a folder with module.toml, its lessons, their plans and captions, quiz.toml and
assignment.toml.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import ascii_lowercase

from courses.import_export.document import Document
from courses.import_export.plans import SUFFIX, read_plan

HEAD = "+++\n"
PICTURE = re.compile(r"!\[([^\]]*)\]\(picture:([^)\s]+)\)")


def read_module(place: int, folder: Path, objectives: list[dict]) -> dict:
    head = read_toml(folder / "module.toml")
    objectives += [one | {"module": place} for one in head.pop("objectives", [])]
    task = folder / "assignment.toml"
    module = {"needs": [], "needs_quiz": [], "opens_on": None} | head
    module["lessons"] = [read_lesson(folder / name) for name in head["lessons"]]
    # In both languages the same task has the same code.
    module["assignments"] = [{"code": f"task-{head['number']}"} | read_toml(task)] if task.exists() else []
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


def read_toml(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))
