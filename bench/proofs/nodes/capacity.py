"""Requests a second and CPU a request with one node and with two, and with each way of keeping database connections.

All computers, and those who ask, share the processors of this one: what one request costs each computer is the figure from
which a county is sized; the requests a second say only what all of it together does here.
"""

from __future__ import annotations

import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.harness.computers import Computer, network_of, wait_until
from bench.harness.load import Connection
from bench.proofs.nodes import load
from bench.proofs.nodes.county import County

CLIENTS, WARMING, SECONDS = 16, 4.0, 20.0
PGBOUNCER_PORT, LIBRARY = 6432, "pool"
# How connections to the database are kept (bench.proofs.nodes.pooling), with the port of the database.
WAYS = {
    "one a thread, kept (as the site does)": ("kept", 5432),
    "a new one for each request": ("request", 5432),
    "psycopg's pool": ("pool", 5432),
    "PgBouncer, kept by each thread": ("kept", PGBOUNCER_PORT),
    "PgBouncer, a new one for each request": ("request", PGBOUNCER_PORT),
}
PGBOUNCER = """
[databases]
* = host={host} port=5432 user=postgres
[pgbouncer]
listen_addr = {host}
listen_port = {port}
auth_type = any
pool_mode = transaction
default_pool_size = 10
max_prepared_statements = 100
ignore_startup_parameters = extra_float_digits
unix_socket_dir =
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""


@dataclass
class Figures:
    """What one run gave; CPU in ms a request by computer."""

    requests: int
    seconds: float
    times: list[float]
    cpu_ms: dict[str, float] = field(default_factory=dict)
    connections: int = 0
    failures: int = 0

    def describe(self) -> str:
        ranks = statistics.quantiles(self.times, n=100)
        costs = ", ".join(f"{name} {ms:.2f}" for name, ms in self.cpu_ms.items())
        return (
            f"{self.requests / self.seconds:6.0f} a second, p50 {ranks[49] * 1000:.0f} ms, p99 {ranks[98] * 1000:.0f} ms;"
            f" CPU ms a request: {costs}; {self.connections} connections; {self.failures} failures"
        )


def measure(county: County, site: dict[str, Any], seconds: float = SECONDS) -> Figures:
    """Let CLIENTS ask for one page after another over connections that are kept."""
    end = time.monotonic() + WARMING + seconds
    begun = time.monotonic() + WARMING
    times: list[float] = []
    failed: list[str] = []

    def ask(number: int) -> None:
        chance, pages = random.Random(number), load.list_pages(site, number)  # noqa: S311 - which page is next
        line = Connection(county.port, county.host)
        while time.monotonic() < end:
            path, headers = load.choose_page(chance, pages)
            start = time.monotonic()
            status, _body, _headers = line.get(path, headers | {"Accept-Encoding": "gzip"})
            if start >= begun:
                times.append(time.monotonic() - start)
                if status != 200:
                    failed.append(f"{path}: {status}")

    threads = [threading.Thread(target=ask, args=[number]) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    time.sleep(max(0.0, begun - time.monotonic()))
    computers = list_computers(county)
    before = {name: computer.cpu_seconds() for name, computer in computers.items()}
    connections = count_connections(county)
    time.sleep(max(0.0, end - time.monotonic()))
    after = {name: computer.cpu_seconds() for name, computer in computers.items()}
    for thread in threads:
        thread.join()
    costs = {name: (after[name] - before[name]) * 1000 / len(times) for name in computers}
    return Figures(len(times), seconds, times, costs, connections, len(failed))


def is_serving(county: County) -> bool:
    """Return whether a page that needs the database is shown; /readyz asks for the workers too, which are stopped."""
    answer = county.make_traffic().ask("GET", f"/products/?q={time.monotonic()}", {})
    return answer is not None and answer[0] == 200


def list_computers(county: County) -> dict[str, Computer]:
    return {one.name: one.computer for one in county.installed} | {"store": county.store.computer}


def count_connections(county: County) -> int:
    """Return how many connections PostgreSQL serves, ours left out."""
    with psycopg.connect(county.store.database_url) as database:
        query = "SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
        return database.execute(query).fetchone()[0]


def prove(county: County) -> bool:
    """Measure with all nodes and with one; print both; return whether no request failed."""
    site = county.prepare_people(20, 30)
    print("\nCapacity", flush=True)
    found = {}
    for name, computer in list_computers(county).items():
        used = {program: f"{size / 1e6:.0f} MB" for program, size in computer.memory_bytes().items()}
        print(f"  memory of {name}: {used}", flush=True)
    for node in county.nodes:
        node.services["worker"].stop()
    for count in (len(county.nodes), 1):
        for node in county.nodes[count:]:
            node.stop()
        wait_until(lambda: is_serving(county), 60, "no page")
        found[count] = measure(county, site)
        print(f"  {count} nodes: {found[count].describe()}", flush=True)
    for node in county.nodes:
        if not node.is_running:
            node.stop()
            node.start()
    county.wait_until_ready()
    rates = {count: figures.requests / figures.seconds for count, figures in found.items()}
    costs = {count: sum(figures.cpu_ms.values()) for count, figures in found.items()}
    most = max(found)
    print(
        f"  {most} nodes give {rates[most] / rates[1]:.2f} × the requests of one, on the same processors;"
        f" a request costs {costs[most]:.2f} ms on all computers together, with one node {costs[1]:.2f} ms"
    )
    return not any(figures.failures for figures in found.values())


# --- connections ---


def fetch_pool(folder: Path) -> None:
    """Install psycopg's pool into a folder; the network of visitors has no index."""
    command = [str(Path(sys.executable).parent / "uv"), "pip", "install", "-q", "--no-deps", "--target"]
    subprocess.run([*command, str(folder / LIBRARY), "psycopg-pool"], check=True)


