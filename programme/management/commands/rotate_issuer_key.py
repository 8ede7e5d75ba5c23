"""`manage.py rotate_issuer_key`: sign with another key from now on."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from programme.credentials import keys
from programme.models import IssuerKey


class Command(BaseCommand):
    help = "Retires the key that signs credentials and makes another; what the earlier one signed can still be checked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--drop-old",
            action="store_true",
            help="a key or SECRET_KEY has leaked (change it first): delete all earlier keys and the credentials "
            "signed with them; training ledgers signed with them count as unsigned from then on",
        )

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        keys.rotate()
        key, _private = keys.get_signing_key()
        if options["drop_old"]:
            dropped = IssuerKey.objects.exclude(pk=key.pk)
            count = sum(one.credentials.count() for one in dropped)
            dropped.delete()
            self.stdout.write(
                f"dropped the earlier keys; {count} holders have to make their file again; "
                "training ledgers made before are no longer known as signed"
            )
        self.stdout.write(f"did:key:{key.public} signs now")
