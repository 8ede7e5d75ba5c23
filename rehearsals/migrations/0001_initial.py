import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from ui.database.orm import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("courses", "0001_initial"),
        ("live", "0001_initial"),
        ("media", "0001_initial"),
        ("shops", "0001_initial"),
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rehearsals",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
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
                    name="Take",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "rehearsal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="takes",
                                to="rehearsals.rehearsal",
                                verbose_name="彩排",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="第几段")),
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
                    name="Submission",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
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
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="submissions",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
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
                        ("number", models.PositiveSmallIntegerField(default=1, verbose_name="第几遍")),
                        ("receipt", models.CharField(max_length=12, verbose_name="回执")),
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
                            "peers",
                            models.ManyToManyField(
                                blank=True,
                                related_name="peer_submissions",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="给谁看",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "提交",
                        "verbose_name_plural": "提交",
                        "ordering": ["received_at", "id"],
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
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "drill", "number"), name="try_number_once"
                            )
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
                            "submission",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviews",
                                to="rehearsals.submission",
                                verbose_name="提交",
                            ),
                        ),
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
                            "kind",
                            models.CharField(
                                choices=[("first", "点评"), ("second", "第二个老师"), ("peer", "同学互看")],
                                default="first",
                                max_length=6,
                                verbose_name="类型",
                            ),
                        ),
                        (
                            "form",
                            models.CharField(
                                choices=[("short", "短表"), ("long", "长表")],
                                default="long",
                                max_length=5,
                                verbose_name="照哪张表打分",
                            ),
                        ),
                        ("marks", models.JSONField(default=dict, verbose_name="分数")),
                        ("stamps", models.JSONField(blank=True, default=dict, verbose_name="打分的时刻")),
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
                        (
                            "signed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="发给学员的时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "点评",
                        "verbose_name_plural": "点评",
                        "ordering": ["signed_at", "id"],
                        "indexes": [
                            models.Index(fields=["reviewer", "-signed_at"], name="reviews_of_reviewer")
                        ],
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
                        (
                            "review",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="rehearsals.review",
                                verbose_name="点评",
                            ),
                        ),
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
                        ("asks_again", models.BooleanField(default=False, verbose_name="这一段再来一遍")),
                        (
                            "made_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
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
                        (
                            "note",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="rehearsals.timednote",
                                verbose_name="批注",
                            ),
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
                        ("text", models.CharField(blank=True, max_length=300, verbose_name="回答")),
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
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "对批注的回答",
                        "verbose_name_plural": "对批注的回答",
                        "ordering": ["at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="TaskWork",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="task_works",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "assignment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="works",
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
                                related_name="task_works",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        (
                            "shared_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="同意给全班看的时间"),
                        ),
                        (
                            "unshared_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="不给看了的时间"),
                        ),
                        ("is_chosen", models.BooleanField(default=False, verbose_name="老师选出来的")),
                        (
                            "begun_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="第一次交的时间"
                            ),
                        ),
                        (
                            "waiting_since",
                            models.DateTimeField(blank=True, null=True, verbose_name="从什么时候起等老师看"),
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
                            "lease_until",
                            models.DateTimeField(blank=True, null=True, verbose_name="看到什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "交的任务",
                        "verbose_name_plural": "交的任务",
                        "ordering": ["-begun_at", "-id"],
                        "indexes": [
                            models.Index(fields=["cohort", "assignment"], name="task_works_of_class"),
                            models.Index(
                                condition=models.Q(("waiting_since__isnull", False)),
                                fields=["cohort", "waiting_since", "id"],
                                name="task_queue",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "assignment"), name="task_work_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaskVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("client_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "work",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="rehearsals.taskwork",
                                verbose_name="交的任务",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="第几遍")),
                        ("receipt", models.CharField(max_length=12, verbose_name="回执")),
                        ("text", models.TextField(blank=True, max_length=4000, verbose_name="写的话")),
                        ("ticks", models.JSONField(default=list, verbose_name="自己勾的")),
                        ("is_late", models.BooleanField(default=False, verbose_name="过了结业才交")),
                        (
                            "happened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="提交时间"),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "任务的一遍",
                        "verbose_name_plural": "任务的一遍",
                        "ordering": ["work", "number"],
                        "indexes": [
                            models.Index(fields=["received_at", "id"], name="task_versions_in_order")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("work", "number"), name="task_number_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaskItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="rehearsals.taskversion",
                                verbose_name="任务的一遍",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="第几样")),
                        ("label", models.CharField(blank=True, max_length=120, verbose_name="名字")),
                        (
                            "photo",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="media.photo",
                                verbose_name="照片",
                            ),
                        ),
                        (
                            "video",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="media.video",
                                verbose_name="视频",
                            ),
                        ),
                        (
                            "document",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="media.document",
                                verbose_name="文件",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="shops.product",
                                verbose_name="商品",
                            ),
                        ),
                        (
                            "rundown",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="live.livestream",
                                verbose_name="排品表",
                            ),
                        ),
                        (
                            "submission",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="rehearsals.submission",
                                verbose_name="彩排",
                            ),
                        ),
                        (
                            "gone_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="视频删掉的时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "交的一样东西",
                        "verbose_name_plural": "交的一样东西",
                        "ordering": ["version", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("version", "position"), name="task_item_place_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaskReview",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "version",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review",
                                to="rehearsals.taskversion",
                                verbose_name="任务的一遍",
                            ),
                        ),
                        (
                            "reviewer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="老师",
                            ),
                        ),
                        (
                            "decision",
                            models.CharField(
                                choices=[("accepted", "通过"), ("returned", "再交一次")],
                                max_length=8,
                                verbose_name="结果",
                            ),
                        ),
                        ("marks", models.JSONField(default=dict, verbose_name="一条条的结果")),
                        (
                            "next_step",
                            models.CharField(blank=True, max_length=300, verbose_name="先做这一件"),
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
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "任务的答复",
                        "verbose_name_plural": "任务的答复",
                        "ordering": ["-created_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="TaskNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="rehearsals.taskversion",
                                verbose_name="任务的一遍",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="rehearsals.taskitem",
                                verbose_name="哪一样",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁写的",
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=300, verbose_name="话")),
                        (
                            "x",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="从左边起千分之几"
                            ),
                        ),
                        (
                            "y",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="从上边起千分之几"
                            ),
                        ),
                        (
                            "at_ms",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="时间点（毫秒）"),
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
                        (
                            "made_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                    ],
                    options={
                        "verbose_name": "任务上的批注",
                        "verbose_name_plural": "任务上的批注",
                        "ordering": ["version", "item", "at_ms", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("x__isnull", True), ("y__isnull", True)),
                                    models.Q(("item__isnull", False), ("x__lte", 1000), ("y__lte", 1000)),
                                    _connector="OR",
                                ),
                                name="task_note_within_photo",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("at_ms__isnull", True),
                                    models.Q(("item__isnull", False), ("x__isnull", True)),
                                    _connector="OR",
                                ),
                                name="task_note_moment_of_film",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
