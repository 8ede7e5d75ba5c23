"""{% site_note as told %}: what pages with goods tell every reader about this site's role."""

from django import template

from shops import site_mode

register = template.Library()
register.simple_tag(site_mode.note, name="site_note")
