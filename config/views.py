"""Pages that belong to no app: home, the language switch, error pages, /sitemap.xml and /robots.txt.

The site map is an index of files of 50,000 ids each. A file takes the same time however many products there are;
docs/decisions/sitemaps.md says why it is not Django's own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from config.http.unavailable import make_unavailable
from courses.models import Course
from shops.catalogue import queries, seo
from shops.catalogue.product_card import render_cards
from shops.catalogue.queries import ProductQuery
from shops.models import Village
from ui.database.orm import PreparedQuery
from ui.responses.page_cache import stamped


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return redirect("progress:learn")
    return front_page(request)


@csrf_exempt  # it sets only the visitor's own cookie, and anonymous pages carry no token
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch to one of the site's languages. For any other, such as fr-x1, Django would build a catalogue and keep it."""
    posted = request.POST.copy()
    if posted.get(i18n.LANGUAGE_QUERY_PARAMETER) not in dict(settings.LANGUAGES):
        posted.pop(i18n.LANGUAGE_QUERY_PARAMETER, None)
    request.POST = posted  # type: ignore[assignment]  # django-stubs knows only what was sent, which cannot be changed
    return i18n.set_language(request)


VILLAGES = PreparedQuery(lambda: Village.objects.select_related("place", "cover")[:6], 0)
COURSES = PreparedQuery(lambda language: Course.objects.published().filter(language=language)[:3], 1)


@stamped("shops", "courses")
def front_page(request: HttpRequest) -> HttpResponse:
    picked = queries.fetch_page(ProductQuery(in_season=True)).rows
    context = {
        "goods": render_cards([row for row in picked if row.stock][:6], level=3),
        "villages": VILLAGES.instances(),
        "courses": COURSES.instances(request.LANGUAGE_CODE),
    }
    return render(request, "home.html", context)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if request.content_type == "application/json":
        return JsonResponse({"error": _("这一页放得太久了，打开网页再交。")}, status=403)
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Render the page without context and database, since either may be the cause of the error.

    Django calls this while it handles the error; 503 if a part of the site is away.
    """
    if unavailable := make_unavailable(request, sys.exception()):
        return unavailable
    return HttpResponse(render(None, "500.html").content, status=500)


IDS_A_FILE = 50_000
XML = "application/xml; charset=utf-8"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
)
KEPT_OUT = (
    "/admin/", "/accounts/", "/me/", "/learn/", "/classes/", "/orders/", "/complaints/", "/live/on/", "/sync/", "/uploads/",
    "/language/", "/products/*/poster/",
)  # fmt: skip


def list_course_paths(after: int, until: int) -> Iterator[str]:
    rows = Course.objects.published().filter(pk__gt=after, pk__lte=until).order_by("pk")
    return (reverse("courses:course", args=[slug]) for slug in rows.values_list("slug", flat=True))


SECTIONS = seo.SECTIONS | {"courses": (Course, list_course_paths)}
ALWAYS = ("home", "shops:products", "shops:villages", "courses:catalogue")


@require_safe
@stamped("shops", "courses", content_type=XML, keep=False)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """List the files of the site map; one query a section."""
    files = [reverse("sitemap_file", args=["pages", 1])]
    for name, (model, _paths) in SECTIONS.items():
        count = -(-seo.find_highest_id(model) // IDS_A_FILE)
        files += [reverse("sitemap_file", args=[name, number]) for number in range(1, count + 1)]
    return write_sitemap(request, "sitemapindex", "sitemap", files)


@require_safe
@stamped("shops", "courses", content_type=XML, keep=False)
def sitemap_file(request: HttpRequest, section: str, number: int) -> HttpResponse:
    """List the URLs of one range of ids; one query. A range without pages is an empty list."""
    if section == "pages" and number == 1:
        return write_sitemap(request, "urlset", "url", [reverse(name) for name in ALWAYS])
    if section not in SECTIONS or not 1 <= number <= 1_000_000:
        raise Http404
    _model, paths = SECTIONS[section]
    return write_sitemap(request, "urlset", "url", paths((number - 1) * IDS_A_FILE, number * IDS_A_FILE))


def write_sitemap(request: HttpRequest, root: str, each: str, paths) -> HttpResponse:
    site = escape(request.build_absolute_uri("/").rstrip("/"))
    rows = "".join(f"<{each}><loc>{site}{escape(path)}</loc></{each}>\n" for path in paths)
    return HttpResponse(f"{HEAD.format(root=root)}{rows}</{root}>\n", content_type=XML)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in KEPT_OUT), ""]
    lines.append(f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
