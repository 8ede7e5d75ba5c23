"""ID numbers of a class that must report them: whether it must, and the number of each person, encrypted."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from courses.models import Cohort
from programme import site_keys

PURPOSE = "id numbers"


class IdNumberRule(models.Model):
    """Says that a class must report ID numbers, and why; without such a row nobody is asked for one."""

    cohort = models.OneToOneField(
        Cohort, models.CASCADE, related_name="id_number_rule", verbose_name=pgettext_lazy("one", "班")
    )
    reason = models.CharField(_("为什么要报身份证号"), max_length=200)
    set_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁定的"))
    set_at = models.DateTimeField(_("什么时候定的"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "报身份证号的规定")
        verbose_name_plural = pgettext_lazy("many", "报身份证号的规定")

    def __str__(self) -> str:
        return f"{self.cohort}"


class IdNumber(models.Model):
    """A person's ID number for one class, under AES-256-GCM; the key of `key_id` is not in the database.

    It is deleted a day after `delete_after`, which the approval of the class's ledger sets, and at the latest after a year.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="id_numbers", verbose_name=_("学员"))
    cohort = models.ForeignKey(
        Cohort, models.CASCADE, related_name="id_numbers", verbose_name=pgettext_lazy("one", "班")
    )
    key_id = models.CharField(max_length=16)
    sealed = models.CharField(_("身份证号（加密）"), max_length=120)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁填的")
    )
    entered_at = models.DateTimeField(_("什么时候填的"), default=timezone.now)
    delete_after = models.DateTimeField(_("什么时候删"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "身份证号")
        verbose_name_plural = pgettext_lazy("many", "身份证号")
        ordering = ["cohort", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "cohort"], name="one_id_number_a_class")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.cohort_id}"

    @property
    def about(self) -> str:
        """Return what the encrypted value is bound to."""
        return f"user {self.user_id} class {self.cohort_id}"

    def seal(self, number: str) -> None:
        self.key_id, self.sealed = site_keys.encrypt(PURPOSE, number, self.about)

    def read(self) -> str | None:
        """Return the number in full; None where its key is gone. Whoever shows it to others writes the audit trail."""
        return site_keys.decrypt(PURPOSE, self.key_id, self.sealed, self.about)

    def get_own_copy(self) -> dict[str, str]:
        """Return what the person's own copy of their data holds besides the columns (config.personal.export)."""
        return {"number": self.read() or ""}
