"""Take the README's pictures again: seed a demo of its own, serve it, and photograph it on a phone's screen.

    .venv/bin/python bin/take_pictures.py [NAME …]

Needs Chromium with Chinese fonts (bin/need chromium). Writes docs/pictures/NAME.webp, or into the folder PICTURES; look at
each before committing.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = Path(os.environ.get("PICTURES", ROOT / "docs" / "pictures"))
PORT = os.environ.get("PORT", "8573")
BASE = f"http://127.0.0.1:{PORT}"
TRAINEE, TRAINER, SELLER, ORGANISER = (f"1380000000{number}" for number in range(1, 5))
PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 1.5,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "reduced_motion": "reduce",
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
PATIENCE = 15_000  # ms


@contextmanager
def served(folder: str):
    """The demo in a folder of its own, until the end."""
    env = os.environ | {"VAR_DIR": folder, "PORT": PORT, "DEMO": "1"}
    server = subprocess.Popen([sys.executable, "-m", "config.up"], cwd=ROOT, env=env, start_new_session=True)
    try:
        for _second in range(300):
            try:
                if urllib.request.urlopen(f"{BASE}/readyz", timeout=2).status == 200:
                    break
            except OSError:
                time.sleep(1)
        else:
            raise SystemExit("The demo did not start.")
        yield
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)


def rows():
    """Django on the same folder, to look up what is photographed."""
    import django

    django.setup()
    from courses.models import Cohort, Lesson
    from live.models import Livestream
    from rehearsals.models import Submission
    from shops.models import Product

    shop = {"shop__slug": "meiyi"}
    lives = Livestream.objects.filter(kind="real", removed_at=None, **shop).order_by("starts_at")
    return {
        "lesson": Lesson.objects.filter(module__course__slug="live-selling").in_order().first(),
        "product": Product.objects.get(name="冰糖橙", **shop),
        "planned": lives.get(started_at=None),
        "held": lives.filter(ended_at__isnull=False).last(),
        "submission": Submission.objects.filter(user__phone=f"+86{TRAINEE}", status="reviewed").first(),
        "cohort": Cohort.objects.get(join_code="YX2026"),
    }


def begin(live) -> None:
    """The planned live as if its evening had come: all ticked, begun, a few boxes sold."""
    import uuid

    from django.utils import timezone

    from live.models import ChecklistTick
    from live.on_air import host_actions, lifecycle, sales
    from live.readiness import checklist

    for code in ChecklistTick.Code:
        checklist.tick_line(live, code, True, live.host)
    lifecycle.start_live(live, live.host)
    first, second, *_rest = live.load_items()
    host_actions.feature_item(first, live.host, uuid.uuid4(), timezone.now())
    for item, count in ((first, 2), (first, 3), (second, 1)):
        sales.record_sale(item, count, live.host, uuid.uuid4())


def type_a_boast(page) -> None:
    """The words of a listing stand under a fold; what is found in them shows without a reload."""
    words = page.locator("textarea[name=description]")
    page.locator("details", has=words).locator("summary").first.click()
    words.fill("今年的果全县最甜，现摘现发。")
    page.get_by_text("“全县最甜”").first.wait_for()
    words.evaluate("field => window.scrollTo(0, field.getBoundingClientRect().top + window.scrollY - 260)")


def open_studio(page) -> None:
    page.get_by_role("link", name="开始练").click()
    page.get_by_role("button", name="开始练").click()
    page.get_by_role("button", name="打开摄像头").wait_for()


def pictures(found: dict) -> list[tuple[str, str, str, Callable | None]]:
    """Name, who looks ("": a visitor), the page, and what is done on it first."""
    return [
        ("learn", TRAINEE, "/learn/", None),
        ("lesson", TRAINEE, f"/learn/lessons/{found['lesson'].pk}/", None),
        ("studio", TRAINEE, "/practise/", open_studio),
        ("review", TRAINEE, f"/review/mine/{found['submission'].key}/", None),
        ("listing", SELLER, "/me/shop/new/", type_a_boast),
        ("shop", SELLER, "/me/shop/", None),
        ("orders", SELLER, "/me/shop/orders/", None),
        ("ledger", SELLER, "/me/shop/ledger/", None),
        ("recap", SELLER, f"/live/{found['held'].pk}/recap/", None),
        ("plan", SELLER, f"/live/{found['planned'].pk}/", None),
        ("air", SELLER, f"/live/{found['planned'].pk}/air/", None),
        ("class", TRAINER, f"/classes/{found['cohort'].pk}/", None),
        ("queue", ORGANISER, "/me/queue/", None),
        ("product", "", f"/products/{found['product'].pk}/", None),
        ("order", "", f"/shops/meiyi/order/?product={found['product'].pk}", None),
        ("products", "", "/products/", None),
    ]


def sign_in(page, phone: str) -> None:
    page.goto(f"{BASE}/accounts/login/")
    page.fill("input[name=login]", phone)
    page.fill("input[name=password]", "nonghuo-demo")
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state("networkidle")


def take(wanted: set[str]) -> None:
    from PIL import Image
    from playwright.sync_api import sync_playwright

    found, who, page = rows(), None, None
    chromium = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for name, phone, path, work in pictures(found):
            if wanted and name not in wanted:
                continue
            if name == "air":
                begin(found["planned"])
            if page is None or phone != who:
                page, who = browser.new_context(**PHONE).new_page(), phone
                page.set_default_timeout(PATIENCE)
                if phone:
                    sign_in(page, phone)
            answer = page.goto(f"{BASE}{path}")
            if answer is None or not answer.ok:
                raise SystemExit(f"{name}: {path} answers {answer and answer.status}")
            page.wait_for_load_state("networkidle")
            if work:
                work(page)
            page.wait_for_timeout(700)
            shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            shot.save(OUT / f"{name}.webp", quality=80, method=6)
            print(f"{name}.webp")


def main() -> None:
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        with served(folder):
            take(set(sys.argv[1:]))


if __name__ == "__main__":
    main()
