import json
import logging

import pytest

from config.logs import DailyFile, JsonFormatter, drop_old, masked


@pytest.mark.parametrize(
    "typed", ["13800000001", "138 0000 0001", "138-0000-0001", "+8613800000001", "+86 138 0000 0001"]
)
def test_masked_hides_a_phone_number_however_typed(typed):
    assert masked(f"sign-in of {typed} failed") == "sign-in of 138****0001 failed"


def test_masked_leaves_other_numbers():
    assert masked("order 20261124000117 for 12345678901") == "order 20261124000117 for 12345678901"


def test_daily_file_writes_one_json_line_a_record(tmp_path):
    handler = DailyFile(tmp_path)
    handler.setFormatter(JsonFormatter())
    record = logging.LogRecord("farm", logging.INFO, "", 1, "ring %s", ("13800000001",), None)
    record.fields = {"path": "/accounts/"}
    handler.emit(record)
    [path] = tmp_path.glob("app-*.jsonl")
    line = json.loads(path.read_text())
    assert (line["message"], line["path"], line["level"]) == ("ring 138****0001", "/accounts/", "INFO")


def test_drop_old_keeps_what_is_younger(tmp_path):
    for day in ("2020-01-01", "2999-01-01"):
        (tmp_path / f"app-{day}.jsonl").touch()
    assert drop_old(tmp_path, 190) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["app-2999-01-01.jsonl"]
