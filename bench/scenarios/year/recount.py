"""Recount what a county's year came to by SQL over its base tables: orders, live sales, refunds, lessons, certificates, reviews,
tests, answers and the ledger's months. Imports nothing of the project, so that it cannot repeat a mistake of it.

`recount(connection, county, first, last)` returns the same figures as `bench.scenarios.year.figures.read_figures`; the
connection is one of sqlite3 or psycopg. Months are those of Asia/Shanghai. Fen and grams.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
TARGET_FEN, SETTLE_DAYS, LIVE_MINUTES, PASS_POINTS = 500_000, 7, 10, 60
STEPS = ("learner", "graduate", "streamer", "seller", "earner", "mentor")
Moment = datetime.datetime


def recount(connection: Any, county: int, first: datetime.date, last: datetime.date) -> dict[str, Any]:
    """Return the figures of the county from the month of `first` to that of `last`, both whole."""
    return Recount(connection, county, first, last).count()


class Recount:
    def __init__(self, connection: Any, county: int, first: datetime.date, last: datetime.date) -> None:
        self.connection = connection
        self.first, self.end = begin(first), begin(next_month(last))
        self.months = list(list_months(first, last))
        [(path,)] = self.rows(f"SELECT path FROM accounts_place WHERE id = {county}")
        self.places = {pk for (pk,) in self.rows(f"SELECT id FROM accounts_place WHERE path LIKE '{path}%'")}
        # The first granted role in a village is where somebody is at home.
        homes = self.rows(
            "SELECT m.user_id, m.place_id FROM accounts_membership m JOIN (SELECT MIN(id) AS id FROM accounts_membership"
            " WHERE status = 'granted' AND role IN ('trainee', 'seller', 'mentor') GROUP BY user_id) f ON f.id = m.id"
        )
        self.homes = {user: place for user, place in homes if place in self.places}

    def rows(self, sql: str) -> list[tuple]:
        cursor = self.connection.cursor()
        cursor.execute(sql)
        return cursor.fetchall()

    def count(self) -> dict[str, Any]:
        reached = self.list_steps()
        return {
            "people": len(self.homes),
            "steps": {step: len(reached[step]) for step in STEPS},
            "steps_by_place": self.by_place(reached),
            "steps_by_month": self.by_month(reached),
            **self.sum_sales(),
            "earners": dict(self.count_earners()),
            "retention": self.count_answers(),
            "tests": self.compare_tests(),
            "rehearsals": self.compare_rehearsals(),
            "cost_fen": self.sum_costs(),
        }

    # --- steps, from their evidence ---

    def list_steps(self) -> dict[str, dict[int, Moment]]:
        """Return {step: {person: when}} of those reached before the end."""
        sellers = earliest([*self.find_received(), *self.find_settled()])
        found = {
            "learner": earliest(self.find_learners()),
            "graduate": earliest(self.find_graduates()),
            "streamer": earliest(self.find_streamers()),
            "seller": sellers,
            "earner": earliest(self.find_earners()),
            "mentor": earliest(self.find_mentors(sellers)),
        }
        return {
            step: {
                person: when for person, when in reached.items() if when < self.end and person in self.homes
            }
            for step, reached in found.items()
        }

    def find_learners(self) -> Iterator[tuple[int, Moment]]:
        return self.moments(
            "SELECT d.user_id, MIN(d.happened_at) FROM progress_lessondone d JOIN courses_lesson l ON l.id = d.lesson_id"
            " JOIN courses_module m ON m.id = l.module_id JOIN progress_enrolment e"
            " ON e.user_id = d.user_id AND e.course_id = m.course_id GROUP BY d.user_id"
        )

    def find_graduates(self) -> Iterator[tuple[int, Moment]]:
        return self.moments(
            "SELECT user_id, MIN(issued_at) FROM programme_certificate WHERE revoked_at IS NULL GROUP BY user_id"
        )

    def find_streamers(self) -> Iterator[tuple[int, Moment]]:
        passed = earliest(
            self.moments(
                "SELECT s.user_id, r.signed_at FROM rehearsals_review r JOIN rehearsals_submission s ON s.id = r.submission_id"
                f" WHERE r.signed_at IS NOT NULL AND r.kind = 'first' AND r.total >= {PASS_POINTS}"
            )
        )
        lives = self.rows(
            "SELECT host_id, started_at, ended_at FROM live_livestream l WHERE kind = 'real' AND started_at IS NOT NULL"
            " AND EXISTS (SELECT 1 FROM live_frozen f WHERE f.livestream_id = l.id)"
        )
        for host, began, over in lives:
            long_enough = read(over) - read(began) >= datetime.timedelta(minutes=LIVE_MINUTES)
            if host in passed and long_enough:
                yield host, max(passed[host], read(over))

    def find_received(self) -> Iterator[tuple[int, Moment]]:
        return self.moments(
            "SELECT s.owner_id, MIN(o.received_at) FROM shops_order o JOIN shops_shop s ON s.id = o.shop_id"
            " WHERE o.status = 'received' AND o.refunded_fen < o.total_fen GROUP BY s.owner_id"
        )

    def find_settled(self) -> Iterator[tuple[int, Moment]]:
        sold = self.rows(
            "SELECT s.owner_id, l.ended_at, SUM(x.price_fen * x.quantity), (SELECT COALESCE(SUM(r.fen), 0) FROM live_liverefund r"
            " WHERE r.livestream_id = l.id) FROM live_livesale x JOIN live_livestream l ON l.id = x.livestream_id"
            " JOIN shops_shop s ON s.id = l.shop_id WHERE l.kind = 'real' GROUP BY l.id, s.owner_id, l.ended_at"
        )
        for owner, over, fen, back in sold:
            if int(fen) - int(back) > 0:
                yield owner, read(over) + datetime.timedelta(days=SETTLE_DAYS)

    def find_earners(self) -> Iterator[tuple[int, Moment]]:
        for person, month in self.list_earning_months():
            yield person, begin(next_month(month))

    def list_earning_months(self) -> Iterator[tuple[int, datetime.date]]:
        """Yield who earned how much in which month, net of costs, from the single entries of the ledger."""
        sums: Counter[tuple[int, datetime.date]] = Counter()
        for person, day, fen in self.rows('SELECT villager_id, "on", fen FROM shops_ledgerentry'):
            sums[person, read_day(day).replace(day=1)] += fen
        return (one for one, fen in sums.items() if fen >= TARGET_FEN)

    def find_mentors(self, sellers: dict[int, Moment]) -> Iterator[tuple[int, Moment]]:
        taught = self.rows(
            "SELECT teacher_id, pupil_id, since FROM programme_teaching WHERE withdrawn_at IS NULL"
        )
        for teacher, pupil, since in taught:
            if pupil in sellers and sellers[pupil].astimezone(ZONE).date() >= read_day(since):
                yield teacher, sellers[pupil]

    def moments(self, sql: str) -> Iterator[tuple[int, Moment]]:
        return ((person, read(when)) for person, when in self.rows(sql) if when is not None)

    def by_place(self, reached: dict[str, dict[int, Moment]]) -> dict[int, dict[str, int]]:
        found: dict[int, Counter] = defaultdict(Counter)
        for step, people in reached.items():
            for person in people:
                found[self.homes[person]][step] += 1
        return {place: dict(counts) for place, counts in found.items()}

    def by_month(self, reached: dict[str, dict[int, Moment]]) -> dict[datetime.date, dict[str, int]]:
        found: dict[datetime.date, Counter] = {month: Counter() for month in self.months}
        for step, people in reached.items():
            for when in people.values():
                if when >= self.first:
                    found[month_of(when)][step] += 1
        return {month: dict(counts) for month, counts in found.items()}

    # --- sales, from orders and live sessions, not from the ledger ---

    def sum_sales(self) -> dict[str, Any]:
        by_month: dict[datetime.date, list[int]] = {month: [0, 0] for month in self.months}
        by_place: dict[int, list[int]] = defaultdict(lambda: [0, 0])
        for place, when, fen, grams in [*self.list_orders(), *self.list_lives(), *self.list_refunds()]:
            month = month_of(when)
            if place in self.places and month in by_month:
                for sums in (by_month[month], by_place[place]):
                    sums[0] += fen
                    sums[1] += grams
        return {
            "sales_by_month": {month: tuple(sums) for month, sums in by_month.items()},
            "sales_by_place": {place: tuple(sums) for place, sums in by_place.items()},
        }

    def list_orders(self) -> Iterator[tuple[int, Moment, int, int]]:
        """Yield what was paid, and what was refunded: the last fen of an order takes its weight back."""
        for place, verb, when, total, grams, refunded in self.rows(
            "SELECT s.place_id, e.verb, e.at, o.total_fen, o.net_grams, o.refunded_fen FROM shops_orderevent e"
            " JOIN shops_order o ON o.id = e.order_id JOIN shops_shop s ON s.id = o.shop_id"
            " WHERE e.verb IN ('paid', 'refunded')"
        ):
            if verb == "paid":
                yield place, read(when), total, grams
            else:
                yield place, read(when), -refunded, -grams

    def list_lives(self) -> Iterator[tuple[int, Moment, int, int]]:
        for place, over, fen, grams in self.rows(
            "SELECT s.place_id, l.ended_at, SUM(x.price_fen * x.quantity), SUM(x.net_grams * x.quantity) FROM live_livesale x"
            " JOIN live_livestream l ON l.id = x.livestream_id JOIN shops_shop s ON s.id = l.shop_id"
            " WHERE l.kind = 'real' GROUP BY l.id, s.place_id, l.ended_at"
        ):
            yield place, read(over), int(fen), int(grams)

    def list_refunds(self) -> Iterator[tuple[int, Moment, int, int]]:
        for place, when, fen, units, grams in self.rows(
            "SELECT s.place_id, r.received_at, r.fen, r.quantity, (SELECT MAX(x.net_grams) FROM live_livesale x"
            " WHERE x.item_id = r.item_id) FROM live_liverefund r JOIN live_livestream l ON l.id = r.livestream_id"
            " JOIN shops_shop s ON s.id = l.shop_id"
        ):
            yield place, read(when), -fen, -units * grams

    def count_earners(self) -> Counter[datetime.date]:
        counted: Counter[datetime.date] = Counter(dict.fromkeys(self.months, 0))
        for person, month in self.list_earning_months():
            if person in self.homes and month in counted:
                counted[month] += 1
        return counted

    # --- follow-ups, tests, rehearsals, costs ---

    def count_answers(self) -> dict[int, tuple[int, int, int]]:
        """Return {days: (due, answered, still selling)}; of several answers the last counts."""
        graduates = {person for person, _when in self.find_graduates()}
        last = {
            follow_up: bool(sells)
            for follow_up, sells in self.rows(
                "SELECT follow_up_id, is_selling FROM programme_followupanswer ORDER BY id"
            )
        }
        found: dict[int, list[int]] = {days: [0, 0, 0] for days in (30, 90, 180)}
        for pk, person, days, due in self.rows("SELECT id, user_id, days, due_on FROM programme_followup"):
            moment = begin(read_day(due))
            if person in self.homes and person in graduates and self.first <= moment < self.end:
                found[days][0] += 1
                found[days][1] += pk in last
                found[days][2] += last.get(pk, False)
        return {days: (due, answered, sells) for days, (due, answered, sells) in found.items()}

    def compare_tests(self) -> tuple[int, int, int]:
        """Return how many people took both tests of a bank, and the right answers of the first before and the first after."""
        firsts: dict[tuple[int, int], dict[str, tuple[int, Moment]]] = defaultdict(dict)
        for person, bank, kind, right, when in self.rows(
            'SELECT a.user_id, q.bank_id, q.kind, a."right", a.finished_at FROM progress_attempt a'
            " JOIN courses_quiz q ON q.id = a.quiz_id WHERE q.kind IN ('pre', 'post') AND a.finished_at IS NOT NULL"
            " ORDER BY a.number, a.id"
        ):
            if person in self.homes and read(when) < self.end:
                firsts[person, bank].setdefault(kind, (right, read(when)))
        both = [one for one in firsts.values() if len(one) == 2 and one["post"][1] >= self.first]
        return len(both), sum(one["pre"][0] for one in both), sum(one["post"][0] for one in both)

    def compare_rehearsals(self) -> tuple[int, int, int]:
        """Return how many people were scored twice, and the points of their first and of their last rehearsal."""
        scores: dict[int, list[tuple[Moment, int, int]]] = defaultdict(list)
        for person, pk, total, when in self.rows(
            "SELECT s.user_id, r.id, r.total, r.signed_at FROM rehearsals_review r JOIN rehearsals_submission s"
            " ON s.id = r.submission_id WHERE r.kind = 'first' AND r.total IS NOT NULL AND r.signed_at IS NOT NULL"
        ):
            if person in self.homes and read(when) < self.end:
                scores[person].append((read(when), pk, total))
        twice = [sorted(some) for some in scores.values() if len(some) > 1]
        twice = [some for some in twice if some[-1][0] >= self.first]
        return len(twice), sum(some[0][2] for some in twice), sum(some[-1][2] for some in twice)

    def sum_costs(self) -> int:
        rows = self.rows(
            'SELECT c.place_id, t.fen, t."on" FROM programme_trainingcost t JOIN courses_cohort c ON c.id = t.cohort_id'
            " WHERE t.cancelled_at IS NULL"
        )
        return sum(
            fen
            for place, fen, day in rows
            if place in self.places and self.first <= begin(read_day(day)) < self.end
        )


def earliest(rows: Iterable[tuple[int, Moment]]) -> dict[int, Moment]:
    found: dict[int, Moment] = {}
    for person, when in rows:
        found[person] = min(when, found.get(person, when))
    return found


def read(value: Any) -> Moment:
    """Return a moment as the database gives it: SQLite has text in UTC."""
    moment = value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def read_day(value: Any) -> datetime.date:
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(str(value))


def begin(day: datetime.date) -> Moment:
    return datetime.datetime.combine(day, datetime.time(), ZONE)


def month_of(when: Moment) -> datetime.date:
    return when.astimezone(ZONE).date().replace(day=1)


def next_month(day: datetime.date) -> datetime.date:
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def list_months(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = next_month(month)
