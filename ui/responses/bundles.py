"""Join scripts and style sheets that are needed together into one file, and store them for the front server.

On a slow connection a request takes longer than its bytes.

`progress/signed_in.group.js` names modules, in lines of JavaScript that also run as they are:

    export * from "./kept_lessons.js";
    export { default as player } from "./player.js";
    export * as store from "./studio_store.js";
    export * from "../outbox/outbox.js";

`progress/signed_in.js` is made of it whenever it is requested or collected: each module in a function of its own, so that
equal names do not clash, without its indentation and its comment lines. `x.css` is made of `x.group.css` in the same way:
the sheets that it imports, in their order. Why not Django's own or a bundler: docs/decisions/no-node.md.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import uuid4

import rcssmin
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import AppDirectoriesFinder
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

SOURCE = re.compile(r"\.group(\.js|\.css)$")
MADE = re.compile(r"(\.js|\.css)$")
SHEET = re.compile(r'@import "\./(?P<sheet>[\w.-]+)";')
LINE = re.compile(
    r'export (?:\*(?: as (?P<whole>\w+))?|{ (?P<names>[^}]+) }) from "(?P<module>\.\.?/[\w./-]+)";'
)
EXPORT = re.compile(
    r"export (?P<default>default )?(?P<rest>(?:async )?function (?P<function>\w+)|const (?P<const>\w+) =)"
)


class BundleFinder(AppDirectoriesFinder):
    """Find `x.js` wherever an app has `x.group.js`, and `x.css` where it has `x.group.css`."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.made = FileSystemStorage(location=Path(settings.VAR_DIR, "grouped"))

    def find(self, path: str, find_all: bool = False, **kwargs) -> str | list[str]:  # type: ignore[override]  # overloads there
        source = MADE.sub(r".group\1", path)
        found = super().find(source) if source != path else None
        if not found:
            return []
        made = self.make(path, Path(found))
        return [made] if find_all else made

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for source, storage in super().list(ignore_patterns):
            if SOURCE.search(source):
                path = SOURCE.sub(r"\1", source)
                self.make(path, Path(storage.path(source)))
                yield path, self.made

    def make(self, path: str, source: Path) -> str:
        made = Path(self.made.path(path))
        text = join_sheets(source) if source.suffix == ".css" else join_modules(source)
        if not made.exists() or made.read_text() != text:
            made.parent.mkdir(parents=True, exist_ok=True)
            draft = made.with_suffix(f".{uuid4().hex}")
            draft.write_text(text)
            newest = max(part.stat().st_mtime for part in list_parts(source))
            os.utime(draft, (newest, newest))
            draft.replace(made)
        return str(made)


class MinifiedStaticFilesStorage(ManifestStaticFilesStorage):
    """Store collected files under hashed names, style sheets without the spaces and comments of their source.

    A page shows no text before its sheets have arrived; on a slow connection every kilobyte of them takes 50 ms.
    """

    def _save(self, name: str, content: File) -> str:
        if name.endswith(".css"):
            content.seek(0)
            content = ContentFile(rcssmin.cssmin(content.read().decode()).encode(), name)
        return super()._save(name, content)  # type: ignore[misc]  # not in the stubs


def find_module(source: Path, reference: str) -> Path:
    """Return the file of a module beside the group ("./a.js") or in another folder at the top ("../outbox/a.js")."""
    if not reference.startswith("../"):
        return source.with_name(reference.removeprefix("./"))
    if not (found := finders.find(reference.removeprefix("../"))):
        raise ValueError(f"{source.name}: {reference}")
    return Path(found)


def list_parts(source: Path) -> list[Path]:
    """Return the group's file and those that it names."""
    references = re.findall(r'"(\.\.?/[^"]+)"', source.read_text())
    return [source, *(find_module(source, reference) for reference in references)]


def join_sheets(source: Path) -> str:
    """Return the sheets of a group, one after the other. Raises ValueError for a line that imports none."""
    parts = []
    for line in re.sub(r"/\*.*?\*/", "", source.read_text(), flags=re.DOTALL).split("\n"):
        if line.strip():
            if not (found := SHEET.fullmatch(line)):
                raise ValueError(f"{source.name}: {line}")
            parts.append(source.with_name(found["sheet"]).read_text())
    return "\n".join(parts)


def join_modules(source: Path) -> str:
    """Return the text of the group. Raises ValueError for what this simple way of joining would get wrong."""
    parts = []
    for number, line in enumerate(strip_lines(source.read_text()).splitlines()):
        if not (found := LINE.fullmatch(line)):
            raise ValueError(f"{source.name}: {line}")
        text, exports = enclose_module(find_module(source, found["module"]))
        parts.append(f"const m{number} = {text};")
        if found["whole"]:
            parts.append(f"export {{ m{number} as {found['whole']} }};")
            continue
        names = select_names(found["names"], exports)
        parts.append(
            f"const {{ {', '.join(f'{name}: m{number}_{given}' for name, given in names)} }} = m{number};"
        )
        parts.append(f"export {{ {', '.join(f'm{number}_{given} as {given}' for _name, given in names)} }};")
    return "\n".join(parts) + "\n"


def select_names(names: str | None, exports: list[str]) -> list[tuple[str, str]]:
    """Return the pairs of a module's name and the group's name for it that a line exports."""
    if names is None:
        return [(name, name) for name in exports if name != "default"]
    pairs = [pair.partition(" as ") for pair in names.split(", ")]
    return [(name, given or name) for name, _as, given in pairs]


def enclose_module(module: Path) -> tuple[str, list[str]]:
    """Return a module as an expression whose value holds its exports, and their names."""
    exports = {}

    def note_export(found: re.Match) -> str:
        name = found["function"] or found["const"]
        exports["default" if found["default"] else name] = name
        return found["rest"]

    lines = [
        EXPORT.sub(note_export, line) if line.startswith("export ") else line
        for line in strip_lines(module.read_text()).splitlines()
    ]
    for line in lines:
        if line.startswith(("export ", "import ")) or line.count("`") % 2:
            raise ValueError(f"{module.name}: cannot be grouped for {line[:60]}")
    held = ", ".join(f"{public}: {name}" for public, name in exports.items())
    return "(() => {\n" + "\n".join(lines) + f"\nreturn {{ {held} }};\n}})()", list(exports)


def strip_lines(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
