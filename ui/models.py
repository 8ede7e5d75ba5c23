"""Models of ui, where Django looks for them."""

from ui.page_cache import Stamp, Stamped

__all__ = ["Stamp", "Stamped"]
