"""What a slow line brings after the form itself: the photos it had, or a draft of it."""

import pytest

from shops.listings import drafts
from shops.models import ListingDraft
from tests.shops.listings.kit import NEW, typed

pytestmark = pytest.mark.both_databases


def test_photos_told_after_the_form_was_sent_change_nothing(as_user, seller, shop, photo):
    client, sent = as_user(seller), typed(photo)
    answer = client.post(NEW, sent)
    late = client.post(NEW, {"key": sent["key"], "do": "photos", "photos": [photo.key]})
    assert (late.status_code, ListingDraft.objects.count()) == (204, 0)
    said = [str(message) for message in client.get(answer["Location"]).context["messages"]]
    assert said == ["收到了，管理员看过就上架。"]


def test_a_draft_that_came_too_late_is_not_offered(as_user, seller, shop, photo):
    """Looked for the product, found none, and wrote the draft when the product was there."""
    client, sent = as_user(seller), typed(photo)
    client.post(NEW, sent)
    for is_open in (True, False):
        drafts.put(seller, shop, sent["key"], [photo], typed=drafts.photo_keys([photo]), is_open=is_open)
        assert str(client.get(NEW).context["form"]["key"].value()) != sent["key"]
        assert client.get("/me/shop/").context["drafts"] == []
