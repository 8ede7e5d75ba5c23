"""The pages of the packs: all kinds of goods for everybody, and one pack for who is signed in, as with lessons."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.crops.packs import find_pack, list_languages, list_packs
from courses.other_language import PARAMETER, make_switch
from ui.parameters import get_return_url
from ui.responses.page_cache import stamped


@require_safe
@stamped("courses")
def packs(request: HttpRequest) -> HttpResponse:
    """List the packs by kind of goods."""
    found = list_packs(request.LANGUAGE_CODE)
    groups = [(name, list(rows)) for name, rows in groupby(found, key=lambda pack: pack.goods_name)]
    missing = sum(pack.language != request.LANGUAGE_CODE for pack in found)
    return render(
        request, "courses/crops/pack_list.html", {"groups": groups, "count": len(found), "missing": missing}
    )


@login_required_keeping_post
@require_safe
def pack(request: SignedInRequest, crop: str) -> HttpResponse:
    """Show one pack, its nine parts under each other; in Chinese where it is not written in the page's language, with ?in= in
    another language in which it is written.
    """
    found = find_pack(crop, request.LANGUAGE_CODE)
    if found is None:
        raise Http404
    is_missing = found.language != request.LANGUAGE_CODE
    switch = make_switch(request, found.language, list_languages(crop))
    if switch and switch.is_on:
        found = find_pack(crop, request.GET[PARAMETER]) or found
    context = {
        "pack": found,
        "is_missing": is_missing,
        "switch": switch,
        "back_url": get_return_url(request, ""),
    }
    return render(request, "courses/crops/pack_show.html", context)
