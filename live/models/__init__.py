"""The models of lives: plan, readiness, what happens on air, recap."""

from live.models.livestream import LASTS, Livestream, LivestreamQuerySet
from live.models.on_air import ClientEvent, FlashPrice, LiveRefund, LiveSale, Pin, Settlement, Slip
from live.models.readiness import ChecklistTick, Frozen, GuardianConsent
from live.models.recap import ColumnChoice, Figure, FigureImport, Recap, RecapComment
from live.models.rundown import QuotaMove, RundownItem, ScriptVersion

__all__ = [
    "LASTS",
    "ChecklistTick",
    "ClientEvent",
    "ColumnChoice",
    "Figure",
    "FigureImport",
    "FlashPrice",
    "Frozen",
    "GuardianConsent",
    "LiveRefund",
    "LiveSale",
    "Livestream",
    "LivestreamQuerySet",
    "Pin",
    "QuotaMove",
    "Recap",
    "RecapComment",
    "RundownItem",
    "ScriptVersion",
    "Settlement",
    "Slip",
]
