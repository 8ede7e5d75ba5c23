"""Pages of one item's script: writing it, the check while typing, and its versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import decorators, limits
from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from live.models import RundownItem, ScriptVersion
from live.scripts import crops, placeholders, services, speech, text_check
from live.scripts.forms import PARTS, ScriptForm, make_part_slot, rewrite_part
from live.shortcuts import my_item_or_404, my_live_or_404, refuse_change
from shops.texts.changes import REWRITE, TextChanged
from shops.texts.findings import describe_length
from shops.texts.text_check import normalize_text
from ui.pagination import fetch_page
from ui.parameters import add_return_url, get_return_url, read_id

VERSIONS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def script(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Edit a script. It is saved whatever the check found; blocking findings stop a real live until they are corrected."""
    live = my_live_or_404(request, pk)
    row = my_item_or_404(live, item)
    if live.started_at:
        return refuse_change(request, live)
    back_url = get_return_url(request, live.get_absolute_url())
    version = services.find_latest_versions([row]).get(row.pk)
    form = build_form(request, row, version)
    act = request.POST.get("do", "")
    if act.startswith((crops.ACT, crops.UNDO)):
        if done := use_pack(request, row, form, act):
            return done
    elif request.method == "POST" and not act.startswith(REWRITE) and act != "drill" and form.is_valid():
        services.save_version(row, form.parts(), request.user)
        report_saved(request, form, row)
        return redirect(request.get_full_path() if act == "stay" or form.blocked else back_url)
    context = {
        "live": live,
        "item": row,
        "form": form,
        "version": version,
        "chips": placeholders.list_chips(row),
        "gap": placeholders.get_gap_label("{name}"),
        "chinese_gap": placeholders.get_chinese_gap_label("{name}"),
        "seconds": speech.measure_script(form.shown, row),
        "has_drill": bool(live.drill and live.drill.template.get("parts")),
        "offer": crops.find_offer(row),
        "before": find_number_before(request, version),
        "draft_name": f"script-{item}",
        "back_url": back_url,
    }
    return render(request, "live/scripts/script_form.html", context)


def build_form(request: HttpRequest, item: RundownItem, version: ScriptVersion | None) -> ScriptForm:
    act = request.POST.get("do", "")
    if act == "drill":
        return ScriptForm(item=item, initial=services.make_starting_parts(item.livestream, item))
    if act.startswith(REWRITE):
        try:
            return ScriptForm(rewrite_part(request.POST, act, item), item=item)
        except TextChanged as problem:
            messages.warning(request, problem.sentence)
            return ScriptForm(request.POST, item=item)
    return ScriptForm(
        decorators.get_posted_or_kept(request), item=item, initial=version.parts if version else {}
    )


def use_pack(request: SignedInRequest, item: RundownItem, form: ScriptForm, act: str) -> HttpResponse | None:
    """Put the script of the goods' pack, or that of an earlier version, in place of this one; None: what was typed has errors.

    What was typed, or the newest version where nothing was sent, stays as a version.
    """
    has_typed = any(part in request.POST for part in PARTS)
    if has_typed and not form.is_valid():
        return None
    url = build_script_url(request, item)
    parts = crops.find_parts(item, act)
    if act.startswith(crops.UNDO):
        number = read_id(act.removeprefix(crops.UNDO))
        parts = ScriptVersion.objects.filter(item=item, number=number).values_list("parts", flat=True).first()
    if parts is None:
        messages.warning(request, _("没有换，脚本还是原来的。看看这一页上写的。"))
        return redirect(url)
    before = crops.replace_script(item, form.parts() if has_typed else None, parts, request.user)
    if act.startswith(crops.UNDO):
        messages.success(request, _("换回来了。"), extra_tags=f"done:script-{item.pk}")
        return redirect(url)
    messages.success(
        request,
        _("放进来了。一句一句看，跟你家不一样的改成真的；没填的空填好才能开播。"),
        extra_tags=f"done:script-{item.pk}",
    )
    return redirect(f"{url}{'&' if '?' in url else '?'}before={before.number}" if before else url)


def build_script_url(request: HttpRequest, item: RundownItem) -> str:
    url, back = crops.script_url(item), get_return_url(request, "")
    return add_return_url(url, back) if back else url


def find_number_before(request: HttpRequest, version: ScriptVersion | None) -> int:
    """Return the number of the version that a pack's script has just replaced; 0 if there is none to go back to."""
    number = read_id(request.GET.get("before"))
    return number if version and 0 < number < version.number else 0


def report_saved(request: HttpRequest, form: ScriptForm, item: RundownItem) -> None:
    done = f"done:script-{item.pk}"
    if n := form.blocked:
        sentence = ngettext("存好了。还有 %(n)d 处不能说。", "存好了。还有 %(n)d 处不能说。", n) % {"n": n}
        messages.warning(request, sentence, extra_tags=done)
    else:
        messages.success(request, _("脚本存好了。"), extra_tags=done)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def wording(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """Return the findings of one part, or 204 while they are unchanged. Writes nothing.

    A GET comes after signing in again, when the session was lost.
    """
    live = my_live_or_404(request, pk)
    row = my_item_or_404(live, item)
    if request.method != "POST":
        return redirect("live:script", pk, item)
    part = request.POST.get("field", "")
    if part not in PARTS:
        return HttpResponse(status=422)
    if not limits.allows(request, "wording", str(request.user.pk)):
        return HttpResponse(status=204)
    text = normalize_text(request.POST.get(part))
    note = describe_length(request.POST.get(part, ""), services.MAX_PART_LENGTH * 2)
    slot = make_part_slot(row, part, text, [] if note else text_check.check_script(row, {part: text}), note)
    if slot.seen == request.POST.get("seen"):
        return HttpResponse(status=204)
    return render(
        request,
        "shops/listings/_findings.html",
        {"slot": slot, "said": slot.said},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required_keeping_post
def versions(request: SignedInRequest, pk: int, item: int) -> HttpResponse:
    """List all versions, the newest first; a POST makes an older one the newest again."""
    live = my_live_or_404(request, pk)
    row = my_item_or_404(live, item)
    rows = ScriptVersion.objects.filter(item=row).select_related("made_by", "check_made").order_by("-number")
    if request.method == "POST":
        if live.started_at:
            return refuse_change(request, live)
        old = get_object_or_404(rows, number=read_id(request.POST.get("number")))
        services.save_version(row, old.parts, request.user)
        messages.success(request, _("用回第 %(n)s 版了。") % {"n": old.number})
        return redirect("live:script", pk, item)
    found = fetch_page(rows, ("-number", "-id"), request.GET.get("after", ""), VERSIONS)
    shown = [(version, services.list_readable_parts(version, row)) for version in found.items]
    context = {"live": live, "item": row, "versions": shown, "page": found, "can_edit": live.started_at is None,
               "is_turned": "after" in request.GET}  # fmt: skip
    return render(request, "live/scripts/script_versions.html", context)
