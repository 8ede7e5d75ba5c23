"""Typed text is cleaned: what nobody sees goes, and what only costs time."""

import pytest

from ui.text import MOST_MARKS, find_word, tidy


@pytest.mark.parametrize("marks", ["\u0301\u0323", "\u0f73", "\U0001d165\u302e", "\u3099", "\u0e48"])
def test_letter_keeps_no_more_marks_than_a_language_writes(marks):
    """Fifty thousand on one letter kept a process busy for seconds."""
    cleaned = tidy("橙" + marks * 50_000 + "子" + marks)
    assert cleaned.startswith("橙")
    assert "子" in cleaned
    assert len(cleaned) <= 2 + 2 * MOST_MARKS + 2 * len(marks)


@pytest.mark.parametrize(
    "text", ["Phở bò tái, Zürich", "ก็ดี ที่นี่", "हिन्दी में", "がぎぐ", "👨‍🌾" * 40, "བོད་སྐད་" * 9]
)
def test_marks_that_are_written_stay(text):
    assert tidy(text) == text


@pytest.mark.parametrize(
    ("word", "text", "at"),
    [
        ("Tea", "tea and teas", 8),
        ("tea", "steak", -1),
        ("pen", "open", -1),
        ("柚子", "蜂蜜柚子茶", 2),
        ("box", "boxes", 0),
    ],
)
def test_an_english_word_is_found_whole_and_in_its_plural_a_chinese_one_anywhere(word, text, at):
    assert find_word(word, text) == at
