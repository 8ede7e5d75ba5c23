"""Check a script while it is typed: one box of 2,000 characters through the real page, wall-clock time in the app, without
findings and with findings.

`python -m bench.scenarios.scripts`; called inside the bench's own site (bench.harness.site.run_module).
"""

from __future__ import annotations

import statistics
import time

from bench.scenarios.wording import TYPICAL

LENGTH, ROUNDS = 2_000, 30
MOST_MS = 50
CLEAN = "这是{品名}，早上从坡上摘下来的，皮薄水多，切开给您看，再上秤称一箱，净重{净重}，{价钱}一箱。"


def main() -> None:
    import django

    django.setup()
    from accounts import limits

    limits.allows = lambda *_args: True  # more per minute than anybody types
    client, url = planned()
    print(
        f"\nA script's box of {LENGTH:,} characters looked at as it is typed (ms of {ROUNDS}: CPU, wall clock median and worst)"
    )
    for name, text in (
        ("clean", CLEAN),
        ("typical", TYPICAL),
        ("with findings", TYPICAL + "全网最甜，零农残。"),
    ):
        worked, median, worst = cost(client, url, (text * 60)[:LENGTH])
        print(f"{name:16}{worked:>8.1f}{median:>8.1f}{worst:>8.1f}   (< {MOST_MS} ms)", flush=True)


def planned():
    """Return a signed-in client of a seller with a plan of one product, and the URL that checks a box."""
    from django.test import Client

    from live.planning import plans
    from shops.models import Product

    product = Product.objects.filter(status="published").select_related("shop__owner", "shop__place").first()
    live = plans.create_plan(product.shop.owner, shop=product.shop, products=[product])
    [item] = live.load_items()
    client = Client(SERVER_NAME="localhost")
    client.force_login(product.shop.owner)
    return client, f"/live/{live.pk}/items/{item.pk}/script/wording/"


def cost(client, url: str, text: str) -> tuple[float, float, float]:
    """Return CPU time, and wall-clock time: median and worst."""
    taken, worked = [], []
    for _round in range(ROUNDS):
        start, begun = time.perf_counter(), time.process_time()
        answer = client.post(url, {"field": "what", "what": text, "seen": ""})
        taken.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - begun) * 1000)
        assert answer.status_code == 200, answer.status_code
    return statistics.median(worked), statistics.median(taken), max(taken)


if __name__ == "__main__":
    main()
