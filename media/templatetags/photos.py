from django import template
from django.utils.safestring import SafeString

from media.models import Photo
from media.photos import html

register = template.Library()


@register.simple_tag
def photo_img(photo: Photo | None, alt: str = "", sizes: str = "", css: str = "") -> SafeString:
    """Render a photo: {% photo_img product.cover alt=product.name sizes="50vw" css="pic" %}."""
    return html.render_photo(photo or None, alt or "", sizes or html.SIZES, css or "pic")
