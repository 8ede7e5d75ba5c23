"""The service worker's two lines, the app's manifest and the offline page."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from PIL import Image

from tests.factories import make_person

pytestmark = pytest.mark.django_db


def test_worker_is_of_the_whole_site_and_always_asked_for_anew(client):
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert (response["Service-Worker-Allowed"], response["Cache-Control"]) == ("/", "no-cache")
    facts = json.loads(re.match(r"self\.FARM = (.*);\n", response.content.decode())[1])
    assert (facts["offline"], facts["logout"], facts["patience"]) == ("/offline/", "/accounts/logout/", 3000)
    for url in facts["shell"]:
        assert finders.find(url.removeprefix("/static/")), url
    assert "outbox/service_worker.js" in response.content.decode()


def test_manifest_names_icons_that_are_there_in_their_sizes(client):
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    facts = response.json()
    assert (facts["name"], facts["start_url"], facts["display"]) == ("新农活", "/learn/", "standalone")
    found = {}
    for icon in facts["icons"]:
        with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as image:
            found[icon["sizes"], icon["purpose"]] = image.size
    assert found == {
        ("192x192", "any"): (192, 192),
        ("512x512", "any"): (512, 512),
        ("512x512", "maskable"): (512, 512),
    }


def test_offline_page_names_nobody_whoever_asks(client):
    person = make_person("田巧云")
    nobody = client.get("/offline/").content
    client.force_login(person)
    assert client.get("/offline/").content == nobody
    html = nobody.decode()
    assert "现在连不上" in html
    assert "data-user" not in html
    assert "csrf" not in html
    assert "data-phone" not in html


def test_offline_page_needs_no_style_or_script_that_the_worker_has_not(client):
    facts = json.loads(re.match(r"self\.FARM = (.*);\n", client.get("/sw.js").content.decode())[1])
    html = client.get("/offline/").content.decode()
    used = set(re.findall(r"/static/[\w./-]+", html)) - {"/static/django_htmx/htmx-2.min.js"}
    assert used <= set(facts["shell"])


def test_only_who_is_signed_in_gets_the_strip_and_the_manifest(client):
    visitor = client.get("/courses/").content.decode()
    assert 'data-user=""' in visitor
    assert "manifest" not in visitor
    assert 'id="waiting"' not in visitor
    person = make_person("田巧云")
    client.force_login(person)
    member = client.get("/learn/").content.decode()
    assert f'data-user="{person.pk}" data-phone="/static/progress/signed_in.js"' in member
    assert '<link rel="manifest" href="/manifest.webmanifest">' in member
    assert 'id="waiting"' in member


def test_broken_page_says_nothing_of_who_is_signed_in(client):
    """It must not look like a page without a signed-in person: that would lock the stored pages."""
    html = client.get("/courses/nothing-here/").content.decode()
    assert 'data-user=""' in html
    assert "data-user" not in render_to_string("500.html")


def test_signing_out_empties_the_browsers_cache(client):
    client.force_login(make_person("田巧云"))
    assert "Clear-Site-Data" not in client.get("/accounts/logout/")
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'


def test_scripts_of_the_phone_are_few_kilobytes():
    weights = {
        name: len(gzip.compress(Path(finders.find(f"{name}.js")).read_bytes(), 9))
        for name in (
            *("outbox/outbox", "outbox/phone", "outbox/service_worker"),
            *("progress/done", "progress/keep", "progress/kept_lessons", "progress/kept"),
        )
    }
    assert weights["outbox/outbox"] + weights["outbox/phone"] <= 5_000
    assert sum(weights.values()) <= 16_000
