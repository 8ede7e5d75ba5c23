"""Find the thresholds that held on a day."""

from __future__ import annotations

import bisect
import datetime
from collections.abc import Iterable

from programme.models import StepRule


class Rules:
    """The rules by their first day; before the first one the defaults of the model hold."""

    def __init__(self, rules: Iterable[StepRule]) -> None:
        self.rules = sorted(rules, key=lambda rule: rule.valid_from)
        self.starts = [rule.valid_from for rule in self.rules]

    @classmethod
    def load(cls) -> Rules:
        """Read all rules. One query."""
        return cls(StepRule.objects.order_by())

    def find(self, day: datetime.date) -> StepRule:
        """Return the rule that held on this day: the newest that had begun, else the defaults, which are not stored."""
        place = bisect.bisect_right(self.starts, day)
        return self.rules[place - 1] if place else StepRule(valid_from=datetime.date.min)

    def find_end(self, rule: StepRule) -> datetime.date | None:
        """Return the last day of this rule; None while no later one is known."""
        later = [start for start in self.starts if start > rule.valid_from]
        return later[0] - datetime.timedelta(days=1) if later else None
