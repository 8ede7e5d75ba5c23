"""Hostile or broken input in a lesson's text: nothing of it runs, and nothing takes long."""

import re
import time
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from courses.models import Lesson, State
from courses.rendering import TAGS, render_markdown
from tests.factories import make_course

LIMIT = 20_000


class Reader(HTMLParser):
    """As a browser takes it apart: every element with its attributes."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.met: list[tuple[str, dict]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.met.append((tag, dict(attrs)))


def what_runs(html: str) -> list:
    """Elements, attributes and addresses that a lesson has no business with."""
    reader = Reader()
    reader.feed(html)
    return [
        (tag, attrs)
        for tag, attrs in reader.met
        if tag not in TAGS
        or attrs.keys() - {"href", "title", "rel", "start", "align"}
        or not re.match(r"(https?:|mailto:|tel:|/|#|[^:]*$)", attrs.get("href", ""))
    ]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<style>@import'//evil.cn/x'</style>",
    "[点](javascript:alert(1))",
    "[点](JAVASCRIPT:alert(1))",
    "[点](java\nscript:alert(1))",
    "[点](&#106;avascript:alert(1))",
    "[点](&#x6A;&#x61;vascript&colon;alert(1))",
    "[点](\x01javascript:alert(1))",
    "[点](vbscript:msgbox(1))",
    "[点](data:text/html;base64,PHNjcmlwdD4=)",
    "[点](data:image/svg+xml,<svg onload=alert(1)>)",
    "[点](file:///etc/passwd)",
    '[点](https://a.cn "x\\" onmouseover=alert(1) y=\\"")',
    "![x](javascript:alert(1))",
    "![x](data:image/png;base64,AAAA)",
    "![x](https://evil.cn/track.gif)",
    "![x\" onerror=alert(1) y=\"](picture:a)",
    "<javascript:alert(1)>",
    "[点]: javascript:alert(1)\n\n[点]",
    "[点]: <data:text/html,x>\n\n[点]",
    "```\"><script>alert(1)</script>\nx\n```",
    "`<script>`",
    "|<script>|\n|--|\n|<img onerror=x>|",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href='javascript:x'>点</a>",
    "<!-- --><![CDATA[<script>]]>",
    "<math><mi xlink:href='javascript:x'>",
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE)
@pytest.mark.parametrize("around", ["{}", "> {}", "- {}", "## {}", "**{}**", "|a|\n|--|\n|{}|"])
def test_nothing_in_a_text_runs(body, around):
    html = render_markdown(around.format(body), {})
    assert what_runs(html) == [], html


SIGNS = [
    "> ", ">", "- ", "[", "![", "[](", "[a](", "*a ", "**a*", "_", "<", "<a ", "&", "&#x", "`", "`a", "\\", "|", "|a\n", "1. ",
    "[a]: b\n", "![a](picture:a)", "\n", "# ", "a\n===\n", "\0", "\ue000", "\U0001f468\u200d",
]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        *[sign * (LIMIT // len(sign)) for sign in SIGNS],
        "".join(" " * n + "- x\n" for n in range(190)),
        "|a|\n|-|\n" + "|b|\n" * 4900,
        "[" * 500 + "a" + "](b)" * 500,
    ],
)
def test_a_text_as_long_as_allowed_is_rendered_soon_whatever_is_in_it(body):
    start = time.process_time()
    html = render_markdown(body[:LIMIT], {})
    assert time.process_time() - start < 4
    assert what_runs(html) == []


@pytest.fixture
def lesson(county, settings) -> Lesson:
    settings.DEMO = True
    return Lesson.objects.get(module__course=make_course(county, lessons=1, state=State.DRAFT))


def form_of(lesson: Lesson, body: str) -> dict:
    return {
        "module": lesson.module_id, "title": "课", "phrases": "", "minutes": 5, "state": "draft", "body": body, "do_now": "",
        "pictures-TOTAL_FORMS": 0, "pictures-INITIAL_FORMS": 0,
    }  # fmt: skip


def test_a_text_over_the_limit_is_told_and_comes_back(as_user, trainer, lesson):
    body = "长" * (LIMIT + 7)
    answer = as_user(trainer).post(
        reverse("admin:courses_lesson_change", args=[lesson.pk]), form_of(lesson, body)
    )
    assert answer.context["adminform"].form.errors == {"body": ["最多 20000 个字，现在有 20007 个"]}
    assert body in answer.content.decode()
    lesson.refresh_from_db()
    assert lesson.body != body


@pytest.mark.parametrize("size", [800_000, 10_000_000])
@pytest.mark.parametrize("name", ["change", "draft"])
def test_ten_megabytes_of_text_are_refused_in_words(name, size, as_user, trainer, lesson):
    args = [lesson.pk] if name == "change" else []
    start = time.process_time()
    answer = as_user(trainer).post(
        reverse(f"admin:courses_lesson_{name}", args=args), form_of(lesson, "a" * size)
    )
    assert time.process_time() - start < 5
    if size > 2_500_000:
        assert answer.status_code in (400, 413)  # of a form, of a script's draft
        words = answer.json()["error"] if name == "draft" else answer.content.decode()
        assert "一次最多传 2.5 MB" in words or "太大" in words
    elif name == "change":
        assert answer.context["adminform"].form.errors == {"body": ["最多 20000 个字，现在有 800000 个"]}
    else:
        assert "正文太长，多了 780000 个字，存不下。" in answer.json()["status"]
    lesson.refresh_from_db()
    assert len(lesson.body) < LIMIT
