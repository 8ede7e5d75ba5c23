"""`check_site` names what is wrong with a bucket, with its mend."""

import re
import time

import pytest

from config.health import site_check
from media.buckets import probe as bucket_probe
from tests.media.stores import BUCKET
from tests.media.test_stores import store, use  # noqa: F401 - fixtures

SITE = "http://nonghuo.example.cn"


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(bucket_probe, "SLOW_SECONDS", 0.25)


def find(**facts) -> list[str]:
    return [f"{what} {mend}" for what, mend in bucket_probe.list_faults(SITE, **facts)]


def test_a_site_without_a_bucket_has_none_to_try():
    assert find() == []


@pytest.mark.long
@pytest.mark.parametrize("addressing", ["path", "virtual"])
def test_a_sound_bucket_has_no_fault_and_keeps_nothing(use, addressing):  # noqa: F811
    bucket = use(S3_ADDRESSING=addressing)
    bucket.allows_origin = SITE
    assert find() == []
    assert bucket.files == {}
    assert len([one for one in bucket.asked if one.startswith("DELETE")]) == 2


@pytest.mark.long
@pytest.mark.parametrize(
    ("facts", "environment", "words"),
    [
        ({"refuses_path": True}, {}, ["SecondLevelDomainForbidden", "S3_ADDRESSING=virtual"]),
        ({"refuses_checksums": True}, {"S3_CHECKSUMS": "when_supported"}, ["S3_CHECKSUMS=when_required"]),
        ({"refuses_all": "AccessDenied"}, {}, ["403 AccessDenied", "PutObject"]),
        ({"refuses_all": "PublicEndpointForbidden"}, {}, ["S3_ADDRESSING=domain"]),
        ({"refuses_all": "OfAnotherVendor"}, {}, ["403 OfAnotherVendor", "Compare S3_ADDRESSING, S3_CHECKSUMS"]),
        ({}, {"S3_ENDPOINT_URL": "http://127.0.0.1:9"}, ["does not answer", "S3_ENDPOINT_URL"]),
    ],
)  # fmt: skip
def test_a_bucket_that_cannot_be_used_is_one_fault(use, monkeypatch, facts, environment, words):  # noqa: F811
    bucket = use(**environment)
    if "S3_ENDPOINT_URL" in environment:
        monkeypatch.delenv("http_proxy")
    for name, value in facts.items():
        setattr(bucket, name, value)
    [fault] = find()
    assert [word for word in words if word not in fault] == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"allows_origin": "https://another.cn"}, [["CORS", "private/", SITE], ["CORS", "media/", SITE]]),
        ({"allows_origin": ""}, [["CORS", "private/"], ["CORS", "media/"]]),
        ({"lies_by": 3}, [["HEAD says 1003 bytes of a file of 1000"]]),
        ({"ignores_ranges": True}, [["not by 206"]]),
        ({"is_public": False}, [["Pictures are not seen", "403", "GetObject"]]),
        ({"all_public": True}, [["private/ without a signature"]]),
        (
            {"garbles": True},
            [
                ["A file read back is not what was written"],
                ["answered by 206"],
                ["answers 200 with other content."],
            ],
        ),
        (
            {"refuses_signed_urls": True},
            [["by a signed URL: s3.store.test answers 403", "must be a name that they reach"]],
        ),
        (
            {"allows_origin": "https://another.cn", "allows_only_asking": True},
            [
                ["private/ (Access-Control-Allow-Origin does not name it)"],
                ["media/ (Access-Control-Allow-Origin"],
            ],
        ),
        ({"hides_new": True}, [["is not in the list of private/", "whose lists are up to date"]]),
    ],
)
def test_what_breaks_for_readers_is_named(use, facts, words):  # noqa: F811
    bucket = use()
    for name, value in facts.items():
        setattr(bucket, name, value)
    found = find()
    assert len(found) == len(words)
    for fault, wanted in zip(found, words, strict=True):
        assert [word for word in wanted if word not in fault] == []
    assert bucket.files == {}


@pytest.mark.long
def test_check_site_names_them(use):  # noqa: F811
    use().is_public = False
    outcome = site_check.try_one("bucket", site_check.check_bucket, site_check.Asked(url=SITE))
    assert [fault.what.partition(":")[0] for fault in outcome.faults] == ["Pictures are not seen"]


@pytest.mark.long
def test_an_address_of_pictures_that_is_another_folder_is_named(use, settings):  # noqa: F811
    use()
    settings.MEDIA_URL = f"http://s3.store.test/{BUCKET}/pictures/"
    [fault] = find()
    assert f"{settings.MEDIA_URL}probe-" in fault
    assert "MEDIA_URL" in fault


@pytest.mark.long
def test_a_slow_bucket_is_named_and_not_waited_for(use):  # noqa: F811
    bucket = use()
    bucket.answers_after = 0.3
    slow, late = find(seconds=0.2)
    assert "s to store 1000 bytes under private/" in slow
    assert "could not be tried completely" in late
    assert bucket.files == {}


@pytest.mark.long
def test_a_bucket_that_never_answers_ends_the_probe_in_time(use, monkeypatch):  # noqa: F811
    monkeypatch.setattr(bucket_probe, "ANSWER_SECONDS", 0.1)
    use().answers_after = 6
    begun = time.monotonic()
    [fault] = find()
    assert "does not answer" in fault
    assert time.monotonic() - begun < 5.9


@pytest.mark.long
def test_a_probe_that_cannot_be_deleted_is_named(use):  # noqa: F811
    bucket = use()
    bucket.refuses_deleting = True
    found = find()
    for fault, folder in zip(found, ("private", "media"), strict=True):
        assert re.match(
            rf"The probe {folder}/probe-\w+\.txt could not be deleted\. The bucket refuses: 403 AccessDenied",
            fault,
        )
        assert "DeleteObject" in fault
    assert len(bucket.files) == 2


@pytest.mark.long
def test_pictures_are_where_a_browser_of_the_site_fetches_them(use):  # noqa: F811
    use()
    [fault] = [" ".join(one) for one in bucket_probe.list_faults("https://nonghuo.example.cn")]
    assert (
        fault
        == "MEDIA_URL is http://, and browsers block pictures of that on a page of https://. Use https:// for it."
    )
    # On the site's own name no CORS is asked for.
    asked = use()
    asked.allows_origin = ""
    [fault] = [" ".join(one) for one in bucket_probe.list_faults("http://s3.store.test")]
    assert "to fetch private/" in fault
