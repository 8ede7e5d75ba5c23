"""Measure what a phone's browser downloads, with an empty and a filled cache: requests and bytes, photos counted apart."""

import os
import shutil
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.scenarios.pages import Page

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
FLAGS += " --disable-component-update --disable-sync"
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True}


@dataclass
class Visit:
    requests: int
    kib: float
    photos: int
    photo_kib: float


def visits(site_url: str, pages: list[Page]) -> dict[str, tuple[Visit, Visit]]:
    """Return by page a first visit with an empty cache, and the same page again."""
    with sync_playwright() as playwright:
        path = shutil.which(os.environ.get("CHROMIUM", "chromium"))
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS.split())
        found = {page.name: two_visits(browser, site_url, page) for page in pages}
        browser.close()
    return found


def two_visits(browser: Browser, site_url: str, page: Page) -> tuple[Visit, Visit]:
    context = browser.new_context(**PHONE)
    if "Cookie" in page.headers:
        value = page.headers["Cookie"].removeprefix("sessionid=")
        context.add_cookies([{"name": "sessionid", "value": value, "url": site_url}])
    first = one_visit(context, site_url + page.paths[0])
    again = one_visit(context, site_url + page.paths[0])
    context.close()
    return first, again


def one_visit(context: BrowserContext, url: str) -> Visit:
    tab = context.new_page()
    network = context.new_cdp_session(tab)
    network.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def received(event: dict) -> None:
        if not event["response"].get("fromDiskCache") and not event["response"]["url"].startswith("data:"):
            kinds[event["requestId"]] = event["response"]["url"]

    network.on("Network.responseReceived", received)
    network.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    tab.goto(url, wait_until="networkidle")
    tab.close()
    # The sprite holds brand, favicon and icons, but is downloaded once: its other uses have no bytes.
    loaded = {key: where for key, where in kinds.items() if sizes.get(key)}
    photos = [sizes.get(key, 0) for key, where in loaded.items() if "/media/" in where]
    rest = [sizes.get(key, 0) for key, where in loaded.items() if "/media/" not in where]
    return Visit(len(rest), sum(rest) / 1024, len(photos), sum(photos) / 1024)
