"""The script of one item: written, looked at while it is typed, and its versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import kept, limits
from accounts.kept import signed_in
from live import facts, scripts, spoken
from live.models import RundownItem, ScriptVersion
from live.script_form import PARTS, ScriptForm, rewritten, slot_of
from live.shortcuts import my_item_or_404, my_live_or_404, refuse_change
from shops.saying import as_typed
from shops.views.wording import told
from shops.wording_fields import REWRITE
from ui.paging import page
from ui.returning import way_back

VERSIONS = 20


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def script(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """What is typed is stored whatever was found in it: nothing typed is lost. It stops a real live until it is mended."""
    live = my_live_or_404(request, pk)
    row = my_item_or_404(live, item)
    if live.started_at:
        return refuse_change(request, live)
    back_url = way_back(request, live.get_absolute_url())
    version = scripts.newest([row]).get(row.pk)
    form = form_of(request, row, version)
    act = request.POST.get("do", "")
    if request.method == "POST" and not act.startswith(REWRITE) and act != "drill" and form.is_valid():
        scripts.save(row, form.parts(), request.user)
        tell(request, form, row)
        return redirect(request.get_full_path() if act == "stay" or form.blocked else back_url)
    context = {
        "live": live,
        "item": row,
        "form": form,
        "version": version,
        "chips": facts.chips(row),
        "gap": facts.gap("{name}"),
        "chinese_gap": facts.chinese_gap("{name}"),
        "seconds": scripts.seconds(form.shown, row),
        "has_drill": bool(live.drill_id and live.drill.template.get("parts")),
        "draft_name": f"script-{item}",
        "back_url": back_url,
    }
    return render(request, "live/script_form.html", context)


def form_of(request: HttpRequest, item: RundownItem, version: ScriptVersion | None) -> ScriptForm:
    act = request.POST.get("do", "")
    if act == "drill":
        return ScriptForm(item=item, initial=scripts.template(item.livestream, item))
    if act.startswith(REWRITE):
        return ScriptForm(rewritten(request.POST, act, item), item=item)
    return ScriptForm(kept.typed(request), item=item, initial=version.parts if version else {})


def tell(request: HttpRequest, form: ScriptForm, item: RundownItem) -> None:
    done = f"done:script-{item.pk}"
    if n := form.blocked:
        sentence = ngettext("存好了。还有 %(n)d 处不能说。", "存好了。还有 %(n)d 处不能说。", n) % {"n": n}
        messages.warning(request, sentence, extra_tags=done)
    else:
        messages.success(request, _("脚本存好了。"), extra_tags=done)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def wording(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """The findings of one box, and nothing (204) while they are the same. Writes nothing. A GET comes from a session
    lost on the way."""
    live = my_live_or_404(request, pk)
    row = my_item_or_404(live, item)
    if request.method != "POST":
        return redirect("live:script", pk, item)
    part = request.POST.get("field", "")
    if part not in PARTS or len(request.POST.get(part, "")) > scripts.MOST * 2:
        return HttpResponse(status=422)
    if not limits.allows(request, "wording", str(request.user.pk)):
        return HttpResponse(status=204)
    text = as_typed(request.POST.get(part))
    slot = slot_of(row, part, text, spoken.look(row, {part: text}))
    if slot.seen == request.POST.get("seen"):
        return HttpResponse(status=204)
    return render(request, "shops/_slips.html", {"slot": slot, "said": told(slot.slips)})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def versions(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """All that was ever saved, the newest first; an older one taken up again becomes the newest."""
    live = my_live_or_404(request, pk)
    row = my_item_or_404(live, item)
    rows = ScriptVersion.objects.filter(item=row).select_related("made_by", "check_made").order_by("-number")
    if request.method == "POST":
        if live.started_at:
            return refuse_change(request, live)
        number = request.POST.get("number", "")
        wanted = int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 0
        old = get_object_or_404(rows, number=wanted)
        scripts.save(row, old.parts, request.user)
        messages.success(request, _("用回第 %(n)s 版了。") % {"n": old.number})
        return redirect("live:script", pk, item)
    found = page(rows, ("-number", "-id"), request.GET.get("after", ""), VERSIONS)
    shown = [(version, scripts.lines(version, row)) for version in found.items]
    context = {"live": live, "item": row, "versions": shown, "page": found, "may_edit": live.started_at is None,
               "is_turned": "after" in request.GET}  # fmt: skip
    return render(request, "live/script_versions.html", context)
