"""Tell those who organise training for hosts what the law asks of them, article by article; no more than was read.

Read were unofficial copies (READ_ON); of the articles 38 and 42 no summary was made. Not legal advice. With LAW=own the page
shows what the county has written of its own law (duties.md in PREPARATION_DIR), and says so where it has not.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import login_required_keeping_post
from accounts.requests import SignedInRequest
from courses.import_export.document import UnreadableFile
from courses.import_export.own_law import is_own_law
from courses.preparation.files import read_page
from courses.rendering import render_markdown

READ_ON = datetime.date(2026, 11, 24)


@dataclass(frozen=True)
class Duty:
    """What is to be done, the article that asks it, and what the site does of it or leaves to paper."""

    title: str
    source: str
    sentence: str
    here: str = ""


@login_required_keeping_post
@require_safe
def training_duties(request: SignedInRequest) -> HttpResponse:
    if not request.user.works_in_the_admin:
        raise Http404
    if is_own_law():
        return render(request, "config/training_duties_own.html", {"page": find_own_page()})
    groups = [
        (_("带主播的机构要做的"), list(list_agency_duties())),
        (_("另外几条，也管办班的"), list(list_other_duties())),
    ]
    context = {"groups": groups, "papers": list(list_papers()), "read_on": READ_ON}
    return render(request, "config/training_duties.html", context)


def find_own_page() -> dict[str, Any] | None:
    """Return title, language and HTML of the county's own text, or what is wrong with it; None if it has written none."""
    try:
        page = read_page("duties")
    except FileNotFoundError:
        return None
    except UnreadableFile as error:
        return {"problems": error.reasons}
    html = render_markdown(page.content["body"], {})
    return {"title": page.content["title"], "language": page.language, "html": html}


def list_agency_duties() -> Iterator[Duty]:
    """Yield what 直播电商监督管理办法 asks of 直播营销人员服务机构."""
    yield Duty(
        _("核对主播是谁"),
        _("第三十九条"),
        _("真名、身份证号、经常住的地址、联系方式、做什么岗位，都要核对。"),
        _("网站不收身份证号：号码和住址写在纸上的登记表里，锁好；名字、手机号和村在“等同意的人”里核对。"),
    )
    yield Duty(
        _("跟主播签书面协议"),
        _("第四十条"),
        _("先签书面协议，再培训、再带播。协议怎么写，问法制员。"),
        _("网站上不签：签在纸上，原件归档。"),
    )
    yield Duty(
        _("教，也要提醒"),
        _("第四十一条"),
        _("要给主播做培训，平时也要提醒。"),
        _("法律课、开播前的考试、班级通知和点评，网站上都有记录。"),
    )
    yield Duty(
        _("跟直播间签合同"),
        _("第四十三条"),
        _("跟直播间的运营者要有合同。"),
    )
    yield Duty(_("不帮着造假"), _("第四十四条"), _("不许帮人刷单、编成交、编评价。"))
    yield Duty(
        _("帮着选品，就要核对卖家"),
        _("第四十五条"),
        _("替主播挑货的，要核对卖家是谁；记录从播完那天起留三年。"),
        _("卖家的名片、证书在后台核对，谁核的、哪天核的，“操作记录”里都有。"),
    )
    yield Duty(
        _("做不到会怎样"),
        _("第六十三、六十四条"),
        _("机构没做到，罚一万到十万元。主播替单位干活时做的事，由单位担责。"),
    )
    yield Duty(
        _("平台的培训代替不了"),
        _("第十条"),
        _("平台自己要给主播培训：第一次开播前一次，以后每年一次。县里的班教得再好，平台那一场还是要去。"),
    )


def list_other_duties() -> Iterator[Duty]:
    yield Duty(
        _("招生的话"),
        _("广告法第二十四条、第五十八条"),
        _("培训广告不许保证学会、保证挣多少，也不许拿学员、专家、协会来推荐，罚十万到二十万元。")
        + _("不收钱的公益班算不算商业广告，没有定论，先问市场监管局。"),
    )
    yield Duty(
        _("机关不荐食品"),
        _("食品安全法第七十三条、第一百四十条"),
        _("监管部门和别的有关部门不许推荐食品。班上、店里不写“县里推荐”“官方推荐”。"),
    )
    yield Duty(
        _("年纪"),
        _("未成年人保护法第七十六条"),
        _("不满 16 岁不能开播；16、17 岁的，核对身份，还要监护人同意。"),
    )
    yield Duty(
        _("名字、样子、收入"),
        _("个人信息保护法第二十五条、民法典第一千零一十八条到第一千零二十三条"),
        _("要公开学员的名字、样子、声音、收入，先让本人单独同意；他收回同意，就撤下来。"),
    )


def list_papers() -> Iterator[str]:
    yield _("学员登记表：真名、身份证号、住址、电话、岗位，谁核对的、哪天核对的")
    yield _("跟主播的协议，跟直播间的合同")
    yield _("哪天上了什么课、谁来了、考得怎样、提醒过什么")
    yield _("帮着选品的：货名、卖家、核对了什么证，哪一场播的")
    yield _("同意书：出镜的、公开故事的，16、17 岁的还有监护人的")
