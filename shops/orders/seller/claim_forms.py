"""Form with which a seller answers a damage claim: refund, send again, both, or refuse with a reason."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shops.forms import KeyForm
from shops.models import Claim, Product
from ui import formats
from ui.fields import CleanCharField, CountField, YuanField
from ui.forms import set_error_messages

REFUND, RESEND, BOTH, REFUSE = "refund", "resend", "both", "refuse"


class AnswerForm(KeyForm):
    marks_required = False

    way = forms.ChoiceField(
        label=_("怎么办"),
        choices=[
            (REFUND, _("退一部分钱")),
            (RESEND, _("补发")),
            (BOTH, _("又退钱又补发")),
            (REFUSE, _("不同意，说明原因")),
        ],
        initial=REFUND,
        widget=forms.RadioSelect,
    )
    refund_fen = YuanField(label=_("退多少钱"), required=False, most=10**12)
    answer = CleanCharField(
        label=_("对买家说"), lines=True, max_length=300, required=False, help_text=_("买家会看到这些话。")
    )

    def __init__(self, *args, claim: Claim, **kwargs) -> None:
        self.claim, self.order = claim, claim.order
        super().__init__(*args, **kwargs)
        self.lines = {f"line-{line.pk}": line for line in self.order.lines.all()}
        for name, line in self.lines.items():
            field = CountField(label=line.name, most=line.quantity, required=False)
            field.unit = Product.Unit(line.unit).after(2)
            set_error_messages(field)
            self.fields[name] = field
        self.order_fields([*[name for name in self.fields if name != "answer"], "answer"])

    @property
    def left_fen(self) -> int:
        return self.order.total_fen - self.order.refunded_fen

    @property
    def line_fields(self) -> list:
        return [self[name] for name in self.lines]

    @property
    def units(self) -> dict:
        """Return how many units of each line are sent again."""
        if self.cleaned_data["way"] not in (RESEND, BOTH):
            return {}
        counts = {line: self.cleaned_data.get(name) or 0 for name, line in self.lines.items()}
        return {line: count for line, count in counts.items() if count}

    @property
    def fen(self) -> int:
        wanted = self.cleaned_data["way"] in (REFUND, BOTH)
        return (self.cleaned_data.get("refund_fen") or 0) if wanted else 0

    def clean(self) -> dict:
        facts = super().clean()
        way = facts.get("way")
        if way in (REFUND, BOTH) and "refund_fen" not in self.errors:
            self.clean_refund(facts.get("refund_fen"))
        if way in (RESEND, BOTH) and not self.units and not set(self.lines) & set(self.errors):
            self.add_error(next(iter(self.lines)), _("写上补发几份"))
        if way == REFUSE and len(facts.get("answer") or "") < 4 and "answer" not in self.errors:
            self.add_error("answer", _("写清楚为什么不同意，买家才好明白"))
        return facts

    def clean_refund(self, fen: int | None) -> None:
        if not fen:
            self.add_error("refund_fen", _("写上退多少钱"))
        elif fen > self.left_fen:
            params = {"fen": formats.yuan(self.left_fen)}
            self.add_error("refund_fen", _("最多还能退 ¥%(fen)s") % params)
