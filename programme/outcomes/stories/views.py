"""Pages of stories: writing one, one's own to confirm or withdraw, and the public ones, which sell and advertise nothing.

Public pages of stories have no way to buy or to enrol, no contact and no QR, in the navigation neither: a plain report about a
person without these is no advertisement (广告法适用问题执法指南（一） §4), and a course must not be praised by who gained from it
(广告法 §24).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from programme import permissions
from programme.exceptions import NotAllowed
from programme.models import Story, StoryConsent
from programme.outcomes.stories import services as stories
from programme.outcomes.stories.forms import ConfirmForm, StoryForm
from ui.pagination import fetch_page
from ui.responses.page_cache import stamped

NEWEST = ("-written_at", "-pk")
Use = StoryConsent.Use


# --- writing ---


@login_required_keeping_post
@staff_page
@require_safe
def story_list(request: SignedInRequest) -> HttpResponse:
    if not permissions.can_see_impact(request.user):
        raise Http404
    rows = Story.objects.visible_to(request.user).select_related("person", "place")
    page = fetch_page(rows, NEWEST, request.GET.get("after", ""))
    return render(request, "programme/outcomes/story_list.html", {"page": page})


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def story_new(request: SignedInRequest, user_pk: int) -> HttpResponse:
    """Write a story about somebody of one's own places."""
    person = get_object_or_404(User, pk=user_pk)
    place = stories.find_place(request.user, person)
    if place is None or not permissions.can_see_impact(request.user):
        raise Http404
    return edit(request, Story(person=person, place=place))


@login_required_keeping_post
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def story_edit(request: SignedInRequest, story_pk: int) -> HttpResponse:
    rows = Story.objects.visible_to(request.user).select_related("person", "place", "photo")
    return edit(request, get_object_or_404(rows, pk=story_pk))


def edit(request: SignedInRequest, story: Story) -> HttpResponse:
    """Store what was written; with the button `ask` the person is asked too."""
    steps = stories.list_steps(story.person)
    known = story if story.pk else None
    form = StoryForm(
        get_posted_or_kept(request), request.FILES or None, person=story.person, steps=steps, story=known
    )
    form.fields["photos"].owner = request.user
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        photos = form.cleaned_data["photos"]
        facts = {name: form.cleaned_data[name] for name in ("title", "text")}
        photo = photos[0] if photos else None
        stories.write_story(story, photo=photo, facts=form.facts, by=request.user, **facts)
        if "ask" not in request.POST:
            messages.success(request, _("存好了，还没请本人看。"))
            return redirect("programme:story_edit", story.pk)
        try:
            stories.ask_person(story, request.user)
        except NotAllowed as refused:
            problems = refused.problems
        else:
            messages.success(request, _("请本人看了，本人同意才公开。"))
            return redirect("programme:story_list")
    context = {"story": story, "form": form, "steps": steps, "problems": problems}
    return render(request, "programme/outcomes/story_edit.html", context)


# --- one's own ---


@login_required_keeping_post
@require_safe
def my_stories(request: SignedInRequest) -> HttpResponse:
    rows = Story.objects.filter(person=request.user, asked_at__isnull=False)
    page = fetch_page(rows, NEWEST, request.GET.get("after", ""))
    return render(request, "programme/outcomes/story_mine_list.html", {"page": page})


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def my_story(request: SignedInRequest, story_pk: int) -> HttpResponse:
    """Let the person read the story, agree to uses of it, or withdraw it by one tap."""
    rows = Story.objects.filter(person=request.user).exclude(asked_at=None).select_related("photo", "person")
    story = get_object_or_404(rows, pk=story_pk)
    if request.method == "POST" and "withdraw" in request.POST:
        stories.withdraw_story(story)
        messages.success(request, _("撤回了，谁也看不到了。"))
        return redirect("programme:my_story", story.pk)
    form = ConfirmForm(get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid() and confirm(request, story, form):
        return redirect("programme:my_story", story.pk)
    given = story.consents.filter(withdrawn_at__isnull=True).order_by("pk")
    context = describe(story) | {"form": form, "given": given}
    return render(request, "programme/outcomes/story_mine.html", context)


def confirm(request: SignedInRequest, story: Story, form: ConfirmForm) -> bool:
    """Record the consent; put on the form why not."""
    try:
        read_at = parse_datetime(request.POST.get("read_at", "")) or story.written_at
    except ValueError:
        read_at = story.written_at
    try:
        stories.confirm_story(story, form.uses, read_at)
    except NotAllowed as refused:
        for problem in refused.problems:
            form.add_error(None, problem)
        return False
    messages.success(request, _("同意了。想撤回，随时来这里点一下。"))
    return True


# --- for everybody ---


@require_safe
@stamped("stories")
def public_stories(request: HttpRequest) -> HttpResponse:
    rows = Story.objects.open_for(Use.PUBLIC).select_related("place")
    page = fetch_page(rows, NEWEST, request.GET.get("after", ""))
    return render(request, "programme/outcomes/story_public_list.html", {"page": page, "nav": None})


@require_safe
@stamped("stories")
def story(request: HttpRequest, story_pk: int) -> HttpResponse:
    """Show a public story; one whose consent is for lessons alone only to people who are signed in."""
    rows = Story.objects.select_related("photo", "person", "place")
    found = rows.open_for(Use.PUBLIC).filter(pk=story_pk).first()
    if found is None and request.user.is_authenticated:
        found = rows.open_for(Use.COURSE).filter(pk=story_pk).first()
    if found is None:
        raise Http404
    return render(request, "programme/outcomes/story_public.html", describe(found) | {"nav": None})


def describe(story: Story) -> dict[str, Any]:
    return {"story": story, "facts": story.facts.select_related("step").order_by("on", "pk")}
