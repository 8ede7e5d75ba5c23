"""Fill the sheets on people and scores: consents, coaching, the rubric with one's own marks."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from courses.models import Rubric
from programme.models import Teaching
from programme.sheets.sources import describe_source
from programme.sheets.values import Filling, Row, join
from rehearsals import scoring
from rehearsals.models import Review, Submission
from rehearsals.reviews.page import format_half

FORMS = (scoring.SHORT, scoring.LONG)


def find_village(user: User) -> str:
    """Return the village of a person: that of the first role, most of all of a role that belongs to a village."""
    places = user.places_with_role(Membership.Role.TRAINEE, Membership.Role.SELLER, Membership.Role.MENTOR)
    found = places or [membership.place for membership in user.granted]
    return found[0].name if found else ""


def fill_appearance(user: User, reader: User) -> Filling:
    """Name who will use the pictures; who is seen on them writes the rest."""
    return Filling({"user": join(find_village(user), user.name, by=" ")})


def fill_guardian(user: User, reader: User) -> Filling:
    born = user.birth_month if user == reader else None
    born_in = _("%(year)s年%(month)s月生") % {"year": born.year, "month": born.month} if born else ""
    return Filling({"host": join(user.name, born_in)})


def fill_coaching(teaching: Teaching, reader: User) -> Filling:
    pupil = teaching.pupil
    return Filling({"pupil": join(pupil.name, find_village(pupil))}, target=reverse("programme:mentoring"))


# --- the rubric ---


def find_rubric(user: User) -> Rubric | None:
    """Return the rubric of the person's course in the page's language, else of any published course that has one."""
    rows = Rubric.objects.filter(course__state="published").select_related("course")
    mine = Q(course__enrolments__user=user.pk, course__enrolments__left_at__isnull=True)
    language = get_language() or ""
    found = [*rows.filter(mine).order_by("-pk").distinct()[:10], *rows.order_by("pk")[:10]]
    same = [one for one in found if language.startswith(one.course.language.partition("-")[0])]
    return next(iter(same + found), None)


def fill_rubric(content: dict, form: str, own: dict | None = None, given: dict | None = None) -> Filling:
    """List the criteria in this form; `own` and `given` are the person's and the trainer's points, {criterion: text}."""
    whole = scoring.get_form(content, form)
    rows, before = [], ""
    for one in scoring.list_criteria(whole):
        dimension = one.get("dimension", "")
        row = describe_criterion(one, dimension if dimension != before else "")
        row |= {"own": (own or {}).get(one["code"], ""), "trainer": (given or {}).get(one["code"], "")}
        rows.append(row)
        before = dimension
    gate = (whole.get("gate") or {}).get("text", "")
    return Filling({}, {"criteria": rows, "gate": [{"text": gate}] if gate else []})


def list_points(content: dict, form: str, marks: dict, marked_by: str) -> dict[str, str]:
    """Return the points of each criterion of `form` by marks that were given in the form `marked_by`.

    Marks of the long form come to a line of the short one as the sum of its dimension; the other way round there is nothing.
    """
    asked = scoring.list_criteria(scoring.get_form(content, form))
    if form == marked_by:
        return {one["code"]: list_worth(one).get(marks.get(one["code"], ""), "") for one in asked}
    if form == scoring.LONG:
        return {}
    earned = {
        part.title: str(part.earned) for part in scoring.calculate_dimensions(content, marks) if part.marked
    }
    return {one["code"]: earned.get(one.get("dimension", ""), "") for one in asked}


def list_worth(one: dict) -> dict[str, str]:
    return {"none": "0", "half": format_half(one["points"]), "full": str(one["points"])}


def describe_criterion(one: dict, dimension: str) -> Row:
    points, worth = one["points"], list_worth(one)
    title = _("%(title)s（%(n)s 分）") % {"title": one["title"], "n": points}
    return {
        "title": join(dimension, title, by="\n"),
        "none": one.get("none", ""),
        "half": write_level(worth["half"], one.get("half", "")),
        "full": write_level(worth["full"], one.get("full", "")),
    }


def write_level(points: str, words: str) -> str:
    return _("%(n)s 分：%(words)s") % {"n": points, "words": words}


def fill_submission(submission: Submission, reader: User, form: str) -> Filling:
    """Take the rubric that the rehearsal was scored by, the own marks, and the trainer's once they were sent."""
    content = submission.rubric_content
    review = Review.objects.counting().filter(submission=submission).first()
    # One's own score is given by the long form, a trainer's by either.
    form = form or (str(review.form) if review else scoring.LONG)
    own = list_points(content, form, submission.self_marks, scoring.LONG)
    given = list_points(content, form, review.marks, review.form) if review else {}
    filling = fill_rubric(content, form, own, given)
    total = _("自己 %(n)s 分") % {"n": submission.self_total}
    if review:
        total = join(total, _("老师 %(n)s 分") % {"n": review.total})
    filling.fields = {
        "rehearsal": describe_source(submission),
        "total": total,
        "keep": submission.keep,
        "change_one": submission.change_one,
        "change_two": submission.change_two,
    }
    filling.target = reverse("rehearsals:submission", args=[submission.key])
    return filling
