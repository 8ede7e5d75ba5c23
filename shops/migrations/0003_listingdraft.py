import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("media", "0001_initial"),
        ("shops", "0002_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListingDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4)),
                ("typed", models.JSONField(default=dict, verbose_name="写了什么")),
                ("is_open", models.BooleanField(default=False, verbose_name="还在写")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="改动时间")),
                (
                    "photos",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="media.photo", verbose_name="照片"
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="shops.shop",
                        verbose_name="小店",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listing_drafts",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="谁",
                    ),
                ),
            ],
            options={
                "verbose_name": "没写完的商品",
                "verbose_name_plural": "没写完的商品",
                "ordering": ["-updated_at", "-id"],
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="one_draft_per_form")],
            },
        ),
    ]
