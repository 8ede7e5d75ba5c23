"""Limits: how often something was tried (accounts.limits)."""

from __future__ import annotations

from django.db import models

DIGITS = 32


class Limit(models.Model):
    """A number of tries under one key until `ends_at`. `digest` is half of an HMAC-SHA256 in hexadecimal."""

    digest = models.CharField(max_length=DIGITS, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.digest[:8]} {self.count}"
