import pytest

from live.scripts import speech


@pytest.mark.parametrize(
    ("text", "said"),
    [("", 0), ("。，！", 0), ("我是石榴冲村的", 7), ("29.9元", 4), ("two boxes", 4), ("好果 good", 4)],
)
def test_characters_are_what_is_said(text, said):
    assert speech.count_characters(text) == said


def test_two_hundred_characters_take_a_minute():
    assert speech.speaking_seconds("橙" * 200) == 60
    assert speech.speaking_seconds("橙" * 201) == 61
    assert speech.speaking_seconds("橙" * 200, rate=100) == 120
    assert speech.speaking_seconds("") == 0
