"""Pages of the sheet on paper: printing it, and reading it back from a photo, each line for a yes."""

from __future__ import annotations

import base64
import io
import uuid

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from PIL import Image

from accounts import limits
from accounts.decorators import get_posted_or_kept
from accounts.models import User
from accounts.requests import SignedInRequest
from media.documents.services import hash_document, read_picture
from media.models import Document
from outbox.descriptions import describe_reason
from programme.attendance import paper
from programme.attendance.marks import Fact, NotTaken, find_refusal, record_marks
from programme.attendance.roll import load_roll
from programme.attendance.views import describe, of_session, session_url
from programme.exceptions import PdfNotMade
from programme.models import Attendance, AttendanceSheet, How, Mark, TrainingSession
from ui.formats import day
from ui.forms import FarmForm
from ui.responses.downloads import send_download

SALT = "programme.attendance.sheet"
A_DAY = 24 * 60 * 60
MARKS = [mark for mark in Mark if mark != Mark.OPEN]
UNREADABLE = {
    "no_code": gettext_lazy("没认出四个角上的方块码。整张表都拍进去，别用手挡着角，光亮一点，再拍一张。"),
    "one_code": gettext_lazy("只认出一个角。整张表都拍进去，从正上方拍，再来一张。"),
    "two_sheets": gettext_lazy("拍到了两张表。一张一张拍。"),
    "other_session": gettext_lazy(
        "这张不是这次课的签到表。要是手写的、或者从网页直接印的，点“照纸质表补录”。"
    ),
}


class SheetPhotoForm(FarmForm):
    photo = forms.FileField(
        label=gettext_lazy("签到表的照片"),
        help_text=gettext_lazy("从正上方拍，四个角的方块码都要在里面。一次一张。"),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        error_messages={
            "required": gettext_lazy("先拍一张，或者选一张。"),
            "empty": gettext_lazy("这个文件是空的，重新选一次"),
        },
    )


@of_session
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: SignedInRequest, session: TrainingSession) -> HttpResponseBase:
    """Show the sheet; POST prints one whose photo can be read back: it is kept who stands on which line."""
    if request.method != "POST":
        roll = load_roll(session)
        first = len(roll.rows) + 1
        context = describe(session) | {
            "roll": roll,
            "marks": MARKS,
            "empty": range(first, first + paper.EMPTY_LINES),
        }
        return render(request, "programme/attendance/sheet_print.html", context)
    if not limits.allows(request, "sheet_pdf"):
        messages.error(request, _("印得太勤了，过几分钟再印。"))
        return redirect("programme:sheet", session.cohort_id, session.pk)
    made = paper.make_sheet(session, request.user)
    try:
        content = paper.typeset_sheet(made, write_words(session), {mark: str(mark.label) for mark in MARKS})
    except PdfNotMade:
        made.delete()
        messages.error(request, _("PDF 没做成，过一会儿再试。还不行就告诉管理员。"))
        return redirect("programme:sheet", session.cohort_id, session.pk)
    name = f"{session.cohort.name} {session.topic}.pdf"
    return send_download(lambda file: file.write(content), name, "application/pdf")


def write_words(session: TrainingSession) -> dict[str, str]:
    begins = timezone.localtime(session.starts_at)
    facts = [session.topic, f"{day(begins.date())} {begins:%H:%M}", session.place]
    if session.trainer:
        facts.append(f"{_('老师')} {session.trainer.name}")
    return {
        "title": f"{session.cohort.name} · {_('签到表')}",
        "facts": " · ".join(facts),
        "hint": _("到了签个名就算，迟到、缺勤、请假在格子里打勾。名单里没有的人写在空行里，写上手机号。"),
        "signature": _("老师签名：＿＿＿＿＿＿＿＿"),
        "number": pgettext("row", "号"),
        "name": _("姓名"),
        "sign": _("本人签名"),
        "page": _("第 {page} 张，共 {pages} 张"),
        "code_alt": _("签到表的方块码"),
        "lang": (get_language() or "zh")[:2],
    }


@of_session
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_read(request: SignedInRequest, session: TrainingSession) -> HttpResponse:
    """Take a photo of one page, show what was read line by line, and record what a person has said yes to.

    The photo is not stored. The second form carries a signed token of the sheet and its page.
    """
    if refusal := find_refusal(session):
        messages.error(request, describe_reason(refusal))
        return redirect(session_url(session))
    kept = get_posted_or_kept(request)
    if kept is not None and "token" in kept:
        if request.method == "POST":
            return record(request, session)
        if page := read_kept(request, session, kept):
            return show(request, session, page, str(kept["token"]))
    form = SheetPhotoForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        try:
            page = read(request, session, form.cleaned_data["photo"])
        except forms.ValidationError as refused:
            form.add_error("photo", refused)
        except paper.UnreadableSheet as unreadable:
            form.add_error("photo", UNREADABLE[unreadable.reason])
        else:
            return show(request, session, page)
    context = describe(session) | {"form": form}
    status = 422 if form.is_bound else 200
    return render(request, "programme/attendance/sheet_photo.html", context, status=status)


