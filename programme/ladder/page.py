"""Build the page of one person's steps: the path, the evidence of each step as its reader may see it, and what is next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership, Place, User
from courses.models import Lesson
from live.models import Livestream
from programme import permissions
from programme.ladder import evidence, next_act, steps
from programme.ladder.evidence import Reached
from programme.models import Certificate, Step, Teaching
from programme.permissions import can_see_certificate
from progress.models import Enrolment
from rehearsals.models import Review
from rehearsals.permissions import can_review
from shops.models import Order
from shops.templatetags.ledger_tags import month_name
from ui.formats import yuan

Name, Reason = Step.Name, Step.Reason

# What each step asks for.
ASKS = {
    Name.LEARNER: gettext_lazy("报了名，学完第一课"),
    Name.GRADUATE: gettext_lazy("发证要的都做完，拿到结业证书"),
    Name.STREAMER: gettext_lazy("彩排过关，真直播一场"),
    Name.SELLER: gettext_lazy("签收第一单，或者直播卖的货结清"),
    Name.EARNER: gettext_lazy("一个月净收入到标准"),
    Name.MENTOR: gettext_lazy("带的人成交了"),
}


@dataclass(frozen=True)
class Proof:
    """One piece of evidence as a sentence, with the page that shows it; `url` is empty where the reader has none."""

    sentence: str
    url: str = ""


@dataclass(frozen=True)
class StepRow:
    """One of the six steps on the page; `proofs` are empty until it is reached."""

    step: str
    found: Reached | None
    is_next: bool
    proofs: list[Proof] = field(default_factory=list)

    @property
    def label(self) -> str:
        return str(Name(self.step).label)

    @property
    def asks(self) -> str:
        return str(ASKS[Name(self.step)])


@dataclass(frozen=True)
class Path:
    """All six steps of a person, in their order."""

    rows: list[StepRow]

    @property
    def count(self) -> int:
        return sum(row.found is not None for row in self.rows)

    @cached_property
    def next(self) -> StepRow | None:
        return next((row for row in self.rows if row.is_next), None)


def build_path(ladder: steps.Ladder, proofs: dict[str, list[Proof]] | None = None) -> Path:
    """Return the six steps; the next one is the first that is not reached."""
    missing = [step for step in steps.ORDER if step not in ladder]
    following = missing[0] if missing else None
    return Path(
        [
            StepRow(step.value, ladder.get(step), step == following, (proofs or {}).get(step, []))
            for step in steps.ORDER
        ]
    )


def load_path(person: User) -> Path:
    """Return the path without its evidence, as it is by the evidence now."""
    return build_path(steps.compute_steps([person.pk])[person.pk])


def load_page(person: User, reader: User) -> dict[str, Any]:
    """Return the context of the page, as the evidence shows it now, whatever is stored."""
    ladder = steps.compute_steps([person.pk])[person.pk]
    words = EvidenceWords(person, reader)
    path = build_path(ladder, {step: words.describe(one) for step, one in ladder.items()})
    return {
        "person": person,
        "is_own": person.pk == reader.pk,
        "path": path,
        "act": next_act.find_next_act(person, path.next.step) if path.next else None,
        "taken_back": list_losses(person),
    }


@dataclass(frozen=True)
class Loss:
    """A step that was taken back, and why; of a certificate with the words with which it was revoked."""

    step: Step
    sentence: str


def list_losses(person: User) -> list[Loss]:
    """Return what was taken back, the newest first. Two queries."""
    lost = Step.objects.filter(user=person, taken_back_at__isnull=False)
    rows = list(lost.exclude(why_taken_back=Reason.EARLIER).order_by("-taken_back_at", "-pk"))
    named = {row.facts.get("certificate") for row in rows} - {None}
    revoked = dict(Certificate.objects.filter(pk__in=named).values_list("pk", "revoked_because"))

    def explain(row: Step) -> str:
        words = revoked.get(row.facts.get("certificate")) if row.why_taken_back == Reason.CERTIFICATE else ""
        why = row.get_why_taken_back_display()
        return _("%(why)s：%(words)s") % {"why": why, "words": words} if words else why

    return [Loss(row, explain(row)) for row in rows]


class EvidenceWords:
    """Describe evidence of one person to one reader: its owner, or staff, who get other pages of the same rows."""

    def __init__(self, person: User, reader: User) -> None:
        self.person, self.reader, self.is_own = person, reader, person.pk == reader.pk

    def describe(self, one: Reached) -> list[Proof]:
        return getattr(self, f"describe_{one.kind}")(one)

    @cached_property
    def class_url(self) -> str:
        """Return the page of this person in a class that the reader leads; empty without one."""
        seen = Enrolment.objects.active().visible_to(self.reader)
        mine = seen.filter(user=self.person, cohort__isnull=False).order_by("-pk").first()
        return reverse("progress:trainee", args=[mine.cohort_id, self.person.pk]) if mine else ""

    def can_open_order(self, order: Order) -> bool:
        """Return whether the reader may open the order in the admin: an organiser of its shop's place."""
        held = Place.objects.held_by(self.reader, Membership.Role.ORGANISER)
        return held.filter(pk=order.shop.place_id).exists()

    def describe_lesson(self, one: Reached) -> list[Proof]:
        lesson = Lesson.objects.only("title").get(pk=one.facts["lesson"])
        url = reverse("progress:lesson", args=[lesson.pk]) if self.is_own else self.class_url
        return [Proof(_("学完了“%(lesson)s”") % {"lesson": lesson.title}, url)]

    def describe_certificate(self, one: Reached) -> list[Proof]:
        found = Certificate.objects.select_related("cohort").get(pk=one.facts["certificate"])
        url = found.get_absolute_url() if can_see_certificate(self.reader, found) else ""
        return [Proof(_("%(title)s，编号 %(serial)s") % {"title": found.title, "serial": found.serial}, url)]

    def describe_review(self, pk: int) -> list[Proof]:
        review = Review.objects.select_related("submission__cohort__place", "reviewer").get(pk=pk)
        name = "rehearsals:submission" if self.is_own else "rehearsals:review"
        has_page = self.is_own or can_review(self.reader, review.submission)
        url = reverse(name, args=[review.submission.key]) if has_page else ""
        facts = {"by": review.reviewer.name, "total": review.total}
        return [Proof(_("彩排 %(total)s 分，%(by)s点评") % facts, url)]

    def describe_live(self, one: Reached) -> list[Proof]:
        facts = {"title": Livestream.objects.get(pk=one.id).title, "n": one.facts["minutes"]}
        sentence = ngettext(
            "真直播“%(title)s”播了 %(n)s 分钟", "真直播“%(title)s”播了 %(n)s 分钟", facts["n"]
        )
        return [
            Proof(sentence % facts, self.find_live_url(one.id)),
            *self.describe_review(one.facts["review"]),
        ]

    def find_live_url(self, pk: int, name: str = "live:plan") -> str:
        is_seen = Livestream.objects.visible_to(self.reader).filter(pk=pk).exists()
        return reverse(name, args=[pk]) if is_seen else ""

    def describe_order(self, one: Reached) -> list[Proof]:
        order = Order.objects.select_related("shop").get(pk=one.id)
        url = ""
        if self.is_own:
            url = reverse("shops:my_order", args=[order.number])
        elif self.can_open_order(order):
            url = reverse("admin:shops_order_change", args=[order.pk])
        return [Proof(_("订单 %(number)s，买家收到了") % {"number": order.number}, url)]

    def describe_sales(self, one: Reached) -> list[Proof]:
        facts = {
            "title": Livestream.objects.get(pk=one.id).title,
            "fen": yuan(one.facts["fen"]),
            "n": one.facts["days"],
        }
        url = self.find_live_url(one.id, "live:sales" if self.is_own else "live:plan")
        if permissions.can_see_income(self.reader, self.person):
            return [Proof(_("直播“%(title)s”过了 %(n)s 天，实收 ¥%(fen)s") % facts, url)]
        return [Proof(_("直播“%(title)s”卖的货过了 %(n)s 天，没退完") % facts, url)]

    def describe_month(self, one: Reached) -> list[Proof]:
        first = evidence.read_month(one.id)
        facts = {
            "month": month_name(first),
            "net": yuan(one.facts["net_fen"]),
            "target": yuan(one.facts["target_fen"]),
        }
        if not permissions.can_see_income(self.reader, self.person):
            return [Proof(_("%(month)s的净收入到了 ¥%(target)s 的标准") % facts)]
        url = f"{reverse('shops:ledger')}?month={first:%Y-%m}" if self.is_own else ""
        return [Proof(_("%(month)s净收入 ¥%(net)s，标准 ¥%(target)s") % facts, url)]

    def describe_teaching(self, one: Reached) -> list[Proof]:
        row, url = Teaching.objects.select_related("pupil").get(pk=one.id), ""
        if permissions.can_see_steps(self.reader, row.pupil):
            url = reverse("programme:ladder_of", args=[row.pupil_id])
        return [Proof(_("带的%(name)s成交了") % {"name": row.pupil.name}, url)]
