"""Answer /sitemap.xml with an index of files of 50,000 ids each, and /robots.txt.

A file costs the same however many products there are; why not Django's own: docs/decisions/sitemaps.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from courses.models import Course
from shops.catalogue import seo
from ui.page_cache import stamped

IDS_A_FILE = 50_000
XML = "application/xml; charset=utf-8"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
)
KEPT_OUT = (
    "/admin/", "/accounts/", "/me/", "/learn/", "/classes/", "/orders/", "/complaints/", "/live/on/", "/sync/", "/uploads/",
    "/language/", "/products/*/poster/",
)  # fmt: skip


def courses(after: int, until: int) -> Iterator[str]:
    rows = Course.objects.published().filter(pk__gt=after, pk__lte=until).order_by("pk")
    return (reverse("courses:course", args=[slug]) for slug in rows.values_list("slug", flat=True))


SECTIONS = seo.SECTIONS | {"courses": (Course, courses)}
ALWAYS = ("home", "shops:products", "shops:villages", "courses:catalogue")


@require_safe
@stamped("shops", "courses", content_type=XML, keep=False)
def index(request: HttpRequest) -> HttpResponse:
    """One query for each section."""
    files = [reverse("sitemap_file", args=["pages", 1])]
    for name, (model, _paths) in SECTIONS.items():
        count = -(-seo.highest(model) // IDS_A_FILE)
        files += [reverse("sitemap_file", args=[name, number]) for number in range(1, count + 1)]
    return write(request, "sitemapindex", "sitemap", files)


@require_safe
@stamped("shops", "courses", content_type=XML, keep=False)
def file(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """One query; a file without a page in it is an empty list."""
    if section == "pages" and number == 1:
        return write(request, "urlset", "url", [reverse(name) for name in ALWAYS])
    if section not in SECTIONS or not 1 <= number <= 1_000_000:
        raise Http404
    _model, paths = SECTIONS[section]
    return write(request, "urlset", "url", paths((number - 1) * IDS_A_FILE, number * IDS_A_FILE))


def write(request: HttpRequest, root: str, each: str, paths) -> HttpResponse:
    site = escape(request.build_absolute_uri("/").rstrip("/"))
    rows = "".join(f"<{each}><loc>{site}{escape(path)}</loc></{each}>\n" for path in paths)
    return HttpResponse(f"{HEAD.format(root=root)}{rows}</{root}>\n", content_type=XML)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
