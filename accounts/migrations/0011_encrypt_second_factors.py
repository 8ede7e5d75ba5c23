"""TOTP secrets and recovery codes of before are encrypted where they lie."""

from django.db import migrations

from accounts.encryption import encrypt_authenticator


def encrypt(apps, schema_editor) -> None:
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=("totp", "recovery_codes")):
        row.data = encrypt_authenticator(row.data)
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_setup_codes"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunPython(encrypt, migrations.RunPython.noop)]
