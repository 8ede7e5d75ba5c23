import json
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from config.logs import DailyFile, JsonFormatter, drop_old, mask


@pytest.mark.parametrize(
    "typed", ["13800000001", "138 0000 0001", "138-0000-0001", "+8613800000001", "+86 138 0000 0001"]
)
def test_masked_hides_a_phone_number_however_typed(typed):
    assert mask(f"sign-in of {typed} failed") == "sign-in of 138****0001 failed"


def test_masked_leaves_other_numbers():
    assert mask("order 20261124000117 for 12345678901") == "order 20261124000117 for 12345678901"


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


# --- links that open something ---

TOKEN = "iKFM-_59OgnMMO6A95GMaA"
FRONT = re.search(
    r'regexp "(\(\?i\)[^"]+)"', Path(settings.BASE_DIR, "config/front/masked.caddy").read_text()
)[1]
# Other addresses contain names that everybody may know, and keys that serve only their signed-in owner.
NO_SECRETS = {"slug", "key", "number", "code", "part", "step", "layout", "section", "object_id", "note",
              "app_label", "sale_id", "url"}  # fmt: skip


def routes(resolver=None, before: str = "/"):
    for one in (resolver or get_resolver()).url_patterns:
        path = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from routes(one, path)
        else:
            yield path


def test_every_address_with_a_secret_is_masked_by_the_app_and_by_the_front():
    with_token = [path for path in routes() if re.search(r"<(\w+:)?token>", path)]
    assert len(with_token) == 12
    for route in with_token:
        path = re.sub(r"<(\w+:)?\w+>", "x", re.sub(r"<(\w+:)?token>", TOKEN, route))
        assert TOKEN not in mask(path), route
        assert TOKEN not in re.sub(FRONT, r"\1…", path), route


def test_parts_of_addresses_are_known_to_be_secret_or_not():
    names = {name for path in routes() for name in re.findall(r"<(?:(?:str|slug|uuid|path):)?(\w+)>", path)}
    assert names - {"token"} - NO_SECRETS == set()


@pytest.mark.parametrize(
    "path", [f"/orders/{TOKEN}/", f"/complaints/{TOKEN}/", f"/live/on/{TOKEN}/", f"/orders/{TOKEN}/photos/x/"]
)
def test_no_line_holds_a_link_that_opens_something(client, db, caplog, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code >= 400
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert any("Not Found: " in line and "…/" in line for line in lines)
    assert [line for line in lines if TOKEN in line] == []


def test_trace_of_an_error_holds_no_link_either():
    try:
        raise ValueError(f"/orders/{TOKEN}/claim/")
    except ValueError as error:
        record = logging.LogRecord(
            "farm", logging.ERROR, "", 1, "failed", (), (type(error), error, error.__traceback__)
        )
    line = JsonFormatter().format(record)
    assert "/orders/…/claim/" in line
    assert TOKEN not in line
