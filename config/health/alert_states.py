"""Which alerts are firing now, and since when.

A page reads what is measured at that moment. What a moment does not show is noted by each computer's worker once a minute, in
the shared cache: since when a condition has held, how fast a counter grows, and what takes long to read.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from django.conf import settings
from django.core.cache import cache

from config.health import probes
from config.health.alerts import BY_ALERT, FAILED_REQUESTS, Alert, Condition, Found, list_shown
from config.metrics.readings import Readings, read_all

# What a worker noted is true for so long.
NOTED_SECONDS = 5 * 60
MINUTES_KEPT = 30
Counts = dict[str, float]


@dataclass(frozen=True)
class Firing:
    """An alert that fires: which values are beyond its limit, and since when, if that is known. `node` names another computer
    of which it is told."""

    alert: Alert
    found: Found = field(default_factory=dict)
    since: datetime | None = None
    node: str = ""


# --- the page ---


def list_firing(readings: Readings | None = None) -> list[Firing]:
    """Return what fires on this computer and the others, in the order of the list. Reads all that is measured, and one query
    more."""
    readings, here = readings or read_all(for_page=True), probes.get_node()
    noted = read_notes({here, *list_nodes(readings)})
    own = noted.pop(here, {})
    firing = [*find_firing(readings, own), *find_others(noted)]
    order = list(BY_ALERT)
    return sorted(firing, key=lambda one: order.index(one.alert.name))


def find_firing(readings: Readings, noted: dict[str, float]) -> Iterator[Firing]:
    for alert in list_shown():
        if alert.condition.is_noted:
            if alert.name in noted:
                yield Firing(alert, since=make_time(noted[alert.name]))
            continue
        found = alert.condition.find(readings)
        since = find_begin(alert, found, noted)
        if found and has_lasted(alert, since):
            yield Firing(alert, found, since)


def find_begin(alert: Alert, found: Found, noted: dict[str, float]) -> datetime | None:
    """Return since when, told by the value if that is an age, else as noted by the worker; None if nobody knows."""
    oldest = max(found.values(), default=0.0)
    if alert.condition.is_age and math.isfinite(oldest):
        return make_time(time.time() - oldest + alert.condition.limit)
    return make_time(noted[alert.name]) if alert.name in noted else None


def has_lasted(alert: Alert, since: datetime | None) -> bool:
    """Return whether it has lasted as long as it must; what nobody noted is shown at once."""
    return since is None or datetime.now(UTC) - since >= alert.lasts


def find_others(noted: dict[str, dict[str, float]]) -> Iterator[Firing]:
    """Yield what other computers' workers noted of those computers alone."""
    for node, since in sorted(noted.items()):
        for name, at in since.items():
            alert = BY_ALERT.get(name)
            if alert and alert.condition.is_local and has_lasted(alert, make_time(at)):
                yield Firing(alert, since=make_time(at), node=node)


def list_nodes(readings: Readings) -> Iterable[str]:
    return (node for (node,) in readings.get("newfarmwork_worker_heartbeat_age_seconds"))


def read_notes(nodes: Iterable[str]) -> dict[str, dict[str, float]]:
    """Return node → alert → since when, of what was noted lately."""
    keys = {name_note(node): node for node in nodes}
    now = time.time()
    return {
        keys[key]: note["since"]
        for key, note in cache.get_many(keys).items()
        if now - note["at"] < NOTED_SECONDS
    }


def name_note(node: str) -> str:
    return f"alerts-{node}"


def make_time(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


# --- the worker ---


def record() -> None:
    """Note since when each condition has held here; called once a minute."""
    now, node = time.time(), probes.get_node()
    earlier = read_notes([node]).get(node, {})
    growth.add(now, count_failures())
    readings = read_all()
    holds = [
        alert.name
        for alert in list_shown()
        if (growth.is_beyond(alert.condition) if alert.condition.within else alert.condition.find(readings))
    ]
    cache.set(name_note(node), {"at": now, "since": {name: earlier.get(name, now) for name in holds}}, 3600)


def count_failures() -> Counts:
    """Return what the app of this computer has counted of FAILED_REQUESTS, by its label; empty where no app runs."""
    if not settings.METRICS_DIR.is_dir():
        return {}
    # Its memory is worth it only where something is to be read.
    from prometheus_client.multiprocess import MultiProcessCollector

    files = [str(path) for path in settings.METRICS_DIR.glob("counter_*.db")]
    return {
        sample.labels["cause"]: sample.value
        for metric in MultiProcessCollector.merge(files)
        for sample in metric.samples
        if sample.name == FAILED_REQUESTS
    }


class Growth:
    """What was counted at each of the last minutes."""

    def __init__(self) -> None:
        self.history: deque[tuple[float, Counts]] = deque(maxlen=MINUTES_KEPT)

    def add(self, at: float, counts: Counts) -> None:
        self.history.append((at, counts))

    def is_beyond(self, condition: Condition) -> bool:
        """Return whether the counter has grown so much within the condition's time; what began anew grew from 0."""
        assert condition.within
        [(_label, cause)] = condition.labels
        begin = self.history[-1][0] - condition.within.total_seconds()
        values = [counts.get(cause, 0.0) for at, counts in self.history if at >= begin]
        grown = sum(b - a if b >= a else b for a, b in pairwise(values))
        return condition.is_beyond(grown)


growth = Growth()
