"""The English catalogue is complete: every Chinese string that a page can show is marked and translated."""

import ast
import re
from functools import cache
from pathlib import Path

import polib
from django.conf import settings
from django.template.base import Lexer, TokenType

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
CATALOGUE = Path(settings.BASE_DIR, "ui/locale/en/LC_MESSAGES/django.po")
MARKERS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}
HAN = re.compile("[\u3400-\u9fff\uff01-\uff5e\u3001-\u3011]")
# Not shown on pages.
SPEECHLESS = ("config/management/", "config/up.py", "/migrations/", "courses/programme/")
# These read what people type, in the ways they type it, or hold words of both languages side by side; what they say is
# marked all the same.
READERS = {
    "wording/consistency.py", "wording/rewrites.py", "wording/matcher.py", "wording/evidence.py", "wording/exemptions.py",
    "wording/remains.py", "disguises/broken_words.py",
    "rulebook/rules.py", "rulebook/requirements.py", "rulebook/statements.py",
    "disguises/normalisation.py", "disguises/pinyin.py",
    "scripts/services.py", "scripts/speech.py",
    "platform_exports/columns.py", "platform_exports/importer.py", "platform_exports/values.py", "reviews/forms.py",
    "products/fields.py", "pasted_address.py", "products/search.py", "accounts/fields.py",
    "phones.py", "ui/text.py", "ui/fields.py", "ui/formats.py",
    "traceability/certificates.py", "backoffice/export.py", "ui.py", "number.py", "questions/violations.py",
    "ledger_tags.py", "text_layout.py", "provinces.py", "presales.py",
    "facts.py", "placeholders.py", "missing_facts.py", "planning/forms.py",
    "slides/lesson.py", "slides/slide.py", "transcript.py", "lesson_cost.py", "import_export/xlsx.py",
    "county/plan.py", "commands/start_county.py",
    "rosters/columns.py", "rosters/outcomes.py", "rosters/rows.py", "rosters/table.py",
    "health/checks.py", "health/site_check.py", "health/socket_check.py", "recordings/viewer_comments.py", "scripts/crops.py",
    "training_ledger/workbook.py", "stories/services.py", "voices/paragraphs.py",
}  # fmt: skip
NAMES = re.compile("中文|新农活")  # the same in every language


def files(suffix: str) -> list[Path]:
    found = [path for app in APPS for path in Path(settings.BASE_DIR, app).rglob(f"*{suffix}")]
    return [path for path in found if not any(part in path.as_posix() for part in SPEECHLESS)]


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def marked_in_python(path: Path) -> tuple[set[str], list[str]]:
    """The marked strings, and Chinese literals that nothing marks (docstrings apart)."""
    tree = ast.parse(path.read_text())
    marked, known = set(), set()
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in MARKERS:
                for argument in node.args[:2]:
                    text = literal(argument)
                    if text is not None and HAN.search(text):
                        marked.add(text)
                        known.add(id(argument))
        if isinstance(node, ast.Expr):
            known.add(id(node.value))
    reads = {path.name, f"{path.parent.name}/{path.name}"} & READERS
    loose = [
        f"{path.name}:{node.lineno} {node.value!r}"
        for node in nodes
        if not reads and literal(node) and id(node) not in known and HAN.search(NAMES.sub("", node.value))
    ]  # fmt: skip
    return marked, loose


TRANSLATE = re.compile(r"""(?:translate|trans)\s+(?:"((?:[^"\\]|\\.)*)"|'([^']*)')""")
FILTERED = re.compile(r"""_\((?:"([^"]*)"|'([^']*)')\)""")


