"""Compare the ledger of a shop with 50,000 orders with that of one with 50: the month, its rows, the sums, in CPU time.

`python -m bench.scenarios.ledger`; called inside the bench's own site (bench.harness.site.run_module).
"""

from __future__ import annotations

import datetime
import statistics
import time
import uuid

from django.utils import timezone

SMALL, LARGE, ROUNDS = 50, 50_000, 40
MOST = 1.5  # how much more the large one may cost


def main() -> None:
    import django

    django.setup()
    print(
        f"\nThe ledger of a shop with {LARGE:,} orders beside one with {SMALL} (CPU ms a page, median of {ROUNDS})"
    )
    small, large = site(SMALL), site(LARGE)
    for name, path in (("month", "/me/shop/ledger/"), ("rows", "/me/shop/ledger/rows/?part=sold")):
        few, many = cost(small, path), cost(large, path)
        print(f"{name:8}{few:>8.2f}{many:>8.2f}   {many / few:.2f}× (≤ {MOST}×)", flush=True)


def site(orders: int):
    """Return a signed-in client of a new seller whose shop has `orders` orders within a year, also in the ledger."""
    from django.test import Client

    from accounts.models import Membership, Place, User
    from shops.ledger import entries
    from shops.models import LedgerEntry, Order, Shop

    village = Place.objects.filter(kind=Place.Kind.VILLAGE).first()
    phone = f"+86139{uuid.uuid4().int % 10**8:08d}"
    seller = User.objects.create_user(phone=phone, name=f"有{orders}单的人", password=uuid.uuid4().hex)
    Membership.objects.create(user=seller, place=village, role="seller", status="granted")
    shop = Shop.objects.create(
        owner=seller, place=village, name=f"{orders} 单的店", slug=f"bench-{uuid.uuid4().hex[:8]}"
    )
    now, today = timezone.now(), timezone.localdate()
    facts = {
        "shop": shop,
        "status": "received",
        "buyer": "买家",
        "phone": phone,
        "goods_fen": 2990,
        "total_fen": 2990,
    }
    facts |= {
        "net_grams": 2500,
        "gross_grams": 2800,
        "expires_at": now,
        "received_at": now - datetime.timedelta(30),
    }
    made = Order.objects.bulk_create(
        [
            Order(number=f"{orders}-{n}", placed_at=now - datetime.timedelta(hours=n % 8700), **facts)
            for n in range(orders)
        ],
        batch_size=1000,
    )
    LedgerEntry.objects.bulk_create(
        [
            LedgerEntry(
                shop=shop, villager=seller, kind="order", fen=2990, grams=2500, order=order,
                on=today - datetime.timedelta(days=n % 363),
            )
            for n, order in enumerate(made)
        ],
        batch_size=1000,
    )  # fmt: skip
    entries.rebuild_months(shop)
    client = Client(SERVER_NAME="localhost")
    client.force_login(seller)
    return client


def cost(client, path: str) -> float:
    taken = []
    for _round in range(ROUNDS):
        start = time.process_time()
        answer = client.get(path)
        taken.append((time.process_time() - start) * 1000)
        assert answer.status_code == 200, answer.status_code
    return statistics.median(taken)


if __name__ == "__main__":
    main()
