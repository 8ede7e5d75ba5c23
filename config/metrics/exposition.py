"""Write /metrics: what all processes of the app have counted, and what the site measures about itself."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from config.metrics import processes, requests
from config.metrics.readings import MEASURES, Readings, read_all

__all__ = ["CONTENT_TYPE", "write_metrics"]

# So long an answer of the database is used again, however many ask.
KEPT_SECONDS = 5.0


def write_metrics() -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Measured())
    folder = os.environ.get(processes.FOLDER)
    counted = MultiProcessCollector(None, folder) if folder else requests.registry
    registry.register(counted)
    return generate_latest(registry)


class Measured(Collector):
    """What config.metrics.readings reads."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        found = kept.read()
        for measure in MEASURES:
            if values := found.get(measure.name):
                family = GaugeMetricFamily(measure.name, measure.help, labels=measure.labels)
                for labels, value in values.items():
                    family.add_metric(labels, value)
                yield family


class Kept:
    """The last readings of this process; one thread at a time reads new ones."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.readings: Readings | None = None
        self.until = 0.0

    def read(self) -> Readings:
        with self.lock:
            if self.readings is None or time.monotonic() >= self.until:
                self.readings = read_all()
                self.until = time.monotonic() + KEPT_SECONDS
            return self.readings


kept = Kept()
