"""How templates are read."""

import re

from django.template import Origin
from django.template.loaders import app_directories

INDENTATION = re.compile(r"\n[ \t]+")


class Loader(app_directories.Loader):
    """Leave out the indentation of the project's own pages, which no phone needs: a twentieth of what is sent.

    Line breaks stay, and with them the numbers of lines in errors. No page has text in <pre> or <textarea> that is
    indented in its template.
    """

    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        is_ours = origin.name.endswith(".html") and "site-packages" not in origin.name
        return INDENTATION.sub("\n", text) if is_ours else text
