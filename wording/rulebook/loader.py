"""Load the rule files. An error message for a damaged file names the file, the term, the mistake and the line.

docs/wording.md explains the format. A process reads the files once and keeps what it read. A site copies the files of good
rules into its data folder; if a file is damaged when a process starts later, the site goes on with the copy.

To compile the regular expressions of all files takes a second. A process that reads files of which no process has compiled
all yet does so, and notes their digest (`__pycache__/proven`, beside the files or their copy); the others compile each one
when a text needs it (`regex`).
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from wording.rulebook.fields import name_line, read_toml, refuse_wrong_forms
from wording.rulebook.rule_files import read_rule
from wording.rulebook.rules import RuleBook, RuleFileError
from wording.rulebook.shared_files import read_contexts, read_goods, read_kinds
from wording.rulebook.statements import read_statements

logger = logging.getLogger(__name__)

# Where the rule files are.
HERE = Path(__file__).parents[1]
SHARED_FILES = ("laws.toml", "contexts.toml", "goods.toml", "statements.toml", "kinds.toml")
PROOF = Path("__pycache__", "proven")
CODE = sorted(Path(__file__).parent.glob("*.py"))


class Kept:
    """Where the copy of good rules is; no copy is made or used while it is None."""

    folder: Path | None = None


@cache
def load_rules() -> RuleBook:
    """Return the rules of this release, and copy their files for the next start.

    If a file is damaged, return the rules that the site had (the copy), else those of the other files; an error is logged
    either way. Raises RuleFileError only outside a site, or where a file is damaged that all rules need.
    """
    try:
        book = read_book(HERE)
    except RuleFileError as error:
        if Kept.folder is None:
            raise
        # A file name that is no UTF-8 stands in it as half a character, which no log can take.
        said = str(error).encode(errors="backslashreplace").decode()
        logger.error("A rule file is damaged; the site goes on with the rules that it had: %s", said)
        return read_copy(Kept.folder) or read_book(HERE, skips_damaged=True)
    if Kept.folder is not None:
        copy_rules(HERE, Kept.folder)
        note_proof(Kept.folder)
    return book


def read_copy(folder: Path) -> RuleBook | None:
    """Return the rules that the site had; None if there is no copy, or one of an older release that differs in form."""
    try:
        return read_book(folder)
    except RuleFileError:
        return None


def copy_rules(source: Path, folder: Path) -> None:
    """Copy the rule files, unless they are the same already; a full disk keeps nobody from checking a text."""
    names = [path.relative_to(source) for path in list_files(source)]
    try:
        known = [path.relative_to(folder) for path in list_files(folder) if path.exists()]
        if known == names and all(
            (source / one).read_bytes() == (folder / one).read_bytes() for one in names
        ):
            return
        new = folder.with_name(f"{folder.name}.{os.getpid()}")
        for name in names:
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source / name, new / name)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    except OSError as error:
        logger.warning("The rules could not be copied for the next start: %s", error)
        shutil.rmtree(folder.with_name(f"{folder.name}.{os.getpid()}"), ignore_errors=True)


def calculate_digest(folder: Path) -> str:
    """Return a digest of the rule files, of the code that reads them and of Python; empty if a file cannot be read."""
    digest = sha256(sys.version.encode())
    try:
        for path in (*list_files(folder), *CODE):
            digest.update(b"\0%s\0%s" % (os.fsencode(path.name), path.read_bytes()))
    except OSError:
        return ""
    return digest.hexdigest()


def is_proven(digest: str) -> bool:
    """Return whether a process has read files of this digest and compiled all of their regular expressions."""
    for folder in (HERE, Kept.folder):
        with suppress(OSError):
            if digest and folder is not None and (folder / PROOF).read_text() == digest:
                return True
    return False


def note_proof(folder: Path, digest: str = "") -> None:
    """Note that the files are proven; where nothing can be written, the next process compiles them again."""
    path, digest = folder / PROOF, digest or calculate_digest(folder)
    with suppress(OSError):
        if not path.exists() or path.read_text() != digest:
            path.parent.mkdir(exist_ok=True)
            path.write_text(digest)


def list_files(folder: Path) -> list[Path]:
    return [*(folder / name for name in SHARED_FILES), *sorted((folder / "rules").glob("*.toml"))]


def find_faults(folder: Path) -> list[str]:
    """Return what is wrong with the rule files: one fault a file, with its line."""
    faults: list[str] = []
    if is_proven(calculate_digest(folder)):
        return faults
    try:
        read_book(folder)
    except RuleFileError as error:
        faults.append(str(error))
        try:
            laws, contexts = read_toml(folder / "laws.toml"), read_contexts(folder)
        except RuleFileError:
            return faults
        for path in sorted((folder / "rules").glob("*.toml")):
            try:
                read_rule(path, read_toml(path), laws, contexts, proves=True)
            except RuleFileError as other:
                faults.append(str(other))
        for name, read in (("goods.toml", read_goods), ("kinds.toml", read_kinds)):
            try:
                read(folder / name)
            except RuleFileError as other:
                faults.append(str(other))
    return list(dict.fromkeys(faults))


def read_book(folder: Path, skips_damaged: bool = False) -> RuleBook:
    """Read a folder with laws.toml, contexts.toml … and rules/; `skips_damaged`: without the rule files that have faults."""
    digest = calculate_digest(folder)
    proves = not is_proven(digest)
    laws, contexts = read_toml(folder / "laws.toml"), read_contexts(folder, proves=proves)
    files = sorted((folder / "rules").glob("*.toml"))
    if not files:
        raise RuleFileError(f"{folder / 'rules'}: no rule files")
    read = []
    for path in files:
        try:
            read.append(read_rule(path, read_toml(path), laws, contexts, proves=proves))
        except RuleFileError:
            if not skips_damaged:
                raise
    rules = tuple(read)
    names = [rule.id for rule in rules]
    if twice := {name for name in names if names.count(name) > 1}:
        raise RuleFileError(f"rule {', '.join(sorted(twice))} is in two files")
    statements = folder / "statements.toml"

    def fail(name: str, what: str) -> NoReturn:
        raise RuleFileError(f"statements.toml, {name}: {what}{name_line(statements, f'[{name}]')}")

    with refuse_wrong_forms("statements.toml"):
        stated = read_statements(read_toml(statements), fail)
    goods = read_goods(folder / "goods.toml", proves=proves)
    book = RuleBook(rules, contexts, goods, stated, read_kinds(folder / "kinds.toml"))
    if proves and not skips_damaged and folder == HERE:
        note_proof(folder, digest)
    return book
