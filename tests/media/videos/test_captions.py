import time

import pytest
from django.core.exceptions import ValidationError

from media.videos import captions

GOOD = """WEBVTT 直播第一课

NOTE 田老师写的

1
00:01.000 --> 00:04.000
大家好，我是<b>石榴冲村</b>的周梅英。

00:04.000 --> 00:07.500 align:start
今天讲三件事：
灯、手机、人。

01:00:00.000 --> 01:00:02.000
再见。
"""


def list_errors(text: str) -> list[str]:
    with pytest.raises(ValidationError) as error:
        captions.validate(text)
    return error.value.messages


def with_line(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_good_captions_stay_as_they_are():
    assert captions.validate(GOOD) == GOOD
    assert captions.validate("\ufeff" + GOOD.replace("\n", "\r\n")) == GOOD
    assert captions.validate(" \n") == ""


def test_cues():
    assert captions.parse_cues(GOOD) == [
        (1000, 4000, "大家好，我是石榴冲村的周梅英。"),
        (4000, 7500, "今天讲三件事：\n灯、手机、人。"),
        (3_600_000, 3_602_000, "再见。"),
    ]
    assert captions.parse_cues("") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\n00:01.000 --> 00:02.000\n早\n", ["第 1 行要写 WEBVTT"]),
        (with_line("00:01.000 -->", "00:01.000 ->"), ["第 6 行：两个时间中间的箭头要写成 -->，两道横线"]),
        (with_line("00:01.000 -->", "00:01.000 →"), ["第 6 行：两个时间中间的箭头要写成 -->，两道横线"]),
        (with_line("00:01.000 -->", "00:1.000 -->"), ["第 6 行：时间写得不对，要像 00:01.500 --> 00:04.000"]),
        (with_line("00:01.000 -->", "00:71.000 -->"), ["第 6 行：时间写得不对，要像 00:01.500 --> 00:04.000"]),
        (with_line("00:01.000 --> 00:04.000", "00:00:01,000 --> 00:00:04,000"),
         ["第 6 行：时间里的逗号要改成点，像 00:01.500"]),
        (with_line("00:07.500", "00:03.500"), ["第 9 行：结束要比开始晚"]),
        (with_line("00:04.000 --> 00:07", "00:03.999 --> 00:07"), ["第 9 行：上一句还没完，这一句就开始了"]),
        (with_line("再见。\n", ""), ["第 13 行：时间下面没有字"]),
        (GOOD + "\n多出来的一句\n", ["第 16 行：上面没有时间，这句不知道什么时候放"]),
        ("WEBVTT\n\nNOTE 空的\n", ["里面一句字幕也没有"]),
        (with_line("再见。", "<v 老宋>再见<script src=x>。"), ["第 14 行：字幕里不能有网页代码（<script src=x>），删掉再存"]),
        (with_line("再见。", "再\0见。"), ["第 14 行：里面有看不见的坏字符，删掉再存"]),
        ("WEBVTT\n\n" + "00:01.000 --> 00:00.500\n早\n\n" * 12, [f"第 {n} 行：结束要比开始晚" for n in range(3, 33, 3)]),
    ],
)  # fmt: skip
def test_bad_line_is_named(text, said):
    assert list_errors(text) == said


def test_tags_of_captions_own_stay():
    text = with_line("再见。", "<v 老宋><c.yellow>再见</c> 1 < 2 <b>。</b>")
    assert captions.validate(text) == text


def test_too_heavy():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "橙" * 70_000
    assert list_errors(text) == ["字幕有 211 KB，最多 200 KB"]
    with pytest.raises(ValidationError) as error:
        captions.decode(b"x" * 5_000_000)
    assert error.value.messages == ["字幕有 5000 KB，最多 200 KB"]


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_codings_of_chinese_windows_are_read(coding):
    assert captions.validate(captions.decode(GOOD.encode(coding))) == GOOD


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(ValidationError) as error:
        captions.decode(b"WEBVTT\n\xff\x00\x80")
    assert error.value.messages == ["字幕的编码看不懂，另存为 UTF-8 再传"]


def test_brackets_without_end_take_no_time():
    """Read for every look at a lesson: what is quadratic here took most of a minute."""
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<" * 150_000 + "\n"
    begun = time.process_time()
    assert captions.validate(text) == text
    assert time.process_time() - begun < 2


def test_a_note_before_a_cue_is_what_is_filmed_there():
    cues = "00:00.000 --> 00:06.000\n空箱上秤。\n\n毛重净重\n00:06.000 --> 00:12.000\n按去皮。\n"
    assert captions.list_shots(f"WEBVTT\n\n{cues}") == []
    noted = cues.replace("毛重", "NOTE 手按\n按键\n\n毛重")
    assert captions.list_shots(f"WEBVTT\n\nNOTE 秤的近景\n\n{noted}") == [
        (0, "秤的近景", "空箱上秤。"),
        (6000, "手按 按键", "按去皮。"),
    ]
