"""Open slow and hostile connections to the front server: pages must answer, and honest uploads must arrive.

    python -m bench.proofs.slow_clients

Hostile clients send most of a body and then a byte every two seconds: large bodies without an account, and forms of 90 kB.
Honest clients are sellers who send photos of 4 MB at 40 KB/s.
"""

from __future__ import annotations

import asyncio
import io
import re
import secrets
import socket
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from PIL import Image

from bench.harness.servers import whole_site
from bench.harness.site import run_code, temporary_site

PAGES = ("/products/", "/courses/", "/", "/villages/")
MOST_P99 = 0.5  # s
HOSTILE, HONEST = 200, 60
PHOTO_BYTES, BYTES_A_SECOND = 4_000_000, 40_000
TOKEN = "a" * 32
SELLERS = """
from bench.harness.sessions import create_session
from accounts.models import Membership, User
people = User.objects.filter(memberships__role="seller", memberships__status="granted").distinct()
for person in people.order_by("pk")[:20]:
    print("session", create_session(person))
"""
ARRIVED = "from media.models import Photo\nprint(Photo.objects.count())"


@dataclass
class Results:
    """The results: times of pages in seconds, and statuses of uploads."""

    times: list[float] = field(default_factory=list)
    failures: int = 0
    honest: list[int] = field(default_factory=list)
    hostile: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def p99(self) -> float:
        return statistics.quantiles(self.times, n=100)[98] if len(self.times) > 1 else float("inf")

    @property
    def arrived(self) -> int:
        return self.honest.count(200)


def photo(size: int) -> bytes:
    """Return a different JPEG of this size in bytes at each call."""
    target = io.BytesIO()
    Image.new("RGB", (640, 480), (200, 120, 40)).save(target, "JPEG")
    return target.getvalue() + secrets.token_bytes(size - target.tell())


def build_form(content: bytes) -> tuple[str, bytes]:
    """Return (content type, body) of a form with one photo."""
    border = secrets.token_hex(12)
    head = f'--{border}\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
    head += "Content-Type: image/jpeg\r\n\r\n"
    return (
        f"multipart/form-data; boundary={border}",
        head.encode() + content + f"\r\n--{border}--\r\n".encode(),
    )


def build_head(path: str, kind: str, length: int, session: str = "") -> bytes:
    cookies = f"csrftoken={TOKEN}" + (f"; sessionid={session}" if session else "")
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nCookie: {cookies}\r\n"
        f"X-CSRFToken: {TOKEN}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


