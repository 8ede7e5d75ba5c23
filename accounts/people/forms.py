"""Forms of the person's own page: name, roles and closing the account; and the reason for declining a role."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.fields import PasswordField, PersonNameField, VillageField
from accounts.models import Membership, User
from ui.fields import CleanCharField
from ui.forms import FarmForm


class NameForm(FarmForm):
    name = PersonNameField()


class AskRoleForm(FarmForm):
    """Ask for a role; staff roles are given by the site's administrator and not offered here."""

    role = forms.ChoiceField(
        label=_("想做什么"),
        choices=[(role.value, role.label) for role in Membership.VILLAGE_ROLES],
        widget=forms.RadioSelect,
    )
    village = VillageField(label=_("在哪个村"))
    note = CleanCharField(label=_("跟管理员说一句"), required=False, max_length=200, lines=True)


class DeclineForm(FarmForm):
    reason = CleanCharField(
        label=_("为什么"),
        max_length=200,
        help_text=_("对方看得到这句话。"),
        error_messages={"required": _("写一句为什么，对方才知道怎么改。")},
    )


class CloseForm(FarmForm):
    password = PasswordField(label=_("密码"), help_text=_("确认是你本人。"))

    def __init__(self, *args, user: User, **kwargs) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        """Check the password; tries are counted until one is right, in case the phone is in other hands."""
        usage = limits.try_action(context.request, "own_password", str(self.user.pk))
        if usage is None:
            raise get_adapter().validation_error("too_many_passwords")
        if not self.user.check_password(self.cleaned_data["password"]):
            raise get_adapter().validation_error("incorrect_password")
        usage.rollback()
        return self.cleaned_data["password"]
