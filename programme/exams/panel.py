"""The row of a class's page that leads to its examinations, and the one of a person's own page that leads to theirs."""

from __future__ import annotations

from django.db.models import Exists
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people import panels as own_panels
from programme.models import ExamScore, ExamSeat
from progress.classes.panels import Panel, register_panel

register_panel(
    Panel(
        icon="check",
        page="programme:class_exams",
        title=_("摸底、结业考试"),
        words=_("谁能跳过哪个单元，理论考得怎样，排实操"),
        turn=3,
    )
)


@own_panels.register_panel
def build_panel(user: User) -> own_panels.Panel | None:
    """Show the way to the own examinations to who has a turn or a result, or is an examiner; to nobody else. One query."""
    scores = ExamScore.objects.filter(examiner=user, seat__withdrawn_at__isnull=True)
    found = User.objects.filter(pk=user.pk).values_list(
        Exists(ExamSeat.objects.filter(user=user)), Exists(scores), Exists(scores.filter(signed_at=None))
    )
    is_examinee, is_examiner, is_asked = found.get()
    if not is_examinee and not (is_examiner and user.works_in_the_admin):
        return None
    facts = {"is_examinee": is_examinee, "is_asked": is_asked}
    return own_panels.Panel("programme/exams/_mine.html", facts)
