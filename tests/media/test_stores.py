"""Stores of any vendor: what they refuse, how slow they are, and what the site says when they are away."""

import errno
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.utils import timezone

from config import files
from media import chunks, received_files
from media.models import Photo, Upload
from media.photos import conversion
from media.photos.forms import PhotosField, SentPhotos
from media.photos.intake import store_photo
from media.storages import StorageUnavailable, Turns
from media.uploads import services
from media.uploads.services import add_chunk, begin_upload, make_token
from progress.lessons import offline_bundle
from tests.factories import make_photo, make_product, make_shop
from tests.media.pictures import jpeg, upload
from tests.media.stores import BUCKET, DOMAIN, ENDPOINT, Store, serve_store
from tests.media.videos.films import film
from ui.database.availability import STORAGE, find_away

pytestmark = pytest.mark.django_db
OLD = ("path", "when_supported")


@pytest.fixture
def store(monkeypatch):
    with serve_store() as store:
        monkeypatch.setenv("http_proxy", store.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        yield store


@pytest.fixture
def use(store, settings, monkeypatch):
    """Return use(**environment), which makes the site use the store with these settings."""

    def use(**environment: str) -> Store:
        defaults = {
            "S3_ENDPOINT_URL": ENDPOINT,
            "S3_REGION": "cn-test-1",
            "S3_ACCESS_KEY": "k",
            "S3_SECRET_KEY": "s",
        }
        for name, value in (defaults | environment).items():
            monkeypatch.setenv(name, value)
        settings.S3_BUCKET = BUCKET
        settings.STORAGES = settings.STORAGES | files.make_bucket_storages(BUCKET)
        settings.MEDIA_URL = f"{files.make_bucket_url(BUCKET)}/media/"
        return store

    return use


@pytest.fixture
def one_turn():
    """As in a process that serves pages, with one thread for the bucket."""
    Turns.limit(1)
    yield
    Turns.threads = None


def save_and_read() -> bytes:
    storages["private"].save("a.txt", ContentFile(b"whole"))
    with storages["private"].open("a.txt") as file:
        return file.read()


# --- what vendors refuse ---


def test_a_store_that_refuses_buckets_in_the_path_is_used_by_their_name_in_the_host(use):
    use(S3_ADDRESSING="path").refuses_path = True
    with pytest.raises(StorageUnavailable, match="SecondLevelDomainForbidden"):
        save_and_read()
    store = use(S3_ADDRESSING="virtual")
    assert save_and_read() == b"whole"
    assert store.files == {"private/a.txt": b"whole"}
    assert storages["private"].url("a.txt").startswith(f"http://{BUCKET}.s3.store.test/private/a.txt?")


@pytest.mark.long
def test_a_store_that_is_reached_by_a_domain_of_its_own(use, settings):
    store = use(S3_ADDRESSING="domain", S3_ENDPOINT_URL=f"http://{DOMAIN}")
    assert save_and_read() == b"whole"
    assert {one.split("/")[2] for one in store.asked} == {DOMAIN}
    assert storages["private"].url("a.txt").startswith(f"http://{DOMAIN}/private/a.txt?")
    assert settings.MEDIA_URL == "http://files.county.test/media/"
    storages["private"].save(".copying/since", ContentFile(b"."))
    storages["private"].hold("a.txt")
    assert store.files["private/.copying/a.txt"] == b"whole"


@pytest.mark.long
def test_a_store_that_refuses_checksums_is_sent_none(use):
    use(S3_CHECKSUMS="when_supported").refuses_checksums = True
    with pytest.raises(StorageUnavailable, match="InvalidChecksumHeader"):
        save_and_read()
    use(S3_CHECKSUMS="")
    assert save_and_read() == b"whole"


@pytest.mark.long
def test_a_store_may_want_the_signature_of_version_2(use):
    use(S3_ADDRESSING="virtual", S3_SIGNATURE="s3")
    assert save_and_read() == b"whole"
    assert "Signature=" in storages["private"].url("a.txt")
    assert "X-Amz-" not in storages["private"].url("a.txt")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("S3_ADDRESSING", "host"),
        ("S3_CHECKSUMS", "never"),
        ("S3_SIGNATURE", "v4"),
        ("S3_TIMEOUT_SECONDS", "soon"),
    ],
)
def test_a_setting_that_no_store_knows_stops_the_site(use, name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        use(**{name: value})


@pytest.mark.parametrize(
    ("addressing", "endpoint", "region", "url"),
    [
        ("path", "https://minio.county.cn/", "", "https://minio.county.cn/farm"),
        (
            "virtual",
            "https://s3.oss-cn-hangzhou.aliyuncs.com",
            "",
            "https://farm.s3.oss-cn-hangzhou.aliyuncs.com",
        ),
        ("domain", "https://files.county.cn", "", "https://files.county.cn"),
        ("virtual", "", "cn-north-1", "https://farm.s3.cn-north-1.amazonaws.com.cn"),
        ("path", "", "eu-central-1", "https://s3.eu-central-1.amazonaws.com/farm"),
    ],
)
def test_pictures_are_by_default_where_the_bucket_is(monkeypatch, addressing, endpoint, region, url):
    monkeypatch.setenv("S3_ADDRESSING", addressing)
    monkeypatch.setenv("S3_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("S3_REGION", region)
    assert files.make_bucket_url(BUCKET) == url


def test_browsers_may_fetch_from_the_bucket_and_from_where_pictures_are():
    urls = (
        "https://farm.s3.store.cn",
        "https://img.county.cn/media/",
        "/media/",
        "https://farm.s3.store.cn/media/",
    )
    assert files.list_origins(*urls) == ["https://farm.s3.store.cn", "https://img.county.cn"]


# --- a store that lies, is slow, or refuses ---


@pytest.mark.long
def test_a_file_that_is_not_as_long_as_the_store_says_is_not_read(use):
    """A copy of the site would fill it up with zeros, and call itself whole."""
    use().lies_by = 7
    with pytest.raises(StorageUnavailable, match="5 bytes received of 12"):
        save_and_read()


@pytest.mark.long
def test_a_file_whose_download_breaks_off_is_asked_for_twice(use):
    store = use()
    storages["private"].save("a.txt", ContentFile(b"whole"))
    store.cuts_answers, store.asked = True, []
    with pytest.raises(StorageUnavailable):
        storages["private"].open("a.txt")
    assert [one.split()[0] for one in store.asked].count("GET") == 2


@pytest.mark.long
def test_a_missing_file_is_missing_and_not_unavailable(use):
    use()
    for act in (storages["private"].open, storages["private"].size, storages["private"].get_modified_time):
        with pytest.raises(FileNotFoundError):
            act("nothing")
    assert not storages["private"].exists("nothing")


@pytest.mark.long
def test_a_photo_is_one_request_and_waits_with_a_sentence_while_the_store_is_away(use, as_user, seller):
    store = use()
    client = as_user(seller)
    store.refuses_all = "AccessDenied"
    refused = client.post("/uploads/photos/", {"photo": upload(jpeg())})
    assert refused.status_code == 503
    assert refused.json() == {"error": "存文件的地方这会儿连不上，没存进去。过几分钟再传"}
    assert not Photo.objects.exists()
    store.refuses_all, store.asked = "", []
    assert client.post("/uploads/photos/", {"photo": upload(jpeg())}).status_code == 200
    assert len(store.asked) == 1


@pytest.mark.long
def test_a_slow_store_does_not_hold_an_upload_longer_than_the_setting(use, as_user, seller):
    store = use(S3_TIMEOUT_SECONDS="0.1")
    store.answers_after = 0.7
    begun = time.monotonic()
    refused = as_user(seller).post("/uploads/photos/", {"photo": upload(jpeg())})
    assert refused.status_code == 503
    assert time.monotonic() - begun < 2  # two tries and the pause between them, which is less than a second


@pytest.mark.long
def test_an_upload_goes_on_where_it_was_after_the_store_was_away(use, as_user, trainer):
    store = use()
    content = film().read_bytes()[:5000]
    row = begin_upload(trainer, len(content) + 1000)
    add_chunk(row, 0, content[:4000])
    store.refuses_all = "ServiceUnavailable"
    client, url = as_user(trainer), f"/uploads/video/{row.key}/?token={make_token(row)}"
    tus = {"tus-resumable": "1.0.0", "upload-offset": "4000"}

    def send():
        rest = content[4000:]
        return client.patch(url, rest, "application/offset+octet-stream", headers=tus)

    away = send()
    assert (away.status_code, away.json()) == (
        503,
        {"error": "存视频的地方这会儿连不上，传到的都在，过几分钟接着传"},
    )
    row.refresh_from_db()
    assert (row.offset, row.state) == (4000, Upload.State.OPEN)
    store.refuses_all = ""
    assert send().status_code == 204
    assert b"".join(chunks.read(row.key, range(len(content)))) == content


@pytest.mark.long
def test_no_transaction_waits_for_the_store(use, trainer, monkeypatch):
    """With SQLite every other person's order would wait for it too."""
    store, asked = use(), []
    row = begin_upload(trainer, 5000)
    move = services.advance_offset

    def note(*facts):
        asked.append(len(store.asked))
        return move(*facts)

    monkeypatch.setattr(services, "advance_offset", note)
    add_chunk(row, 0, film().read_bytes()[:4000])
    assert asked == [len(store.asked)] == [1]


@pytest.mark.long
@pytest.mark.parametrize("later", [100, 3000])
def test_of_two_tabs_that_send_the_same_bytes_one_moves_the_offset_and_none_is_lost(
    use, trainer, tmp_path, later
):
    use()
    content = film().read_bytes()[:5000]
    row = begin_upload(trainer, 5000)
    with pytest.raises(services.WrongOffset):
        add_twice(row, content[:2000], content[:later])
    add_chunk(row, 2000, content[2000:])
    assert chunks.list_offsets(row.key) == [0, 2000]
    chunks.assemble(row.key, 5000, tmp_path / "whole")
    assert (tmp_path / "whole").read_bytes() == content
    assert b"".join(chunks.read(row.key, range(1999, 2001))) == content[1999:2001]
    storages["intake"].delete(f"uploads/{row.key}/2000-3000")
    with pytest.raises(chunks.ChunksMissing):
        chunks.assemble(row.key, 5000, tmp_path / "part")


def add_twice(row: Upload, first: bytes, later: bytes) -> None:
    """Send both; the later one is stored when the first one has moved the offset."""
    add_chunk(row, 0, first)
    add_chunk(row, 0, later)


@pytest.mark.long
def test_a_waiting_photo_is_made_however_long_the_store_was_away(use, seller):
    store = use()
    photo = store_photo(upload(jpeg()), seller)
    store.refuses_all = "ServiceUnavailable"
    for _attempt in range(5):
        Photo.objects.update(leased_until=timezone.now() - timedelta(minutes=5))
        assert not conversion.process_photo(photo.pk)
    photo.refresh_from_db()
    assert (photo.status, photo.problem) == ("waiting", "")
    store.refuses_all = ""
    Photo.objects.update(leased_until=None)
    assert conversion.process_photo(photo.pk)
    assert default_storage.exists(photo.name_at(320))


def test_a_form_with_many_photos_tries_a_store_that_is_away_once(use, seller):
    use().refuses_all = "AccessDenied"
    sent = SentPhotos(files=[upload(jpeg(width)) for width in (400, 500, 600)])
    store = use()
    store.asked = []
    with pytest.raises(ValidationError) as refused:
        PhotosField(owner=seller).clean(sent)
    assert [error.code for error in refused.value.error_list] == ["away"]
    assert len(store.asked) == 1


@pytest.mark.long
def test_whatever_else_needs_the_store_is_answered_503(use):
    """By the handler of server errors (config.http.unavailable), also for a refusal, which the library calls no outage."""
    use().refuses_all = "AccessDenied"
    with pytest.raises(StorageUnavailable) as refused:
        storages["private"].open("a.txt")
    assert find_away(refused.value) == STORAGE
    assert find_away(StorageUnavailable(errno.ETIMEDOUT, "others wait")) == STORAGE


@pytest.mark.long
def test_a_table_that_cannot_be_stored_says_so(use, seller):
    use().refuses_all = "AccessDenied"
    with pytest.raises(received_files.NotStored):
        received_files.store_pending(ContentFile(b"x"), seller, "imports")


def test_threads_of_pages_do_not_queue_for_a_slow_store(use, one_turn, monkeypatch):
    use()
    monkeypatch.setattr("media.storages.WAITS_SECONDS", 0.05)
    begun = time.monotonic()
    with Turns.take(), pytest.raises(StorageUnavailable, match="others wait"):
        storages["private"].exists("a.txt")
    assert time.monotonic() - begun < 1
    assert not storages["private"].exists("a.txt")


def test_what_a_lesson_weighs_on_a_phone_is_estimated_while_the_store_does_not_say(use, seller):
    """Every phone that keeps the lesson asks for it; a word of the text may look like a photo's address."""
    store, photo = use(), make_photo(seller)
    late, soon = time.monotonic() - 1, time.monotonic() + 60
    assert offline_bundle.get_size("../../x-720.webp", soon) == 0
    assert offline_bundle.get_size(photo.name_at(720), late) == offline_bundle.PHOTO_BYTES
    store.refuses_all = "ServiceUnavailable"
    assert offline_bundle.get_size(photo.name_at(720), soon) == offline_bundle.PHOTO_BYTES
    store.refuses_all = ""
    assert offline_bundle.get_size(photo.name_at(720), soon) == len(
        store.files[f"media/{photo.name_at(720)}"]
    )


@pytest.mark.long
def test_pages_are_drawn_without_asking_the_store(use, client, seller, village):
    store = use()
    product = make_product(make_shop(seller, village))
    photo = make_photo(seller)
    product.photos.create(photo=photo)
    store.refuses_all, store.asked = "ServiceUnavailable", []
    html = client.get(product.get_absolute_url()).content.decode()
    assert f'src="{ENDPOINT}/{BUCKET}/media/{photo.name_at(320)}"' in html
    assert store.asked == []
