"""Register what waits for people about roles: answers to their own requests, and requests that they decide about."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.audit import AuditVerb
from accounts.models import Membership, User
from accounts.notifications import sms
from accounts.worklist.items import DAY, Urgency, WorkItem, exclude_read, register_work
from ui.pages import build_page_url

Status, Role = Membership.Status, Membership.Role
DECISIONS_ARE_NEWS = 30 * DAY
MOST_DECISIONS = 50
NEWS = "role"


@register_work()
def decisions(user: User) -> Iterator[WorkItem]:
    """Yield answers to the person's own requests; a class's code needs no answer. One query."""
    answered = user.memberships.filter(
        status__in=(Status.GRANTED, Status.DECLINED),
        decided_by__isnull=False,
        decided_at__gt=timezone.now() - DECISIONS_ARE_NEWS,
    )
    unseen = exclude_read(answered.exclude(decided_by=user), user, NEWS, "decided_at")
    for membership in unseen.select_related("place").order_by("-decided_at")[:MOST_DECISIONS]:
        facts = {"role": membership.get_role_display(), "place": membership.place}
        is_yes = membership.status == Status.GRANTED
        sentence = _("你现在是%(place)s的%(role)s了") if is_yes else _("做%(place)s的%(role)s，没同意")
        yield WorkItem(
            kind="role_granted" if is_yes else "role_declined",
            count=1,
            sentence=sentence % facts,
            note="" if is_yes else membership.note,
            url=build_page_url(PAGES[membership.role])
            if is_yes and membership.role in PAGES
            else reverse("accounts:roles"),
            icon="check" if is_yes else "info",
            tab="me",
            urgency=Urgency.NEWS,
            since=membership.decided_at,
            news=(NEWS, membership.pk),
            notice=f"{AuditVerb.MEMBERSHIP_GRANTED if is_yes else AuditVerb.MEMBERSHIP_DECLINED}-{membership.pk}",
        )


# The page where a new role begins.
PAGES: dict[str, str] = {
    Role.SELLER: "accounts.sell",
    Role.TRAINER: "accounts.teach",
    Role.TRAINEE: "accounts.learn",
}


@register_work(in_admin=True)
def requests(user: User) -> Iterator[WorkItem]:
    """Yield requests in the organiser's places, never their own. One query, none for other people."""
    if not user.is_superuser and not user.places_with_role(Role.ORGANISER):
        return
    asked = Membership.objects.manageable_by(user).asked().exclude(user=user)
    n, since = asked.order_by().aggregate(n=Count("pk"), since=Min("asked_at")).values()
    yield WorkItem(
        kind="role_request",
        count=n,
        sentence=ngettext("%(n)s 个身份申请等同意", "%(n)s 个身份申请等同意", n) % {"n": n},
        url=reverse("accounts:requests"),
        admin_url=f"{reverse('admin:accounts_membership_changelist')}?status={Status.ASKED}",
        icon="users",
        tab="me",
        since=since,
    )


@register_work(in_admin=True)
def sms_budget(user: User) -> Iterator[WorkItem]:
    """Warn organisers when the day's messages, or those that may be codes, are running out. Two queries.

    None without a gateway, or for other people.
    """
    if settings.SMS_SENDER == "none" or not (user.is_superuser or user.places_with_role(Role.ORGANISER)):
        return
    most, sent = settings.SMS_SITE_A_DAY, sms.count_sent_today()
    over = _("今天的 %(most)s 条短信发完了，验证码明天才发得出去")
    low = _("今天的短信只剩 %(left)s 条，一天一共 %(most)s 条")
    if not sms.is_running_out(sent, most):
        most, sent = sms.calculate_codes_a_day(), sms.count_codes_today()
        over = _("今天能发的 %(most)s 条验证码发完了，明天才发得出去；订单通知照发")
        low = _("今天的验证码只剩 %(left)s 条，一天最多 %(most)s 条")
    if not sms.is_running_out(sent, most):
        return
    facts = {"most": most, "left": most - sent}
    url = reverse("admin:accounts_notice_changelist")
    yield WorkItem(
        kind="sms_budget",
        count=1,
        sentence=(low if sent < most else over) % facts,
        note=_("不该有这么多，就看看是不是有人乱要验证码"),
        url=url,
        admin_url=url,
        icon="phone",
        tab="me",
        urgency=Urgency.SOMEBODY,
    )
