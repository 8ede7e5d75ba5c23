"""Pages: the storefront, open to all (store, product, villages), and the seller's own side."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User
from media.models import Photo


def reader(request: HttpRequest) -> User | AnonymousUser:
    """Who is reading; the session of a visitor who has none is not touched."""
    return request.user if settings.SESSION_COOKIE_NAME in request.COOKIES else AnonymousUser()


def picture_url(request: HttpRequest, photo: Photo | None) -> str:
    """The whole address of a picture, for those who preview a link; empty without one."""
    if photo is None or not photo.is_ready:
        return ""
    return request.build_absolute_uri(photo.url_at(photo.widths()[-1]))
