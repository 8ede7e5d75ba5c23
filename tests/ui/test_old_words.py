"""Words that the glossary of CONTRIBUTING.md has replaced stand nowhere that people read."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
HEADING = "### Words that are no longer said"
READ = (
    "courses/programme/**/*.md",
    "courses/programme/**/*.toml",
    "courses/programme/**/*.vtt",
    "demo/data/*.toml",
    "demo/seed/**/*.py",
    "config/personal/terms.toml",
    "shops/products/categories.toml",
    "docs/**/*.md",
    "README.md",
)
# What Android calls one of its own menus, what pledges that were issued earlier say, and other words than those meant.
QUOTED = ("加密与凭据", "我承诺：这一批收的时候都看过、留着种的人的合格证", "说货不对板", "想买的人")
# 您 is for buyers: on their pages, in what sellers send them, and on pages that buyers and members share.
FOR_BUYERS = (
    "accounts/notifications/sms.py",
    "accounts/phones.py",
    "accounts/templates/accounts/people/privacy.html",
    "live/scripts/services.py",
    "shops/complaints/",
    "shops/inventory/presales.py",
    "shops/orders/buyer/",
    "shops/orders/limits.py",
    "shops/orders/seller/forms.py",
    "shops/shipping/pasted_address.py",
    "shops/templates/shops/catalogue/",
    "shops/templates/shops/complaints/",
    "shops/templates/shops/orders/buyer/",
    "ui/templates/",
)


@cache
def list_old_words() -> dict[str, str]:
    """Each old word of the table → what to say."""
    table = (ROOT / "CONTRIBUTING.md").read_text().partition(HEADING)[2]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    return {word: new for old, new in rows for word in re.split("、|, ", old)}


def list_texts() -> Iterator[tuple[str, str]]:
    """Names and texts of what people read: pages in both languages, course, demo, reasons of rules, documents."""
    for entry in polib.pofile(str(ROOT / "ui/locale/en/LC_MESSAGES/django.po")):
        yield "django.po", "\n".join([entry.msgid, entry.msgstr, *entry.msgstr_plural.values()])
    for path in sorted({path for pattern in READ for path in ROOT.glob(pattern) if path.is_file()}):
        yield path.relative_to(ROOT).as_posix(), path.read_text()
    for path in sorted(ROOT.glob("wording/rules/*.toml")):
        rule = tomllib.loads(path.read_text())
        told = [rule, *rule.get("term", []), *rule.get("pattern", [])]
        yield path.name, "\n".join(text for one in told for text in one.get("reason", {}).values())
    yield "CONTRIBUTING.md", (ROOT / "CONTRIBUTING.md").read_text().partition(HEADING)[0]


def find_old_words(name: str, text: str) -> list[str]:
    for quoted in QUOTED:
        text = text.replace(quoted, "")
    return [
        f"{name}: {old} → {new}: …{text[max(0, text.index(old) - 15) : text.index(old) + 20]!r}"
        for old, new in list_old_words().items()
        if old in text
    ]


def test_no_old_word_is_left():
    assert [line for name, text in list_texts() for line in find_old_words(name, text)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("凭据要留好", 1),
        ("设置 → 安全 → 加密与凭据", 0),
        ("开口就报村名，留着。", 1),
        ("货还给他留着，", 0),
        ("a blocked phrase, 59 at most", 2),
    ],
)
def test_an_old_word_is_found(text, found):
    assert len(find_old_words("a page", text)) == found


@pytest.mark.long
def test_only_buyers_are_called_nin():
    """Who learns, sells or teaches here is 你."""
    paths = [path for app in ROOT.iterdir() if (app / "__init__.py").is_file() for path in app.rglob("*.*")]
    said = {
        name
        for path in paths
        if path.suffix in (".py", ".html", ".txt")
        for name in [path.relative_to(ROOT).as_posix()]
        if not name.startswith((*FOR_BUYERS, "tests/", "bench/", "demo/", "wording/", "courses/programme/"))
        and "您" in path.read_text()
    }
    assert said == set()
