"""What every step of a seller has: an order, who takes it, a key, and the words of its page."""

from __future__ import annotations

from django.utils.functional import Promise

from accounts.models import User
from shops.models import Order, OrderEvent
from shops.order_forms import Keyed

Verb = OrderEvent.Verb


class StepForm(Keyed):
    """`verb` is the step in the table of states; the words are those of its page, its button and its success."""

    marks_required = False
    verb: Verb
    icon = "check"
    danger = False
    title: str | Promise = ""
    text: str | Promise = ""
    button: str | Promise = ""
    done: str | Promise = ""

    def __init__(self, *args, order: Order, user: User, **kwargs) -> None:
        self.order, self.user = order, user
        super().__init__(*args, **kwargs)

    def take(self) -> OrderEvent:
        """Raises NotPossible or KeyTaken."""
        raise NotImplementedError
