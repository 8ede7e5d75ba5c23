"""Rules for every template, style sheet and script of the project."""

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
import rcssmin
from django.conf import settings

from ui.svg import load_drawings

ROOT = Path(settings.BASE_DIR)
APPS = (
    "config",
    "programme",
    "rehearsals",
    "progress",
    "live",
    "shops",
    "courses",
    "media",
    "accounts",
    "outbox",
    "wording",
    "ui",
)
SHEETS = {
    name: (ROOT / f"ui/static/ui/{name}.css").read_text()
    for name in ("look", "goods", "forms", "reading", "figures")
}
LOOK = SHEETS["look"]
SPRITE = (ROOT / "ui/static/ui/icons.svg").read_text()
TEMPLATES = [path for app in APPS for path in sorted(ROOT.glob(f"{app}/**/templates/**/*.html"))]
SCRIPTS = [
    path for app in APPS for path in sorted(ROOT.glob(f"{app}/static/**/*.js")) if "vendor" not in path.parts
]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_look_at():
    assert len(TEMPLATES) > 30
    assert len(SCRIPTS) >= 3


def test_templates_are_wrapped_at_140_columns():
    """Where a new line would show as a space, {% joined %} joins the lines of a sentence."""
    assert [
        named(path) for path in TEMPLATES for row in path.read_text().splitlines() if len(row) > 140
    ] == []


def weight(sheets: list[str]) -> int:
    """Bytes as they are sent."""
    return len(gzip.compress(rcssmin.cssmin("\n".join(sheets)).encode(), 9))


def test_what_a_page_waits_for_weighs_at_most_7_kb_for_visitors_and_11_kb_for_others():
    assert weight([LOOK]) <= 5_300
    assert weight([SHEETS["goods"]]) <= 2_200
    assert weight(list(SHEETS.values())) <= 11_000


def test_the_whole_is_every_sheet():
    group = (ROOT / "ui/static/ui/whole.group.css").read_text()
    assert re.findall(r'@import "\./(\w+)\.css";', group) == list(SHEETS)


@pytest.mark.parametrize("name", SHEETS)
def test_sheet_has_one_declaration_a_line(name):
    code = re.sub(r"/\*.*?\*/", "", SHEETS[name], flags=re.DOTALL)
    assert [line for line in code.splitlines() if re.search(r"; *\S|\{ *\S", line)] == []


@cache
def styled(name: str) -> set[str]:
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"/\*.*?\*/", "", SHEETS[name], flags=re.DOTALL)))


def classes(template: str, seen: frozenset = frozenset()) -> set[str]:
    """Of a template and of all that it extends and includes."""
    found = next((path for path in TEMPLATES if str(path).endswith(f"/templates/{template}")), None)
    if not found or template in seen:
        return set()
    html = found.read_text()
    named = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', html))))
    parts = re.findall(r'{% (?:extends|include) "([^"]+)"', html)
    return named.union(*(classes(part, seen | {template}) for part in parts))


LIGHT = [path for path in TEMPLATES if 'include "ui/_visitor_sheets.html"' in path.read_text()]


def test_visitors_pages_are_the_light_ones():
    names = {path.name for path in LIGHT}
    assert names >= {
        "home.html",
        "product_list.html",
        "product_show.html",
        "shop_show.html",
        "course_show.html",
    }


@pytest.mark.parametrize("path", LIGHT, ids=named)
def test_page_that_names_goods_alone_uses_no_class_of_the_other_sheets(path):
    there = styled("look") | styled("goods")
    elsewhere = styled("forms") | styled("reading") | styled("figures")
    used = classes(str(path).split("/templates/")[1])
    assert "page" in used
    assert used & (elsewhere - there) == set()


def test_every_drawing_of_the_sprite_is_found_and_small():
    assert set(load_drawings()) == set(re.findall(r'id="i-([\w-]+)"', SPRITE))
    assert max(len(drawing) for drawing in load_drawings().values()) <= 400


# Read from a downloaded zip, without this site's policy and without its files.
DOWNLOADED = re.compile(r"/live/recap/evidence_cover\.html$|/config/templates/own_data\.html$")


