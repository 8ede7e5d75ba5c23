"""Pages: the storefront, open to all (store, product, villages), and the seller's own side."""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User
from media.models import Photo


def reader(request: HttpRequest) -> User | AnonymousUser:
    """Who is reading; the session of a visitor who has none is not touched."""
    return request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else AnonymousUser()


class Picture(NamedTuple):
    url: str
    width: int
    height: int


def picture(request: HttpRequest, photo: Photo | None) -> Picture | None:
    """A picture by its whole address, for those who preview a link."""
    if photo is None or not photo.is_ready:
        return None
    width = photo.widths()[-1]
    height = round(photo.height * width / photo.width) if photo.width else width
    return Picture(request.build_absolute_uri(photo.url_at(width)), width, height)
