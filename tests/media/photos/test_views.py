import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from media.models import Photo
from media.photos import intake
from tests.factories import make_photo
from tests.media import pictures
from tests.media.pictures import upload

URL = "/uploads/photos/"


def send(client, content: bytes | None = None, name: str = "IMG_1.jpg", **extra):
    return client.post(URL, {"photo": upload(content or pictures.jpeg(), name)}, **extra)


def test_photo_is_received(as_user, seller, empty_storage):
    answer = send(as_user(seller))
    photo = Photo.objects.get()
    assert answer.status_code == 200
    assert answer.json() == {"key": photo.key, "status": "waiting", "src": "", "problem": ""}
    assert photo.owner == seller


def test_photo_sent_twice_is_answered_alike(as_user, seller, empty_storage):
    client = as_user(seller)
    assert send(client).json() == send(client).json()
    assert Photo.objects.count() == 1


def test_refusal_is_told_in_the_language_of_the_page(as_user, seller, empty_storage):
    client = as_user(seller)
    answer = send(client, b"%PDF-1.7", "橙.jpg")
    assert answer.status_code == 400
    assert answer.json() == {"error": "“橙.jpg”是 PDF，把那一页拍下来再传"}


@pytest.mark.parametrize("files", [{}, {"photo": "words"}, {"picture": upload(pictures.jpeg())}])
def test_missing_photo_is_told(files, as_user, seller, empty_storage):
    answer = as_user(seller).post(URL, files)
    assert (answer.status_code, answer.json()) == (400, {"error": "照片没收到，重新选一次"})


def test_two_photos_in_one_request_are_refused(as_user, seller, empty_storage):
    answer = as_user(seller).post(URL, {"photo": [upload(pictures.jpeg()), upload(pictures.jpeg(90, 80))]})
    assert answer.status_code == 400
    assert Photo.objects.count() == 0


def test_upload_far_too_large_is_refused_unread(as_user, seller):
    class Unread:
        def read(self, *args):
            raise AssertionError("read")

        readline = read

    answer = as_user(seller).generic(
        "POST", URL, CONTENT_LENGTH=str(5 * 10**9), content_type="multipart/form-data; boundary=x",
        **{"wsgi.input": Unread()},
    )  # fmt: skip
    assert (answer.status_code, answer.json()) == (413, {"error": "一次最多传 40 MB"})


def test_upload_needs_a_sign_in_and_a_token(seller, empty_storage):
    answer = send(Client())
    assert (answer.status_code, answer.json()) == (401, {"error": "登录过期了，重新登录再传"})
    client = Client(enforce_csrf_checks=True)
    client.force_login(seller)
    assert send(client).status_code == 403
    client.cookies["csrftoken"] = "a" * 32
    assert send(client, headers={"X-CSRFToken": "a" * 32}).status_code == 200
    assert Photo.objects.count() == 1


def test_more_than_a_day_allows_is_429(as_user, seller, empty_storage, monkeypatch):
    monkeypatch.setattr(intake, "PHOTOS_A_DAY", 1)
    client = as_user(seller)
    assert send(client).status_code == 200
    answer = send(client, pictures.jpeg(90, 80))
    assert (answer.status_code, answer.json()) == (429, {"error": "今天传了 1 张，明天再传"})


def test_status_is_for_the_owner_only(as_user, seller, stranger, organiser, client):
    photo = make_photo(owner=seller)
    url = reverse("media:photo_status", args=[photo.key])
    assert client.get(url).status_code == 401
    for other in (stranger, organiser):
        assert as_user(other).get(url).status_code == 404
    assert as_user(seller).get(url).json() == {
        "key": photo.key,
        "status": "ready",
        "src": f"{settings.MEDIA_URL}photos/{photo.key[:2]}/{photo.key}-320.webp",
        "problem": "",
    }
    assert as_user(seller).get(reverse("media:photo_status", args=["0" * 32])).status_code == 404


def test_photo_without_owner_is_nobodys(client, as_user, seller):
    """Its owner's account is gone."""
    photo = make_photo(owner=None)
    url = reverse("media:photo_status", args=[photo.key])
    assert client.get(url).status_code == 401
    assert as_user(seller).get(url).status_code == 404


def test_status_tells_why_it_failed(as_user, seller):
    problem = "这张照片打不开，可能没存完整，重拍一张"
    photo = make_photo(owner=seller, status=Photo.Status.FAILED, problem=problem)
    answer = as_user(seller).get(reverse("media:photo_status", args=[photo.key]))
    assert answer.json() == {"key": photo.key, "status": "failed", "src": "", "problem": problem}
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_other_methods_are_refused(method, as_user, seller):
    assert getattr(as_user(seller), method)(URL).status_code == 405


def test_status_asks_one_question(as_user, seller, django_assert_num_queries):
    photo = make_photo(owner=seller, created_at=timezone.now())
    client = as_user(seller)
    with django_assert_num_queries(3):  # session, person, photo
        client.get(reverse("media:photo_status", args=[photo.key]))
