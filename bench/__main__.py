"""`make bench`: measure the cost of each page, and compare it with that of the cheapest page, measured in the same run."""

from bench.harness.load import Figures, measure
from bench.harness.servers import app_server, whole_site
from bench.harness.site import run_module, temporary_site
from bench.scenarios import class_start, live, orders, paint, sync, wording
from bench.scenarios.media import photos
from bench.scenarios.pages import Page, pages, queries
from bench.scenarios.wire import Visit, visits

APP = "config.wsgi:application"
CHEAPEST = "bench.harness.cheapest_page:application"


def main() -> None:
    with temporary_site("bench", products=9_940) as env:
        todo = pages(env)
        with app_server(CHEAPEST, env) as server:
            cheapest = measure(server, ["/"])
        print("\nCPU = user + system time of all server processes; 2,000 requests over 8 connections.")
        print(f"\n{'':22}{'queries':>8}{'CPU ms':>9}{'× least':>9}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}")
        row("cheapest: 24 rows", 1, cheapest, cheapest)
        for cache in ("0", "1"):
            print(f"\npage cache {'on' if cache == '1' else 'off'}")
            with app_server(APP, env | {"PAGE_CACHE": cache}) as server:
                for page in todo:
                    row(page.name, queries(env, page), measure(server, page.paths, page.headers), cheapest)
                for page in todo if cache == "1" else ():
                    if not page.headers:
                        repeat(server, page, cheapest)
        with whole_site(env) as site_url:
            wire(visits(site_url, todo))
            paint.show(paint.paints(site_url, env))
        run_module(env, "bench.scenarios.media.films")
        run_module(env, "bench.scenarios.media.film_joins")
        run_module(env, "bench.scenarios.ledger")
        run_module(env, "bench.scenarios.programme")
        run_module(env, "bench.scenarios.training_ledgers")
        run_module(env, "bench.scenarios.media.posters")
        run_module(env, "bench.scenarios.reviews")
        run_module(env, "bench.scenarios.scripts")
    class_start.main()
    print(f"\nEvents from phones through /sync/, in batches of {sync.BATCH}, beside bare inserts")
    sync.compare()
    orders.main()
    live.main()
    photos.compare()
    wording.main()


def row(name: str, count: int | str, it: Figures, cheapest: Figures) -> None:
    print(
        f"{name:22}{count:>8}{it.cpu_ms:>9.2f}{it.cpu_ms / cheapest.cpu_ms:>8.2f}×"
        f"{it.per_second:>8.0f}{it.p50_ms:>8.1f}{it.p99_ms:>8.1f}",
        flush=True,
    )


def repeat(server, page: Page, cheapest: Figures) -> None:
    """Request the same page again with its ETag; the answer must be 304."""
    from bench.harness.load import Connection

    tags = {
        path: Connection(server.port).get(path, page.headers)[2][b"etag"].decode() for path in page.paths[:1]
    }
    [(path, tag)] = tags.items()
    row(f"  {page.name}, again", 1, measure(server, [path], {"If-None-Match": tag}), cheapest)


def wire(found: dict[str, tuple[Visit, Visit]]) -> None:
    print("\nOn the wire at 360 px, photos apart (requests, KiB), first visit and the next")
    for name, (first, again) in found.items():
        each = first.photo_kib / first.photos if first.photos else 0
        print(
            f"{name:22}{first.requests:>4}{first.kib:>8.1f}{again.requests:>6}{again.kib:>8.1f}"
            f"   photos{first.photos:>4} × {each:.1f} KiB"
        )


if __name__ == "__main__":
    main()
