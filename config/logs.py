"""Logs as JSON lines, one file a day; phone numbers and links that open something are masked before anything is written."""

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

# A mainland mobile number in any of the ways people type it: 13800000001, 138 0000 0001, +86138…
PHONE = re.compile(r"(?<!\d)(?:\+?86[\s-]?)?(1[3-9]\d)[\s-]?\d{4}[\s-]?(\d{4})(?!\d)")
# Whoever has the address of an order, a complaint or a live has the thing itself. The front server's own log knows
# the same addresses (config/front/site.caddy).
SECRET = re.compile(r"(/+(?:orders|complaints|live/+on)/+)[^/?\s\"\\]{16,}", re.IGNORECASE)


def masked(text: str) -> str:
    return SECRET.sub(r"\1…", PHONE.sub(r"\1****\2", text))


class JsonFormatter(logging.Formatter):
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
        return masked(json.dumps(line, ensure_ascii=False, default=str))


class DailyFile(logging.Handler):
    """Appends to <directory>/app-<day>.jsonl; several processes may write at once (O_APPEND)."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory = Path(directory)
        self.day, self.file = "", None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            day = f"{datetime.now(UTC):%Y-%m-%d}"
            if day != self.day:
                self.directory.mkdir(parents=True, exist_ok=True)
                if self.file:
                    self.file.close()
                path = self.directory / f"app-{day}.jsonl"
                self.day, self.file = day, path.open("a", encoding="utf-8")
            self.file.write(self.format(record) + "\n")
            self.file.flush()
        except Exception:
            self.handleError(record)


def drop_old(directory: Path, keep_days: int) -> int:
    """Deletes day files older than keep_days; returns how many."""
    limit = f"app-{datetime.now(UTC) - timedelta(days=keep_days):%Y-%m-%d}.jsonl"
    old = [path for path in Path(directory).glob("app-*.jsonl") if path.name < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
