"""复盘: what a live came to, beside the one before it, and what is to stay and to change."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import kept
from accounts.kept import signed_in
from live import comparing, figures, formulas, recapping, timeline
from live.models import Figure, Livestream, Recap, RecapComment
from live.permissions import can_comment, can_run, can_take_evidence
from live.recap_forms import CommentForm, FiguresForm, ReplayForm, WordsForm
from live.shortcuts import require_second_factor


@dataclass(frozen=True)
class Line:
    """One formula with its figures: now, the time before, what is usual in the village."""

    formula: formulas.Formula
    value: int | None
    before: int | None
    usual: int | None
    lacks: list[str]


def ended_or_404(request: HttpRequest, pk: int, mine: bool = False) -> Livestream:
    """One that this person may see (or, if `mine`, runs) and that is over."""
    rows = Livestream.objects.of(request.user) if mine else Livestream.objects.visible_to(request.user)
    live = get_object_or_404(rows.select_related("shop", "place", "host"), pk=pk)
    if not live.is_over:
        raise Http404
    return live


@require_http_methods(["GET", "HEAD"])
@signed_in
def recap(request: HttpRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk)
    if demanded := require_second_factor(request, live):
        return demanded
    return render(request, "live/recap_show.html", page_of(request, live))


def page_of(request: HttpRequest, live: Livestream, **forms) -> dict:
    """Some fifteen queries, however long the live was."""
    known, last = figures.known(live), comparing.before(live)
    values = known.values
    then = figures.known(last).values if last else {}
    usual = comparing.usual(live) if live.is_real else {}
    lines = [
        Line(one, one.of(values), one.of(then), usual.get(one.code), one.lacking(values))
        for one in formulas.FORMULAS
    ]
    runs = can_run(request.user, live)
    typed = kept.take(request) or {}
    words = Recap.objects.filter(livestream=live).first()
    return {
        "live": live,
        "back_url": reverse("live:lives"),
        "runs": runs,
        "can_pack": can_take_evidence(request.user, live),
        "net": lines[0],
        "lines": lines[1:],
        "known": known,
        "said_otherwise": differing(known),
        "funnel": [stage for stage in formulas.funnel(values) if stage.value is not None],
        "before": last,
        "is_provisional": comparing.is_provisional(live),
        "settles_at": comparing.settles_at(live),
        "timeline": timeline.timeline(live),
        "words": words,
        "words_form": forms.get("words_form") or WordsForm(initial=typed or vars(words or Recap())),
        "replay_form": forms.get("replay_form") or ReplayForm(initial={"replay_url": live.replay_url}),
        "comments": live.comments.filter(removed_at__isnull=True).select_related("author"),
        "comment_form": (forms.get("comment_form") or CommentForm(initial={"text": typed.get("text", "")}))
        if can_comment(request.user, live)
        else None,
        "imports": live.imports.select_related("by"),
    }


def differing(known: figures.Known) -> tuple[int, int] | None:
    """What the platform says was sold and what we have written down, where the two are not the same; fen."""
    name = Figure.Name.SALES_FEN
    row, own = known.rows.get(name), known.own.get(name)
    return (row.value, own) if row and own is not None and row.value != own else None


@require_POST
@signed_in
def words(request: HttpRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk, mine=True)
    form = WordsForm(request.POST)
    if not form.is_valid():
        return render(request, "live/recap_show.html", page_of(request, live, words_form=form), status=422)
    recapping.write_words(live, **form.cleaned_data, by=request.user)
    messages.success(request, _("记下了，下一场开播前会再给您看一眼。"), extra_tags=f"done:recap-{live.pk}")
    return redirect("live:recap", live.pk)


@require_POST
@signed_in
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk)
    if not can_comment(request.user, live):
        raise Http404
    if demanded := require_second_factor(request, live):
        return demanded
    form = CommentForm(request.POST)
    if not form.is_valid():
        return render(request, "live/recap_show.html", page_of(request, live, comment_form=form), status=422)
    facts = form.cleaned_data
    if recapping.comment(live, facts["text"], request.user, facts["key"]) is None:
        raise Http404
    messages.success(request, _("说好了，主播看得到。"), extra_tags=f"done:recap-say-{live.pk}")
    return redirect("live:recap", live.pk)


@require_POST
@signed_in
def comment_remove(request: HttpRequest, pk: int, comment_pk: int) -> HttpResponse:
    live = ended_or_404(request, pk)
    remark = get_object_or_404(RecapComment, pk=comment_pk, livestream=live, author=request.user)
    recapping.take_back(remark, request.user)
    messages.success(request, _("撤下了。"))
    return redirect("live:recap", live.pk)


@require_POST
@signed_in
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk, mine=True)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        return render(request, "live/recap_show.html", page_of(request, live, replay_form=form), status=422)
    form.save(live)
    messages.success(request, _("记下了。"))
    return redirect("live:recap", live.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def figures_edit(request: HttpRequest, pk: int) -> HttpResponse:
    live = ended_or_404(request, pk, mine=True)
    rows = figures.known(live).rows
    initial = {name: row.value for name, row in rows.items()}
    if request.method == "POST":
        form = FiguresForm(request.POST)
        if form.is_valid():
            figures.say(live, form.cleaned_data, request.user)
            messages.success(request, _("记下了。"), extra_tags=f"done:figures-{live.pk}")
            return redirect("live:recap", live.pk)
    else:
        form = FiguresForm(initial=initial | (kept.take(request) or {}))
    context = {"live": live, "form": form, "rows": rows, "back_url": reverse("live:recap", args=[live.pk])}
    return render(request, "live/recap_figures.html", context, status=422 if form.is_bound else 200)
