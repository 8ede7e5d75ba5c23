import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import media.models.processed
from ui.database.orm import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Document",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                default=media.models.processed.make_key,
                                editable=False,
                                max_length=32,
                                unique=True,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="上传人",
                            ),
                        ),
                        (
                            "content_type",
                            models.CharField(
                                choices=[("image/webp", "WebP"), ("application/pdf", "PDF")],
                                max_length=20,
                                verbose_name="类型",
                            ),
                        ),
                        ("width", models.PositiveIntegerField(default=0, verbose_name="宽")),
                        ("height", models.PositiveIntegerField(default=0, verbose_name="高")),
                        ("bytes", models.PositiveIntegerField(default=0, verbose_name="大小")),
                        ("sha256", models.CharField(db_index=True, max_length=64)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "私密文件",
                        "verbose_name_plural": "私密文件",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Photo",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                default=media.models.processed.make_key,
                                editable=False,
                                max_length=32,
                                unique=True,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("waiting", "正在处理"), ("ready", "好了"), ("failed", "坏了")],
                                default="waiting",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("problem", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                        ("sha256", models.CharField(blank=True, db_index=True, max_length=64)),
                        ("bytes", models.PositiveIntegerField(default=0, verbose_name="大小")),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间"),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="上传人",
                            ),
                        ),
                        ("width", models.PositiveIntegerField(default=0, verbose_name="宽")),
                        ("height", models.PositiveIntegerField(default=0, verbose_name="高")),
                    ],
                    options={
                        "verbose_name": "照片",
                        "verbose_name_plural": "照片",
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["status", "leased_until"], name="photo_due")],
                    },
                ),
                migrations.CreateModel(
                    name="Video",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                default=media.models.processed.make_key,
                                editable=False,
                                max_length=32,
                                unique=True,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="上传人",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=200, verbose_name="文件名")),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("bytes", models.PositiveBigIntegerField(default=0, verbose_name="大小")),
                        (
                            "status",
                            models.CharField(
                                choices=[("waiting", "等着处理"), ("ready", "好了"), ("failed", "没做成")],
                                default="waiting",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("percent", models.PositiveSmallIntegerField(default=0, verbose_name="做到百分之几")),
                        ("problem", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                        ("duration_ms", models.PositiveIntegerField(default=0, verbose_name="时长")),
                        ("width", models.PositiveIntegerField(default=0, verbose_name="宽")),
                        ("height", models.PositiveIntegerField(default=0, verbose_name="高")),
                        ("has_sound", models.BooleanField(default=True, verbose_name="有声音")),
                        ("renditions", models.JSONField(default=dict)),
                        ("wants_measures", models.BooleanField(default=False, editable=False)),
                        ("measures", models.JSONField(default=dict, editable=False)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "视频",
                        "verbose_name_plural": "视频",
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["status", "leased_until"], name="video_due")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    models.Q(("sha256", ""), _negated=True),
                                    models.Q(("status", "failed"), _negated=True),
                                ),
                                fields=("sha256",),
                                name="same_video_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Upload",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                default=media.models.processed.make_key,
                                editable=False,
                                max_length=32,
                                unique=True,
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="上传人",
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[("video", "视频"), ("take", "一段录像")],
                                default="video",
                                max_length=20,
                                verbose_name="做什么用",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=200, verbose_name="文件名")),
                        ("reference", models.CharField(blank=True, editable=False, max_length=60)),
                        ("size", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="大小")),
                        ("most_bytes", models.PositiveBigIntegerField(editable=False, null=True)),
                        ("offset", models.PositiveBigIntegerField(default=0, verbose_name="到了多少")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "正在传"), ("whole", "传完了"), ("gone", "过期了")],
                                default="open",
                                max_length=5,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "video",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="uploads",
                                to="media.video",
                                verbose_name="视频",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="开始"),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="过期")),
                    ],
                    options={
                        "verbose_name": "上传",
                        "verbose_name_plural": "上传",
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["state", "expires_at"], name="upload_expiry")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("offset__lte", models.F("size"))),
                                name="upload_within_size",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("size__gt", 0)), name="upload_not_empty"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    models.Q(("reference", ""), _negated=True),
                                    models.Q(("state", "gone"), _negated=True),
                                ),
                                fields=("owner", "reference"),
                                name="upload_once_a_reference",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VideoPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "video",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parts",
                                to="media.video",
                                verbose_name="视频",
                            ),
                        ),
                        (
                            "upload",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="media.upload",
                                verbose_name="上传",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                        ("from_ms", models.PositiveIntegerField(default=0, verbose_name="从")),
                        ("until_ms", models.PositiveIntegerField(blank=True, null=True, verbose_name="到")),
                        ("starts_ms", models.PositiveIntegerField(editable=False, null=True)),
                        ("lasts_ms", models.PositiveIntegerField(editable=False, null=True)),
                    ],
                    options={
                        "verbose_name": "视频的一段",
                        "verbose_name_plural": "视频的一段",
                        "ordering": ["video", "position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("video", "position"), name="part_position_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_ms__isnull", True),
                                    ("until_ms__gt", models.F("from_ms")),
                                    _connector="OR",
                                ),
                                name="part_lasts",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Voice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                default=media.models.processed.make_key,
                                editable=False,
                                max_length=32,
                                unique=True,
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("waiting", "正在处理"), ("ready", "好了"), ("failed", "坏了")],
                                default="waiting",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("problem", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                        ("sha256", models.CharField(blank=True, db_index=True, max_length=64)),
                        ("bytes", models.PositiveIntegerField(default=0, verbose_name="大小")),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间"),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁说的",
                            ),
                        ),
                        ("duration_ms", models.PositiveIntegerField(default=0, verbose_name="时长")),
                    ],
                    options={
                        "verbose_name": "语音",
                        "verbose_name_plural": "语音",
                        "ordering": ["-id"],
                        "indexes": [models.Index(fields=["status", "leased_until"], name="voice_due")],
                    },
                ),
            ],
        ),
    ]
