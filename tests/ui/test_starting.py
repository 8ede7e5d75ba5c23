"""The script that stands in the page: the policy allows it by its hash, and nothing else that is inline."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest


@pytest.mark.django_db
def test_page_allows_its_one_script_by_hash(client):
    answer = client.get("/offline/")
    [script] = re.findall(r"<script>(.*?)</script>", answer.content.decode())
    digest = b64encode(sha256(script.encode()).digest()).decode()
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == f"'self' 'sha256-{digest}'"
    assert policy["default-src"] == "'self'"
