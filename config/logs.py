"""Write logs as JSON lines, one file a day, with the request's id, and with phone numbers, searches and secret links masked.

A library that writes JSON would have to be subclassed for the masking, which covers the whole line, tracebacks too.
"""

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from ui.request_ids import get_request_id


def match_digit(low: int, high: int) -> str:
    """Return a pattern for a digit: narrow, wide (as Chinese keyboards type it too), and percent-encoded, even more than once."""
    wide = f"{chr(0xFF10 + low)}-{chr(0xFF10 + high)}"
    return rf"(?:[{low}-{high}{wide}]|%(?:25)*(?:ef%(?:25)*bc%(?:25)*9|3)[{low}-{high}])"


# Ids and hashes are kept: by chance one holds what would pass for a number.
KEPT = r"(?P<kept>\b(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32,})\b)"
# What may stand before a number (not a digit, but an encoded character), between its digits, and for a digit.
BEFORE = r"(?:(?<![\d.])|(?<=%[0-9a-f]{2}))"
BETWEEN = r"(?:[\s.·()\uff08\uff09‐‑–—+-]|%(?:25)*(?:20|2[89bde]|c2%(?:25)*a0)){0,2}"
DIGIT = match_digit(0, 9)
PLUS, CHINA = r"(?:\+|%(?:25)*2b)", rf"86{BETWEEN}"
# A mainland mobile number however it is typed (13800000001, 138 0000 0001, +86138…), and one of a landline with its area code.
MOBILE = rf"(?:{PLUS}?{CHINA})?({match_digit(1, 1)}{match_digit(3, 9)}{DIGIT}){BETWEEN}{DIGIT}{{4}}{BETWEEN}({DIGIT}{{4}})"
LANDLINE = rf"(?:{PLUS}{CHINA}|{match_digit(0, 0)}){match_digit(1, 9)}{DIGIT}{{1,2}}{BETWEEN}{DIGIT}{{3,4}}{BETWEEN}{DIGIT}{{4}}"
# The first characters are looked at first: that takes a quarter of the time.
PHONE = re.compile(rf"(?=[\da-f]){KEPT}|(?=[\d+%]){BEFORE}(?:{MOBILE}|{LANDLINE})(?!\d)", re.IGNORECASE)
# What stands behind a question mark in a URL: searches, pages to go on to.
QUERY = re.compile(r"\?[\w-]+=[^\s\"'\\<>]*")
# PostgreSQL's words about an error hold the whole row.
DETAIL = re.compile(
    r"DETAIL:(?:[^\"\\]|\\.)*?(?=\\n\\n(?:The above exception|During handling)|\"|$)", re.DOTALL
)


def match_encoded(text: str) -> str:
    """Return a pattern for a text of which any character may be percent-encoded, even more than once."""
    found = ""
    for char in text:
        code = "|".join(sorted({f"{ord(each):x}" for each in (char, char.upper())}))
        found += f"(?:{re.escape(char)}|%(?:25)*(?:{code}))"
    return found


SLASHES = f"{match_encoded('/')}+"
# Everybody with such a URL may open the order, complaint, live, follow-up or calendar. The front server masks the same URLs in
# its own log (config/front/masked.caddy).
NAMES = [
    [match_encoded(part) for part in name.split("/")]
    for name in ("orders", "complaints", "live/on", "follow-ups")
]
# The number of a calendar stands before its seal.
CALENDAR = rf"{match_encoded('calendar')}{SLASHES}[^/?\s\"\\]{{1,12}}"
SECRET = re.compile(
    rf"({SLASHES}(?:{'|'.join(SLASHES.join(parts) for parts in NAMES)}|{CALENDAR}){SLASHES})[^/?\s\"\\]{{16,}}",
    re.IGNORECASE,
)


def make_logging(directory: Path, level: str) -> dict:
    """Return the value of LOGGING: lines go to the console and to a file of the day in `directory`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "json"},
            "daily": {"class": "config.logs.DailyFile", "directory": directory, "formatter": "json"},
        },
        "root": {"handlers": ["console", "daily"], "level": level},
        "loggers": {
            "django.server": {"handlers": [], "level": "WARNING"},
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            # A refused request has a line of farm.requests, a job two of farm.jobs: these would say the same.
            "django.request": {"level": "ERROR"},
            "django_tasks": {"level": "CRITICAL"},
            "farm.requests": {"handlers": ["daily"], "level": "INFO", "propagate": False},
            "pi_heif": {"level": "WARNING"},
        },
    }


def mask(text: str) -> str:
    """Return the text, a line of JSON or a part of one, without phone numbers, secret links, queries and rows."""
    shorter = QUERY.sub("?…", SECRET.sub(r"\1…", DETAIL.sub("DETAIL: …", text)))
    return PHONE.sub(mask_number, shorter)


def mask_number(found: re.Match) -> str:
    return found["kept"] or f"{found[2] or ''}****{found[3] or ''}"


class JsonFormatter(logging.Formatter):
    """Write a record as one line of JSON, with the `fields` of its `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if request_id := get_request_id():
            line.setdefault("request_id", request_id)
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return mask(json.dumps(line, ensure_ascii=False, default=str))


def find_file(directory: Path) -> Path:
    """Return the file of today (UTC)."""
    return Path(directory) / f"app-{datetime.now(UTC):%Y-%m-%d}.jsonl"


class DailyFile(logging.Handler):
    """Append to <directory>/app-<day>.jsonl; several processes may write at once (O_APPEND)."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory = Path(directory)
        self.path: Path | None = None
        self.file: TextIO | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            path = find_file(self.directory)
            if path != self.path:
                self.directory.mkdir(parents=True, exist_ok=True)
                if self.file:
                    self.file.close()
                # A file name that is no UTF-8 stands in a message as half a character, which UTF-8 cannot write.
                self.file = path.open("a", encoding="utf-8", errors="backslashreplace")
                self.path = path
            assert self.file is not None
            self.file.write(self.format(record) + "\n")
            self.file.flush()
        except Exception:
            self.handleError(record)


def drop_old(directory: Path, keep_days: int) -> int:
    """Delete day files older than `keep_days`; return how many."""
    limit = f"app-{datetime.now(UTC) - timedelta(days=keep_days):%Y-%m-%d}.jsonl"
    old = [path for path in Path(directory).glob("app-*.jsonl") if path.name < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
