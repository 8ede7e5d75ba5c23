"""Pages that make two accounts of one person into one: by the person, who has both passwords, or by who leads their class."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import get_posted_or_kept, login_required_keeping_post
from accounts.models import Membership, User
from accounts.permissions import can_act_on
from accounts.requests import SignedInRequest
from courses.models import Cohort
from programme.duplicates.forms import REFUSALS, OtherAccountForm, ReasonForm
from programme.duplicates.merge import find_refusal, merge_accounts
from programme.exceptions import MergeRefused
from programme.models import Attendance, Certificate
from progress.classes.views import of_class
from progress.models import Attempt, Enrolment, LessonDone
from progress.names import fetch_by_name, read_search
from rehearsals.models import Submission
from shops.models import LedgerEntry, Shop
from ui.parameters import read_id

A_PAGE = 50
MOST_SHOWN = 50
TOKEN_SECONDS = 15 * 60
SALT = "programme.duplicates.merge"


@dataclass(frozen=True)
class Part:
    """What an account holds: a word and a number."""

    label: str
    count: int


def list_parts(user: User) -> list[Part]:
    """Return what would change its person, of what people know; one query each."""
    counted = [
        (pgettext("many", "班"), Enrolment.objects.active().filter(user=user)),
        (pgettext("many", "学完的课"), LessonDone.objects.filter(user=user)),
        (pgettext("many", "作答"), Attempt.objects.filter(user=user)),
        (pgettext("many", "签到"), Attendance.objects.filter(user=user)),
        (_("彩排"), Submission.objects.filter(user=user)),
        (pgettext("many", "结业证书"), Certificate.objects.filter(user=user)),
        (_("小店"), Shop.objects.filter(owner=user)),
        (pgettext("many", "收支流水"), LedgerEntry.objects.filter(villager=user)),
    ]
    parts = [Part(label, rows.order_by().count()) for label, rows in counted]
    return [part for part in parts if part.count]


# --- by the person ---


@login_required_keeping_post
@require_http_methods(["GET", "HEAD", "POST"])
def merge_own(request: SignedInRequest) -> HttpResponse:
    """Ask for the number and the password of the other account, show what it holds, and merge it after a second yes.

    The second form carries a signed token of both accounts instead of the password.
    """
    if "token" in request.POST:
        return confirm_own(request)
    form = OtherAccountForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_valid() and form.other:
        if refusal := find_refusal(request.user, form.other):
            form.add_error(None, REFUSALS[refusal])
        else:
            context = {
                "other": form.other,
                "parts": list_parts(form.other),
                "token": signing.dumps(
                    [request.user.pk, form.other.pk, mark_password(form.other)], salt=SALT
                ),
            }
            return render(request, "programme/duplicates/merge_confirm.html", context)
    status = 422 if form.is_bound else 200
    return render(request, "programme/duplicates/merge.html", {"form": form}, status=status)


def mark_password(user: User) -> str:
    """Return what tells whether the password is still the one that was given; it tells nothing of it."""
    return salted_hmac(SALT, user.password, algorithm="sha256").hexdigest()[:32]


def confirm_own(request: SignedInRequest) -> HttpResponse:
    """Merge, unless the other account got another password or was blocked since the first form."""
    try:
        keep, gone, mark = signing.loads(request.POST["token"], salt=SALT, max_age=TOKEN_SECONDS)
        other = User.objects.get(pk=gone, is_active=True)
    except (signing.BadSignature, User.DoesNotExist):
        keep, other, mark = 0, None, ""
    if keep != request.user.pk or other is None or mark != mark_password(other):
        messages.error(request, _("放太久了，重新填一遍。"))
        return redirect("programme:merge")
    try:
        merge_accounts(request.user, other, request.user)
    except MergeRefused as refused:
        messages.error(request, REFUSALS[refused.reason])
        return redirect("programme:merge")
    messages.success(request, _("合好了，都在这个账号里。那个手机号以后不能登录了。"))
    return redirect("accounts:me")


# --- by who leads the class ---


def find_members(cohort: Cohort) -> QuerySet[User]:
    here = Enrolment.objects.active().filter(cohort=cohort).order_by().values("user")
    return User.objects.filter(pk__in=here)


def find_never_signed_in(cohort: Cohort) -> QuerySet[User]:
    """Return the people of the class to whose account nobody has ever signed in: made from a list, or by a trainer."""
    return find_members(cohort).filter(last_login__isnull=True)


@of_class
@require_safe
def duplicates(request: SignedInRequest, cohort: Cohort) -> HttpResponse:
    """List the accounts of the class to which nobody has signed in, those with the name of another person marked."""
    rows = find_never_signed_in(cohort).only("name", "phone")
    page = fetch_by_name(rows, "name", request.GET.get("after", ""), A_PAGE)
    names = [person.name for person in page.items]
    same = find_members(cohort).filter(name__in=names).order_by().values_list("name", "pk")
    counted: dict[str, set[int]] = {}
    for name, pk in same:
        counted.setdefault(name, set()).add(pk)
    context = {
        "cohort": cohort,
        "page": page,
        "doubles": {person.pk for person in page.items if counted[person.name] - {person.pk}},
    }
    return render(request, "programme/duplicates/duplicate_list.html", context)


@of_class
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: SignedInRequest, cohort: Cohort, user_pk: int) -> HttpResponse:
    """Choose the other account of this person in the class, say how one knows, and merge this one into it."""
    gone = get_object_or_404(find_never_signed_in(cohort), pk=user_pk)
    query = read_search(request)
    form = ReasonForm(get_posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        others = find_members(cohort).exclude(pk__in=(gone.pk, request.user.pk))
        keep = others.filter(pk=read_id(request.POST.get("person"))).first()
        if keep is None:
            form.add_error(None, _("先选他的另一个账号。"))
        elif not may_merge_away(request.user, gone):
            form.add_error(None, REFUSALS["seller"])
        else:
            try:
                reason = form.cleaned_data["reason"]
                merge_accounts(keep, gone, request.user, reason, cohort.place, is_unused=True)
            except MergeRefused as refused:
                form.add_error(None, REFUSALS[refused.reason])
            else:
                messages.success(request, _("合好了，都在%(name)s名下。") % {"name": keep.name})
                return redirect("programme:duplicates", cohort.pk)
    candidates, more = list_candidates(cohort, gone, request.user, query)
    context = {
        "cohort": cohort,
        "gone": gone,
        "parts": list_parts(gone),
        "form": form,
        "candidates": candidates,
        "more": more,
        "query": query,
        "chosen": read_id(request.POST.get("person")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "programme/duplicates/duplicate_show.html", context, status=status)


def may_merge_away(actor: User, gone: User) -> bool:
    """Leave a seller's account, which receives money, to an organiser, as a new password for it is
    (accounts.auth.password_reset).
    """
    sells = gone.places_with_role(Membership.Role.SELLER)
    return all(can_act_on(actor, place, Membership.Role.ORGANISER) for place in sells)


def list_candidates(cohort: Cohort, gone: User, actor: User, query: str) -> tuple[list[User], bool]:
    """Return people of the class, those of the same name first, at most MOST_SHOWN, and whether there are more.

    Nobody merges another's account into their own here: they would have what the other learnt.
    """
    people = find_members(cohort).exclude(pk__in=(gone.pk, actor.pk)).only("name", "phone")
    if query:
        people = people.filter(name__icontains=query)
    same = list(people.filter(name=gone.name).order_by("pk")[:MOST_SHOWN])
    others = fetch_by_name(people.exclude(name=gone.name), size=MOST_SHOWN + 1 - len(same)).items
    found = [*same, *others]
    return found[:MOST_SHOWN], len(found) > MOST_SHOWN
