"""Large bodies outside the app: checked first, written to a file, passed on complete."""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from config.http import spool as spooling
from config.http.spool import Spool

HEAD = "POST /x?a=1 HTTP/1.1\r\nHost: farm\r\nCookie: sessionid=s\r\nX-Body-File: {file}\r\nContent-Length: {length}\r\n\r\n"


class Place:
    """A spool in front of an app that allows, refuses or is away; it records what it was told."""

    def __init__(self, folder: str, verdict: str = "204 No Content\r\nX-Body-Owner: user:7") -> None:
        self.verdict, self.heads, self.bodies = verdict, [], []
        self.root, self.sockets = (
            Path(folder, "spool"),
            [f"{folder}/{name}.sock" for name in ("app", "spool")],
        )
        self.root.mkdir()
        self.spool = Spool(self.root, self.sockets[0])

    async def app(self, reader, writer) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        if "X-Body-File: " in head:
            name = head.split("X-Body-File: ")[1].split("\r\n")[0]
            self.bodies.append(Path(self.root, name).read_bytes())
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        else:
            writer.write(f"HTTP/1.1 {self.verdict}\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    def run(
        self, *sent: bytes, at_once: int = 1, pause: float = 0, closes: bool = False, then: bytes = b""
    ) -> list[bytes]:
        """The answers to so many equal requests, each sent in these parts; `then` is sent by one more when half of the
        first has come."""

        async def later() -> bytes:
            while not any(file.stat().st_size > 500_000 for file in self.root.iterdir()):
                await asyncio.sleep(0.01)
            return await one(then)

        async def one(*parts: bytes) -> bytes:
            reader, writer = await asyncio.open_unix_connection(self.sockets[1])
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
            if closes:
                writer.write_eof()
            answer = await asyncio.wait_for(reader.read(), 10)
            writer.close()
            return answer

        async def everything() -> list[bytes]:
            app = await asyncio.start_unix_server(self.app, self.sockets[0])
            spool = await asyncio.start_unix_server(self.spool.handle, self.sockets[1])
            async with app, spool:
                return await asyncio.gather(
                    *(one(*sent) for _n in range(at_once)), *([later()] if then else [])
                )

        # In a thread of its own: the browser's fixtures keep a loop running in the main one.
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, everything()).result()

    @property
    def is_empty(self) -> bool:
        return not list(self.root.iterdir()) and not self.spool.count and not self.spool.size


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="spool-") as path:
        yield path


def head(length: int, file: str = "no") -> bytes:
    return HEAD.format(length=length, file=file).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1]) if answer else 0


