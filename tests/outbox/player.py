"""Play a plan against the server: phones with queues that delete an event only when they have its result."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Course, Lesson
from outbox.models import Event
from progress.lessons.watch_intervals import subtract, unite
from progress.models import Ask, Enrolment, LessonDone, Watch
from tests.outbox.phone import event, played
from tests.outbox.plans import Plan


class Phone:
    def __init__(self) -> None:
        self.queue: list[dict] = []
        self.off = timedelta()


class Story:
    """A played plan. `lost` and `doubled` describe what went wrong; `guarded=False` removes the ids."""

    def __init__(self, plan: Plan, user: User, lessons: list[Lesson], guarded: bool = True) -> None:
        self.plan, self.user, self.lessons, self.guarded = plan, user, lessons, guarded
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self.phones = [Phone() for _n in range(plan.phones)]
        self.now = timezone.now() - timedelta(hours=20)
        self.made: list[dict] = []
        self.late: list[list[dict]] = []
        self.dice = Random(plan.seed)

    def play(self) -> Story:
        for step in self.plan.steps:
            getattr(self, step["do"])(**{name: value for name, value in step.items() if name != "do"})
        for copy in self.late:
            self.post(copy)
        for on, phone in enumerate(self.phones):
            while phone.queue:
                self.send(on, 200, "arrives")
        return self

    # --- steps ---

    def done(self, on: int, lesson: int) -> None:
        self.make(on, event("done", self.said(on), lesson=self.lessons[lesson].pk))

    def ask(self, on: int, lesson: int) -> None:
        text = f"第{len(self.made)}问"
        self.make(on, event("ask", self.said(on), lesson=self.lessons[lesson].pk, text=text))

    def watch(self, on: int, lesson: int, seconds: list[int]) -> None:
        since = self.said(on)
        self.wait(seconds[1] - seconds[0])
        self.make(on, played(self.lessons[lesson].pk, *seconds, since))

    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def clock(self, on: int, seconds: int) -> None:
        self.phones[on].off = timedelta(seconds=seconds)

    def leave(self) -> None:
        Enrolment.objects.filter(user=self.user).update(left_at=self.now)

    def __getattr__(self, name: str):
        if name == "return":
            return lambda: Enrolment.objects.filter(user=self.user).update(left_at=None)
        raise AttributeError(name)

    def version(self) -> None:
        course = Course.objects.get(pk=self.lessons[0].module.course_id)
        Course.objects.filter(pk=course.pk).update(version=course.version + 1)
        Enrolment.objects.filter(user=self.user).update(course_version=course.version + 1)

    def send(self, on: int, most: int, fate: str, at: int = 0) -> None:
        phone = self.phones[on]
        batch = phone.queue[:most]
        if fate == "cut" or not batch:
            return
        if fate == "shuffled":
            self.dice.shuffle(batch)
        if fate == "late":
            self.late.append(batch)
        if fate == "twice":
            self.post(batch)
        heard = self.crashing(batch, at) if fate == "crash" else self.post(batch)
        if fate not in ("unheard", "late"):
            phone.queue = [one for one in phone.queue if one["id"] not in heard]

    # --- sending ---

    def said(self, on: int) -> datetime:
        return self.now + self.phones[on].off

    def make(self, on: int, fact: dict) -> None:
        self.made.append(fact)
        self.phones[on].queue.append(fact)

    def post(self, batch: list[dict]) -> set[str]:
        """Post a batch and return the ids among the results; none unless the answer is a valid one."""
        sent = batch if self.guarded else [one | {"id": str(uuid4())} for one in batch]
        body = json.dumps({"user": self.user.pk, "events": sent})
        response = self.client.post("/sync/", body, content_type="application/json")
        if response.status_code != 200:
            return set()
        ids = [result["id"] for result in response.json()["results"]]
        assert ids == [one["id"] for one in sent]
        return {one["id"] for one in batch}

    def crashing(self, batch: list[dict], at: int) -> set[str]:
        left = at

        def die(execute, sql, params, many, context):
            nonlocal left
            left -= 1
            if left == -1:
                raise OperationalError("the server was killed")
            return execute(sql, params, many, context)

        with connection.execute_wrapper(die):
            return self.post(batch)

    # --- results ---

    def lost(self) -> list[str]:
        """Return facts that are neither recorded nor stored as rejected."""
        rows = {row.event_id: row for row in Event.objects.filter(user=self.user)}
        found = []
        for fact in self.made:
            row = rows.get(UUID(fact["id"]))
            if row is None:
                found.append(f"never arrived: {fact}")
            elif row.state == Event.State.REJECTED and row.body != fact["body"]:
                found.append(f"rejected, but not whole: {fact}")
            elif row.state == Event.State.APPLIED and not self.recorded(fact):
                found.append(f"applied, but not in the record: {fact}")
        return found

    def recorded(self, fact: dict) -> bool:
        body = fact["body"]
        mine = {"user": self.user, "lesson": body["lesson"]}
        if fact["kind"] == "done":
            return LessonDone.objects.filter(**mine).exists()
        if fact["kind"] == "ask":
            return Ask.objects.filter(author=self.user, text=body["text"]).exists()
        row = Watch.objects.filter(**mine).first()
        return row is not None and not subtract(body["intervals"], row.intervals)

    def doubled(self) -> list[str]:
        """Return facts that are recorded more often, or with more, than they were made."""
        found = []
        asked = list(Ask.objects.filter(author=self.user).values_list("text", flat=True))
        found += [f"asked {asked.count(text)} times: {text}" for text in set(asked) if asked.count(text) > 1]
        if Event.objects.filter(user=self.user).count() > len(self.made):
            found.append("more events than facts")
        for row in Watch.objects.filter(user=self.user):
            facts = [
                one["body"]["intervals"]
                for one in self.made
                if one["body"]["lesson"] == row.lesson_id and one["kind"] == "watched"
            ]
            if subtract(row.intervals, unite(pair for pairs in facts for pair in pairs)):
                found.append(f"watched more than was played: {row.lesson}")
            if row.watched_ms != sum(end - start for start, end in row.intervals):
                found.append(f"watched time is not its sum: {row.lesson}")
        return found
