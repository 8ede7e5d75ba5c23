"""Read the files for trainers: a county's own in the place of those that come with the project, Chinese where there is no other.

A county puts a file of the same name into `PREPARATION_DIR`/<language>/. The page of duties rests on China's law: with LAW=own
there is none but the county's own. One that cannot be read is passed over, and its
reasons are shown to those who may write the course.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language

from courses.import_export.document import UnreadableFile, describe_shape_error
from courses.import_export.own_law import LANGUAGES, is_own_law

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SHIPPED = Path(__file__).parent.parent / "programme"
FOLDER = "trainer"
SCHEMA = Path(__file__).with_name("preparation.schema.json")
FIRST_LANGUAGE = "zh-hans"
FENCE = "+++\n"
# What a page is called in its address → its file and its shape in the schema, in the order in which they are needed.
PAGES = {
    "first-class": ("first-class.toml", "steps"),
    "six-days": ("timetables/six-days.toml", "timetable"),
    "evenings": ("timetables/evenings.toml", "timetable"),
    "weekends": ("timetables/weekends.toml", "timetable"),
    "kit": ("kit.toml", "kit"),
    "groups": ("groups.md", "page"),
    "five-oclock": ("five-oclock.md", "page"),
    "duties": ("duties.md", "page"),
}
MOST_BYTES = 200_000
OF_LAW = {"duties.md"}


@dataclass(frozen=True)
class TrainerPage:
    """A file as read: its content in the shape of the schema, its language, and why others were passed over."""

    name: str
    shape: str
    language: str
    content: dict[str, Any]
    problems: list[str] = field(default_factory=list)


def list_pages() -> list[TrainerPage]:
    """Return the pages that there are and that can be read."""
    return [page for name in PAGES if (page := find_page(name))]


def find_page(name: str, language: str = "") -> TrainerPage | None:
    """Return the page; None for an unknown name, and where there is no file that can be read."""
    with suppress(FileNotFoundError, UnreadableFile):
        return read_page(name, language) if name in PAGES else None
    return None


def find_other_page(page: TrainerPage) -> TrainerPage | None:
    """Return the page as it is written in another language, None where it is not."""
    others = (find_page(page.name, language) for language in LANGUAGES if language != page.language)
    return next((other for other in others if other and other.language != page.language), None)


def read_page(name: str, language: str = "") -> TrainerPage:
    """Return the page of this name (a key of PAGES) in this language (by default the reader's), or in Chinese.

    Raises FileNotFoundError where there is none, and UnreadableFile where none can be read.
    """
    file, shape = PAGES[name]
    problems: list[str] = []
    for written, path in list_candidates(file, language):
        try:
            return TrainerPage(name, shape, written, read_file(path, shape), problems)
        except UnreadableFile as error:
            problems += error.reasons
    if problems:
        raise UnreadableFile(*problems)
    raise FileNotFoundError(file)


def list_candidates(file: str, language: str = "") -> Iterator[tuple[str, Path]]:
    """Yield the files of this name that exist, the best first."""
    asked = language or get_language() or FIRST_LANGUAGE
    is_own = file in OF_LAW and is_own_law()
    # A county in another country may have written it in one language only, whichever that is.
    for language in dict.fromkeys((asked, FIRST_LANGUAGE, *(LANGUAGES if is_own else ()))):
        paths = [Path(settings.PREPARATION_DIR) / language / file]
        if not is_own:
            paths.append(SHIPPED / language / FOLDER / file)
        yield from ((language, path) for path in paths if path.is_file())


def read_file(path: Path, shape: str) -> dict[str, Any]:
    """Return a file's content; raise UnreadableFile with its name and what is wrong."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFile(f"{path.name}: more than {MOST_BYTES} bytes")
        content = parse(path.read_text(encoding="utf-8"), is_page=path.suffix == ".md")
    except (OSError, ValueError) as error:  # also what is no UTF-8, and no TOML
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile(f"{path.name}: {error}") from error
    problems = [
        f"{path.name}: {describe_shape_error(one, path.name)}"
        for one in get_validator(shape).iter_errors(content)
    ]
    if problems:
        raise UnreadableFile(*problems[:5])
    return content


def parse(text: str, *, is_page: bool) -> dict[str, Any]:
    if not is_page:
        return tomllib.loads(text)
    empty, head, body = text.split(FENCE, 2)
    if empty:
        raise ValueError("text before the head")
    return tomllib.loads(head) | {"body": body.strip()}


@cache
def get_validator(shape: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # sixty milliseconds, which few processes need

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return Draft202012Validator({"$ref": f"#/$defs/{shape}", "$defs": schema["$defs"]})