def marked_in_template(path: Path) -> tuple[set[str], list[str]]:
    """As above: translate tags, _() in tags, blocktranslate bodies; what Chinese text is left is loose."""
    marked, loose, block, trimmed = set(), [], None, False
    comment = False
    for token in Lexer(path.read_text()).tokenize():
        text = token.contents
        if token.token_type == TokenType.BLOCK:
            if text.split()[0] in ("blocktranslate", "blocktrans"):
                block, trimmed = [""], "trimmed" in text
            elif text.split()[0] == "plural" and block is not None:
                block.append("")
            elif text.split()[0] in ("endblocktranslate", "endblocktrans") and block is not None:
                marked |= {squeezed(part) if trimmed else part for part in block if HAN.search(part)}
                block = None
            elif text.split()[0] == "comment":
                comment = True
            elif text.split()[0] == "endcomment":
                comment = False
            else:
                found = [one or two for one, two in TRANSLATE.findall(text) + FILTERED.findall(text)]
                marked |= {one for one in found if HAN.search(one)}
                if HAN.search(re.sub("|".join(map(re.escape, found)) or "$^", "", text)):
                    loose.append(f"{path.name}:{token.lineno} {text!r}")
        elif block is not None:
            block[-1] += (
                f"%({text.split('|')[0]})s" if token.token_type == TokenType.VAR else text.replace("%", "%%")
            )
        elif token.token_type == TokenType.VAR:
            found = [one or two for one, two in FILTERED.findall(text)]
            marked |= {one for one in found if HAN.search(one)}
            if HAN.search(re.sub("|".join(map(re.escape, found)) or "$^", "", text)):
                loose.append(f"{path.name}:{token.lineno} {text!r}")
        elif token.token_type == TokenType.TEXT and HAN.search(NAMES.sub("", text)) and not comment:
            loose.append(f"{path.name}:{token.lineno} {text.strip()[:60]!r}")
    return marked, loose


@cache
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def squeezed(text: str) -> str:
    return " ".join(line.strip() for line in text.strip().splitlines())


@cache
def everything() -> tuple[set[str], list[str]]:
    """Read once for the tests of both halves."""
    marked, loose = set(), []
    for path in files(".py"):
        found, left = marked_in_python(path)
        marked |= found
        loose += left
    for path in files(".html"):
        found, left = marked_in_template(path)
        marked |= found
        loose += left
    return marked, loose


def test_no_chinese_is_left_unmarked():
    assert everything()[1] == []


def test_every_marked_string_has_its_english():
    english = {
        text
        for entry in catalogue()
        if entry.translated() and not entry.fuzzy
        for text in (entry.msgid, entry.msgid_plural)
    }
    assert sorted(everything()[0] - english) == []


def test_the_english_has_no_chinese_and_keeps_its_placeholders():
    wrong = []
    for entry in catalogue():
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            if text and re.search(
                "[\u4e00-\u9fff]", text.replace("斤", "").replace("中文", "").replace("新农活", "")
            ):
                wrong.append(text)
            if text and set(re.findall(r"%\(\w+\)[sd]", text)) - set(
                re.findall(r"%\(\w+\)[sd]", entry.msgid)
            ):
                wrong.append(text)
    assert wrong == []


def test_the_compiled_catalogue_is_fresh():
    source = {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural
        for entry in catalogue()
        if entry.msgid
    }
    compiled = {
        (entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural
        for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))
        if entry.msgid
    }
    assert compiled == {key: value for key, value in source.items() if value}


def test_every_entry_is_translated_and_none_is_a_guess():
    """Entries with a context too, which share their Chinese with another entry."""
    unfinished = [
        entry.msgid for entry in catalogue() if not entry.obsolete and (entry.fuzzy or not entry.translated())
    ]
    assert unfinished == []


def test_scripts_say_nothing_of_their_own():
    """Their words come from the page, in its language; but for those that read and write what is typed."""
    said = [
        f"{path.name}: {line.strip()}"
        for path in files(".js")
        if path.name not in ("price.js", "day.js", "aloud.js")
        for line in path.read_text().splitlines()
        if HAN.search(line.split("//")[0])
    ]
    assert said == []
