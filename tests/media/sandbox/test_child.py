"""What the child does once it is limited, in this process: it reads standard input and writes one answer."""

import ctypes
import io
import json
import os
import resource
import signal
import sys
from types import SimpleNamespace

import pytest
from PIL import Image

from media.sandbox import child, decoder, limits, pictures
from tests.media import papers
from tests.media import pictures as makers

PARENT = 4711


@pytest.fixture
def ask(monkeypatch):
    """ask(task, facts, content) → what the child writes about that file."""
    limited = []
    monkeypatch.setattr(limits, "limit_process", lambda *most: limited.append(most))

    def ask(task: str, facts: dict, content: bytes) -> bytes:
        answer = io.BytesIO()
        monkeypatch.setattr(sys, "argv", ["child.py", json.dumps([task, facts, 640 << 20, 20, PARENT])])
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
        monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=answer))
        child.main()
        assert limited.pop() == (1 << 26, 20, 640 << 20, PARENT)
        return answer.getvalue()

    return ask


def test_pictures_of_a_page_come_back_as_they_were_sent(ask):
    facts = {"widths": [320, 720], "most_pixels": 10**6}
    answer = ask("shrink", facts, makers.jpeg(800, 600))
    assert json.loads(answer.partition(b"\n")[0])["width"] == 800
    made = decoder.parse_answer(answer)
    assert (made.width, made.height) == (800, 600)
    sizes = {width: Image.open(io.BytesIO(file)).size for width, file in made.files.items()}
    assert sizes == {320: (320, 240), 720: (720, 540)}


def test_one_picture_is_redrawn(ask):
    facts = {"side": 100, "most_pixels": 10**6, "quality": 60}
    made = decoder.parse_answer(ask("redraw", facts, makers.jpeg(800, 600)))
    assert (made.width, made.height, list(made.files)) == (100, 75, [100])
    assert Image.open(io.BytesIO(made.files[100])).format == "WEBP"


def test_why_a_file_cannot_be_used_is_one_word(ask, monkeypatch):
    assert ask("check_pdf", {}, papers.pdf()) == b"{}\n"
    assert ask("check_pdf", {}, papers.pdf(papers.SCRIPT)) == b"unusable acts"
    facts = {"widths": [320], "most_pixels": 1000}
    assert ask("shrink", facts, makers.png_of_size(40, 40)) == b"unusable large"
    assert ask("shrink", facts, b"nonsense") == b"unusable broken"

    def fill(*_arguments, **_facts):
        raise MemoryError

    monkeypatch.setattr(pictures, "make_pictures", fill)
    assert ask("shrink", facts, b"") == b"unusable costly"


@pytest.fixture
def calls(monkeypatch) -> list:
    """What would limit this process, which runs the other tests, for good."""
    calls: list = []
    monkeypatch.setattr(resource, "setrlimit", lambda kind, most: calls.append((kind, most)))
    monkeypatch.setattr(os, "nice", lambda by: calls.append(("nice", by)))
    library = SimpleNamespace(prctl=lambda *what: calls.append(("prctl", *what)))
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: library)
    return calls


LIMITS = [
    (resource.RLIMIT_FSIZE, (1000, 1000)),
    (resource.RLIMIT_CPU, (20, 21)),
    (resource.RLIMIT_AS, (5000, 5000)),
    (resource.RLIMIT_NOFILE, (64, 64)),
    (resource.RLIMIT_CORE, (0, 0)),
    ("nice", 5),
]


def test_process_is_limited_and_ends_with_its_parent(calls, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    limits.limit_process(1000, 20, 5000, os.getppid())
    assert calls == [*LIMITS, ("prctl", limits.PR_SET_PDEATHSIG, signal.SIGKILL)]
    # Its parent ended before this could be asked for.
    with pytest.raises(SystemExit) as end:
        limits.limit_process(1000, 20, 5000, os.getppid() + 1)
    assert end.value.code == 1


def test_other_systems_limit_without_that(calls, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    limits.limit_process(1000, 20, 5000, os.getppid() + 1)
    assert calls == LIMITS
