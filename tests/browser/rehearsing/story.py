"""One rehearsal as a plan has it, on a phone of its own; several are told at once, because recording takes its time."""

from __future__ import annotations

import base64
import heapq
import os
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, Page, expect

from accounts.models import User
from live.models import Livestream
from media import chunks
from rehearsals.models import Submission, Take
from tests.browser.line import Line
from tests.browser.rehearsing.clock import camera
from tests.browser.rehearsing.phone import BEGIN, enter, hand_in, score, takes
from tests.browser.rehearsing.plans import Plan

Start = Callable[[Path], BrowserContext]
PATIENCE = 60  # s for what the browser does on a busy machine
BEFORE_MS = 10_000


class Story:
    """A browser of its own, whose disk outlives it. `kept`: for each take, in bytes, what the page said that the disk
    holds."""

    def __init__(
        self, start: Start, folder: Path, server: str, plan: Plan, person: User, live: Livestream
    ) -> None:
        self.start_browser, self.folder = start, folder / f"phone-{plan.seed}"
        self.plan, self.person, self.live = plan, person, live
        self.line, self.began = Line(server), int(time.time() * 1000) - BEFORE_MS
        self.kept: dict[str, bytes] = defaultdict(bytes)
        self.switch_on()

    def switch_on(self) -> None:
        self.context = self.start_browser(self.folder)
        self.context.set_default_timeout(PATIENCE * 1000)
        self.context.expose_function("pieceKept", self.keep)
        self.context.add_init_script(camera(self.began))
        enter(self.context, self.person, self.line.url)
        self.page = self.open()

    def keep(self, take: str, until: float, content: str) -> None:
        self.kept[take] += base64.b64decode(content)

    def open(self) -> Page:
        page = self.context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{self.line.url}/practise/lives/{self.live.pk}/")
        return page

    def pass_time(self) -> Iterator[float]:
        """Yields the seconds that pass meanwhile."""
        self.start()
        for step in self.plan.steps:
            yield step["after"]
            before = len(self.kept)
            yield from getattr(self, step["do"])(
                **{k: v for k, v in step.items() if k not in ("do", "after")}
            )
            assert len(self.kept) >= before
        yield from self.hand_in()

    def start(self) -> None:
        self.page.locator("[data-open]").click()
        self.page.locator(BEGIN).click()
        expect(self.page.locator("[data-kept]")).to_contain_text("存好了", timeout=PATIENCE * 1000)

    # --- what befalls it

    def cut(self, lasts: float, way: str = "cut") -> Iterator[float]:
        self.line.becomes(way)
        yield lasts
        self.line.becomes("cut")  # what hangs is let go
        self.line.becomes("up")

    def hangs(self, lasts: float) -> Iterator[float]:
        return self.cut(lasts, "hangs")

    def reload(self) -> Iterator[float]:
        self.page.reload()
        yield 0
        self.start()

    def kill(self) -> Iterator[float]:
        """The battery is empty: the browser dies by signal 9, nothing is let end."""
        for pid in browsers_of(self.folder):
            os.kill(pid, signal.SIGKILL)
        with suppress(Error):
            self.context.close()
        yield 0.5
        self.switch_on()
        self.start()

    def pause(self) -> Iterator[float]:
        self.page.get_by_role("button", name="停一下").click()
        yield 0.5
        self.page.locator(BEGIN).click()

    def call(self) -> Iterator[float]:
        """The tracks end, as when a call takes the microphone."""
        self.page.evaluate(
            "for (const track of filmed.getTracks()) { track.stop(); track.dispatchEvent(new Event('ended')); }"
        )
        expect(self.page.locator("[data-problem]")).to_contain_text("接着录")
        yield 0.3
        self.start()

    # --- and how it ends

    def end(self) -> Iterator[float]:
        self.page.get_by_role("button", name="录完了").click()
        expect(self.page.get_by_role("heading", name="先给自己打分")).to_be_visible()
        yield 0

    def hand_in(self) -> Iterator[float]:
        score(self.page)
        hand_in(self.page)
        until = time.monotonic() + PATIENCE
        while not Submission.objects.filter(user=self.person, video__isnull=False).exists():
            assert time.monotonic() < until, (self.plan.to_json(), takes(self.page))
            yield 0.3

    @property
    def submission(self) -> Submission:
        return Submission.objects.select_related("video").get(user=self.person)

    def arrived(self) -> dict[str, bytes]:
        """By take, what lies on the server."""
        found = {}
        rows = Take.objects.filter(rehearsal__user=self.person).select_related("upload").order_by("number")
        for take in rows:
            path = self.folder / f"{take.key}.part"
            chunks.assemble(take.upload.key, take.upload.size, path)
            found[str(take.key)] = path.read_bytes()
        return found

    def close(self) -> None:
        with suppress(Error):
            self.context.close()
        self.line.close()


def browsers_of(folder: Path) -> list[int]:
    """The processes started on this profile, without their children, which die with them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if f"--user-data-dir={folder}".encode() in words and not any(
                w.startswith(b"--type=") for w in words
            ):
                found.append(int(path.parent.name))
    return found


def tell(stories: list[Story], wait: Callable[[float], None]) -> None:
    """All of them at once, each going on when its time has come; `wait(ms)` lets their browsers speak meanwhile."""
    due = [(0.0, number, story.pass_time()) for number, story in enumerate(stories)]
    heapq.heapify(due)
    while due:
        at, number, passing = heapq.heappop(due)
        wait(max(0.0, (at - time.monotonic()) * 1000))
        try:
            heapq.heappush(due, (time.monotonic() + next(passing), number, passing))
        except StopIteration:
            continue
