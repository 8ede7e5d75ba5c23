"""The form that takes the evidence for one claim of a listing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.documents.forms import DocumentField
from media.documents.services import UNUSED_AFTER
from shops.models import Proof
from shops.texts.text_check import Found
from ui.fields import CleanCharField, DayField
from ui.forms import MISSING, FarmForm

# The form's field for each fact that a rule wants (wording.checker.Finding.proof).
SHOWN = {"source": "source", "date": "dated", "report_no": "report_no", "file": "file"}


class ProofForm(FarmForm):
    """Take the evidence for one claim of the listing form, under its own prefix; `typed` holds a draft's values.

    If the rule wants no facts (`found.wants`), only the tick is asked.
    """

    marks_required = False

    source = CleanCharField(
        label=_("出处"),
        max_length=60,
        required=False,
        help_text=_("谁测的、谁说的，比如：县检测站、自家手持糖度计"),
    )
    dated = DayField(label=_("哪天的"), required=False)
    report_no = CleanCharField(label=_("报告编号"), max_length=60, required=False)
    file = DocumentField(label=_("报告照片或 PDF"), required=False)
    asks = forms.BooleanField(label=_("我没有依据，请管理员看"), required=False)

    def __init__(
        self,
        *args,
        found: Found,
        user: User,
        known: Proof | None = None,
        typed: Mapping = MappingProxyType({}),
        **kwargs,
    ) -> None:
        self.found, self.claim = found, found.claim
        initial = {}
        if known:
            initial = {name: getattr(known, name) for name in ("source", "dated", "report_no", "asks")}
            initial["file"] = [known.file] if known.file else []
        super().__init__(*args, prefix=make_prefix(found.claim), initial=initial, **kwargs)
        wanted = {SHOWN[name] for name in found.wants}
        for name in set(SHOWN.values()) - wanted:
            del self.fields[name]
        if found.blocks:
            del self.fields["asks"]  # a blocking finding needs evidence or an appeal
            self.empty_permitted, self.use_required_attribute = True, False
        for name in self.fields.keys() & {"source", "dated", "report_no", "asks"}:
            self.initial[name] = typed.get(self.add_prefix(name), self.initial.get(name))
        if "file" in self.fields:
            file = self.fields["file"]
            file.sent_by(user)
            file.widget.shown = file.known(typed.get(self.add_prefix("file"), []), UNUSED_AFTER)

    def clean(self) -> dict:
        """Require source and date (广告法 §11) or, where the rule wants a report, its number or file."""
        facts = super().clean()
        dated = facts.get("dated")
        if dated and dated > timezone.localdate() and self.found.finding.rule != "C6":
            self.add_error("dated", _("这一天还没到"))
        if facts.get("asks"):
            return facts
        must = [name for name in ("source", "dated") if name in self.fields]
        for name in must:
            if not facts.get(name) and name not in self.errors:
                self.add_error(name, MISSING)
        if not must and not (facts.get("report_no") or facts.get("file")):
            raise ValidationError(_("写报告编号、拍报告，或者勾上“请管理员看”；也可以改掉这句话"))
        return facts

    def proof(self) -> dict:
        """Return the fields of a Proof; the form must be valid."""
        facts = {name: self.cleaned_data.get(name) for name in ("source", "dated", "report_no", "asks")}
        rule, words = self.claim
        plain = {name: facts[name] or "" for name in ("source", "report_no")}
        file = next(iter(self.cleaned_data.get("file") or ()), None)
        given = {"rule": rule, "words": words, "dated": facts["dated"], "asks": bool(facts["asks"])}
        return given | plain | {"file": file}


def make_prefix(claim: tuple[str, str]) -> str:
    return f"proof-{hashlib.sha256('|'.join(claim).encode()).hexdigest()[:10]}"
