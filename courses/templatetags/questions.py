"""How a question's photo is written: from what the paper froze of it, without a query."""

from django import template
from django.utils.safestring import SafeString

from media.models import Photo
from media.photos import html

register = template.Library()


@register.simple_tag
def frozen_photo(choice: dict) -> SafeString:
    """The photo of a choice; one that is not ready is a placeholder, and its words are written below it."""
    photo = Photo(**choice["photo"]) if choice.get("photo") else None
    return html.img(photo, choice["alt"], sizes="(min-width: 60em) 20rem, 46vw", css="pic")


@register.filter
def is_ready(choice: dict) -> bool:
    return bool(choice.get("photo")) and choice["photo"]["status"] == Photo.Status.READY
