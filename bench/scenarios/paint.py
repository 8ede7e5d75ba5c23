"""Measure when the words of a page appear on a bad connection: 150 kbit/s, 400 ms, empty browser cache.

python -m bench.scenarios.paint
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from bench.harness.servers import whole_site
from bench.harness.site import run_code, temporary_site
from bench.scenarios.wire import FLAGS, PHONE

LINE = {"offline": False, "latency": 400, "downloadThroughput": 150_000 / 8, "uploadThroughput": 150_000 / 8}
RUNS = 3
TARGET_S = 1.8
FIND = """
import json
from accounts.models import User
from courses.models import Cohort, Course, Lesson, Quiz
from shops.models import Order, Product, Shop
from bench.harness.sessions import create_session
people = {name: create_session(User.objects.get(phone=f"+861380000000{n}"))
    for n, name in enumerate(("trainee", "trainer", "seller"), 1)}
course = Course.objects.get(slug="live-selling")
lesson = Lesson.objects.filter(module__course=course).in_order().first()
quiz = Quiz.objects.filter(module=lesson.module).first()
order = Order.objects.order_by("pk").first()
product = Product.objects.published().order_by("pk").first()
print(json.dumps([people, [
    ("home", "", "/"), ("products", "", "/products/"), ("product", "", product.get_absolute_url()),
    ("shop", "", product.shop.get_absolute_url()), ("course", "", course.get_absolute_url()),
    ("order", "", f"/orders/{order.token}/"), ("learn home", "trainee", "/learn/"),
    ("lesson", "trainee", lesson.get_absolute_url()), ("quiz", "trainee", f"/learn/quizzes/{quiz.pk}/"),
    ("my shop", "seller", "/me/shop/"), ("me", "seller", "/me/"),
    ("class board", "trainer", f"/classes/{Cohort.objects.order_by('pk').first().pk}/"),
]]))
"""
WATCH = """
window.found = { paint: 0, largest: 0, moved: 0 };
const watch = (type, take) =>
  new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
watch("paint", (one) => one.name === "first-contentful-paint" && (found.paint = one.startTime));
watch("largest-contentful-paint", (one) => (found.largest = one.startTime));
watch("layout-shift", (one) => (found.moved += one.value));
"""


@dataclass
class Paint:
    """Seconds from the tap, KiB of all answers, and layout movement (Cumulative Layout Shift)."""

    first_s: float
    largest_s: float
    first_kib: float
    moved: float


def paints(site_url: str, env: dict[str, str], runs: int = RUNS) -> dict[str, list[Paint]]:
    """Return the results by page; each visit has an empty cache."""
    people, pages = json.loads(run_code(env, FIND).splitlines()[-1])
    with sync_playwright() as playwright:
        path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        found = {
            name: [visit(browser, site_url + where, people.get(who, "")) for _run in range(runs)]
            for name, who, where in pages
        }
        browser.close()
    return found


def visit(browser: Browser, url: str, session: str) -> Paint:
    context = browser.new_context(**PHONE, locale="zh-CN")
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    context.add_init_script(WATCH)
    tab = context.new_page()
    network = context.new_cdp_session(tab)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", LINE)
    sent: list[float] = []
    came: list[tuple[float, str, int]] = []
    whole: list[tuple[float, str, int]] = []

    def note(into: list[tuple[float, str, int]]) -> Callable[[dict], None]:
        return lambda event: into.append((event["timestamp"], event["requestId"], event["encodedDataLength"]))

    network.on("Network.requestWillBeSent", lambda event: sent.append(event["timestamp"]))
    network.on("Network.dataReceived", note(came))
    network.on("Network.loadingFinished", note(whole))
    tab.goto(url, wait_until="networkidle", timeout=60_000)
    seen = tab.evaluate("found")
    context.close()
    until = sent[0] + seen["paint"] / 1000
    done = {request: size for at, request, size in whole if at <= until}
    begun = sum(size for at, request, size in came if at <= until and request not in done)
    return Paint(
        seen["paint"] / 1000, seen["largest"] / 1000, (sum(done.values()) + begun) / 1024, seen["moved"]
    )


def show(found: dict[str, list[Paint]]) -> None:
    print("\nOn a line of 150 kbit/s and 400 ms, nothing kept: seconds to the first and the largest paint,")
    print(f"KiB that came before the first, layout shift (wanted: first paint within {TARGET_S} s)")
    for name, runs in found.items():
        first, largest, kib, moved = (
            median(getattr(run, key) for run in runs)
            for key in ("first_s", "largest_s", "first_kib", "moved")
        )
        late = "" if first <= TARGET_S else "   late"
        print(f"{name:22}{first:>7.2f}{largest:>7.2f}{kib:>8.1f}{moved:>8.3f}{late}", flush=True)


def main() -> None:
    with temporary_site("paint") as env, whole_site(env) as site_url:
        show(paints(site_url, env))


if __name__ == "__main__":
    main()
