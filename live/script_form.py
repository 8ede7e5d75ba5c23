"""The script of an item in five boxes, each with what known rules its words hit."""

from __future__ import annotations

from collections.abc import Callable

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property

from live import facts, gaps, scripts, spoken
from live.models import RundownItem
from shops.saying import Found, as_typed
from shops.wording_fields import REWRITE, Slip, Slot, tapped
from ui.forms import FarmForm
from ui.inputs import CleanCharField

PARTS = scripts.PARTS


class ScriptForm(FarmForm):
    marks_required = False

    def __init__(self, *args, item: RundownItem, **kwargs) -> None:
        self.item = item
        super().__init__(*args, **kwargs)
        for part in PARTS:
            field = CleanCharField(
                lines=True, max_length=scripts.MOST, required=False, label=scripts.TITLES[part]
            )
            field.help_text = scripts.HINTS[part]
            field.widget.attrs["rows"] = 3
            self.fields[part] = field

    def parts(self) -> dict[str, str]:
        return {part: self.cleaned_data.get(part) or "" for part in PARTS}

    @cached_property
    def shown(self) -> dict[str, str]:
        """What stands in the boxes."""
        return {part: as_typed(self[part].value()) for part in PARTS}

    @cached_property
    def found(self) -> list[Found]:
        return spoken.look(self.item, self.shown)

    @property
    def worded(self) -> list[dict]:
        """Each box with its slips, how it will be heard where facts stand in it, and which of them are not known."""
        return [
            {
                "field": self[part],
                "slot": slot_of(self.item, part, self.shown[part], self.found),
                "heard": heard(self.shown[part], self.item),
                "gaps": gaps.of_text(self.item, self.shown[part]),
            }
            for part in PARTS
        ]

    @property
    def blocked(self) -> int:
        return len(spoken.blocking(self.found))


def heard(text: str, item: RundownItem) -> str:
    return facts.readable(text, item) if facts.PLACE.search(text) else ""


def slot_of(item: RundownItem, part: str, text: str, found: list[Found]) -> Slot:
    slips = [Slip.of(one, text, looking(item, part)) for one in found if one.field == part]
    url = reverse("live:script_wording", args=[item.livestream_id, item.pk])
    return Slot.of(part, slips, url, "", item.livestream.shop_id)


def rewritten(data: QueryDict, act: str, item: RundownItem) -> QueryDict:
    """What was typed with one finding mended, found anew in the text that was sent; unchanged where there is none."""
    data = data.copy()
    part, _colon, span = act.removeprefix(REWRITE).partition(":")
    if part not in PARTS:
        return data
    text = as_typed(data.get(part))
    data[part] = tapped(text, span, looking(item, part))
    return data


def looking(item: RundownItem, part: str) -> Callable[[str], list[Found]]:
    """What finds the words of one box of this item's script."""
    return lambda text: spoken.look(item, {part: text})
