"""The English course keeps to its words: docs/english-terms.toml says them, and what is not written instead."""

import re
import tomllib
from pathlib import Path

import pytest

from courses.import_export.programme import ROOT

TERMS = tomllib.loads((Path(__file__).resolve().parents[3] / "docs" / "english-terms.toml").read_text())[
    "term"
]
NOT_READ = re.compile(
    r'\b(code|key|kind|group|slug|cover|video|picture) = "[^"]*"|^ *"\d\d-[a-z-]+(\.md)?",$', re.M
)
REJECTED = [
    (term["en"], re.compile(pattern, re.IGNORECASE))
    for term in TERMS
    for pattern in [
        *(rf"\b{re.escape(words)}\b" for words in term.get("not", [])),
        *([term["not_pattern"]] if "not_pattern" in term else []),
    ]
]


def read_course(language: str) -> dict[str, str]:
    """Return what people read, by the file's name; codes and names of files are left out."""
    paths = [path for path in sorted((ROOT / language).rglob("*")) if path.suffix in (".md", ".toml", ".vtt")]
    return {
        path.relative_to(ROOT).as_posix(): NOT_READ.sub("", path.read_text(encoding="utf-8"))
        for path in paths
    }


CHINESE, ENGLISH = read_course("zh-hans"), read_course("en")


def find_rejected(text: str) -> list[str]:
    return [f"{found.group()} → {word}" for word, pattern in REJECTED for found in pattern.finditer(text)]


@pytest.mark.long
def test_the_english_course_uses_no_rejected_word():
    assert [(name, found) for name, text in ENGLISH.items() if (found := find_rejected(text))] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Before a live, the crowd-puller goes up.", ["a live → live session", "crowd-puller → hook item"]),
        ("A live session has a hook item; the live room shows it.", []),
        ("Two Catties in gross weight", ["Catties → jin"]),
    ],
)
def test_a_rejected_word_is_found(text, words):
    assert find_rejected(text) == words


def test_every_term_is_used_in_both_languages():
    assert len(TERMS) >= 150
    assert len({term["zh"] for term in TERMS}) == len(TERMS)
    chinese, english = "\n".join(CHINESE.values()), "\n".join(ENGLISH.values()).lower()
    unused = [term["zh"] for term in TERMS if term["zh"] not in chinese or term["en"].lower() not in english]
    assert unused == []


def test_quotation_marks_are_curly():
    straight = [
        name
        for name, text in ENGLISH.items()
        if re.search(r"/(\d\d-[^/]*|cases)/[^/]*\.md$", name) and re.search("[\"']", text.split("+++", 2)[2])
    ]
    # A text in TOML has its own straight marks around it.
    straight += [
        name
        for name, text in ENGLISH.items()
        if re.search(r"/(trainer|crops)/|\.plan\.toml$", name) and "'" in text.replace('\\"', "'")
    ]
    assert straight == []