def test_body_reaches_the_app_whole_and_is_gone_afterwards(folder):
    place = Place(folder)
    content = bytes(range(256)) * 2000
    answers = place.run(head(len(content)), content[:300_000], content[300_000:])
    assert answers == [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"]
    assert place.bodies == [content]
    assert place.is_empty


def test_app_is_asked_by_the_head_alone(folder):
    place = Place(folder)
    place.run(head(3, file="a" * 32), b"abc")
    asked, handed_on = place.heads
    begin = "POST /x?a=1 HTTP/1.1\r\nHost: farm\r\nCookie: sessionid=s\r\nContent-Length: 0\r\nConnection: close\r\n"
    assert asked == begin + "X-Body-Coming: 3\r\n\r\n"
    assert handed_on.startswith(begin + "X-Body-File: ")  # never the name that the sender gave
    assert "a" * 32 not in handed_on


def test_refused_body_is_never_taken_in(folder):
    place = Place(folder, "401 Unauthorized")
    [answer] = place.run(head(4_000_000), b"begin")
    assert status(answer) == 401
    assert (len(place.heads), place.bodies, place.is_empty) == (1, [], True)


def test_line_that_brings_too_little_is_ended(folder, monkeypatch):
    monkeypatch.setattr(spooling, "GRACE_SECONDS", 0.1)
    place = Place(folder)
    [answer] = place.run(head(500_000), b"a", b"b", b"c", pause=0.1)
    assert status(answer) == 408
    assert b"X-Spool: refused" in answer
    assert (place.bodies, place.is_empty) == ([], True)


def test_dead_line_is_ended(folder, monkeypatch):
    monkeypatch.setattr(spooling, "IDLE_SECONDS", 0.1)
    [answer] = Place(folder).run(head(500_000), b"a")
    assert status(answer) == 408


def test_body_that_is_cut_reaches_nobody(folder):
    place = Place(folder)
    assert place.run(head(500_000), bytes(1000), closes=True) == [b""]
    assert (place.bodies, place.is_empty) == ([], True)


def test_one_person_has_only_so_many_on_their_way(folder, monkeypatch):
    monkeypatch.setattr(spooling, "PERSON_MOST", 3)
    place = Place(folder)
    answers = place.run(head(200), bytes(100), bytes(100), at_once=5, pause=0.2)
    assert Counter(status(answer) for answer in answers) == {200: 3, 503: 2}
    assert place.is_empty


def test_an_order_has_one_body_on_its_way(folder):
    place = Place(folder, "204 No Content\r\nX-Body-Owner: order:7")
    answers = place.run(head(200), bytes(100), bytes(100), at_once=3, pause=0.2)
    assert Counter(status(answer) for answer in answers) == {200: 1, 503: 2}
    assert place.is_empty


def test_an_order_announces_no_more_than_a_claims_photos(folder):
    [answer] = Place(folder, "204 No Content\r\nX-Body-Owner: order:7").run(head(25_000_001))
    assert status(answer) == 503


def test_orders_leave_room_for_everybody_else(folder):
    spool = Spool(Path(folder), "")
    with contextlib.ExitStack() as held:
        for number in range(40):
            held.enter_context(spool.place(f"order:{number}", 25_000_000))
        with pytest.raises(spooling.RequestRefused), spool.place("order:40", 25_000_000):
            pass
        held.enter_context(spool.place("user:7", 121_000_000))
    assert not spool.size


def test_large_body_is_whole_before_the_front_server_ends_its_line(folder, monkeypatch):
    monkeypatch.setattr(spooling, "GRACE_SECONDS", 0.1)
    # 2 kB a second would take sixteen hours.
    [answer] = Place(folder).run(head(120_000_000), bytes(1000), bytes(1000), bytes(1000), pause=0.1)
    assert status(answer) == 408


def test_what_has_been_written_is_not_counted_again_as_coming(folder, monkeypatch):
    place = Place(folder)
    room = shutil.disk_usage(folder)

    def usage(root):
        written = sum(file.stat().st_size for file in place.root.iterdir())
        return room._replace(free=spooling.DISK_LEFT_BYTES + 1_000_000 - written)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert (
        place.run(head(600_000), bytes(599_999), b"a", pause=0.5, then=head(300_000) + bytes(300_000))
        == [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"] * 2
    )


def test_disk_is_never_filled(folder, monkeypatch):
    monkeypatch.setattr(spooling, "DISK_LEFT_BYTES", 10**18)
    [answer] = Place(folder).run(head(200), bytes(200))
    assert status(answer) == 503


@pytest.mark.parametrize("said", ["Transfer-Encoding: chunked", "Content-Length: 5", "X: y"])
def test_body_of_unknown_length_is_refused(folder, said):
    first = "" if said == "X: y" else "Content-Length: 5\r\n"
    place = Place(folder)
    [answer] = place.run(f"POST / HTTP/1.1\r\nHost: a\r\n{first}{said}\r\n\r\n".encode())
    assert (status(answer), place.heads) == (400, [])


@pytest.mark.long
def test_upload_that_is_under_way_is_finished_when_the_spool_is_stopped(folder):
    """As systemd does it for an upgrade; the next process takes what comes then."""
    place = Place(folder)
    content = bytes(300_000)
    names = ("APP_SOCKET", "SPOOL_SOCKET", "SPOOL_ROOT")
    env = os.environ | dict(zip(names, [*place.sockets, str(place.root)], strict=True))

    async def upload() -> tuple[bytes, bool, int]:
        async with await asyncio.start_unix_server(place.app, place.sockets[0]):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "config.http.spool", cwd=settings.BASE_DIR, env=env
            )
            while not Path(place.sockets[1]).exists():
                await asyncio.sleep(0.02)
            reader, writer = await asyncio.open_unix_connection(place.sockets[1])
            writer.write(head(len(content)) + content[:100_000])
            while not list(place.root.iterdir()):
                await asyncio.sleep(0.02)
            process.terminate()
            while Path(place.sockets[1]).exists() and process.returncode is None:
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.4)  # longer than it listens
            is_waiting = process.returncode is None
            writer.write(content[100_000:])
            answer = await asyncio.wait_for(reader.read(), 10)
            writer.close()
            return answer, is_waiting, await asyncio.wait_for(process.wait(), 10)

    with ThreadPoolExecutor(1) as pool:
        patient = asyncio.wait_for(upload(), 30)
        answer, is_waiting, returncode = pool.submit(asyncio.run, patient).result()
    assert is_waiting
    assert status(answer) == 200
    assert place.bodies == [content]
    assert returncode == 0
