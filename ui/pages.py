"""What all pages share: links to pages of upper apps, the site's record numbers, and the loader of templates.

An app links to a page of an app above it by a name of its own ("courses.lesson"); the setting PAGES maps it to a URL name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest
from django.template import Origin
from django.template.loaders import app_directories
from django.urls import get_script_prefix, get_urlconf, reverse

# A number that stands in no URL.
PLACE = 1_999_999_063


def build_url_prefix(name: str, *args: object) -> str:
    """Return the URL of a view up to the number at its end: a list of fifty rows adds fifty numbers to it."""
    return reverse(name, args=[*args, 0]).removesuffix("0/")


@cache
def read_pattern(name: str, prefix: str, urls: object) -> tuple[str, str]:
    """Return what stands before and after the number in a URL that takes one; asking for it takes longer than a row."""
    before, _number, after = reverse(name, args=[PLACE]).partition(str(PLACE))
    return before, after


def fill_url(name: str, number: int) -> str:
    """Return the URL of a view that takes one number."""
    before, after = read_pattern(name, get_script_prefix(), get_urlconf())
    return f"{before}{number}{after}"


def get_url_name(page: str) -> str:
    """Return the name of the page's URL: "progress:lesson". Raise KeyError for a page that PAGES does not name."""
    return settings.PAGES[page]


def build_page_url(page: str, *args: object) -> str:
    return reverse(get_url_name(page), args=args)


@dataclass(frozen=True)
class Site:
    """The two record numbers that a site in China must show at the foot of every page, each linked to its register."""

    icp: str
    psb: str

    @cached_property
    def psb_url(self) -> str:
        code = "".join(re.findall(r"\d", self.psb))
        return f"https://beian.mps.gov.cn/#/query/webSearch?code={quote(code)}"


def site(request: HttpRequest) -> dict[str, Site]:
    """Give every template the record numbers (a context processor)."""
    icp, psb = getattr(settings, "BEIAN_ICP", ""), getattr(settings, "BEIAN_PSB", "")
    return {"site": Site(icp=icp, psb=psb)}


INDENTATION = re.compile(r"\n[ \t]+")


class Loader(app_directories.Loader):
    """Load templates without their indentation, which is a twentieth of the bytes sent.

    Line breaks stay, so line numbers in errors are right. No template has indented text in <pre> or <textarea>.
    """

    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        is_ours = origin.name.endswith(".html") and "site-packages" not in origin.name
        return INDENTATION.sub("\n", text) if is_ours else text
