"""Notify people of what the programme decided about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Notice, User
from accounts.notifications import delivery
from courses.models import Cohort
from programme.models import (
    Certificate,
    ExamSeat,
    FollowUp,
    IdNumber,
    LedgerApproval,
    MentorInvitation,
    PracticalExam,
    Step,
    Story,
)
from ui.formats import day
from ui.request_ids import get_request_id

ISSUED, REVOKED, REACHED = "certificate_issued", "certificate_revoked", "step_reached"
FOLLOW_UP, STORY_ASKED = "follow_up", "story_asked"
ADDED = "added_to_class"
EXAM_BOOKED, EXAM_CANCELLED, EXAM_SETTLED = "exam_booked", "exam_cancelled", "exam_settled"
EXAM_EXAMINER, EXAM_WITHDRAWN = "exam_examiner", "exam_withdrawn"
MENTOR_INVITED, MENTOR_ANSWERED, MENTOR_WITHDRAWN = "mentor_invited", "mentor_answered", "mentor_withdrawn"
LEDGERS = {LedgerApproval.Act.APPROVED: "ledger_approved", LedgerApproval.Act.RETURNED: "ledger_returned"}
ID_NUMBER = "id_number_entered"


def write_certificate_notice(certificate: Certificate) -> None:
    """Write one notice that the certificate was issued, or revoked, in the transaction that did it."""
    template = ISSUED if certificate.is_valid else REVOKED
    facts = {"title": certificate.title, "certificate": str(certificate.key)}
    key = f"{template}-{certificate.pk}"
    delivery.write_notice(key, certificate.user.phone, template, **facts)


def write_step_notices(reached: Iterable[tuple[int, str]]) -> None:
    """Write a notice for each (person, step) once and never again, also if the step was taken back and reached again."""
    steps = list(reached)
    people = User.objects.filter(pk__in={person for person, _step in steps}) if steps else []
    phones = {person.pk: person.phone for person in people}
    for person, step in steps:
        delivery.write_notice(f"{REACHED}-{person}-{step}", phones.get(person), REACHED, step=step)


def write_mentor_notice(invitation: MentorInvitation, template: str) -> None:
    """Write one notice to the person who is invited, or of their answer to who invited them."""
    to = invitation.invited_by if template == MENTOR_ANSWERED else invitation.person
    facts = {"place": invitation.place.name, "course": invitation.course.title}
    delivery.write_notice(f"{template}-{invitation.pk}", to.phone if to else None, template, **facts)


def read_mentor_notice(notice: Notice) -> tuple[str, str] | None:
    facts, mine = notice.params, reverse("programme:mentoring")
    if notice.template == MENTOR_INVITED:
        return _("请你在%(place)s带“%(course)s”，点开答复。") % facts, mine
    if notice.template == MENTOR_WITHDRAWN:
        return _("请你在%(place)s带教的邀请收回了，点开看为什么。") % facts, mine
    if notice.template == MENTOR_ANSWERED:
        return _("你请的带教师傅答复了，去看看。"), reverse("programme:mentor_list")
    return None


def write_follow_up_notice(row: FollowUp) -> None:
    """Write the reminder of a follow-up, sent just now; `link` is the path of a form that needs no sign-in."""
    link = reverse("programme:follow_up_link", args=[row.token])
    facts = {"days": row.days, "pk": row.pk, "link": link}
    delivery.write_notice(f"follow-up-{row.pk}-{row.link_number}", row.user.phone, FOLLOW_UP, **facts)


def write_story_notice(story: Story) -> None:
    """Write that a story waits for its person; asked again after a change it is a new notice."""
    key = f"story-{story.pk}-{story.asked_at:%Y%m%d%H%M%S}"
    delivery.write_notice(key, story.person.phone, STORY_ASKED, title=story.title, pk=story.pk)


def write_exam_notices(exam: PracticalExam, seats: Iterable[ExamSeat]) -> None:
    """Write to everybody of an examination that it was booked for them, or cancelled."""
    rows = list(seats)
    people = User.objects.in_bulk([seat.user_id for seat in rows])
    template = EXAM_CANCELLED if exam.is_cancelled else EXAM_BOOKED
    for seat in rows:
        facts = {"title": exam.title, "at": seat.starts_at.isoformat(), "place": exam.place}
        phone = people[seat.user_id].phone if seat.user_id in people else None
        delivery.write_notice(f"{template}-{seat.key}", phone, template, **facts)


def write_seat_withdrawn(seat: ExamSeat) -> None:
    """Write to the person that they were taken off the list of an examination that takes place."""
    facts = {"title": seat.exam.title, "at": seat.starts_at.isoformat(), "place": seat.exam.place}
    delivery.write_notice(f"{EXAM_WITHDRAWN}-{seat.key}", seat.user.phone, EXAM_WITHDRAWN, **facts)


def write_examiner_notice(exam: PracticalExam, examiner: User) -> None:
    """Write to an examiner, once an examination, that they are to score it."""
    facts = {"title": exam.title, "at": exam.starts_at.isoformat(), "place": exam.place}
    delivery.write_notice(f"{EXAM_EXAMINER}-{exam.key}-{examiner.pk}", examiner.phone, EXAM_EXAMINER, **facts)


def write_exam_result(seat: ExamSeat) -> None:
    """Write to the person that the total is there; the page shows it."""
    delivery.write_notice(
        f"{EXAM_SETTLED}-{seat.key}", seat.user.phone, EXAM_SETTLED, title=seat.exam.title, seat=str(seat.key)
    )


def read_exam_notice(notice: Notice) -> tuple[str, str] | None:
    facts = notice.params
    if notice.template == EXAM_SETTLED:
        url = reverse("programme:exam_result", args=[facts["seat"]])
        return _("%(title)s出分了，点开看。") % facts, url
    if notice.template not in (EXAM_BOOKED, EXAM_CANCELLED, EXAM_EXAMINER, EXAM_WITHDRAWN):
        return None
    at = timezone.localtime(datetime.fromisoformat(facts["at"]))
    words = {"title": facts["title"], "place": facts["place"], "day": day(at.date()), "time": f"{at:%H:%M}"}
    if notice.template == EXAM_CANCELLED:
        return _("%(day)s的%(title)s取消了，点开看为什么。") % words, reverse("programme:my_exams")
    if notice.template == EXAM_WITHDRAWN:
        said = _("%(day)s的%(title)s把你撤下来了，这次不算考过。要考，跟老师说。")
        return said % words, reverse("programme:my_exams")
    if notice.template == EXAM_EXAMINER:
        said = _("请你当考官：%(title)s，%(day)s %(time)s，在%(place)s。打分在“我的考试”里。")
        return said % words, reverse("programme:my_exams")
    said = _("%(day)s %(time)s 考%(title)s，在%(place)s。提前半小时到，带上货和手机。")
    return said % words, reverse("programme:my_exams")


def make_class_notice(cohort: Cohort, phone: str, user_pk: int, by: User) -> Notice:
    """Return the notice that a trainer has added the person to a class, to be stored in the transaction that did it."""
    facts = {"cohort": cohort.name, "by": by.name}
    key = f"{ADDED}-{cohort.pk}-{user_pk}"
    return Notice(key=key, phone=phone, template=ADDED, params=facts, request_id=get_request_id())


def write_ledger_notice(approval: LedgerApproval, to: User) -> None:
    """Write that the ledger was approved or returned, in the transaction that did it."""
    ledger = approval.ledger
    facts = {"name": ledger.cohort.name, "class": ledger.cohort_id, "ledger": str(ledger.key)}
    template = LEDGERS[LedgerApproval.Act(approval.act)]
    delivery.write_notice(f"ledger-{approval.pk}", to.phone, template, **facts)


def write_id_number_notice(row: IdNumber) -> None:
    """Write to a person that somebody else entered their ID number, in the transaction that did it."""
    facts = {"name": row.cohort.name, "class": row.cohort_id}
    delivery.write_notice(f"id-number-{row.pk}-{uuid4().hex[:8]}", row.user.phone, ID_NUMBER, **facts)


def read_ledger_notice(notice: Notice) -> tuple[str, str] | None:
    facts = notice.params
    if notice.template == ID_NUMBER:
        url = reverse("programme:my_id_number", args=[facts["class"]])
        return _("老师替你填了身份证号，%(name)s要上报。不愿意可以撤回。") % facts, url
    if notice.template not in LEDGERS.values():
        return None
    url = reverse("programme:ledger", args=[facts["class"], facts["ledger"]])
    if notice.template == LEDGERS[LedgerApproval.Act.APPROVED]:
        return _("%(name)s的培训台账批准了。") % facts, url
    return _("%(name)s的培训台账退回来了，点开看为什么。") % facts, url


def read_notice(notice: Notice) -> tuple[str, str] | None:
    """Return the sentence and the URL of its page, or None where another app wrote it."""
    facts = notice.params
    if notice.template == REACHED:
        step = Step.Name(facts["step"]).label
        return _("你到了“%(step)s”这一级，看看下一步。") % {"step": step}, reverse("programme:ladder")
    if notice.template == FOLLOW_UP:
        return _("结业 %(days)s 天了，现在卖得怎么样？点开填几个数。") % facts, reverse(
            "programme:my_follow_up", args=[facts["pk"]]
        )
    if notice.template == STORY_ASKED:
        url = reverse("programme:my_story", args=[facts["pk"]])
        return _("有人写了你的故事“%(title)s”，你看过、同意了才会公开。") % facts, url
    if notice.template == ADDED:
        return _("%(by)s把你加进了“%(cohort)s”。不想去，在“学习”里退出。") % facts, reverse("progress:learn")
    if notice.template not in (ISSUED, REVOKED):
        return read_exam_notice(notice) or read_mentor_notice(notice) or read_ledger_notice(notice)
    url = reverse("programme:certificate", args=[facts["certificate"]])
    if notice.template == ISSUED:
        return _("你的%(title)s发下来了，去看看。") % facts, url
    return _("你的%(title)s作废了，点开看为什么。") % facts, url
