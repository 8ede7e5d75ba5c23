"""The row of a class's page that leads to its certificates."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import ngettext_lazy, pgettext_lazy

from programme.models import Certificate
from progress.classes.panels import Panel, register_panel


def find_issued(cohort: int, *_now: object) -> QuerySet[Certificate]:
    return Certificate.objects.valid().filter(cohort=cohort)


register_panel(
    Panel(
        icon="medal",
        page="programme:class_certificates",
        title=pgettext_lazy("many", "结业证书"),
        words=ngettext_lazy("发了 %(n)s 张", "发了 %(n)s 张", "n"),
        find=find_issued,
        turn=3,
    )
)
