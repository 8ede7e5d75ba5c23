"""Show under each field what the text check found there, with the changes offered and the form of evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from shops.products.public_words import MOST_SHOWN, describe_rest
from shops.texts.changes import Rewrite, TextChanged, TextChecker, make_text_checker
from shops.texts.proof_form import ProofForm
from shops.texts.text_check import Found, TextCheckResult
from wording import rewrites

MOST_GAPS = 1  # gaps of a text that are shown one by one: all say the same
LONGEST_LINE = 20  # characters of a line with a gap
# The fields sent with a text to be checked again: facts that make some wordings lawful.
SENT = ("csrfmiddlewaretoken", "field", "seen", "name", "variety", "origin", "unit", "box_grams", "price_fen", "stock",
        "grower")  # fmt: skip


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


def describe_length(text: str, most: int) -> str:
    """Return why a text is not checked that is longer than `most`; empty for others."""
    if len(text) <= most:
        return ""
    return gettext("一共 %(n)s 个字，太长，没有查。删到 %(most)s 个字以内再看。") % {
        "n": f"{len(text):,}",
        "most": f"{most:,}",
    }


def describe_block(found: Found) -> str:
    """Return the error of a field with a blocking finding."""
    words = {"words": found.finding.words}
    if found.finding.rule == rewrites.GAP_RULE:
        return gettext("“%(words)s”还空着，填好再交") % words
    return gettext("“%(words)s”不能用") % words


def describe_blocks(found: list[Found], text: str) -> list[str]:
    """Return the errors of a field with these blocking findings in `text`; of several gaps one that counts them."""
    gaps = [one for one in found if one.finding.rule == rewrites.GAP_RULE]
    sentences = []
    for one in found:
        if len(gaps) > 1 and one is gaps[0]:
            line = text[: one.start].rpartition("\n")[2] + text[one.start :].partition("\n")[0]
            shown = line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…"
            facts = {"n": len(gaps), "line": shown}
            sentences.append(gettext("还有 %(n)s 处空着，头一处是“%(line)s”，填好再交") % facts)
        elif len(gaps) < 2 or one not in gaps:
            sentences.append(describe_block(one))
    return sentences


def describe_findings(findings: list[FindingWidget], rest: int = 0) -> str:
    """Return the sentence with which a screen reader announces the findings; `rest` more are not shown."""
    if not findings:
        return gettext("没碰到已知的条款。")
    words = gettext("、").join(one.found.finding.words for one in findings)
    n = len(findings) + rest
    return ngettext("有 %(n)d 处要看：%(words)s", "有 %(n)d 处要看：%(words)s", n) % {"n": n, "words": words}
