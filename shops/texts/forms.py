"""Forms whose texts are checked, and the appeal against a finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from shops.models import Product, Proof, Shop
from shops.products.public_words import shorten_sentences
from shops.texts import text_check
from shops.texts.changes import make_text_checker
from shops.texts.findings import FindingWidget, Slot, choose_shown, describe_blocks, has_own_proof
from shops.texts.proof_form import ProofForm, make_prefix
from shops.texts.text_check import Found, TextCheckResult
from ui.fields import CleanCharField
from ui.forms import Farm, FarmForm
from wording.facts import Facts


class AppealForm(FarmForm):
    why = CleanCharField(
        label=_("为什么该让说"),
        lines=True,
        min_length=4,
        max_length=500,
        help_text=_("比如：这是商标名，证号写在这里；这句话是在讲怎么吃。"),
    )


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
        blocking: dict[str, list[Found]] = {}
        for one in checked.blocking:
            blocking.setdefault(one.field, []).append(one)
        messages = {name: describe_blocks(found, checked.texts[name]) for name, found in blocking.items()}
        for one in checked.unproven:
            words = {"words": one.finding.words}
            messages.setdefault(one.field, []).append(gettext("“%(words)s”要写依据，或者改掉") % words)
        for name, sentences in messages.items():
            self.add_error(name, shorten_sentences(sentences))

    def as_product(self, facts: dict) -> Product:
        """Return an unsaved product with the form's values, whose facts the texts are checked against."""
        known: dict[str, Any] = {
            name: facts.get(name)
            for name in ("name", "variety", "origin", "unit", "net_grams", "price_fen", "grower", "category")
        }
        known = {name: value for name, value in known.items() if value is not None}
        stock: Any = facts.get("stock", self.product.stock if self.product else None)
        pk, batch = (self.product.pk, self.product.batch_id) if self.product else (None, None)
        freight = bool(facts.get("freight_included") or facts.get("sending"))
        return Product(pk=pk, shop=self.shop, batch_id=batch, freight_included=freight, stock=stock, **known)

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