def test_no_template_has_anything_inline():
    wrong = {}
    for path in TEMPLATES:
        if DOWNLOADED.search(str(path)):
            continue
        html = re.sub(r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text(), flags=re.DOTALL)
        inline = re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:", html, re.IGNORECASE)
        bare = [tag for tag in re.findall(r"<script\b[^>]*>", html) if "src=" not in tag]
        wrong[named(path)] = inline + bare
    assert len(wrong) > 300
    assert {path: found for path, found in wrong.items() if found} == {}


APART = re.compile(
    r"/templates/admin/|/live/recap/evidence_cover|/templates/accounts/auth/signin_card|/templates/mfa/"
)
PRINTED = {
    "class_poster.html",
    "pledge_show.html",
    "shelf_cards.html",
    "slips_print.html",
}  # all of it is printed, seen or not


STARTER = '<script{% fixed %} src="{% static "ui/start.js" %}"'


def test_the_starter_is_small_enough_to_come_beside_the_styles():
    assert len((ROOT / "ui/static/ui/start.js").read_bytes()) <= 600


def test_nothing_of_a_page_is_asked_for_before_its_styles():
    wrong = {}
    for path in TEMPLATES:
        if APART.search(str(path)):
            continue
        html = path.read_text().replace(STARTER, "")
        images = re.findall(r"<img\b[^>]*>", html) if path.name not in PRINTED else []
        eager = [tag for tag in images if 'loading="lazy"' not in tag]
        wrong[named(path)] = eager + re.findall(
            r"<script\b[^>]*\ssrc=|<video\b[^>]*\sposter=(?!\"data:)|<use\b|rel=\"(?:modulepreload|preload)",
            html,
        )
    assert len(wrong) > 300
    assert {path: found for path, found in wrong.items() if found} == {}


def test_templates_use_only_icons_that_are_drawn():
    drawn, missing = set(re.findall(r'id="i-([\w-]+)"', SPRITE)), {}
    for path in TEMPLATES:
        html = path.read_text()
        used = re.findall(r"{% icon \"([\w-]+)\"", html) + re.findall(
            r"(?<![-\w])(?:mark|button_icon)=\"([\w-]+)\"", html
        )
        missing[named(path)] = set(used) - drawn
    assert {path: found for path, found in missing.items() if found} == {}


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_script_is_short_and_says_no_sentence_of_its_own(path):
    code = path.read_text()
    assert len(code.splitlines()) <= 200  # one subject, whole: never split to meet a number
    assert re.findall(r"[\u3400-\u9fff]{4,}", re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.DOTALL)) == []
    assert not re.search(r"\beval\(|new Function|\.innerHTML\s*=|https?://(?!www\.w3\.org/)\w", code)


def test_entry_script_weighs_at_most_2_kb():
    assert len(gzip.compress((ROOT / "ui/static/ui/app.js").read_bytes(), 9)) <= 2_000


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def themes() -> dict[str, dict[str, str]]:
    light, dark = (
        dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{3,6})\b", part)) for part in LOOK.split("@media", 2)[:2]
    )
    return {"light": light, "dark": light | dark}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *[
            (text, ground)
            for text in ("ink", "ink-2", "peel")
            for ground in ("paper", "card", "sunk", "zest")
        ],
        *[(text, ground) for text in ("leaf", "stop", "ask") for ground in ("paper", "card")],
        ("on-citrus", "citrus"),
        ("on-leaf", "leaf"),
        ("leaf", "leaf-tint"),
        ("stop", "stop-tint"),
        ("ask", "ask-tint"),
        ("calico", "calico-tint"),
        ("ink", "leaf-tint"),
        ("ink", "stop-tint"),
        ("ink", "ask-tint"),
        ("ink", "calico-tint"),
        ("ink-2", "stop-tint"),
        ("ink-2", "ask-tint"),
        ("paper", "ink"),
    ],
)
def test_text_is_readable_on_its_ground(theme, text, ground):
    values = themes()[theme]
    assert contrast(values[f"--{text}"], values[f"--{ground}"]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("edge", "ground"), [("edge", "paper"), ("edge", "card"), ("calico", "paper"), ("stop", "card")]
)
def test_outline_is_seen_on_its_ground(theme, edge, ground):
    values = themes()[theme]
    assert contrast(values[f"--{edge}"], values[f"--{ground}"]) >= 3
