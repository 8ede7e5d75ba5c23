"""What a shop says of itself, looked at like a listing; warnings are only told, because a shop keeps no proofs."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from shops import saying
from shops.models import Shop
from shops.wording_fields import Slip, Slot, looking


class WithShopWords:
    """Mixed into the form of the shop's page; `shop` is the one that is changed."""

    shop: Shop | None = None

    def mind_shop_words(self, facts: dict) -> None:
        """Called at the end of the form's own `clean`. What was written before is not asked about again."""
        texts = {name: saying.as_typed(facts.get(name) or "") for name in saying.SHOP_FIELDS}
        if self.shop is None or texts == saying.words_of(self.shop):
            return
        for one in saying.look_at_shop(self.shop, texts).blocking:
            self.add_error(one.field, ValidationError(_("“%(words)s”不能用") % {"words": one.finding.words}))

    def shop_slot(self, name: str) -> Slot:
        text = saying.as_typed(self[name].value())
        look = looking(name)
        slips = [Slip.of(one, text, look) for one in look(text)] if text else []
        return Slot.of(name, slips, reverse("shops:wording"), f"page={self.shop.pk}", self.shop.pk)

    @property
    def worded(self) -> dict[str, Slot]:
        return {name: self.shop_slot(name) for name in saying.SHOP_FIELDS}
