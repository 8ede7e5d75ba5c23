"""A lesson's text, cut into what is recorded in one go."""

import re
from pathlib import Path

from django.conf import settings

from courses.rendering import render_markdown
from courses.voices.paragraphs import BLOCKS, list_paragraphs, make_digest, measure

BODY = """## 先称

空箱去皮，再放**果**。

- 一斤
- 两斤
  - 半斤的另放

| 箱 | 几斤 |
|---|---|
| 大 | 十斤 |

---
"""


def test_headings_paragraphs_items_and_rows_are_told_with_their_place():
    found = list_paragraphs(render_markdown(BODY, {}))
    assert [(one.text, one.block) for one in found] == [
        ("先称", 0), ("空箱去皮，再放果。", 1), ("一斤", 2), ("两斤", 3), ("半斤的另放", 4), ("箱，几斤", 5), ("大，十斤", 6),
    ]  # fmt: skip
    assert found[0].digest == make_digest("先称")


def test_a_changed_paragraph_leaves_the_others_as_they_were():
    before = [one.digest for one in list_paragraphs(render_markdown(BODY, {}))]
    after = [
        one.digest for one in list_paragraphs(render_markdown(BODY.replace("- 一斤", "- **一**公斤"), {}))
    ]
    assert [old == new for old, new in zip(before, after, strict=True)] == [
        True,
        True,
        False,
        True,
        True,
        True,
        True,
    ]


def test_what_takes_longer_than_a_recording_is_cut_at_sentences_then_at_commas_then_anywhere():
    sentence = "果子要轻轻放，" * 10 + "别摔。"
    assert [one.text for one in list_paragraphs(f"<p>{sentence * 5}</p>")] == [sentence * 3, sentence * 2]
    commas = list_paragraphs(f"<p>{'果子要轻轻放，' * 50}</p>")
    assert [len(one.text) for one in commas] == [280, 70]
    assert [len(one.text) for one in list_paragraphs(f"<p>{'果' * 600}</p>")] == [250, 250, 100]
    assert measure("Weigh the box first") == 19 / 4


def test_no_paragraph_of_the_written_course_is_too_long_to_record():
    lessons = sorted(Path(settings.BASE_DIR, "courses/programme/zh-hans").glob("[0-9]*/[0-9]*.md"))[:12]
    for path in lessons:
        found = list_paragraphs(render_markdown(path.read_text(), {}))
        assert len(found) > 5
        assert max(measure(one.text) for one in found) <= 250


def test_the_page_counts_the_same_blocks():
    script = Path(settings.BASE_DIR, "progress/static/progress/voices.js").read_text()
    assert re.search(r'BLOCKS = "(.+?)"', script)[1].split(", ") == list(BLOCKS)
