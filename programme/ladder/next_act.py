"""Say the one thing that somebody has to do for their next step, and where it is done."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from courses.models import Quiz
from live.models import Livestream
from programme.certificates.requirements import Gap, find_rule, load_standings
from programme.certificates.requirements import Kind as GapKind
from programme.ladder import evidence
from programme.models import MentorInvitation, Step, StepRules, Teaching
from progress.enrolment.course_progress import CourseProgress, choose_current, list_course_progress
from progress.quizzes.final_theory import find_quiz
from rehearsals.models import Submission
from shops.ledger import reports
from shops.models import Order, Product, Shop
from ui.formats import day, yuan

Name = Step.Name


@dataclass(frozen=True)
class Act:
    """What to do, as a sentence; the page where it is done with the words of its button, both empty if there is none."""

    sentence: str
    url: str = ""
    button: str = ""


def find_next_act(person: User, step: str) -> Act:
    """Return the act for this step, which the person has not reached. At most twelve queries."""
    return FINDERS[step](person)


def study(person: User) -> Act | None:
    """Return the next lesson; None when all lessons of all courses are done."""
    mine = list_course_progress(person)
    if not mine:
        return Act(_("报一门课，学完第一课。"), reverse("courses:catalogue"), _("去选课"))
    current = choose_current(mine, get_language())
    if current is None or current.next is None:
        return None
    left = current.total - current.done
    facts = {"n": left, "lesson": current.next.title}
    sentence = (
        ngettext(
            "还差 %(n)s 课没学完，接着学“%(lesson)s”。", "还差 %(n)s 课没学完，接着学“%(lesson)s”。", left
        )
        if current.done
        else _("学完“%(lesson)s”。")
    )
    return Act(sentence % facts, reverse("progress:lesson", args=[current.next.pk]), _("去学"))


def find_graduation(person: User) -> Act:
    """Return the first thing that the certificate still misses, in the course that the person learns."""
    mine = list_course_progress(person)
    if not mine:
        return Act(_("报一门课，学完第一课。"), reverse("courses:catalogue"), _("去选课"))
    one = choose_current(mine, get_language()) or mine[0]
    rule = find_rule(one.course)
    if rule is None:
        return study(person) or Act(_("这门课还没定发证条件，问问带班的老师。"))
    gaps = load_standings(one.course, {person.pk: person.name}, rule)[person.pk].gaps
    return fill_gap(person, one, gaps[0]) if gaps else wait_for_certificate(one)


def fill_gap(person: User, one: CourseProgress, gap: Gap) -> Act:
    if gap.kind == GapKind.LESSON and gap.first:
        return study(person) or Act(gap.words, reverse("progress:lesson", args=[gap.first]), _("去学"))
    if gap.kind == GapKind.QUIZ and gap.first:
        title = Quiz.objects.only("title").get(pk=gap.first).title
        return Act(
            _("考过“%(quiz)s”。") % {"quiz": title}, reverse("progress:quiz", args=[gap.first]), _("去考")
        )
    if gap.kind == GapKind.THEORY and (quiz := find_quiz(one.course)):
        return Act(_("%(what)s。") % {"what": gap.words}, reverse("progress:quiz", args=[quiz.pk]), _("去考"))
    if gap.kind == GapKind.PRACTICAL:
        return Act(_("%(what)s。") % {"what": gap.words}, reverse("programme:my_exams"), _("看考试"))
    if gap.kind == GapKind.REHEARSAL:
        return rehearse(person)
    if gap.kind == GapKind.TASK and gap.first:
        url = reverse("rehearsals:task", args=[gap.first])
        return Act(_("%(what)s。") % {"what": gap.words}, url, _("去做任务"))
    if gap.kind == GapKind.HOURS and one.enrolment.cohort_id:
        url = reverse("programme:my_class", args=[one.enrolment.cohort_id])
        return Act(_("%(what)s。") % {"what": gap.words}, url, _("看培训课"))
    url = reverse("accounts:name") if gap.kind == GapKind.NAME else ""
    return Act(_("%(what)s。") % {"what": gap.words}, url, _("改姓名") if url else "")


def wait_for_certificate(one: CourseProgress) -> Act:
    if one.enrolment.cohort_id:
        return Act(_("发证的条件都够了，等老师发证。"))
    return Act(_("发证的条件都够了，进个班，老师才能发证。"), reverse("progress:join"), _("去进班"))


def rehearse(person: User) -> Act:
    url = reverse("rehearsals:practise")
    if Submission.objects.queued().filter(user=person).exists():
        return Act(_("彩排交上去了，等老师点评。"), url, _("看彩排"))
    return Act(_("录一遍彩排交给老师，过关就行。"), url, _("去练"))


def go_live(person: User) -> Act:
    """Return the rehearsal that is missing, else the first real live session to plan or to prepare."""
    if not evidence.find_passed_rehearsals([person.pk]):
        return rehearse(person)
    planned = Livestream.objects.not_removed().filter(
        host=person, kind=Livestream.Kind.REAL, started_at__isnull=True
    )
    if plan := planned.order_by("starts_at").first():
        facts = {"title": plan.title, "day": day(plan.starts_at)}
        sentence = _("%(day)s开播“%(title)s”，先把开播前核对做完。") % facts
        return Act(sentence, plan.get_absolute_url(), _("去准备"))
    if not Shop.objects.of(person).exists():
        return Act(_("先开一家小店，才能真直播。"), reverse("shops:mine"), _("去开店"))
    minutes = StepRules.load().find(timezone.localdate()).live_minutes
    sentence = ngettext("安排第一场真直播，播满 %(n)s 分钟。", "安排第一场真直播，播满 %(n)s 分钟。", minutes)
    return Act(sentence % {"n": minutes}, reverse("live:new_plan"), _("去安排"))


def sell(person: User) -> Act:
    mine = Order.objects.filter(shop__owner=person)
    for statuses, sentence in (
        ((Order.Status.REQUESTED,), _("有订单等你接。")),
        ((Order.Status.PAID, Order.Status.PACKED), _("有订单等你发货，买家收到就成交了。")),
        ((Order.Status.SHIPPED,), _("货在路上，买家收到就成交了。")),
    ):
        if mine.filter(status__in=statuses).exists():
            return Act(sentence, reverse("shops:my_orders"), _("看订单"))
    if live := find_settling(person):
        return live
    if not Product.objects.filter(shop__owner=person, status=Product.Status.PUBLISHED).exists():
        return Act(_("上架第一款货。"), reverse("shops:mine"), _("去小店"))
    return Act(_("把小店发给熟人看，卖出第一单。"), reverse("shops:mine"), _("去小店"))


def find_settling(person: User) -> Act | None:
    """Return the newest live session whose sales are not settled yet."""
    now = timezone.now()
    sold = evidence.find_sold([person.pk])
    lives = Livestream.objects.filter(pk__in=sold, ended_at__isnull=False).order_by("-ended_at")
    if (live := lives.first()) is None or live.ended_at is None:
        return None
    rule = StepRules.load().find(timezone.localdate(live.ended_at))
    due = live.ended_at + datetime.timedelta(days=rule.settle_days)
    if due <= now:
        return None
    sentence = _("“%(title)s”卖的货，到%(day)s没退完就成交了。") % {"title": live.title, "day": day(due)}
    return Act(sentence, reverse("live:sales", args=[live.pk]), _("看这场卖的"))


def earn(person: User) -> Act:
    if not Shop.objects.filter(owner=person).exists():
        return Act(_("先开一家小店，卖货记账。"), reverse("shops:mine"), _("去开店"))
    first = reports.find_month(timezone.localdate())
    target = StepRules.load().find(first).target_fen
    months = reports.list_incomes([person.pk]).get(person.pk, [])
    net = next((month.net for month in months if month.first == first), 0)
    url = reverse("shops:ledger")
    if net >= target:
        return Act(_("这个月净收入够了，月底结清就到。"), url, _("看账"))
    facts = {"net": yuan(net), "target": yuan(target), "left": yuan(target - net)}
    sentence = _("这个月净收入 ¥%(net)s，到 ¥%(target)s 还差 ¥%(left)s。") % facts
    return Act(sentence, url, _("看账"))


def teach(person: User) -> Act:
    asked = MentorInvitation.objects.filter(person=person, status=MentorInvitation.Status.ASKED)
    if asked.exists():
        return Act(_("有人请你带教，去答复。"), reverse("programme:mentoring"), _("去看看"))
    n = Teaching.objects.counting().filter(teacher=person).count()
    if n == 0:
        return Act(
            _("结了业，跟老师说一声，请你带几个村里人学。"), reverse("programme:mentoring"), _("看怎么带")
        )
    sentence = ngettext("你带着 %(n)s 个人，帮他们卖出第一单。", "你带着 %(n)s 个人，帮他们卖出第一单。", n)
    return Act(sentence % {"n": n})


def begin_learning(person: User) -> Act:
    return study(person) or Act(_("报一门课，学完第一课。"), reverse("courses:catalogue"), _("去选课"))


FINDERS: dict[str, Callable[[User], Act]] = {
    Name.LEARNER: begin_learning,
    Name.GRADUATE: find_graduation,
    Name.STREAMER: go_live,
    Name.SELLER: sell,
    Name.EARNER: earn,
    Name.MENTOR: teach,
}
