import json
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import get_resolver

from config.logs import DailyFile, JsonFormatter, drop_old, mask


@pytest.mark.parametrize(
    "typed",
    ["13800000001", "138 0000 0001", "138-0000-0001", "+8613800000001", "+86 138 0000 0001", "8613800000001",
     "138·0000·0001", "138%200000%200001", "%2B86138+0000+0001", "%252B8613800000001"],
)  # fmt: skip
def test_masked_hides_a_phone_number_however_typed(typed):
    assert mask(f"sign-in of {typed} failed") == "sign-in of 138****0001 failed"


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("１３８００００１２３４", "１３８****１２３４"),
        ("%31380000%312%334", "%3138****%312%334"),
        ("%E5%8F%B713800001234", "%E5%8F%B7138****1234"),
    ],
)
def test_masked_hides_a_phone_number_in_other_digits(typed, masked):
    assert mask(typed) == masked


@pytest.mark.parametrize("typed", ["0797-8234567", "010 8234 5678", "(0797)8234567", "+86 797 823 4567"])
def test_masked_hides_a_landline_with_its_area_code(typed):
    assert re.sub("[()]", "", mask(f"rang {typed} twice")) == "rang **** twice"


@pytest.mark.parametrize(
    "text",
    ["order 20261124000117 for 12345678901", "took 0.079782345678 s", "at 1764345600000",
     "request 3fa85fc1-3800-4000-8123-013800000001", "0f" * 8 + "a13800000001b079" + "c" * 16],
)  # fmt: skip
def test_masked_leaves_other_numbers(text):
    """Also the ids by which a request is followed, in which one of fifteen hundred holds what looks like a number."""
    assert mask(text) == text


@pytest.mark.parametrize(
    ("said", "masked"),
    [
        ("GET /products/?q=周梅英&page=2 failed", "GET /products/?… failed"),
        ("next /accounts/login/?next=/orders/x/", "next /accounts/login/?…"),
        ("really?", "really?"),
    ],
)
def test_masked_hides_what_was_searched(said, masked):
    assert mask(said) == masked


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
SECRET_PART = r"<(\w+:)?(token|seal)>"
RULES = re.findall(
    r'^\t\t\tregexp "(.+)" "?([^"\n]+)"?$',
    Path(settings.BASE_DIR, "config/front/masked.caddy").read_text(),
    re.M,
)
# Other addresses contain names that everybody may know, and keys that serve only their signed-in owner.
NO_SECRETS = {"slug", "key", "number", "code", "part", "step", "layout", "section", "object_id", "note", "crop", "topic",
              "app_label", "sale_id", "url", "ledger_key", "print_key", "version"}  # fmt: skip


def mask_as_front(uri: str) -> str:
    """Return the URI as Caddy's log has it; tests.config.logs.test_every_log reads the log of a real Caddy."""
    for rule, put in RULES:
        uri = re.sub(rule, re.sub(r"\$\{(\d)\}", r"\\\1", put), uri)
    return uri


def routes(resolver=None, before: str = "/"):
    for one in (resolver or get_resolver()).url_patterns:
        path = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from routes(one, path)
        else:
            yield path


def test_every_address_with_a_secret_is_masked_by_the_app_and_by_the_front():
    with_token = [path for path in routes() if re.search(SECRET_PART, path)]
    assert len(with_token) == 14
    for route in with_token:
        path = re.sub(r"<(\w+:)?\w+>", "x", re.sub(SECRET_PART, TOKEN, route))
        assert TOKEN not in mask(path), route
        assert TOKEN not in mask_as_front(path), route


def test_parts_of_addresses_are_known_to_be_secret_or_not():
    names = {name for path in routes() for name in re.findall(r"<(?:(?:str|slug|uuid|path):)?(\w+)>", path)}
    assert names - {"token", "seal"} - NO_SECRETS == set()


@pytest.mark.parametrize(
    "path", [f"/orders/{TOKEN}/", f"/complaints/{TOKEN}/", f"/live/on/{TOKEN}/", f"/orders/{TOKEN}/photos/x/"]
)
def test_no_line_holds_a_link_that_opens_something(client, db, caplog, path):
    assert client.get(path).status_code == 404
    assert client.post(path).status_code >= 400
    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert len([line for line in lines if '"message": "request"' in line and "…/" in line]) == len(lines) == 2
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
