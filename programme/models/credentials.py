"""Certificates as signed files that anybody can check, and the keys with which the site signs them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programme.models.certificates import Certificate


class IssuerKey(models.Model):
    """A key of the site for signing: its public half; the private one follows from SECRET_KEY (programme.credentials.keys).

    A retired key signs nothing more and stays, so that what it signed can still be checked. Deleting a row deletes the
    credentials signed with it.
    """

    ED25519 = "Ed25519"

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    algorithm = models.CharField(max_length=10, default=ED25519)
    # Multikey: "z" and base58btc of ed01 and the 32 bytes.
    public = models.CharField(_("公钥"), max_length=60, unique=True)
    created_at = models.DateTimeField(_("从什么时候起用"), default=timezone.now)
    retired_at = models.DateTimeField(_("什么时候停用"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "签名的密钥")
        verbose_name_plural = pgettext_lazy("many", "签名的密钥")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["algorithm"], condition=Q(retired_at__isnull=True), name="one_key_signs"
            )
        ]

    def __str__(self) -> str:
        return self.public


class Credential(models.Model):
    """A certificate as an Open Badges 3.0 credential, made when its holder asks for it; one for each certificate.

    `document` is the signed JSON, byte for byte as it is downloaded. It names its holder, or has the hash of their phone with
    `salt`, which is not in it: only the holder reads the salt, because a phone is guessed in seconds by who has it.
    """

    certificate = models.OneToOneField(
        Certificate, models.CASCADE, related_name="credential", verbose_name=pgettext_lazy("one", "结业证书")
    )
    issuer_key = models.ForeignKey(
        IssuerKey, models.CASCADE, related_name="credentials", verbose_name=pgettext_lazy("one", "签名的密钥")
    )
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    document = models.TextField(_("签了名的文件"))
    names_holder = models.BooleanField(_("写着姓名"))
    salt = models.CharField(_("核对码"), max_length=32, blank=True)
    made_at = models.DateTimeField(_("什么时候做的"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "电子证书")
        verbose_name_plural = pgettext_lazy("many", "电子证书")
        constraints = [
            models.CheckConstraint(
                condition=Q(names_holder=True, salt="") | (Q(names_holder=False) & ~Q(salt="")),
                name="credential_names_or_hashes",
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id} · {self.made_at:%Y-%m-%d}"
