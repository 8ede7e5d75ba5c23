"""Seeded random sequences of everything that can happen to orders and stock: the sums must agree after each step."""

import datetime
import os
import random
import uuid

import pytest
from django.db.models import Sum
from django.utils import timezone

from shops.inventory import stock
from shops.models import (
    Claim,
    LedgerEntry,
    LedgerMonth,
    Order,
    OrderEvent,
    OrderLine,
    Presale,
    Product,
    StockMove,
)
from shops.orders import damage_claims, expiry, reservations, transitions
from shops.orders.exceptions import OrderRefused, TransitionNotAllowed
from shops.orders.placement import place_order
from tests.factories import make_product
from tests.shops.orders.order_requests import make_request

pytestmark = pytest.mark.both_databases

By, Verb, Status = OrderEvent.By, OrderEvent.Verb, Order.Status
# 300 steps on each database (make prove: 10,500).
SEEDS = range(int(os.environ.get("SEQUENCES", 1)))
STEPS = 420 if len(SEEDS) > 1 else 300


class Play:
    """Somebody does something, possible or not, at a time that only moves forward; some requests are sent twice."""

    def __init__(self, seed: int, shop, seller) -> None:
        self.dice, self.shop, self.seller = random.Random(seed), shop, seller
        self.now = timezone.now()
        self.products = [make_product(shop, stock=n, name=f"橙{n}", gross_grams=3000) for n in (0, 3, 40)]
        day = timezone.localdate() + datetime.timedelta(days=30)
        pre = make_product(shop, stock=2, name="早橙")
        presale = Presale.objects.create(
            product=pre, quota=9, left=9, ship_by=day, closes_on=day, terms="退款"
        )
        StockMove.objects.create(product=pre, presale=presale, delta=9, reason=StockMove.Reason.QUOTA)
        self.products.append(pre)
        self.done: dict[str, int] = {}

    def step(self) -> None:
        act = self.dice.choices(self.acts, self.weights)[0]
        try:
            act(self)
            self.done[act.__name__] = self.done.get(act.__name__, 0) + 1
        except (OrderRefused, TransitionNotAllowed, stock.OutOfRange):
            self.done["refused"] = self.done.get("refused", 0) + 1

    def twice(self, work) -> None:
        """Repeat the same key now and then, which must give the same row."""
        key = uuid.UUID(int=self.dice.getrandbits(128), version=4)
        first = work(key)
        if self.dice.random() < 0.3:
            assert work(key) == first

    def any_order(self, verb: Verb) -> Order:
        """Return mostly an order that can take the step, else any."""
        orders = list(Order.objects.order_by("-id")[:25])
        if not orders:
            raise OrderRefused
        able = [order for order in orders if transitions.is_possible(verb, order)]
        return self.dice.choice(able if able and self.dice.random() < 0.8 else orders)

    def buy(self) -> None:
        some = self.dice.sample(self.products, self.dice.randint(1, 3))
        wish = make_request(*[(Product.objects.get(pk=one.pk), self.dice.randint(1, 4)) for one in some])
        self.twice(lambda key: place_order(wish, key))

    def accept(self) -> None:
        order = self.any_order(Verb.ACCEPTED)
        self.twice(lambda key: transitions.accept(order, self.seller, key))

    def reopen(self) -> None:
        order = self.any_order(Verb.REOPENED)
        self.twice(lambda key: transitions.reopen(order, self.seller, key))

    def decline(self) -> None:
        order = self.any_order(Verb.DECLINED)
        self.twice(lambda key: transitions.decline(order, self.seller, key, "没采"))

    def cancel(self) -> None:
        order, by = self.any_order(Verb.CANCELLED), self.dice.choice([By.BUYER, By.SELLER])
        self.twice(lambda key: transitions.cancel(order, by, None, key))

    def pay(self) -> None:
        order = self.any_order(Verb.PAID)
        fen = self.dice.choice([order.total_fen] * 4 + [order.total_fen + 1, 0])
        self.twice(lambda key: transitions.mark_paid(order, self.seller, key, fen))

    def pack(self) -> None:
        order, grams = self.any_order(Verb.PACKED), self.dice.choice([3000, 5100, 0])
        self.twice(lambda key: transitions.pack(order, self.seller, key, grams))

    def ship(self) -> None:
        order = self.any_order(Verb.SHIPPED)
        self.twice(
            lambda key: transitions.ship(
                order, self.seller, key, "邮政", self.dice.choice(["EB1", "EB1", ""])
            )
        )

    def receive(self) -> None:
        order = self.any_order(Verb.RECEIVED)
        self.twice(lambda key: transitions.receive(order, By.BUYER, None, key))

    def refund(self) -> None:
        order = self.any_order(Verb.REFUNDED)
        self.twice(lambda key: transitions.refund_all(order, self.seller, key, "退"))

    def claim(self) -> None:
        order = self.any_order(Verb.CLAIMED)
        self.twice(lambda key: damage_claims.claim_damage(order, key, "坏了"))

    def answer(self) -> None:
        claims = list(Claim.objects.order_by("-id")[:5])
        if not claims:
            raise OrderRefused
        claim, fen = self.dice.choice(claims), self.dice.choice([0, 500, 2990, 10**7])
        if self.dice.random() < 0.3:
            self.twice(lambda key: damage_claims.refuse(claim, self.seller, key, "没坏"))
        else:
            self.twice(lambda key: damage_claims.settle(claim, self.seller, key, fen, fen == 0, "好"))

    def wait(self) -> None:
        """Let time pass for the oldest requests: they expire, whether or not a sweep runs."""
        for order in Order.objects.filter(status=Status.REQUESTED).order_by("id")[: self.dice.randint(1, 3)]:
            Order.objects.filter(pk=order.pk).update(
                expires_at=timezone.now() - datetime.timedelta(seconds=1)
            )
            for line in order.lines.all():
                rows = Presale if line.presale_id else Product
                past = timezone.now() - datetime.timedelta(seconds=1)
                rows.objects.filter(pk=line.presale_id or line.product_id).update(free_at=past)

    def sweep(self) -> None:
        expiry.expire_due()

    def harvest(self) -> None:
        product = self.dice.choice(self.products)
        self.twice(
            lambda key: stock.change_stock(product, self.dice.randint(1, 9), "harvest", self.seller, key)
        )

    def lose(self) -> None:
        product = self.dice.choice(self.products)
        self.twice(
            lambda key: stock.change_stock(product, -self.dice.randint(1, 9), "loss", self.seller, key)
        )

    def count(self) -> None:
        product = self.dice.choice(self.products)
        self.twice(lambda key: stock.recount_stock(product, self.dice.randint(0, 30), self.seller, key))

    acts = [
        buy,
        accept,
        reopen,
        decline,
        cancel,
        pay,
        pack,
        ship,
        receive,
        refund,
        claim,
        answer,
        wait,
        sweep,
        harvest,
    ]
    acts += [lose, count]
    weights = [12, 10, 2, 2, 2, 9, 5, 7, 4, 1, 4, 5, 1, 2, 4, 1, 1]


