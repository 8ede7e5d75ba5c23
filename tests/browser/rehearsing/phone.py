"""The studio in a browser with a camera of Chromium's own making."""

from __future__ import annotations

import re

from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

PLAYS = "--autoplay-policy=no-user-gesture-required"
END = "录完了"
BEGIN = "[data-record]"  # by its place: before the camera is open, another button says 接着录 too
TAKES = """() => new Promise((done) => {
  const ask = indexedDB.open("farm-film");
  ask.onupgradeneeded = () => ask.transaction.abort();
  ask.onerror = () => done([]);
  ask.onsuccess = () => {
    const change = ask.result.transaction(["takes", "pieces"]);
    const [takes, pieces] = [change.objectStore("takes").getAll(), change.objectStore("pieces").getAllKeys()];
    change.oncomplete = () => (ask.result.close(), done(takes.result.map((row) => ({
      ...row, kept: pieces.result.filter(([key]) => key === row.key).length }))));
  };
})"""


def enter(context: BrowserContext, person, url: str) -> None:
    client = Client()
    client.force_login(person)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def takes(page: Page) -> list[dict]:
    return sorted(page.evaluate(TAKES), key=lambda row: row["number"])


def open_camera(page: Page) -> None:
    page.locator("[data-open]").click()
    expect(page.locator(BEGIN)).to_be_visible()


def record(page: Page, seconds: int) -> None:
    """Until the page says that so much is kept."""
    page.locator(BEGIN).click()
    kept(page, seconds)


def kept(page: Page, seconds: int) -> None:
    clock = re.compile(rf"录了 0:({'|'.join(f'{n:02}' for n in range(seconds, seconds + 8))})，存好了")
    expect(page.locator("[data-kept]")).to_have_text(clock, timeout=(seconds + 20) * 1000)


def score(page: Page, **words: str) -> None:
    expect(page.get_by_role("heading", name="先给自己打分")).to_be_visible(timeout=20_000)
    for row in page.locator("[data-score] [data-part]").all():
        row.locator("[data-whole][value=full]").check(force=True)
    page.locator("[data-score] details", has=page.locator("[name=keep]")).locator("summary").click()
    given = {"keep": "开口就报价", "change_one": "切果慢", "change_two": "忘了运费"} | words
    for name, text in given.items():
        page.locator(f"[data-score] [name={name}]").fill(text)


def hand_in(page: Page) -> None:
    """Until the receipt is shown, or, after four seconds without it, that the rehearsal waits on the phone."""
    page.get_by_role("button", name="交给老师").click()
    expect(
        page.locator(".code[data-receipt]").or_(page.get_by_text("交了，存在手机里")).first
    ).to_be_visible()
