"""`make prove`: measure the same pages on a large site, and searches with their query plans, on SQLite and PostgreSQL."""

import sys
from urllib.parse import quote

from bench.harness.load import Figures, measure
from bench.harness.servers import app_server
from bench.harness.site import run_code, temporary_site
from bench.scenarios.pages import pages

APP = "config.wsgi:application"
SMALL = {"products": 9_940, "trainees": 1_000, "progress": 10_000}
SIZES = {
    "sqlite": {"products": 200_000, "trainees": 20_000, "progress": 2_000_000},
    "postgres": {"products": 1_000_000, "trainees": 100_000, "progress": 2_000_000},
}
WORDS = {"柚": "柚", "柚子 (30 %)": "柚子", "no hit": "龘靐", "yz": "yz"}
DEEP = """
from django.test import Client
import re
client, path = Client(headers={{"host": "127.0.0.1"}}), {path!r}
for step in range(60):
    found = re.search(r'href="(/products/\\?[^"]*after=[^"]*)"', client.get(path).content.decode())
    if not found:
        break
    path = found[1].replace("&amp;", "&")
print(path)
"""
PLAN = """
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
with CaptureQueriesContext(connection) as log:
    Client(headers={{"host": "127.0.0.1"}}).get({path!r})
how = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
with connection.cursor() as cursor:
    for query in log.captured_queries:
        if "shops_product" in query["sql"] or "shops_search" in query["sql"]:
            cursor.execute(how + query["sql"])
            for line in cursor.fetchall():
                print("      ", str(line[-1])[:150])
"""


def main() -> bool:
    """Return whether every page kept to its limit on every database."""
    good = True
    for database in sys.argv[1:] or SIZES:
        results = {}
        for label, numbers in (("small", SMALL), ("large", SIZES[database])):
            print(f"\n{database}, {label}: {numbers}", flush=True)
            with temporary_site(f"{database}-{label}", database, **numbers) as env:
                results[label] = measured(env | {"PAGE_CACHE": "0"})
        good &= compare(database, results["small"], results["large"])
    return good


def measured(env: dict[str, str]) -> dict[str, Figures]:
    """Return the figures of every page and search, by name."""
    village = run_code(env, VILLAGE).splitlines()[-1]
    paths = {page.name: (page.paths, page.headers) for page in pages(env)}
    for name, word in WORDS.items():
        search = f"/products/?q={quote(word)}"
        paths[f"{name}, alone"] = ([search], {})
        paths[f"{name}, narrowed"] = ([f"{search}&village={village}&season=1&sort=price"], {})
        paths[f"{name}, deep"] = ([run_code(env, DEEP.format(path=search)).splitlines()[-1]], {})
    paths["list, deep"] = ([run_code(env, DEEP.format(path="/products/")).splitlines()[-1]], {})
    paths["list, narrowed"] = ([f"/products/?village={village}&season=1&sort=price"], {})
    figures = {}
    with app_server(APP, env) as server:
        for name, (where, headers) in paths.items():
            figures[name] = measure(server, where, headers, total=800)
            print(
                f"  {name:24}{figures[name].cpu_ms:8.2f} ms CPU {figures[name].p99_ms:8.1f} ms p99",
                flush=True,
            )
            if "," in name:
                print(run_code(env, PLAN.format(path=where[0])), flush=True)
    return figures


VILLAGE = """
from shops.models import Village
from django.db.models import Count
print(Village.objects.annotate(n=Count("place__products")).order_by("-n").first().slug)
"""


def compare(database: str, small: dict[str, Figures], large: dict[str, Figures]) -> bool:
    good = True
    print(f"\n{database}: CPU at size over CPU when small")
    for name, figure in large.items():
        ratio = figure.cpu_ms / small[name].cpu_ms
        is_search = any(name.startswith(word) for word in WORDS)
        limit = 3 if is_search else 1.5
        is_good = ratio <= limit and (figure.p99_ms < 200 or not is_search)
        good &= is_good
        verdict = "ok" if is_good else "OVER"
        print(f"  {name:24}{ratio:6.2f}× (≤ {limit}) p99 {figure.p99_ms:6.1f} ms  {verdict}")
    return good


if __name__ == "__main__":
    sys.exit(not main())
