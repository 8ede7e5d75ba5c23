from django.core.management.base import BaseCommand
from django.db import connection


class Command(BaseCommand):
    help = "Lets the database count its rows anew, so that it chooses the right index after a bulk load."

    def handle(self, *args, **options) -> None:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
