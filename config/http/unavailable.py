"""Answer 503 instead of 500 while the database or the storage of files is away (ui.database.availability).

Used by the handler of server errors, which sees the errors of views and of all middleware. The answer needs neither the
database nor a session nor a file: its page is drawn once in each language.
"""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ui.database.availability import DATABASE, find_away, summarise

# Most outages are restarts; a database that is back is used within a second.
RETRY_SECONDS = 5
# The longest body of which the page repeats what was typed.
MOST_BYTES = 200_000
PAGE = "503.html"


def make_unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Return the answer to a request that failed because a part of the site is away; None for any other error.

    JSON for scripts; a page for people, which repeats what they had typed in a form that sends it again.
    """
    away = find_away(error)
    if error is None or not away:
        return None
    request.__dict__["problem"] = summarise(error)  # for the log of requests
    request.__dict__["part_away"] = away  # for config.metrics.requests
    if "text/html" not in request.headers.get("Accept", ""):
        offline, unstored = _("网站这会儿连不上自己的数据，过几秒再试"), _("网站这会儿存不了文件，过几秒再试")
        response: HttpResponse = JsonResponse(
            {"error": offline if away == DATABASE else unstored}, status=503
        )
    elif request.method in ("GET", "HEAD"):
        response = HttpResponse(draw_page(get_language()), status=503)
    else:
        typed = list_typed(request)
        page = render_to_string(PAGE, {"is_form": True, "typed": typed, "url": request.get_full_path()})
        response = HttpResponse(page, status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    # The log of requests has its line; Django would add one with the whole trace to each.
    setattr(response, "_has_been_logged", True)  # noqa: B010 - Django's own mark, not in the stubs
    return response


@cache
def draw_page(_language: str | None) -> str:
    """Draw the page in the present language."""
    return render_to_string(PAGE, {})


def list_typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields of the form, for a form that sends them once more; none where it brought files or a password, which
    are not repeated, is longer than a page should be, or comes from another site, which would so become one of ours.
    """
    if not is_own_form(request):
        return []
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return []
    try:
        posted, files = request.POST, request.FILES
    except Exception:  # its body cannot be read any more
        return []
    typed = [(name, value) for name, values in posted.lists() for value in values]
    is_secret = any("password" in name for name, _value in typed)
    return [] if files or is_secret else typed


def is_own_form(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of this site has sent the form.

    Over plain HTTP it says so by Origin, an old one by Referer; Sec-Fetch-Site it sends over HTTPS only
    (https://www.w3.org/TR/fetch-metadata/#fetch-metadata-headers).
    """
    sender = request.headers.get("Sec-Fetch-Site")
    if sender:
        return sender in ("same-origin", "none")
    page = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        return urlsplit(page).netloc == request.get_host()
    except (DisallowedHost, ValueError):  # such as http://[
        return False