def total(rows, field: str) -> int:
    return rows.aggregate(sum=Sum(field))["sum"] or 0


def check_stock(play: Play) -> None:
    """Check that stock is the sum of its moves and never negative, and that reservations are those of open orders."""
    for product in Product.objects.filter(pk__in=[one.pk for one in play.products]):
        assert product.stock == total(product.moves.filter(presale=None), "delta") >= 0
        open_lines = OrderLine.objects.filter(
            product=product, presale=None, order__status__in=transitions.HOLDING
        )
        gone = OrderLine.objects.filter(
            product=product, presale=None, order__status__in=("shipped", "received")
        )
        held = product.moves.filter(presale=None, reason__in=("held", "freed"))
        sent_back = sent_and_refunded(product)
        assert -total(held, "delta") == total(open_lines, "quantity") + total(gone, "quantity") + sent_back
        over = OrderLine.objects.filter(product=product, presale=None, order__in=Order.objects.due())
        if not product.presales.exists():
            assert reservations.count_units_left(product) == product.stock + total(over, "quantity")
    for presale in Presale.objects.all():
        assert presale.left == total(presale.moves, "delta") >= 0


def sent_and_refunded(product: Product) -> int:
    """Return units refunded after sending: the money was returned, the fruit was not."""
    lines = OrderLine.objects.filter(product=product, presale=None, order__status="refunded")
    sent = OrderEvent.objects.filter(verb="shipped").values("order")
    return total(lines.filter(order__in=sent), "quantity")


def check_ledger(play: Play) -> None:
    """Check that every fen in the ledger has its event, and that the months are the sums of the rows."""
    entries = LedgerEntry.objects.filter(shop=play.shop)
    events = OrderEvent.objects.filter(order__shop=play.shop, verb__in=("paid", "settled", "refunded"))
    assert total(entries, "fen") == total(events, "fen")
    assert total(entries, "fen") == total(LedgerMonth.objects.filter(shop=play.shop), "fen")
    assert total(entries, "grams") == total(LedgerMonth.objects.filter(shop=play.shop), "grams")


def check_orders(play: Play) -> None:
    """Check that each order's rows are what was paid for it and not refunded."""
    for order in Order.objects.filter(shop=play.shop):
        paid = order.events.filter(verb="paid").exists()
        kept = order.total_fen - order.refunded_fen if paid else 0
        assert total(order.entries, "fen") == kept >= 0
        assert total(order.entries, "grams") == (order.net_grams if kept else 0)


def check_states(play: Play) -> None:
    """Check that each event left a state that the table allows, and that the order has the state of its last one."""
    for order in Order.objects.filter(shop=play.shop).prefetch_related("events"):
        at = None
        for event in order.events.all():
            verb = Verb(event.verb)
            if verb == Verb.PLACED:
                assert at is None
            else:
                assert at in transitions.LEAVES[verb]
                assert event.by in transitions.WHO[verb]
            at = transitions.LEADS[verb] or at
        assert order.status == at


@pytest.mark.long(on="postgres")
@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_happens_the_books_balance(seed, shop, seller):
    play = Play(seed, shop, seller)
    for n in range(STEPS):
        play.step()
        if n % 20 == 19:
            check_stock(play)
            check_ledger(play)
    check_orders(play)
    check_states(play)
    # The dice have been everywhere: nothing is proven by steps that were never taken.
    assert play.done.keys() == {act.__name__ for act in Play.acts} | {"refused"}
