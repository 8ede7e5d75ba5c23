"""Forms that show what the text check found, take evidence for it, or appeal against it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.documents.forms import DocumentField
from media.documents.services import UNUSED_AFTER
from shops.models import Product, Proof, Shop
from shops.products.public_words import MOST_SHOWN, describe_rest, shorten_sentences
from shops.texts import text_check
from shops.texts.text_check import Found, TextCheckResult
from ui.fields import CleanCharField, DayField
from ui.forms import MISSING, Farm, FarmForm
from wording import rewrites
from wording.facts import Facts
from wording.rulebook.statements import GAP

# The form's field for each fact that a rule wants (wording.checker.Finding.proof).
SHOWN = {"source": "source", "date": "dated", "report_no": "report_no", "file": "file"}
MOST_GAPS = 3  # gaps of a text that are shown one by one: all say the same
REWRITE = "rewrite:"  # how the name of a button that applies a rewrite begins
# The fields sent with a text to be checked again: facts that make some wordings lawful.
SENT = ("csrfmiddlewaretoken", "field", "seen", "name", "variety", "origin", "unit", "box_grams", "price_fen", "stock",
        "grower")  # fmt: skip
TextChecker = Callable[[str], list[Found]]  # finds what a text of one field hits


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


class AppealForm(FarmForm):
    why = CleanCharField(
        label=_("为什么该让说"),
        lines=True,
        min_length=4,
        max_length=500,
        help_text=_("比如：这是商标名，证号写在这里；这句话是在讲怎么吃。"),
    )


@dataclass(frozen=True)
class Rewrite:
    """One change that a tap makes: `hit`, at position `at` of the text, is replaced by `put`; `shown` is the text after it.

    `before` and `after` are the characters around `hit`, by which a page finds the place again in a text that has changed.
    """

    act: str
    hit: str
    put: str
    at: int
    before: str
    after: str
    shown: str

    @property
    def title(self) -> str:
        if GAP in self.put:
            return gettext("点一下，换成这句，再把空填上")
        return gettext("点一下，换成这句") if self.put else gettext("点一下，删掉它")

    @classmethod
    def of(cls, found: Found, number: int, text: str, change: rewrites.Change) -> Rewrite:
        first, last = rewrites.cut_excerpt(text, change.start, change.end)
        hit = text[change.start : change.end]
        return cls(
            f"{REWRITE}{found.field}:{found.start}:{found.end}:{number}:{digest_change(text, change)}",
            hit,
            change.put,
            change.start,
            text[max(0, change.start - AROUND) : change.start],
            text[change.end : change.end + AROUND],
            first + change.put + last,
        )


AROUND = 6  # characters on each side by which the place of a change is found again


def digest_change(text: str, change: rewrites.Change) -> str:
    """Return a digest of what a change replaces, with what, and between which characters."""
    around = text[max(0, change.start - AROUND) : change.end + AROUND]
    return hashlib.sha256(f"{around}|{change.put}".encode()).hexdigest()[:10]


@dataclass(frozen=True)
class FindingWidget:
    """Show a finding under its field; `before` and `after` are the text around it."""

    found: Found
    before: str
    after: str
    rewrites: tuple[Rewrite, ...] = ()
    proof: ProofForm | None = None

    @property
    def rewritten(self) -> str | None:
        """Return the text after the best change; None if only a person can rewrite it."""
        return self.rewrites[0].shown if self.rewrites else None

    @property
    def act(self) -> str:
        return self.rewrites[0].act if self.rewrites else ""

    @property
    def css(self) -> str:
        """Return its classes: a hint asks for nothing, so the form does not count it as missing."""
        hint = " finding--hint" if self.found.is_hint else ""
        return ("finding--stop" if self.found.blocks else "finding--ask") + hint

    @property
    def moved(self) -> str:
        return str(TextChanged.sentence)

    @property
    def title(self) -> str:
        words = {"words": self.found.finding.words}
        if self.found.finding.rule == rewrites.GAP_RULE:
            return gettext("“%(words)s”还空着") % words
        if self.found.blocks:
            return gettext("“%(words)s”不能用") % words
        if self.found.is_hint:
            return gettext("“%(words)s”可以写得更准") % words
        if not self.found.wants:
            return gettext("“%(words)s”要当心") % words
        return gettext("“%(words)s”要有依据") % words

    @classmethod
    def of(cls, found: Found, text: str, look: TextChecker, proof: ProofForm | None = None) -> FindingWidget:
        """Build the widget of a finding in `text`, with the changes proposed for it, if any."""
        before, after = rewrites.cut_excerpt(text, found.start, found.end)
        changes = rewrites.propose_changes(text, found, look)
        offered = (Rewrite.of(found, number, text, change) for number, change in enumerate(changes))
        return cls(found, before, after, tuple(offered), proof)


@dataclass(frozen=True)
class Slot:
    """Show the findings under one field (`findings`), with the URL that checks it again and what is sent there."""

    name: str
    findings: list[FindingWidget]
    url: str
    papers_url: str = ""
    note: str = ""  # why the text was not checked
    rest: int = 0  # findings that are not shown

    @property
    def seen(self) -> str:
        """Return a digest of the findings shown: unchanged ones are neither rendered nor read aloud again."""
        shown = "|".join(
            f"{one.found.finding.rule}{one.found.finding.words}{[change.act.rpartition(':')[2] for change in one.rewrites]}"
            for one in self.findings
        )
        shown += f"{self.note}{self.rest or ''}"
        return hashlib.sha256(shown.encode()).hexdigest()[:12]

    @property
    def more(self) -> str:
        """Return the sentence that says how many findings are not shown."""
        return describe_rest(self.rest)

    @property
    def said(self) -> str:
        """Return what a screen reader announces."""
        return self.note or describe_findings(self.findings, self.rest)

    @property
    def sent(self) -> str:
        return ",".join(dict.fromkeys((*SENT, self.name)))

    @classmethod
    def of(
        cls,
        name: str,
        findings: list[FindingWidget],
        url: str,
        query: str,
        shop: int | None,
        note: str = "",
        rest: int = 0,
    ) -> Slot:
        papers = f"{reverse('shops:new_paper')}?shop={shop}" if shop else ""
        return cls(name, findings, f"{url}?{query}" if query else url, papers, note, rest)


def describe_length(text: str, most: int) -> str:
    """Return why a text is not checked that is longer than `most`; empty for others."""
    if len(text) <= most:
        return ""
    return gettext("一共 %(n)s 个字，太长，没有查。删到 %(most)s 个字以内再看。") % {
        "n": f"{len(text):,}",
        "most": f"{most:,}",
    }


def make_text_checker(name: str, facts: Facts | None = None) -> TextChecker:
    """Return the function that checks one field of a listing or a shop; each text once, and not without end."""
    return rewrites.limit_work(lambda text: text_check.check_texts({name: text}, facts))


def choose_shown(found: list[Found]) -> list[Found]:
    """Return the findings to show, in their order: all of a few, of very many those that block first; of gaps the first few."""
    gaps = [one for one in found if one.finding.rule == rewrites.GAP_RULE]
    if len(gaps) > MOST_GAPS:
        hidden = {id(one) for one in gaps[MOST_GAPS:]}
        found = [one for one in found if id(one) not in hidden]
    if len(found) <= MOST_SHOWN:
        return found
    first = sorted(range(len(found)), key=lambda at: not found[at].blocks)[:MOST_SHOWN]
    return [found[at] for at in sorted(first)]


def build_widgets(checked: TextCheckResult, found: Iterable[Found]) -> list[FindingWidget]:
    """Build the widgets of findings in several fields, without forms of evidence; of very many only the first."""
    looks = {name: make_text_checker(name, checked.facts) for name in checked.texts}
    shown = choose_shown(list(found))
    return [FindingWidget.of(one, checked.texts[one.field], looks[one.field]) for one in shown]


def has_own_proof(found: Found) -> bool:
    """Return whether the form asks for something about the finding: evidence, or the tick."""
    return not found.is_hint and (bool(found.wants) or not found.blocks)


class TextChanged(Exception):
    """Raised when a text is no longer the one for which a change was offered; `sentence` says so to the person."""

    sentence = _("这段话跟刚才不一样了，没有替你改。看看现在的提示，再点一下。")


def apply_rewrite(
    data: QueryDict, act: str, fields: tuple[str, ...], facts: Facts | None = None
) -> QueryDict:
    """Return the data with the rewrite `act` applied. Raises TextChanged if its text is another one by now."""
    data = data.copy()
    name, _colon, place = act.removeprefix(REWRITE).partition(":")
    if name not in fields:
        raise TextChanged
    text = text_check.normalize_text(data.get(name))
    data[name] = apply_proposed_change(text, place, make_text_checker(name, facts))
    return data


def apply_proposed_change(text: str, place: str, look: TextChecker) -> str:
    """Return the text with the change that was offered at `place` (as 3:5:0:digest). Raises TextChanged."""
    start, end, number, digest = (place.split(":") + [""] * 4)[:4]
    for found in look(text):
        if (str(found.start), str(found.end)) != (start, end):
            continue
        for at, change in enumerate(rewrites.propose_changes(text, found, look)):
            if str(at) == number and digest_change(text, change) == digest:
                return change.apply(text)
    raise TextChanged


class TextCheckMixin(Farm):
    """Check the texts of the listing form; put before the form's base class. `product` is the one edited, if any.

    A blocking finding is an error of its field, unless an organiser allowed this text; a warning asks for evidence.
    """

    user: User
    shop: Shop | None
    product: Product | None = None
    checked: TextCheckResult | None = None
    gifts: Callable[[], list[dict]]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.proof_forms: dict[tuple[str, str], ProofForm] = {}

    def check_wording(self, facts: dict) -> None:
        """Check the texts; call at the end of the form's own `clean`, when the facts they depend on are known."""
        checked = self.run_check(facts)
        if not self.is_lenient:
            self.add_wording_errors(checked)

    @property
    def is_lenient(self) -> bool:
        """Return whether the listing is only stored: saved as a draft, or handed to an organiser by an appeal."""
        do = self.data.get("do")
        rests = self.product is not None and self.product.status in ("draft", "returned", "withdrawn")
        return do in ("draft", "appeal") or (do == "save" and rests)

    def run_check(self, facts: dict) -> TextCheckResult:
        """Build the evidence forms, and set `checked` to the result with the evidence given; return it."""
        product = self.as_product(facts)
        texts = {name: text_check.normalize_text(facts.get(name) or "") for name in text_check.FIELDS}
        has_gifts = bool(self.gifts())
        claims = self.claims(text_check.check_product(product, texts, [], has_gifts))
        self.proof_forms = {one.claim: self.proof_form(one) for one in claims}
        rows = [*self.unchanged_proofs(), *(Proof(**proof) for proof in self.proofs())]
        self.checked = text_check.check_product(product, texts, rows, has_gifts)
        return self.checked

    def add_wording_errors(self, checked: TextCheckResult) -> None:
        """Add an error to each field with a blocking finding or a claim without evidence."""
        told: dict[str, list[str]] = {}
        for one in checked.blocking:
            told.setdefault(one.field, []).append(describe_block(one))
        for one in checked.unproven:
            words = {"words": one.finding.words}
            told.setdefault(one.field, []).append(gettext("“%(words)s”要写依据，或者改掉") % words)
        for name, sentences in told.items():
            self.add_error(name, shorten_sentences(sentences))

    def as_product(self, facts: dict) -> Product:
        """Return an unsaved product with the form's values, whose facts the texts are checked against."""
        known: dict[str, Any] = {
            name: facts.get(name)
            for name in ("name", "variety", "origin", "unit", "net_grams", "price_fen", "grower", "category")
        }
        known = {name: value for name, value in known.items() if value is not None}
        stock: Any = facts.get("stock", self.product.stock if self.product else None)
        pk = self.product.pk if self.product else None
        freight = bool(facts.get("freight_included") or facts.get("sending"))
        return Product(pk=pk, shop=self.shop, freight_included=freight, stock=stock, **known)

    def claims(self, checked: TextCheckResult) -> list[Found]:
        """Return the findings that evidence or the tick may answer, each claim once."""
        found = [one for one in checked.found if has_own_proof(one)]
        return list({one.claim: one for one in found}.values())

    def proof_form(self, found: Found) -> ProofForm:
        known = self.known_proofs.get(found.claim)
        bound = (self.data, self.files) if self.is_bound and not (known and self.is_left(found.claim)) else ()
        return ProofForm(*bound, found=found, user=self.user, known=known, typed=self.initial)

    def is_left(self, claim: tuple[str, str]) -> bool:
        """Return whether nothing was sent about this claim: the page does not ask again about proven ones."""
        start = f"{make_prefix(claim)}-"
        return not any(name.startswith(start) for name in (*self.data, *self.files))

    def unchanged_proofs(self) -> list[Proof]:
        """Return the stored evidence for which nothing was sent."""
        return [proof for claim, proof in self.known_proofs.items() if self.is_left(claim)]

    @cached_property
    def known_proofs(self) -> dict[tuple[str, str], Proof]:
        if not self.product:
            return {}
        rows = self.product.proofs.select_related("file")
        return {(row.rule, row.words): row for row in rows}

    def proofs(self) -> list[dict]:
        """Return the evidence given for the text's claims, as fields of Proof."""
        given = [form for form in self.proof_forms.values() if form.is_valid() and form.cleaned_data]
        return [form.proof() for form in given]

    @property
    def papers_kept(self) -> dict[str, list[str]]:
        """Return the signed keys of the reports that were received, even if the form has errors."""
        fields = {form.add_prefix("file"): form.fields.get("file") for form in self.proof_forms.values()}
        keys = {name: [one.signed for one in field.widget.shown] for name, field in fields.items() if field}
        return {name: signed for name, signed in keys.items() if signed}

    def slot(self, name: str) -> Slot:
        """Return the findings to show under one field, for its present value."""
        query = f"product={self.product.pk}" if self.product else f"shop={self.shop.pk}" if self.shop else ""
        text = text_check.normalize_text(self[name].value())
        found = self.list_found(name, text) if text else []
        check = make_text_checker(name, self.known_facts if text else None)
        shown = [FindingWidget.of(one, text, check, self.find_proof_form(one)) for one in choose_shown(found)]
        shop = self.shop.pk if self.shop else None
        return Slot.of(name, shown, reverse("shops:wording"), query, shop, rest=len(found) - len(shown))

    def list_found(self, name: str, text: str) -> list[Found]:
        if self.checked and self.checked.texts.get(name) == text:
            checked = self.checked
            shown = [*checked.blocking, *checked.unproven, *checked.hints]
            return [one for one in shown if one.field == name]
        found = text_check.check_texts({name: text}, self.known_facts)
        return [one for one in found if one.claim not in self.known_proofs]

    @property
    def known_facts(self) -> Facts | None:
        if self.checked:
            return self.checked.facts
        return text_check.build_facts(self.product) if self.product else None

    def find_proof_form(self, found: Found) -> ProofForm | None:
        """Return the form that takes the evidence for the finding; None if it can have none."""
        if not has_own_proof(found):
            return None
        return self.proof_forms.get(found.claim) or self.proof_form(found)

    @property
    def worded(self) -> dict[str, Slot]:
        """Return what is shown under each field, by its name."""
        return {name: self.slot(name) for name in text_check.FIELDS}

    @property
    def can_appeal(self) -> bool:
        """Return whether only the wording prevents submitting, so that an appeal can be filed with the listing."""
        if not self.is_bound or not self.checked or not self.checked.blocking:
            return False
        return set(self.errors) <= {one.field for one in [*self.checked.blocking, *self.checked.unproven]}


def describe_block(found: Found) -> str:
    """Return the error of a field with a blocking finding."""
    words = {"words": found.finding.words}
    if found.finding.rule == rewrites.GAP_RULE:
        return gettext("“%(words)s”还空着，填好再交") % words
    return gettext("“%(words)s”不能用") % words


def describe_findings(findings: list[FindingWidget], rest: int = 0) -> str:
    """Return the sentence with which a screen reader announces the findings; `rest` more are not shown."""
    if not findings:
        return gettext("没碰到已知的条款。")
    words = gettext("、").join(one.found.finding.words for one in findings)
    n = len(findings) + rest
    return ngettext("有 %(n)d 处要看：%(words)s", "有 %(n)d 处要看：%(words)s", n) % {"n": n, "words": words}
