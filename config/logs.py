"""Write logs as JSON lines, one file a day, with phone numbers and secret links masked.

A library that writes JSON would have to be subclassed for the masking, which covers the whole line, tracebacks too.
"""

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

# A mainland mobile number however it is typed: 13800000001, 138 0000 0001, +86138…
PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(1[3-9]\d)[\s-]?\d{4}[\s-]?(\d{4})(?!\d)")
# Everybody with such a URL may open the order, complaint or live. The front server masks the same URLs in its own log
# (config/front/site.caddy).
SECRET = re.compile(r"(/+(?:orders|complaints|live/+on)/+)[^/?\s\"\\]{16,}", re.IGNORECASE)


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
            "farm.requests": {"handlers": ["daily"], "level": "INFO", "propagate": False},
            "pi_heif": {"level": "WARNING"},
        },
    }


def mask(text: str) -> str:
    return SECRET.sub(r"\1…", PHONE.sub(r"\1****\2", text))


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
                self.file = path.open("a", encoding="utf-8")
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
