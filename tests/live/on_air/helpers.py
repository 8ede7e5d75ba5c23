"""Helpers who enter sales over real connections to a real server, by the plain form or through their phones' outbox."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlencode

from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User

TOKEN = "t" * 32


class Helper:
    """One signed-in person with one phone."""

    def __init__(self, port: int, person: User) -> None:
        client = Client()
        client.force_login(person)
        self.port, self.person = port, person
        self.cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}"

    def headers(self, kind: str) -> dict[str, str]:
        return {"Cookie": self.cookie, "X-CSRFToken": TOKEN, "Content-Type": kind}

    def tap(self, live: int, item: int, quantity: int, event: str | None = None) -> int:
        """Submit the form of an item's row; return the status."""
        fields = {"event_id": event or str(uuid.uuid4()), "quantity": quantity, "seen_fen": 2990}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = self.headers("application/x-www-form-urlencoded")
        line.request("POST", f"/live/{live}/air/{item}/sale/", urlencode(fields), headers)
        answer = line.getresponse()
        answer.read()
        return answer.status

    def send(self, events: list[dict]) -> dict[str, str] | None:
        """Send a batch to /sync/: id → state, or None when the server had no time."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        body = json.dumps({"user": self.person.pk, "events": events})
        line.request("POST", "/sync/", body, self.headers("application/json"))
        answer = line.getresponse()
        told = json.loads(answer.read())
        if answer.status != 200:
            return None
        return {result["id"]: result["state"] + result["reason"] for result in told["results"]}

    def send_and_lose(self, events: list[dict]) -> None:
        """Send a batch and disconnect before the answer."""
        body = json.dumps({"user": self.person.pk, "events": events}).encode()
        headers = self.headers("application/json") | {"Host": "127.0.0.1", "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)) as line:
            line.sendall(f"POST /sync/ HTTP/1.1\r\n{head}\r\n".encode() + body)

    def bring(self, events: list[dict], chance: random.Random) -> None:
        """Send like a phone on an unreliable connection: what was not acknowledged is sent again."""
        waiting = list(events)
        while waiting:
            batch = waiting[: chance.randint(1, 12)]
            way = chance.random()
            if way < 0.35:
                self.send_and_lose(batch)
                continue
            told = self.send(batch)
            if told is None or way < 0.5:  # the answer was lost
                continue
            waiting = [one for one in waiting if one["id"] not in told]


def sale(live: int, item: int, quantity: int) -> dict:
    body = {"live": live, "item": item, "quantity": quantity, "price_fen": 2990}
    return {"id": str(uuid.uuid4()), "kind": "live_sale", "at": timezone.now().isoformat(), "body": body}


def undoing(live: int, of: str) -> dict:
    body = {"live": live, "sale": of}
    return {"id": str(uuid.uuid4()), "kind": "live_undo", "at": timezone.now().isoformat(), "body": body}


def all_at_once(works: list[Callable[[], object]]) -> list:
    """Run all works at once and return their results; an exception is returned too."""
    start, answers = threading.Barrier(len(works)), [None] * len(works)

    def run(n: int, work: Callable[[], object]) -> None:
        start.wait(30)
        try:
            answers[n] = work()
        except Exception as problem:
            answers[n] = problem
        finally:
            connection.close()  # of this thread, if the work itself used the database

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    return answers
