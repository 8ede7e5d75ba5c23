"""Files in a bucket, with a real S3 server: a film and a photo are uploaded, processed and sent."""

import itertools
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.media import processes
from tests.media.videos.films import film

pytestmark = pytest.mark.django_db(transaction=True)
SCRIPT = """
import io, json, sys, django
from urllib.parse import urlsplit
django.setup()
import boto3
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from PIL import Image
from accounts.models import User
from config.copies import backup
from media import storages as held
from media import chunks, cleanup, private_files
from media.buckets import probe as bucket_probe
from media.models import Upload, Video
from media.photos import privacy
from media.photos.conversion import process_photo
from media.photos.intake import store_photo
from rehearsals.models import TaskItem
from media.uploads.services import add_chunk, begin_upload
from media.videos.conversion import delete_files, process_video

endpoint = settings.STORAGES["private"]["OPTIONS"]["endpoint_url"]
client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="k",
                      aws_secret_access_key="s")
client.create_bucket(Bucket="farm")
client.put_bucket_policy(Bucket="farm", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::farm/media/*"}]}))
client.put_bucket_cors(Bucket="farm", CORSConfiguration={"CORSRules": [
    {"AllowedOrigins": ["http://nonghuo.example.cn"], "AllowedMethods": ["GET", "HEAD"], "AllowedHeaders": ["*"]}]})
owner = User.objects.get()
content = open({film!r}, "rb").read()
upload = begin_upload(owner, len(content), "橙子.mp4")
for start in range(0, len(content), 100_000):
    add_chunk(upload, start, content[start:start + 100_000])
print("pieces", len(chunks.list_offsets(upload.key)), chunks.list_keys() == [upload.key])
video = Video.objects.get()
print("made", process_video(video.pk))
video.refresh_from_db()
print("status", video.status, sorted(video.renditions), chunks.list_keys())
answer = private_files.send_private(RequestFactory().get("/x"), video.name_of("480.mp4"), "video/mp4", "橙子.mp4")
print("redirect", answer.status_code, answer["Cache-Control"], answer.url)
print("bytes", video.bytes_of("480"))
picture = io.BytesIO()
Image.new("RGB", (400, 300), "#f6a02a").save(picture, "JPEG")
photo = store_photo(SimpleUploadedFile("a.jpg", picture.getvalue()), owner)
print("photo", process_photo(photo.pk))
photo.refresh_from_db()
print("src", photo.src, default_storage.exists(photo.name_at(320)))
print("faults", *(what for what, _mend in bucket_probe.list_faults("http://nonghuo.example.cn")))
print("csp", *settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"])
print("swept", cleanup.drop_stray_originals(), cleanup.run_videos())
intake = storages["intake"]
intake.save("photos/goes", io.BytesIO(b"of the moment"))
held.hold(intake)
intake.delete("photos/goes")
print("gone", intake.exists("photos/goes"), list(held.list_names(intake)))
print("held", backup.open_file(intake, "photos/goes")[0].read().decode())
held.release(intake)
print("released", backup.open_file(intake, "photos/goes"), list(held.list_names(intake, held.HELD)))
print("seen?", flush=True)
sys.stdin.readline()
print("parts", len(storages["private"].listdir("videos/" + video.key[:2])[1]))
delete_files(video)
print("left", len(storages["private"].listdir("videos/" + video.key[:2])[1]))
moved = privacy.make_private(photo, TaskItem)
answer = private_files.send_photo(RequestFactory().get("/x"), moved, 320)
print("private", answer.status_code, answer["Cache-Control"], default_storage.exists(photo.name_at(320)))
print("signed", "X-Amz-Signature=" in answer.url, urlsplit(answer.url).path == "/farm/private/" + photo.name_at(320))
"""


@pytest.fixture
def bucket_server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _try in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def running(script: str, **env: str) -> Iterator[subprocess.Popen]:
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=settings.BASE_DIR, env=processes.environment() | env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        yield process


def read_answers(lines: Iterable[str]) -> dict[str, str]:
    """Return what the script has printed, by the first word, up to its question or its end."""
    lines = itertools.takewhile(lambda line: line != "seen?\n", lines)
    return dict(line.rstrip("\n").partition(" ")[::2] for line in lines if not line.startswith("{"))


@pytest.mark.long
def test_film_and_photo_live_in_a_bucket(trainer, bucket_server, empty_storage):
    """By environment alone, as a county sets it."""
    env = {"S3_BUCKET": "farm", "S3_ENDPOINT_URL": bucket_server, "S3_REGION": "us-east-1"}
    env |= {"S3_ACCESS_KEY": "k", "S3_SECRET_KEY": "s", "MEDIA_URL": f"{bucket_server}/farm/media/"}
    with running(SCRIPT.replace("{film!r}", repr(str(film()))), **env) as process:
        told = read_answers(process.stdout)
        check_answers(told, bucket_server)
        process.stdin.write("yes\n")
        process.stdin.flush()
        found = {"parts": "4", "left": "0"}
        found |= {"private": "302 private, max-age=240 False", "signed": "True True"}
        assert read_answers(process.stdout) == found
    assert process.returncode == 0
    assert not os.path.exists(settings.PRIVATE_ROOT / "videos")


def check_answers(told: dict[str, str], bucket_server: str) -> None:
    """Check what was printed, and fetch what its addresses name."""
    size = film().stat().st_size
    assert told["pieces"] == f"{-(-size // 100_000)} True"
    assert told["made"] == told["photo"] == "True"
    assert told["status"] == "ready ['240', '480', 'listen'] []"
    status, caching, address = re.match(r"(\d+) (.*) (http\S+)$", told["redirect"]).groups()
    assert (status, caching) == ("302", "private, max-age=240")
    assert "X-Amz-Expires=300" in address
    assert "X-Amz-Algorithm=AWS4-HMAC-SHA256" in address
    assert urlsplit(address).path.startswith("/farm/private/videos/")
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert (answer.headers["Content-Type"], len(answer.read())) == ("video/mp4", int(told["bytes"]))
    part = urllib.request.Request(address, headers={"Range": "bytes=0-99"})
    with urllib.request.urlopen(part, timeout=10) as answer:
        assert (answer.status, len(answer.read())) == (206, 100)
    src, exists = told["src"].split(" ")
    assert (src.startswith(f"{bucket_server}/farm/media/photos/"), exists) == (True, "True")
    with urllib.request.urlopen(src, timeout=10) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.read()[:4] == b"RIFF"
    # This server wants the question of a browser, which never has a signature, signed.
    assert "to fetch media/ (OPTIONS is answered by 403)" in told["faults"]
    assert told["faults"].count("bucket") == 1
    assert told["csp"] == f"'self' data: blob: {bucket_server}"  # films and pictures, without CSP_MEDIA
    assert told["swept"] == "0 {'videos again': 0, 'raised': 0, 'expired': 0, 'pieces': 0, 'left': 0}"
    assert told["gone"] == "False []"
    assert (told["held"], told["released"]) == ("of the moment", "None []")
