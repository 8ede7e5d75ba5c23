"""`manage.py check_wording`: one answer for each line, whatever the line."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from wording.management.commands.check_wording import answer


def asked(**line) -> dict:
    return answer(json.dumps(line).encode(), "listing", "zh")


def test_answer_has_the_findings():
    said = asked(id=7, text="我家的冰糖橙最甜")
    assert said["id"] == 7
    [found] = said["findings"]
    assert sorted(found) == ["end", "reason", "rewrite", "rule", "severity", "start"]
    assert (found["rule"], found["severity"], found["start"], found["end"], found["rewrite"]) == (
        "A1",
        "block",
        6,
        8,
        "很甜",
    )


def test_answer_reads_facts():
    facts = {"certificates": ["organic"], "unit": "box"}
    assert asked(id="a", text="有机脐橙", facts=facts) == {"id": "a", "findings": []}


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b'{"id": 1}', b'{"id": 1, "text": 3}', b'{"text": "x", "facts": []}', b"\xff\n",
     b'{"text": "x", "facts": {"stock": "many"}}', b"[" * 100_000],
)  # fmt: skip
def test_broken_line_is_answered(line):
    said = answer(line, "listing", "zh")
    assert (said["id"], sorted(said)) == (None, ["error", "id"])


def test_command_answers_line_by_line():
    process = subprocess.Popen(
        [sys.executable, "manage.py", "check_wording", "--kind", "script"],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        for line, rules in (
            ('{"id": 1, "text": "全网最低价"}', ["A1"]),
            ("oops", None),
            (r'{"id": "\ud800", "text": "最甜"}', ["A1"]),
            (r'{"id": "甜", "text": "\ud800最甜"}', ["A1"]),
            ('{"id": 2, "text": "皮薄"}', []),
        ):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            said = json.loads(process.stdout.readline())
            assert rules is None or said["id"] == json.loads(line)["id"]
            assert (rules is None) == ("error" in said)
            assert rules is None or [one["rule"] for one in said["findings"]] == rules
        process.stdin.close()
    assert process.returncode == 0
