"""Find what is wrong in the file of settings (/etc/newfarmwork.env), which systemd and a shell must read alike.

    python -m config.health.env_file /etc/newfarmwork.env

Needs no Django: a site whose settings cannot be read cannot load it.
"""

from __future__ import annotations

import difflib
import re
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
# Calls of os.environ.get, of `get` as its short name, and of read_flag with its like; and os.environ[…].
READ = re.compile(
    r'(?:\bos\.environ\[|\benv(?:iron)?\.(?:get|setdefault)\(|(?<![.\w])get\(|\bread_\w+\()\s*"([A-Z][A-Z0-9_]+)"'
)
# Folders of the code that no site runs from.
OF_DEVELOPERS = {"tests", "bench"}
READ_BY_FRONT = re.compile(r"\{\$([A-Z][A-Z0-9_]+)")
# Read by Python and the libraries, not by the site's own code.
OF_OTHERS = re.compile(
    "(PG|AWS_|PYTHON|LC_|XDG_|SSL_CERT_)[A-Z_]+|PATH|HOME|TZ|LANG|TMPDIR|https?_proxy|no_proxy|DJANGO_SETTINGS_MODULE"
)
# One for each message; the guide explains them in one row.
TEMPLATES = "SMS_TEMPLATE_"
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# What a shell does not take literally outside of quotes, and inside double ones.
SPECIAL, SPECIAL_IN_QUOTES = "$`;&|<>()\\\"'", "$`\\"


@dataclass(frozen=True)
class Fault:
    """What is wrong, and how it is mended."""

    what: str
    mend: str


def list_faults(path: Path) -> list[Fault]:
    """Return all faults of the file, in the order of its lines."""
    try:
        content, mode = path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        return [Fault(f"{path} cannot be read ({error.strerror})", "name the file, and try as root")]
    faults = []
    if mode & 0o077:
        faults.append(Fault(f"{path} can be read by others, and keys stand in it", f"chmod 0600 {path}"))
    if content.startswith(b"\xef\xbb\xbf"):
        faults.append(
            Fault(f"{path} begins with a byte order mark", f"sed -i '1s/^\\xef\\xbb\\xbf//' {path}")
        )
        content = content[3:]
    if b"\r" in content:
        number = content[: content.index(b"\r")].count(b"\n") + 1
        faults.append(
            Fault(
                f"line {number} ends as on Windows (CRLF), which becomes part of the value",
                f"sed -i 's/\\r$//' {path}",
            )
        )
        content = content.replace(b"\r", b"")
    return faults + list_faults_of_lines(content.decode(errors="replace").split("\n"))


def list_faults_of_lines(lines: list[str]) -> list[Fault]:
    known, seen = list_known_names(), dict[str, int]()
    faults = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, fault = read_line(line)
        if not fault and known and name not in known and not OF_OTHERS.fullmatch(name):
            fault = describe_unknown(name, known)
        if not fault and name in seen:
            fault = Fault(f"{name} is set again (before: line {seen[name]})", "remove one of both lines")
        if fault:
            faults.append(Fault(f"line {number}: {fault.what}", fault.mend))
        seen.setdefault(name, number)
    return faults


def read_line(line: str) -> tuple[str, Fault | None]:
    """Return the name that the line sets, and what is wrong with it. The value, which may be a key, is not repeated."""
    name, found, value = line.partition("=")
    bare = name.strip().removeprefix("export ").strip()
    if not found or not NAME.fullmatch(bare):
        return bare, Fault(f"“{shorten(bare)}” is no setting", "write NAME=value, or # before a remark")
    if bare != name:
        return bare, Fault(f"{bare}: nothing may stand before the name or around =", f"write {bare}=…")
    return name, find_fault_of_value(name, value)


def find_fault_of_value(name: str, value: str) -> Fault | None:
    value = value.rstrip()
    if value != value.lstrip():
        return Fault(f"{name}: a space stands after =", f"write {name}=value")
    quote = value[:1]
    if quote in ("'", '"'):
        return find_fault_of_quoted(name, quote, value)
    if any(character.isspace() for character in value):
        return Fault(
            f"{name}: the value has spaces and no quotes", f'write {name}="…" with quotes around all of it'
        )
    if found := sorted({character for character in value if character in SPECIAL}):
        return Fault(
            f"{name}: a shell reads {' '.join(found)} in another way than systemd",
            f"write {name}='…' with single quotes around the value",
        )
    return None


def find_fault_of_quoted(name: str, quote: str, value: str) -> Fault | None:
    end = value.find(quote, 1)
    if end < 0:
        return Fault(f"{name}: the quote at the end is missing", f"write {name}={quote}…{quote} on one line")
    if end != len(value) - 1:
        return Fault(
            f"{name}: something stands after the closing quote",
            f"write {name}={quote}…{quote} and a remark on a line of its own",
        )
    if quote == '"' and any(character in SPECIAL_IN_QUOTES for character in value):
        return Fault(
            f"{name}: a shell reads $, ` and \\ between double quotes in another way than systemd",
            f"write {name}='…' with single quotes",
        )
    return None


def describe_unknown(name: str, known: set[str]) -> Fault | None:
    """Describe a name that no program reads."""
    if name.startswith(TEMPLATES) and name != TEMPLATES:
        return None
    close = difflib.get_close_matches(name, sorted(known), 1)
    mend = (
        f"did you mean {close[0]}?" if close else "remove it, or look for its name in docs/county/settings.md"
    )
    return Fault(f"no program reads {shorten(name)}", mend)


def shorten(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def list_known_names(base: Path = BASE) -> set[str]:
    """Return the variables that the code reads: by its programs, and by the front server's files."""
    found = {"DATABASE_URL"}  # read by dj_database_url
    for program in {path.parent for path in base.glob("*/__init__.py")}:
        for path in () if program.name in OF_DEVELOPERS else program.rglob("*.py"):
            text = path.read_text()
            if "environ" in text:
                found |= set(READ.findall(text))
    for path in (base / "config/front").iterdir():
        found |= set(READ_BY_FRONT.findall(path.read_text()))
    return found


def main() -> int:
    path = Path(sys.argv[1])
    faults = list_faults(path)
    for fault in faults:
        print(f"WRONG  settings file: {fault.what}. Mend: {fault.mend}")
    if not faults:
        print(f"good   settings file: {path}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
