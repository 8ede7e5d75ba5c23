"""Pages that belong to no app: home, the switch of languages and errors."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import i18n
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from courses.models import Course
from shops.catalogue import queries
from shops.catalogue.product_card import goods
from shops.catalogue.queries import ProductQuery
from shops.models import Village
from ui.page_cache import stamped


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return redirect("progress:learn")
    return front_page(request)


@csrf_exempt  # it changes only the visitor's own cookie, and anonymous pages carry no token
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch to one of the site's languages. Of any other, as fr-x1, Django would build a catalogue and keep it."""
    posted = request.POST.copy()
    if posted.get(i18n.LANGUAGE_QUERY_PARAMETER) not in dict(settings.LANGUAGES):
        posted.pop(i18n.LANGUAGE_QUERY_PARAMETER, None)
    request.POST = posted  # type: ignore[assignment]  # django-stubs knows only what was sent, which cannot be changed
    return i18n.set_language(request)


@stamped("shops", "courses")
def front_page(request: HttpRequest) -> HttpResponse:
    picked = queries.page(ProductQuery(in_season=True)).rows
    context = {
        "goods": goods([row for row in picked if row.stock][:6], level=3),
        "villages": Village.objects.select_related("place", "cover")[:6],
        "courses": Course.objects.published().filter(language=request.LANGUAGE_CODE)[:3],
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
    """No context and no database: either may be what is broken."""
    return HttpResponse(render(None, "500.html").content, status=500)
