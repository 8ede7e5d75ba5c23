"""Show the organiser of a county what is set on the site, what is missing, and where each is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.models import Membership, Place, User
from accounts.requests import SignedInRequest
from accounts.second_factor import staff_page
from config.http.hosts import are_private
from config.models import CopyRun
from courses.models import Cohort, Course
from shops.models import Category, Village

Role, Kind = Membership.Role, Place.Kind


@dataclass(frozen=True)
class Step:
    """One thing that a county's site needs: what there is, or what it is for; `url` leads to where it is done, `setting` names
    what the person who installed the site sets.
    """

    title: str
    sentence: str
    is_done: bool
    url: str = ""
    setting: str = ""


@login_required_keeping_post
@staff_page
@require_safe
def first_hour(request: SignedInRequest) -> HttpResponse:
    if not request.user.runs_a_county:
        raise Http404
    steps, settings_ = list(list_steps(request.user)), list(list_settings(request.user))
    done = sum(step.is_done for step in [*steps, *settings_])
    groups = [(_("你来办"), steps), (_("装网站的人来设"), settings_)]
    context = {
        "groups": groups,
        "done": done,
        "all": len(steps) + len(settings_),
        "lacks_settings": not all(step.is_done for step in settings_),
    }
    return render(request, "config/first_hour.html", context)


def list_steps(user: User) -> Iterator[Step]:
    """Yield what is done on the site itself, within this person's places; 8 queries."""
    held = Place.objects.held_by(user, Role.ORGANISER)
    kinds = list(held.values_list("kind", flat=True))
    towns, villages = kinds.count(Kind.TOWNSHIP), kinds.count(Kind.VILLAGE)
    yield Step(
        _("乡镇和村"),
        _("有 %(towns)s 个乡镇、%(villages)s 个村") % {"towns": towns, "villages": villages}
        if villages
        else _("注册的人要选自己的村，没有村就选不了"),
        villages > 0,
        reverse("admin:accounts_place_changelist"),
    )
    n = Category.objects.count()
    yield Step(
        _("商品种类"),
        _("有 %(n)s 种") % {"n": n} if n else _("没有种类，卖家上不了架"),
        n > 0,
        reverse("admin:shops_category_changelist"),
    )
    n = Course.objects.published().filter(place__in=held).count()
    yield Step(
        _("课程"),
        _("发布了 %(n)s 门") % {"n": n} if n else _("还没有发布的课"),
        n > 0,
        reverse("admin:courses_course_changelist"),
    )
    n = (
        Membership.objects.granted()
        .filter(role=Role.TRAINER, place__in=held)
        .values("user")
        .distinct()
        .count()
    )
    yield Step(
        _("培训老师"),
        _("有 %(n)s 位") % {"n": n} if n else _("老师的身份只由系统管理员给：先请老师注册，再给身份"),
        n > 0,
        reverse("admin:accounts_membership_changelist"),
    )
    n = Cohort.objects.filter(place__in=held).count()
    yield Step(
        _("第一个班"),
        _("开了 %(n)s 个班") % {"n": n} if n else _("开了班才有进班码，学员凭码注册，不用等人同意"),
        n > 0,
        reverse("admin:courses_cohort_changelist"),
    )
    n = Village.objects.filter(place__in=held).exclude(story="").count()
    yield Step(
        pgettext("many", "村页面"),
        _("写了 %(n)s 个村") % {"n": n} if n else _("买家从村里的故事认识这里的货"),
        n > 0,
        reverse("admin:shops_village_changelist"),
    )


def list_settings(user: User) -> Iterator[Step]:
    """Yield what stands in the settings; up to two queries. The page of the copies is for those who run the whole site."""
    yield Step(
        _("谁负责个人信息"),
        f"{settings.OPERATOR_NAME} {settings.OPERATOR_CONTACT}"
        if settings.OPERATOR_NAME and settings.OPERATOR_CONTACT
        else _("隐私说明里要写明负责的单位和联系方式（个人信息保护法第十七条）"),
        bool(settings.OPERATOR_NAME and settings.OPERATOR_CONTACT),
        reverse("privacy"),
        "OPERATOR_NAME, OPERATOR_CONTACT",
    )
    yield Step(
        _("加密的网址（https）"),
        _("开着") if settings.HTTPS else _("没开：密码不加密，手机打不开摄像头，也存不了课"),
        settings.HTTPS,
        setting="HTTPS",
    )
    is_private = are_private(settings.ALLOWED_HOSTS)
    lack = (
        _("只在自己的网里用，不上互联网，不用备案")
        if is_private
        else _("网站放到互联网上，要先备案，备案号写在页脚")
    )
    yield Step(
        _("网站备案号"),
        settings.BEIAN_ICP or lack,
        bool(settings.BEIAN_ICP) or is_private,
        setting="BEIAN_ICP, BEIAN_PSB",
    )
    has_gateway = settings.SMS_SENDER != "none"
    yield Step(
        _("短信通知和验证码"),
        _("接好了") if has_gateway else _("没接：忘了密码要找人给，订单的消息只在网页上看"),
        has_gateway,
        setting="SMS_SENDER",
    )
    is_copied = CopyRun.last_good() is not None
    # Of several computers one makes the copies, and the others have no BACKUP_DIR.
    is_planned = bool(settings.BACKUP_DIR) or CopyRun.last_good(is_planned=True) is not None
    lack = _("手动备份过，还没设每天自动备份") if is_copied else _("还没备份过：电脑坏了，什么都找不回来")
    yield Step(
        _("每天备份"),
        _("备份过了") if is_copied and is_planned else lack,
        is_copied and is_planned,
        reverse("condition") if user.runs_the_site else "",
        "BACKUP_DIR, BACKUP_KEY_FILE",
    )
