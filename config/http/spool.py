"""Receive large request bodies outside the app, so that a slow connection occupies no thread of it.

    python -m config.http.spool

The front server sends every request of 100,000 bytes or more here. The app is asked first, by the request's headers alone
(`X-Body-Coming: <bytes>`), whether this person may send so much to this page; a refusal is passed on without reading the
body. An accepted body is written to a file, and once it is complete the app gets the same headers with `X-Body-File: <name>`
(config.http.bodies). No Django here: a small process whose memory does not grow with the bodies.

Environment: SPOOL_SOCKET where it listens, APP_SOCKET where the app does, SPOOL_ROOT where bodies are stored, the same
folder for both.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
import logging
import os
import re
import resource
import secrets
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from config.logs import JsonFormatter
from ui.request_ids import set_request_id

log = logging.getLogger("farm.spooling")

BLOCK = 256 * 1024
HEAD_MOST_BYTES = 64 * 1024
ANSWER_MOST_BYTES = 4 << 20
# A connection without data for so long is dead; one that is slower than this on average would occupy a place for hours.
IDLE_SECONDS = 45
GRACE_SECONDS = 60
LEAST_BYTES_A_SECOND = 2_000
# The front server closes a connection after this time, so a body that would not be complete by then is refused.
LONGEST_SECONDS = 7200
ASK_SECONDS = 30
# A request waits while the app starts or restarts, instead of failing.
APP_SECONDS = 15
# Stopped for a restart, it waits so long for what is being received, less than the front server keeps the requests that come
# meanwhile. Longer uploads are cut; those in chunks continue.
FINISH_SECONDS = 10
# Bodies of one person at once: a listing's photos on a slow connection, a hall's computer with films.
PERSON_MOST = 64
PERSON_MOST_BYTES = 600_000_000
# A buyer has no account, and one IP may have many orders: one body of each at a time, and a limit for all.
ORDER = "order:"
ORDER_MOST = 1
ORDER_MOST_BYTES = 25_000_000
ORDERS_MOST_BYTES = 1_000_000_000
MOST_BYTES = 8_000_000_000
DISK_LEFT_BYTES = 500_000_000
REQUEST = re.compile(rb"^[A-Z]{3,10} [!-~]+ HTTP/1\.1\r\n$")
OURS = {b"content-length", b"transfer-encoding", b"connection", b"keep-alive", b"expect", b"upgrade", b"te",
        b"trailer"}  # fmt: skip


class RequestRefused(Exception):
    """Carries the status of the answer; the front server adds the text."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Cut(Exception):
    """Raised when the sender has disconnected."""


@dataclass(frozen=True)
class Head:
    """The request line and headers; `length` is the body's, in bytes."""

    line: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    length: int

    @property
    def request_id(self) -> str:
        return next(
            (value.decode("latin-1") for name, value in self.headers if name.lower() == b"x-request-id"), ""
        )

    def made(self, *more: tuple[bytes, bytes]) -> bytes:
        """Return the headers for the app: without a body, and with one request a connection."""
        kept = [pair for pair in self.headers if not is_ours(pair[0])]
        every = [*kept, (b"Content-Length", b"0"), (b"Connection", b"close"), *more]
        return self.line + b"".join(b"%s: %s\r\n" % pair for pair in every) + b"\r\n"


def is_ours(name: bytes) -> bool:
    lowered = name.lower()
    return lowered in OURS or lowered.startswith((b"x-body-", b"x_body_"))


@dataclass(eq=False)
class Body:
    """A body that is being received: its file, and the number of bytes still to come."""

    path: Path
    left: int


