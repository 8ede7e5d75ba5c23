"""Private documents sent one by one by the browser: a key for the form, and a preview for their sender."""

import pytest
from django.test import Client
from django.urls import reverse

from media.documents.forms import read_key, sign_key
from media.models import Document
from tests.media import papers
from tests.media.pictures import jpeg, upload

pytestmark = pytest.mark.usefixtures("empty_storage")
URL = "/uploads/documents/"


def test_a_photo_is_received_and_its_key_is_its_senders(as_user, seller, stranger):
    mine = as_user(seller)
    answer = mine.post(URL, {"photo": upload(jpeg(), "收款码.jpg")}).json()
    document = Document.objects.get()
    assert read_key(answer["key"]) == (seller.pk, document.key, "收款码.jpg")
    assert (answer["status"], document.owner) == ("ready", seller)
    shown = mine.get(URL, {"k": answer["key"]})
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert as_user(stranger).get(URL, {"k": answer["key"]}).status_code == 404
    assert Client().get(URL, {"k": answer["key"]}).status_code == 404


@pytest.mark.long
def test_a_visitors_photo_is_shown_to_whoever_holds_its_key(client, seller):
    from media.documents.services import store_document

    document = store_document(upload(jpeg()), None)
    assert client.get(URL, {"k": sign_key(document, None, "a.jpg")}).status_code == 200
    forged = sign_key(document, seller, "a.jpg")
    assert client.get(URL, {"k": forged}).status_code == 404


@pytest.mark.parametrize("key", ["", "x", "x:y:z", "\x00", "9" * 5000])
def test_what_is_no_key_of_ours_is_not_there(client, key):
    assert client.get(URL, {"k": key}).status_code == 404


def test_a_visitor_and_a_broken_file_are_refused_in_words(client, as_user, seller):
    assert client.post(URL, {"photo": upload(jpeg())}).status_code == 401
    mine = as_user(seller)
    assert mine.post(URL, {}).json() == {"error": "照片没收到，重新选一次"}
    answer = mine.post(URL, {"photo": upload(b"MZ\x90", "virus.jpg")})
    assert (answer.status_code, "virus.jpg" in answer.json()["error"]) == (400, True)
    heavy = mine.post(URL, {"photo": upload(jpeg())}, headers={"content-length": "30000000"})
    assert (heavy.status_code, heavy.json()["error"]) == (413, "一次最多传 20 MB")
    assert Document.objects.count() == 0


def test_a_page_of_elsewhere_sends_nothing(seller):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(seller)
    assert browser.post(URL, {"photo": upload(jpeg())}).status_code == 403
    assert Document.objects.count() == 0


@pytest.mark.long
def test_a_pdf_is_received_too(as_user, seller):
    answer = as_user(seller).post(URL, {"photo": upload(papers.pdf(), "证.pdf")}).json()
    assert (answer["status"], Document.objects.get().content_type) == ("ready", "application/pdf")
    assert reverse("media:upload_document") == URL
