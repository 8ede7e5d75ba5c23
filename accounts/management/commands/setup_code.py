from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import phones, second_factor
from accounts.models import User


class Command(BaseCommand):
    help = "Prints the code with which this person sets up the second factor: for who runs the site, after createsuperuser."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("phone")

    def handle(self, *, phone: str, **options) -> None:
        try:
            user = User.objects.filter(phone=phones.normalise(phone)).first()
        except ValidationError as problem:
            raise CommandError(problem.messages[0]) from None
        if user is None:
            raise CommandError(f"nobody here has the number {phone}")
        self.stdout.write(second_factor.give_setup_code(user, None))
