"""A certificate, licence or report as its seller hands it in."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.document_forms import DocumentField
from shops import papers
from shops.models import Paper, Product, Shop
from ui.forms import FarmForm
from ui.inputs import CleanCharField, DayField


class PaperForm(FarmForm):
    marks_required = False

    kind = forms.ChoiceField(label=_("什么证"), choices=[("", _("选一个")), *Paper.Kind.choices])
    file = DocumentField(
        label=_("证书照片或 PDF"), help_text=_("只有本店和管理员看得到，买家只看到编号和有效期。")
    )
    number = CleanCharField(label=_("证书编号"), max_length=60, pictures=False)
    holder = CleanCharField(label=_("持证人"), max_length=60, pictures=False, help_text=_("照证书上写的写。"))
    expires_on = DayField(label=_("到哪天"), required=False, help_text=_("证书上没写就空着。"))
    issued_on = DayField(label=_("发证日期"), required=False)
    issuer = CleanCharField(label=_("谁发的"), max_length=60, required=False, pictures=False)
    products = forms.ModelMultipleChoiceField(
        Product.objects.none(),
        label=_("只管哪几款"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不勾，就是店里的都管。"),
    )

    MORE = ("issued_on", "issuer", "products")
    NAMES = ("kind", "number", "holder", "issuer", "issued_on", "expires_on")

    def __init__(self, *args, shop: Shop, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].sent_by(user)
        rows = Product.objects.filter(shop=shop).exclude(status=Product.Status.WITHDRAWN)
        self.fields["products"].queryset = rows.order_by("name", "id")

    def clean(self) -> dict:
        facts, today = super().clean(), timezone.localdate()
        issued, expires = facts.get("issued_on"), facts.get("expires_on")
        if expires and expires < today:
            self.add_error("expires_on", _("这张证已经过期了，交新的"))
        elif not expires and facts.get("kind") in papers.MUST_END and "expires_on" not in self.errors:
            self.add_error("expires_on", _("这种证有有效期，写到哪天"))
        if issued and issued > today:
            self.add_error("issued_on", _("还没到这一天"))
        if issued and expires and issued > expires:
            self.add_error("issued_on", _("发证日期在到期以后，看看写反没有"))
        return facts

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.NAMES}

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE]

    @property
    def more_is_open(self) -> bool:
        return any(name in self.errors or self[name].value() for name in self.MORE)
