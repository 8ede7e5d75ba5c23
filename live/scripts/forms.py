"""The form for the five parts of a script, each with the findings of the wording check."""

from __future__ import annotations

from collections.abc import Callable

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from live.models import RundownItem
from live.scripts import missing_facts, placeholders, services, text_check
from shops.texts.changes import REWRITE, TextChanged, apply_proposed_change
from shops.texts.findings import FindingWidget, Slot, choose_shown
from shops.texts.text_check import Found, normalize_text
from ui.fields import CleanCharField
from ui.forms import FarmForm
from wording.rewrites import limit_work

PARTS = services.PARTS


class ScriptForm(FarmForm):
    marks_required = False

    def __init__(self, *args, item: RundownItem, **kwargs) -> None:
        self.item = item
        super().__init__(*args, **kwargs)
        for part in PARTS:
            field = CleanCharField(
                lines=True, max_length=services.MAX_PART_LENGTH, required=False, label=services.TITLES[part]
            )
            field.help_text = services.HINTS[part]
            field.widget.attrs["rows"] = 3
            self.fields[part] = field

    def parts(self) -> dict[str, str]:
        return {part: self.cleaned_data.get(part) or "" for part in PARTS}

    @cached_property
    def shown(self) -> dict[str, str]:
        """Return the text of each part as the form shows it."""
        return {part: normalize_text(self[part].value()) for part in PARTS}

    @cached_property
    def found(self) -> list[Found]:
        return text_check.check_script(self.item, self.shown)

    @property
    def worded(self) -> list[dict]:
        """Return each part with its findings, its text with facts filled in, and the facts that are missing."""
        return [
            {
                "field": self[part],
                "slot": make_part_slot(self.item, part, self.shown[part], self.found),
                "heard": make_heard_text(self.shown[part], self.item),
                "gaps": missing_facts.find_missing_in_text(self.item, self.shown[part]),
            }
            for part in PARTS
        ]

    @property
    def blocked(self) -> int:
        return len(text_check.filter_blocking(self.found))


def make_heard_text(text: str, item: RundownItem) -> str:
    return placeholders.show_gaps(text, item) if placeholders.PLACEHOLDER.search(text) else ""


def make_part_slot(item: RundownItem, part: str, text: str, found: list[Found], note: str = "") -> Slot:
    look = make_checker(item, part)
    own = [one for one in found if one.field == part]
    shown = [FindingWidget.of(one, text, look) for one in choose_shown(own)]
    url = reverse("live:script_wording", args=[item.livestream_id, item.pk])
    return Slot.of(part, shown, url, "", item.livestream.shop_id, note, len(own) - len(shown))


def rewrite_part(data: QueryDict, act: str, item: RundownItem) -> QueryDict:
    """Return the posted data with one finding rewritten, found anew in the posted text. Raises TextChanged."""
    data = data.copy()
    part, _colon, span = act.removeprefix(REWRITE).partition(":")
    if part not in PARTS:
        raise TextChanged
    text = normalize_text(data.get(part))
    data[part] = apply_proposed_change(text, span, make_checker(item, part))
    return data


def make_checker(item: RundownItem, part: str) -> Callable[[str], list[Found]]:
    """Return the function that checks one part of this item's script; each text once, and not without end."""
    return limit_work(lambda text: text_check.check_script(item, {part: text}))