@contextmanager
def pgbouncer(county: County, folder: Path) -> Iterator[None]:
    """Run Debian's PgBouncer on the computer of the database."""
    path = folder / "pgbouncer.ini"
    host = county.store.computer.address
    path.write_text(PGBOUNCER.format(host=host, port=PGBOUNCER_PORT, folder=folder))
    folder.chmod(0o777)
    with network_of(county.store.computer):
        process = subprocess.Popen(
            ["setpriv", "--reuid=65534", "--clear-groups", "/usr/sbin/pgbouncer", "--quiet", str(path)],
            stderr=subprocess.DEVNULL,
        )
    try:
        yield
    finally:
        process.kill()  # by SIGTERM it waits for its clients to leave
        process.wait(20)


def compare_pooling(county: County, folder: Path) -> bool:
    """Measure the nodes with each of WAYS; needs the package pgbouncer, and the pool in the folder (`fetch_pool`)."""
    if not Path("/usr/sbin/pgbouncer").exists():
        print("Missing here: the package pgbouncer; apt-get install pgbouncer")
        return False
    site = county.prepare_people(20, 30)
    for node in county.nodes:
        node.services["worker"].stop()
    print("\nConnections to the database", flush=True)
    is_good = True
    for node in county.nodes:
        shutil.copytree(folder / LIBRARY, node.computer.root / "tmp" / LIBRARY)
    with pgbouncer(county, folder):
        for name, (way, port) in WAYS.items():
            url = county.store.database_url.replace(":5432", f":{port}")
            env = {
                "DJANGO_SETTINGS_MODULE": "bench.proofs.nodes.pooling",
                "WAY": way,
                "PYTHONPATH": f"/tmp/{LIBRARY}",
            }  # noqa: S108 - the node's own
            for node in county.nodes:
                node.services["app"].stop()
                node.services["app"].start(**env, DATABASE_URL=url)
            wait_until(lambda: is_serving(county), 60, name)
            figures = measure(county, site)
            is_good = is_good and not figures.failures
            print(f"  {name:40}{figures.describe()}", flush=True)
    return is_good
