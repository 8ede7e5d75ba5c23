"""Upload eight films slowly through the front while a page is requested; compare its p99 with that of an idle site."""

from __future__ import annotations

import re
import socket
import statistics
import sys
import threading
import time
from urllib.parse import urlsplit

from bench.harness.load import Connection
from bench.harness.servers import whole_site
from bench.harness.site import run_code, temporary_site

LINES = 8
PIECE = 512 * 1024
# A phone with a weak signal: half a megabyte takes four seconds.
BYTES_A_SECOND = 128 * 1024
SECONDS = 20
PATH = "/courses/"
MOST_RATIO = 2.0
BEGIN = """
from django.conf import settings
from bench.harness.sessions import create_session
from django.utils import timezone
from accounts.models import User
from media.models import Upload
from media.uploads.services import EXPIRES_AFTER, make_token
person = next(one for one in User.objects.order_by("pk") if one.works_in_the_admin)
print("session", create_session(person))
for number in range({lines}):
    upload = Upload.objects.create(owner=person, size=10**9, expires_at=timezone.now() + EXPIRES_AFTER)
    print("upload", upload.key, make_token(upload))
"""


def main() -> bool:
    """Return whether pages stayed quick and every byte that was answered for is stored."""
    with temporary_site("uploads", products=100) as env:
        received = run_code(env, BEGIN.format(lines=LINES))
        session = re.search(r"^session (\S+)$", received, re.M)[1]
        places = re.findall(r"^upload (\S+) (\S+)$", received, re.M)
        with whole_site(env | {"PAGE_CACHE": "0"}) as site_url:
            port = urlsplit(site_url).port
            awake(port)
            asked(port, 3)
            idle = asked(port, SECONDS / 2)
            stop = threading.Event()
            moved = [0] * LINES
            lines = [
                threading.Thread(target=trickle, args=(port, session, place, stop, moved, n))
                for n, place in enumerate(places)
            ]
            for line in lines:
                line.start()
            time.sleep(1)
            busy = asked(port, SECONDS)
            stop.set()
            for line in lines:
                line.join()
        taken = run_code(
            env,
            "from media.models import Upload\n"
            "print(sum(Upload.objects.filter(size=10**9).values_list('offset', flat=True)))",
        )
    received = int(taken.splitlines()[-1])
    before, after = (p99(times) for times in (idle, busy))
    good = after <= MOST_RATIO * before and received == sum(moved) > LINES * PIECE
    print(
        f"\n{LINES} films trickle in at {BYTES_A_SECOND // 1024} KiB/s each while {PATH} is asked for through the front"
    )
    print(f"  idle   p99 {before * 1000:7.1f} ms over {len(idle)} requests")
    print(
        f"  busy   p99 {after * 1000:7.1f} ms over {len(busy)}, {received / 1e6:.1f} MB taken: {after / before:.2f}×",
        end="",
    )
    print(f" (≤ {MOST_RATIO:.0f}×)  {'ok' if good else 'OVER'}")
    return good


def awake(port: int) -> None:
    """Wait until the app is started; the front answers 503 before that."""
    end = time.monotonic() + 60
    while Connection(port).get(PATH, {})[0] != 200:
        if time.monotonic() > end:
            raise TimeoutError(PATH)
        time.sleep(0.5)


def p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def asked(port: int, seconds: float) -> list[float]:
    """Request 25 pages a second as one visitor, and return the times."""
    line, times, end = Connection(port), [], time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.perf_counter()
        status, _body, _headers = line.get(PATH, {})
        times.append(time.perf_counter() - start)
        if status != 200:
            raise ValueError(f"{PATH} answered {status}")
        time.sleep(max(0, 0.04 - times[-1]))
    return times


def trickle(port: int, session: str, place: tuple[str, str], stop, moved: list[int], n: int) -> None:
    """Upload pieces slowly, one after the other, until `stop`; the current piece is finished."""
    key, token = place
    step = BYTES_A_SECOND // 8
    content = b"\0\0\0\x18ftypisom" + bytes(step - 12)
    while not stop.is_set():
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            head = (
                f"PATCH /uploads/video/{key}/?token={token} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                f"Cookie: sessionid={session}; csrftoken={'a' * 32}\r\nX-CSRFToken: {'a' * 32}\r\n"
                "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\n"
                f"Upload-Offset: {moved[n]}\r\nContent-Length: {PIECE}\r\n\r\n"
            )
            line.sendall(head.encode())
            for _part in range(PIECE // step):
                line.sendall(content)
                time.sleep(step / BYTES_A_SECOND)
            answer = line.recv(4096)
            if not answer.startswith(b"HTTP/1.1 204"):
                raise RuntimeError(answer.decode(errors="replace"))
            moved[n] += PIECE


if __name__ == "__main__":
    sys.exit(not main())
