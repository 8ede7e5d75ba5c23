import pytest
from django.urls import reverse

from accounts.models import Membership
from media.models import Photo
from media.photos import intake
from tests.factories import make_person, make_photo
from tests.media.pictures import jpeg, upload
from tests.pages import list_messages

LIST = "admin:media_photo_changelist"
Status = Photo.Status


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.DEMO = True


def shown(client, query: str = "") -> set[int]:
    return {photo.pk for photo in client.get(reverse(LIST) + query).context["cl"].queryset}


def test_photos_are_those_of_ones_people_and_ones_own(organiser, trainer, seller, stranger, village, client):
    outside = make_person("外村人")
    Membership.objects.create(user=outside, place=village, role="seller", status="declined")
    mine, hers, theirs, declined, lost = (
        make_photo(owner, Status.WAITING) for owner in (organiser, seller, stranger, outside, None)
    )
    client.force_login(organiser)
    assert shown(client) == {mine.pk, hers.pk}
    client.force_login(trainer)
    assert shown(client) == set()


def test_a_photo_is_looked_at_and_nothing_else(organiser, seller, client):
    photo = make_photo(seller, Status.FAILED, problem="这张照片打不开，可能没存完整，重拍一张")
    client.force_login(organiser)
    html = client.get(reverse("admin:media_photo_change", args=[photo.pk])).content.decode()
    assert "这张照片打不开，可能没存完整，重拍一张" in html
    assert photo.key not in html
    assert client.post(reverse("admin:media_photo_change", args=[photo.pk]), {}).status_code == 403


def test_a_private_photo_is_listed_without_its_picture(organiser, seller, client):
    photo = make_photo(seller, is_private=True)
    client.force_login(organiser)
    for url in (reverse(LIST), reverse("admin:media_photo_change", args=[photo.pk])):
        html = client.get(url).content.decode()
        assert ("不公开，在交的任务里看" in html, photo.key in html) == (True, False)


def test_a_photo_whose_original_is_there_is_tried_again(organiser, seller, stranger, client):
    def failed(owner) -> Photo:
        photo = intake.store_photo(upload(jpeg()), owner)
        Photo.objects.filter(pk=photo.pk).update(status=Status.FAILED, attempts=3, problem="试了几次")
        return photo

    again, theirs = failed(seller), failed(stranger)
    lost = make_photo(seller, Status.FAILED)
    ready = make_photo(seller)
    client.force_login(organiser)
    facts = {
        "action": "try_again",
        "index": "0",
        "_selected_action": [p.pk for p in (again, theirs, lost, ready)],
    }
    answer = client.post(reverse(LIST), facts)
    assert list_messages(answer) == ["1 张重新处理，其余的要重拍。"]
    states = dict(Photo.objects.values_list("pk", "status"))
    assert states == {again.pk: "waiting", theirs.pk: "failed", lost.pk: "failed", ready.pk: "ready"}
    again.refresh_from_db()
    assert (again.attempts, again.problem) == (0, "")