async def hostile(port: int, length: int, results: Results, stop: threading.Event) -> None:
    """Send half of a body at once, then a byte every two seconds until the server closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    kind = "multipart/form-data; boundary=x"
    begin = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
    answer = asyncio.create_task(reader.readline())
    try:
        writer.write(build_head("/accounts/login/", kind, length) + begin + bytes(length // 2))
        while not stop.is_set() and not answer.done():
            await writer.drain()
            await asyncio.wait([answer], timeout=2)
            writer.write(b"x")
    except ConnectionError:
        pass
    finally:
        status_line = answer.result() if answer.done() and not answer.exception() else b""
        answer.cancel()
        results.hostile.append(int(status_line.split()[1]) if status_line else 0)
        writer.close()


async def honest(port: int, session: str, size: int, speed: int, results: Results, patience: float) -> None:
    """Send a photo as a phone on a weak connection does, and wait for the answer."""
    kind, body = build_form(photo(size))
    try:
        async with asyncio.timeout(size / speed + patience):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(build_head("/uploads/photos/", kind, len(body), session))
            step, begun = speed // 4, time.monotonic()
            for n, start in enumerate(range(0, len(body), step)):
                writer.write(body[start : start + step])
                await writer.drain()
                await asyncio.sleep(max(0, begun + (n + 1) * 0.25 - time.monotonic()))
            status_line = await reader.readline()
            results.honest.append(int(status_line.split()[1]) if status_line else 0)
            writer.close()
    except (TimeoutError, ConnectionError):
        results.honest.append(0)


def visit(port: int, results: Results, stop: threading.Event, patience: float) -> None:
    """Open a page ten times a second as one visitor, each time on a new connection."""
    n = 0
    while not stop.is_set():
        path = PAGES[n % len(PAGES)]
        n += 1
        start = time.perf_counter()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=patience) as line:
                line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                status = line.makefile("rb").read().split(b" ", 2)[1]
        except (TimeoutError, ConnectionError, IndexError):
            status = b""
        results.times.append(time.perf_counter() - start)
        results.failures += status != b"200"
        time.sleep(max(0, 0.1 - results.times[-1]))


def press(
    port: int, sessions: list[str], bad: int, good: int, size: int = PHOTO_BYTES, speed: int = BYTES_A_SECOND,
    patience: float = 60, at_least: float = 0,
) -> Results:  # fmt: skip
    """Run all clients at once, until the honest uploads are answered or given up, and for at least `at_least` seconds."""
    results, stop = Results(), threading.Event()
    visitor = threading.Thread(target=visit, args=(port, results, stop, patience))

    async def all_of_them() -> None:
        lengths = [2_600_000 if n % 2 else 90_000 for n in range(bad)]
        attack = [asyncio.create_task(hostile(port, length, results, stop)) for length in lengths]
        await asyncio.sleep(0.5)
        visitor.start()
        await asyncio.gather(
            asyncio.sleep(at_least),
            *(honest(port, sessions[n % len(sessions)], size, speed, results, patience) for n in range(good)),
        )
        stop.set()
        await asyncio.gather(*attack, return_exceptions=True)

    begun = time.monotonic()
    # Runs in its own thread, because the caller may have a running loop, as browser tests do.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, all_of_them()).result()
    visitor.join()
    results.seconds = time.monotonic() - begun
    return results


def main() -> bool:
    """Return whether pages stayed quick and every honest photo arrived, on both databases."""
    is_good = True
    print("\nSlow lines at the front server: pages' p99, failures, and what became of the uploads")
    for database in ("sqlite", "postgres"):
        with temporary_site("slow", database, products=100) as env, whole_site(env) as site_url:
            port = urlsplit(site_url).port
            sessions = re.findall(r"^session (\S+)$", run_code(env, SELLERS), re.M)
            awake(port)
            before = int(run_code(env, ARRIVED).splitlines()[-1])
            for name, bad, good in (
                ("nobody", 0, 0), (f"{HOSTILE} hostile", HOSTILE, 0), (f"{HONEST} honest", 0, HONEST),
                (f"{HOSTILE} hostile, {HONEST} honest", HOSTILE, HONEST),
            ):  # fmt: skip
                is_good &= show(f"{database}, {name}", press(port, sessions, bad, good, at_least=20), good)
            taken = int(run_code(env, ARRIVED).splitlines()[-1]) - before
            is_good &= taken == 2 * HONEST
            print(f"  photos in the database: {taken}  {'ok' if taken == 2 * HONEST else 'LOST'}")
    return is_good


def show(name: str, results: Results, good: int) -> bool:
    fine = results.p99 < MOST_P99 and not results.failures and results.arrived == good
    print(
        f"  {name:36} p99 {results.p99 * 1000:8.0f} ms over {len(results.times):4}, {results.failures} failed;"
        f" honest {results.arrived}/{good}; {results.seconds:.0f} s  {'ok' if fine else 'OVER'}",
        flush=True,
    )
    return fine


def awake(port: int) -> None:
    """Wait until the app is started; the front answers 503 before that."""
    end = time.monotonic() + 60
    while True:
        results, stop = Results(), threading.Event()
        stop_after = threading.Timer(0.3, stop.set)
        stop_after.start()
        visit(port, results, stop, 20)
        if results.times and not results.failures:
            return
        if time.monotonic() > end:
            raise TimeoutError("the app does not answer")


if __name__ == "__main__":
    sys.exit(not main())