@dataclass
class Spool:
    """The bodies that are stored or announced, by person."""

    root: Path
    app: str
    count: Counter[str] = field(default_factory=Counter)
    size: Counter[str] = field(default_factory=Counter)
    bodies: set[Body] = field(default_factory=set)
    requests: int = 0

    @contextlib.contextmanager
    def place(self, owner: str, length: int):
        """Provide a body with its file, which is deleted afterwards. Raises RequestRefused(503) if there is no room for it."""
        if not self.has_room(owner, length):
            raise RequestRefused(503)
        body = Body(self.root / secrets.token_hex(16), length)
        self.bodies.add(body)
        self.count[owner] += 1
        self.size[owner] += length
        try:
            yield body
        finally:
            body.path.unlink(missing_ok=True)
            self.bodies.remove(body)
            self.count[owner] -= 1
            self.size[owner] -= length
            if not self.count[owner]:
                del self.count[owner], self.size[owner]

    def has_room(self, owner: str, length: int) -> bool:
        is_order = owner.startswith(ORDER)
        most, most_bytes = (ORDER_MOST, ORDER_MOST_BYTES) if is_order else (PERSON_MOST, PERSON_MOST_BYTES)
        if self.count[owner] >= most or self.size[owner] + length > most_bytes:
            return False
        orders = sum(size for one, size in self.size.items() if one.startswith(ORDER))
        if is_order and orders + length > ORDERS_MOST_BYTES:
            return False
        if self.size.total() + length > MOST_BYTES:
            return False
        # Written bytes no longer count as free.
        coming = sum(body.left for body in self.bodies) + length
        return coming <= shutil.disk_usage(self.root).free - DISK_LEFT_BYTES

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Handle one request with one answer, then close the connection."""
        self.requests += 1
        try:
            try:
                await self.answer(reader, writer)
            except RequestRefused as refusal:
                await refuse(reader, writer, build_refusal(refusal.status))
        except (Cut, ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass  # the sender has gone
        except Exception:
            log.exception("a body was not taken in")
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            self.requests -= 1

    async def finish(self) -> None:
        """Wait for the requests that have come, but not for ever."""
        end = time.monotonic() + FINISH_SECONDS
        while self.requests and time.monotonic() < end:
            await asyncio.sleep(0.05)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await read_head(reader)
        set_request_id(head.request_id)
        verdict = await self.ask(head)
        if not verdict.startswith(b"HTTP/1.1 204 "):
            await refuse(reader, writer, verdict)
            return
        owner = re.search(rb"\r\nx-body-owner: *([!-~]+)", verdict, re.I)
        with self.place(owner[1].decode() if owner else "", head.length) as body:
            await receive(reader, body)
            async with self.asked(head.made((b"X-Body-File", body.path.name.encode()))) as answer:
                while block := await answer.read(BLOCK):
                    writer.write(block)
                    await writer.drain()

    async def ask(self, head: Head) -> bytes:
        """Return the app's answer about a body of which nothing was read yet."""
        async with asyncio.timeout(APP_SECONDS + ASK_SECONDS):
            async with self.asked(head.made((b"X-Body-Coming", str(head.length).encode()))) as answer:
                whole = b""
                while block := await answer.read(BLOCK):
                    whole += block
                    if len(whole) > ANSWER_MOST_BYTES:
                        raise RequestRefused(503)
        return whole

    @contextlib.asynccontextmanager
    async def asked(self, head: bytes) -> AsyncIterator[asyncio.StreamReader]:
        """Open a connection to the app on which this request was sent; RequestRefused(503) if the app does not listen."""
        end = time.monotonic() + APP_SECONDS
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(self.app)
                break
            except (FileNotFoundError, ConnectionError, BlockingIOError):
                if time.monotonic() > end:
                    raise RequestRefused(503) from None
                await asyncio.sleep(0.1)
        try:
            writer.write(head)
            await writer.drain()
            yield reader
        finally:
            writer.close()


async def read_head(reader: asyncio.StreamReader) -> Head:
    """Read the headers. Raises RequestRefused for anything but a request with a stated length."""
    try:
        async with asyncio.timeout(IDLE_SECONDS):
            raw = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.LimitOverrunError, asyncio.IncompleteReadError):
        raise Cut from None
    line, _end, rest = raw.partition(b"\r\n")
    line += b"\r\n"
    parsed = http.client.parse_headers(io.BytesIO(rest))
    headers = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in parsed.items())
    lengths = parsed.get_all("Content-Length") or []
    plain = len(lengths) == 1 and re.fullmatch(r"[0-9]{1,15}", lengths[0])
    if not plain or "Transfer-Encoding" in parsed or not REQUEST.match(line):
        raise RequestRefused(400)
    return Head(line, headers, int(lengths[0]))


async def receive(reader: asyncio.StreamReader, body: Body) -> None:
    """Receive the body. Raises RequestRefused(408) when it is too slow, Cut when the sender disconnects."""
    length, begun = body.left, time.monotonic()
    least = max(LEAST_BYTES_A_SECOND, length / LONGEST_SECONDS)
    with open(os.open(body.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        while body.left:
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    block = await reader.read(min(body.left, BLOCK))
            except TimeoutError:
                raise RequestRefused(408) from None
            if not block:
                raise Cut
            file.write(block)
            body.left -= len(block)
            took = time.monotonic() - begun
            if took > GRACE_SECONDS and (length - body.left) / took < least:
                raise RequestRefused(408)


def build_refusal(status: int) -> bytes:
    return (
        f"HTTP/1.1 {status} {http.client.responses[status]}\r\nX-Spool: refused\r\nContent-Length: 0\r\n"
        "Connection: close\r\n\r\n"
    ).encode()


async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: bytes) -> None:
    """Send a refusal, and read and drop the rest of the body.

    Closing the connection with unread bytes would destroy the answer.
    """
    writer.write(answer)
    await writer.drain()
    writer.write_eof()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            while await reader.read(BLOCK):
                pass


async def serve(listen: str, app: str, root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left_over in root.iterdir():
        left_over.unlink(missing_ok=True)
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # two for each body that is being received
    Path(listen).unlink(missing_ok=True)
    spool = Spool(root, app)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    server = await asyncio.start_unix_server(spool.handle, listen, limit=HEAD_MOST_BYTES, backlog=512)
    await stopped.wait()
    # Without a name it gets no new request; one that has come to the socket is still taken.
    Path(listen).unlink(missing_ok=True)
    await asyncio.sleep(0.2)
    server.close()
    await spool.finish()


def main() -> int:
    console = logging.StreamHandler()
    console.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.WARNING, handlers=[console])
    names = ("SPOOL_SOCKET", "APP_SOCKET", "SPOOL_ROOT")
    if missing := [name for name in names if not os.environ.get(name)]:
        print(f"{' and '.join(missing)}: not set", file=sys.stderr)
        return 2
    listen, app, root = (os.environ[name] for name in names)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(listen, app, Path(root)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
