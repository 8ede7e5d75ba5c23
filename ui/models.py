"""Models of ui, which Django expects in this module."""

from ui.responses.page_cache import Stamp, Stamped

__all__ = ["Stamp", "Stamped"]
