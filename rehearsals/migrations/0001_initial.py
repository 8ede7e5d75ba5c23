import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from ui.database.orm import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("courses", "0001_initial"),
        ("live", "0001_initial"),
        ("media", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Rehearsal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "quality",
                            models.CharField(
                                choices=[("clear", "清楚"), ("saving", "省流量")],
                                default="saving",
                                max_length=8,
                                verbose_name="画质",
                            ),
                        ),
                        ("most_seconds", models.PositiveIntegerField(default=300, verbose_name="最多录几秒")),
                        (
                            "on_phone_bytes",
                            models.PositiveBigIntegerField(default=0, verbose_name="还在手机里"),
                        ),
                        ("on_phone_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "happened_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="开始录的时间"
                            ),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        (
                            "dropped_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="不要了的时间"),
                        ),
                        (
                            "assignment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="rehearsals",
                                to="courses.assignment",
                                verbose_name="练习任务",
                            ),
                        ),
                        (
                            "cohort",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="rehearsals",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        (
                            "drill",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="courses.drill",
                                verbose_name="练法",
                            ),
                        ),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rehearsals",
                                to="live.livestream",
                                verbose_name="照哪张排品表",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rehearsals",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "彩排",
                        "verbose_name_plural": "彩排",
                        "ordering": ["-happened_at", "-id"],
                        "indexes": [
                            models.Index(fields=["user", "-happened_at", "-id"], name="rehearsals_of_user"),
                            models.Index(
                                fields=["cohort", "-happened_at", "-id"], name="rehearsals_of_class"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Submission",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        ("number", models.PositiveSmallIntegerField(default=1, verbose_name="第几遍")),
                        ("receipt", models.CharField(max_length=12, verbose_name="回执")),
                        ("rubric_content", models.JSONField(default=dict, verbose_name="当时的评分表")),
                        ("rubric_hash", models.CharField(max_length=64, verbose_name="评分表指纹")),
                        ("self_marks", models.JSONField(default=dict, verbose_name="自己打的分")),
                        (
                            "self_total",
                            models.PositiveSmallIntegerField(default=0, verbose_name="自己打了几分"),
                        ),
                        ("keep", models.CharField(blank=True, max_length=200, verbose_name="一点保持")),
                        ("change_one", models.CharField(blank=True, max_length=200, verbose_name="一处改进")),
                        (
                            "change_two",
                            models.CharField(blank=True, max_length=200, verbose_name="第二处改进"),
                        ),
                        ("evidence", models.JSONField(blank=True, default=dict, verbose_name="程序看到的")),
                        (
                            "status",
                            models.CharField(
                                choices=[("queued", "等点评"), ("reviewed", "点评好了")],
                                default="queued",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("needs_second", models.BooleanField(default=False, verbose_name="要第二个老师打分")),
                        ("for_peers", models.BooleanField(default=False, verbose_name="可以给同学看")),
                        (
                            "lease_until",
                            models.DateTimeField(blank=True, null=True, verbose_name="看到什么时候"),
                        ),
                        (
                            "happened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="提交时间"),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        ("video_kept", models.BooleanField(default=False, verbose_name="录像留着")),
                        (
                            "video_told_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="提醒过要删的时间"),
                        ),
                        (
                            "video_gone_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="录像删掉的时间"),
                        ),
                        (
                            "cohort",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="submissions",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        (
                            "drill",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="courses.drill",
                                verbose_name="练法",
                            ),
                        ),
                        (
                            "lease_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁正在看",
                            ),
                        ),
                        (
                            "peers",
                            models.ManyToManyField(
                                blank=True,
                                related_name="peer_submissions",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="给谁看",
                            ),
                        ),
                        (
                            "rehearsal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="submission",
                                to="rehearsals.rehearsal",
                                verbose_name="彩排",
                            ),
                        ),
                        (
                            "rubric",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="courses.rubric",
                                verbose_name="评分表",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="submissions",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "video",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="submissions",
                                to="media.video",
                                verbose_name="录像",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提交",
                        "verbose_name_plural": "提交",
                        "ordering": ["received_at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "drill", "number"), name="try_number_once"
                            )
                        ],
                        "indexes": [
                            models.Index(
                                fields=["status", "cohort", "received_at", "id"], name="review_queue"
                            ),
                            models.Index(fields=["user", "-received_at", "-id"], name="submissions_of_user"),
                            models.Index(
                                condition=models.Q(("video__isnull", False), ("video_kept", False)),
                                fields=["received_at"],
                                name="videos_that_go",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Review",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("first", "点评"), ("second", "第二个老师"), ("peer", "同学互看")],
                                default="first",
                                max_length=6,
                                verbose_name="类型",
                            ),
                        ),
                        ("marks", models.JSONField(default=dict, verbose_name="分数")),
                        (
                            "slips_fixed",
                            models.PositiveSmallIntegerField(default=0, verbose_name="当场更正几处"),
                        ),
                        (
                            "slips_left",
                            models.PositiveSmallIntegerField(default=0, verbose_name="没更正几处"),
                        ),
                        (
                            "total",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="总分"),
                        ),
                        ("rubric_hash", models.CharField(max_length=64, verbose_name="评分表指纹")),
                        ("words", models.CharField(blank=True, max_length=200, verbose_name="一句话")),
                        ("wants_again", models.BooleanField(default=False, verbose_name="请重录")),
                        (
                            "begun_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="开始"),
                        ),
                        (
                            "saved_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="草稿存的时间"
                            ),
                        ),
                        ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="发给学员的时间")),
                        (
                            "reviewer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="点评人",
                            ),
                        ),
                        (
                            "submission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews",
                                to="rehearsals.submission",
                                verbose_name="提交",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "点评",
                        "verbose_name_plural": "点评",
                        "ordering": ["signed_at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("submission", "reviewer"), name="one_review_a_reviewer"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("signed_at__isnull", False), models.Q(("kind", "peer"), _negated=True)
                                ),
                                fields=("submission", "kind"),
                                name="one_signed_review_a_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("signed_at__isnull", True),
                                    ("total__isnull", False),
                                    ("kind", "peer"),
                                    _connector="OR",
                                ),
                                name="signed_review_has_a_total",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("total__isnull", True), ("total__lte", 100), _connector="OR"
                                ),
                                name="total_within_100",
                            ),
                        ],
                        "indexes": [
                            models.Index(fields=["reviewer", "-signed_at"], name="reviews_of_reviewer")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Take",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        ("number", models.PositiveSmallIntegerField(verbose_name="第几段")),
                        ("is_upright", models.BooleanField(default=True, verbose_name="竖着拍的")),
                        ("marks", models.JSONField(default=list, verbose_name="里头发生了什么")),
                        (
                            "happened_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="开始录的时间"
                            ),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        (
                            "lasted_ms",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="录了多久"),
                        ),
                        ("is_left_out", models.BooleanField(default=False, verbose_name="不算")),
                        (
                            "rehearsal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="takes",
                                to="rehearsals.rehearsal",
                                verbose_name="彩排",
                            ),
                        ),
                        (
                            "upload",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="media.upload",
                                verbose_name="上传",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "一段录像",
                        "verbose_name_plural": "一段录像",
                        "ordering": ["rehearsal", "number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("rehearsal", "number"), name="take_number_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TimedNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        ("at_ms", models.PositiveIntegerField(verbose_name="时间点（毫秒）")),
                        (
                            "until_ms",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="结束点（毫秒）"),
                        ),
                        (
                            "tone",
                            models.CharField(
                                choices=[("keep", "保持"), ("change", "要改"), ("stop", "不能说")],
                                default="change",
                                max_length=6,
                                verbose_name="是哪一种",
                            ),
                        ),
                        ("criterion", models.CharField(blank=True, max_length=30, verbose_name="哪一条")),
                        ("text", models.CharField(blank=True, max_length=300, verbose_name="话")),
                        ("asks_again", models.BooleanField(default=False, verbose_name="这一段再来一遍")),
                        (
                            "made_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="rehearsals.review",
                                verbose_name="点评",
                            ),
                        ),
                        (
                            "voice",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="media.voice",
                                verbose_name="语音",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "时间点批注",
                        "verbose_name_plural": "时间点批注",
                        "ordering": ["at_ms", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_ms__isnull", True),
                                    ("until_ms__gt", models.F("at_ms")),
                                    _connector="OR",
                                ),
                                name="note_in_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("asks_again", False), ("until_ms__isnull", False), _connector="OR"
                                ),
                                name="again_has_an_end",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoteAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        ("text", models.CharField(blank=True, max_length=300, verbose_name="回答")),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="回答人",
                            ),
                        ),
                        (
                            "rehearsal",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="answers",
                                to="rehearsals.rehearsal",
                                verbose_name="重录的一段",
                            ),
                        ),
                        (
                            "note",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="rehearsals.timednote",
                                verbose_name="批注",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "对批注的回答",
                        "verbose_name_plural": "对批注的回答",
                        "ordering": ["at", "id"],
                    },
                ),
            ]
        ),
    ]
