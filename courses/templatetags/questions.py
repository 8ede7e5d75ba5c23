"""Tags for a question's photo, rendered from the paper's snapshot without a query."""

from django import template
from django.utils.safestring import SafeString

from media.models import Photo
from media.photos import html

register = template.Library()


@register.simple_tag
def frozen_photo(choice: dict) -> SafeString:
    """Return the photo of a choice; a placeholder if it is not ready, with its description written below."""
    photo = Photo(**choice["photo"]) if choice.get("photo") else None
    return html.render_photo(photo, choice["alt"], sizes="(min-width: 60em) 20rem, 46vw", css="pic")


@register.filter
def is_ready(choice: dict) -> bool:
    return bool(choice.get("photo")) and choice["photo"]["status"] == Photo.Status.READY
