import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("listing", "商品文字"),
                            ("script", "直播脚本"),
                            ("course_page", "课程页面"),
                        ],
                        max_length=12,
                        verbose_name="哪种文字",
                    ),
                ),
                ("text", models.TextField(verbose_name="查过的文字")),
                ("text_hash", models.CharField(editable=False, max_length=64, verbose_name="文字指纹")),
                ("rules_date", models.DateField(verbose_name="规则日期")),
                ("facts", models.JSONField(blank=True, default=dict, verbose_name="当时的商品资料")),
                ("findings", models.JSONField(blank=True, default=list, verbose_name="查出什么")),
                ("once", models.CharField(editable=False, max_length=64, unique=True)),
                ("subject", models.CharField(db_index=True, max_length=80, verbose_name="关于什么")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="检查人",
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="检查时间")),
                ("appeal", models.TextField(blank=True, verbose_name="申诉理由")),
                ("appealed_at", models.DateTimeField(blank=True, null=True, verbose_name="申诉时间")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "申诉通过"), ("kept", "申诉驳回")],
                        max_length=6,
                        verbose_name="处理结果",
                    ),
                ),
                ("decision_reason", models.TextField(blank=True, verbose_name="处理理由")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="处理人",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
            ],
            options={
                "verbose_name": "用语检查记录",
                "verbose_name_plural": "用语检查记录",
                "ordering": ["-made_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("appealed_at__isnull", False), ("decision", "")),
                        fields=["appealed_at"],
                        name="wording_appeals_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decision", "")),
                            models.Q(
                                models.Q(("decision", ""), _negated=True),
                                models.Q(("decision_reason", ""), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decision_has_reason_and_who",
                    )
                ],
            },
        ),
    ]
