"""`manage.py alert_rules`: print the alerts as a file of rules for Prometheus."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.core.management.base import BaseCommand
from django.utils import translation

from config.health.alerts import ALERTS, Alert, format_time


class Command(BaseCommand):
    help = "Prints the site's alerts as a file of rules for Prometheus; its job must be named newfarmwork."
    # It reads neither database nor files.
    requires_system_checks: list[str] = []

    def handle(self, **options) -> None:
        self.stdout.write("\n".join(write_rules()))


def write_rules() -> Iterator[str]:
    """Yield the lines of the file. A string of JSON is one of YAML too."""
    yield "groups:"
    yield "  - name: newfarmwork"
    yield "    rules:"
    for alert in ALERTS:
        yield f"      - alert: {alert.rule}"
        yield f"        expr: {quote(alert.condition.write())}"
        if alert.lasts:
            yield f"        for: {format_time(alert.lasts)}"
        yield "        labels:"
        yield f"          severity: {'critical' if alert.is_urgent else 'warning'}"
        yield "        annotations:"
        for language, ending in (("zh-hans", ""), ("en", "_en")):
            with translation.override(language):
                for name, text in list_texts(alert):
                    yield f"          {name}{ending}: {quote(str(text))}"


def list_texts(alert: Alert) -> list[tuple[str, object]]:
    return [("summary", alert.title), ("description", alert.why), ("action", alert.first)]


def quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