def read(request: SignedInRequest, session: TrainingSession, photo: UploadedFile) -> paper.ReadPage:
    """Redraw the photo in the sandbox, then read it. Raises ValidationError and UnreadableSheet."""
    hash_document(photo)  # refuses a file that is too large
    redrawn = read_picture(photo, Document(), f"user {request.user.pk}")
    with Image.open(io.BytesIO(redrawn)) as picture:
        return paper.read_photo(picture, session)


def read_kept(request: SignedInRequest, session: TrainingSession, kept: QueryDict) -> paper.ReadPage | None:
    """Return the page as somebody had marked it when their session ended, without pictures; None for a token that is over."""
    found = open_token(request, session, str(kept["token"]))
    if found is None:
        return None
    sheet, page, _made = found
    first = (page - 1) * paper.ROWS
    lines = []
    for number, pk in enumerate(paper.list_people(sheet)[first : first + paper.ROWS], first + 1):
        mark = kept.get(f"mark-{pk}", "")
        lines.append(paper.Line(number, pk, mark if mark in MARKS else "", False, b""))
    return paper.ReadPage(sheet, page, paper.count_pages(sheet), lines)


def show(
    request: SignedInRequest, session: TrainingSession, page: paper.ReadPage, token: str = ""
) -> HttpResponse:
    people = [line.user for line in page.lines if line.user]
    names = dict(User.objects.filter(pk__in=people).values_list("pk", "name"))
    # Of two lines of one person (accounts merged since it was printed) that with a mark is shown.
    marked = {line.user for line in page.lines if line.mark}
    seen: set[int | None] = set()
    lines = []
    for line in page.lines:
        if line.user is None or (line.user not in seen and (line.mark or line.user not in marked)):
            lines.append(line)
            seen.add(line.user)
    rows = [(line, names.get(line.user or 0, ""), draw(line)) for line in lines]
    facts = [request.user.pk, session.pk, page.sheet.key, page.page, uuid.uuid4().hex]
    context = describe(session) | {
        "rows": [row for row in rows if row[0].user],
        "written": [row for row in rows if not row[0].user and row[0].is_unclear],
        "unclear": sum(1 for line in page.lines if line.user and line.is_unclear),
        "page": page,
        "marks": MARKS,
        "token": token or signing.dumps(facts, salt=SALT),
    }
    return render(request, "programme/attendance/sheet_confirm.html", context)


def draw(line: paper.Line) -> str:
    if not line.picture:
        return ""
    return f"data:image/webp;base64,{base64.b64encode(line.picture).decode()}"


def open_token(
    request: SignedInRequest, session: TrainingSession, token: str
) -> tuple[AttendanceSheet, int, uuid.UUID] | None:
    """Return the sheet, its page and the key of the form; None for a token that is over, or of somebody else."""
    try:
        user, of, key, page, made = signing.loads(token, salt=SALT, max_age=A_DAY)
    except signing.BadSignature:
        return None
    if (user, of) != (request.user.pk, session.pk):
        return None
    sheet = AttendanceSheet.objects.filter(key=key, session=session).first()
    return (sheet, page, uuid.UUID(made)) if sheet else None


def record(request: SignedInRequest, session: TrainingSession) -> HttpResponse:
    """Record the marks of the people on that page of that sheet; sent twice it counts once, a changed mark is another fact."""
    again = redirect("programme:sheet_read", session.cohort_id, session.pk)
    opened = open_token(request, session, request.POST["token"])
    if opened is None:
        messages.error(request, _("放太久了，重新拍一张。"))
        return again
    found, page, made = opened
    people = paper.list_people(found)[(page - 1) * paper.ROWS : page * paper.ROWS]
    chosen = {pk: request.POST.get(f"mark-{pk}") for pk in people}
    now = timezone.now()
    held = dict(
        Attendance.objects.filter(session=session, user__in=people).order_by().values_list("user", "mark")
    )
    # What is marked so already is no new fact; the fact's id names what it changes, so that A, B, A are three.
    facts = [
        Fact(pk, mark, How.PAPER, now, uuid.uuid5(made, f"{pk} {held.get(pk, '')} {mark}"))
        for pk, mark in chosen.items()
        if mark in MARKS and mark != held.get(pk)
    ]
    same = sum(1 for pk, mark in chosen.items() if mark in MARKS and mark == held.get(pk))
    try:
        reasons = record_marks(session, facts, request.user)
    except NotTaken as refused:
        messages.error(request, describe_reason(refused.reason))
        return redirect(session_url(session))
    count = same + sum(1 for reason in reasons.values() if not reason)
    messages.success(request, ngettext("记了 %(n)s 个人。", "记了 %(n)s 个人。", count) % {"n": count})
    if left := len(people) - count:
        words = ngettext("有 %(n)s 个人没记，回头补。", "有 %(n)s 个人没记，回头补。", left) % {"n": left}
        messages.info(request, words)
    return again if page < paper.count_pages(found) else redirect(session_url(session))
