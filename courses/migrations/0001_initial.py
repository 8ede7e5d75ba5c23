import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import courses.models.cohort
from ui.database.orm import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("media", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Course",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=60, verbose_name="课程名")),
                        ("slug", models.SlugField(max_length=60, unique=True, verbose_name="网址名")),
                        (
                            "language",
                            models.CharField(
                                choices=[("zh-hans", "中文"), ("en", "English")],
                                default="zh-hans",
                                max_length=10,
                                verbose_name="语言",
                            ),
                        ),
                        ("summary", models.TextField(max_length=600, verbose_name="简介")),
                        ("audience", models.CharField(blank=True, max_length=200, verbose_name="适合谁")),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "草稿"), ("published", "已发布")],
                                default="draft",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, verbose_name="版本")),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                        (
                            "cover",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="media.photo",
                                verbose_name="封面",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="courses",
                                to="accounts.place",
                                verbose_name="开课单位",
                            ),
                        ),
                        (
                            "twin",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="courses.course",
                                verbose_name="另一种语言的同一门课",
                            ),
                        ),
                        (
                            "needs",
                            models.ManyToManyField(
                                blank=True,
                                related_name="opens",
                                to="courses.course",
                                verbose_name="先学完哪门课",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "课程",
                        "verbose_name_plural": "课程",
                        "ordering": ["title"],
                    },
                ),
                migrations.CreateModel(
                    name="Cohort",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="班名")),
                        ("starts_on", models.DateField(verbose_name="开班")),
                        ("ends_on", models.DateField(verbose_name="结业")),
                        (
                            "join_code",
                            models.CharField(
                                default=courses.models.cohort.make_join_code,
                                max_length=8,
                                unique=True,
                                verbose_name="进班码",
                            ),
                        ),
                        ("is_open", models.BooleanField(default=True, verbose_name="还收人")),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cohorts",
                                to="accounts.place",
                                verbose_name="在哪儿办",
                            ),
                        ),
                        (
                            "trainers",
                            models.ManyToManyField(
                                blank=True,
                                related_name="cohorts_taught",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="老师",
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cohorts",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "班",
                        "verbose_name_plural": "班",
                        "ordering": ["-starts_on", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="class_ends_after_start",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Bank",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="编号")),
                        ("title", models.CharField(max_length=80, verbose_name="题库名")),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="banks",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "题库",
                        "verbose_name_plural": "题库",
                        "ordering": ["course", "code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("course", "code"), name="bank_code_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CourseVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="版本")),
                        ("note", models.TextField(blank=True, max_length=600, verbose_name="改了什么")),
                        ("lessons", models.JSONField(default=dict)),
                        (
                            "published_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="发布时间"),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="发布人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "课程版本",
                        "verbose_name_plural": "课程版本",
                        "ordering": ["course", "-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("course", "number"), name="course_version_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rubric",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=80, verbose_name="评分表名")),
                        ("content", models.JSONField(default=dict, verbose_name="评分项")),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rubrics",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "评分表",
                        "verbose_name_plural": "评分表",
                        "ordering": ["course", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Announcement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.TextField(max_length=600, verbose_name="通知")),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="发布人",
                            ),
                        ),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="announcements",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "班级通知",
                        "verbose_name_plural": "班级通知",
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(fields=["cohort", "-created_at"], name="announcements_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Drill",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=30, verbose_name="编号")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        ("title", models.CharField(max_length=40, verbose_name="练什么")),
                        ("text", models.TextField(blank=True, max_length=1000, verbose_name="怎么练")),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(
                                default=3,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(240),
                                ],
                                verbose_name="讲几分钟",
                            ),
                        ),
                        (
                            "most_minutes",
                            models.PositiveSmallIntegerField(
                                default=5,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(240),
                                ],
                                verbose_name="最多录几分钟",
                            ),
                        ),
                        ("products", models.PositiveSmallIntegerField(default=1, verbose_name="几款货")),
                        ("questions", models.PositiveSmallIntegerField(default=2, verbose_name="问几个问题")),
                        ("is_real", models.BooleanField(default=False, verbose_name="是真直播")),
                        ("template", models.JSONField(blank=True, default=dict, verbose_name="脚本样子")),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drills",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        (
                            "other_title",
                            models.CharField(blank=True, max_length=40, verbose_name="另一种语言叫什么"),
                        ),
                    ],
                    options={
                        "verbose_name": "练法",
                        "verbose_name_plural": "练法",
                        "ordering": ["course", "position", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("course", "code"), name="drill_code_once"),
                            models.CheckConstraint(
                                condition=models.Q(("most_minutes__gte", models.F("minutes"))),
                                name="drill_minutes_fit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuickPhrase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, verbose_name="编号")),
                        (
                            "tone",
                            models.CharField(
                                choices=[("keep", "保持"), ("change", "要改"), ("stop", "不能说")],
                                max_length=6,
                                verbose_name="是哪一种",
                            ),
                        ),
                        ("criterion", models.CharField(blank=True, max_length=30, verbose_name="哪一条")),
                        ("text", models.CharField(max_length=80, verbose_name="话")),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="phrases",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "常用点评",
                        "verbose_name_plural": "常用点评",
                        "ordering": ["course", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("course", "code"), name="phrase_code_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ViewerComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, verbose_name="编号")),
                        ("name", models.CharField(max_length=20, verbose_name="谁问的")),
                        ("text", models.CharField(max_length=80, verbose_name="问什么")),
                        ("wants", models.CharField(max_length=200, verbose_name="好的回答要说到什么")),
                        (
                            "drill",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="comments",
                                to="courses.drill",
                                verbose_name="练法",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "观众的问题",
                        "verbose_name_plural": "观众的问题",
                        "ordering": ["drill", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("drill", "code"), name="comment_code_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Module",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                        ("number", models.PositiveSmallIntegerField(default=1, verbose_name="单元号")),
                        ("title", models.CharField(max_length=60, verbose_name="单元名")),
                        ("summary", models.CharField(blank=True, max_length=300, verbose_name="简介")),
                        ("hours", models.PositiveSmallIntegerField(default=1, verbose_name="学时")),
                        (
                            "proof",
                            models.CharField(blank=True, max_length=200, verbose_name="拿什么证明学会了"),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="modules",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        (
                            "needs",
                            models.ManyToManyField(
                                blank=True,
                                related_name="opens",
                                to="courses.module",
                                verbose_name="先学完哪个单元",
                            ),
                        ),
                        ("opens_on", models.DateField(blank=True, null=True, verbose_name="哪天开放")),
                    ],
                    options={
                        "verbose_name": "单元",
                        "verbose_name_plural": "单元",
                        "ordering": ["course", "position", "id"],
                        "indexes": [models.Index(fields=["course", "position"], name="modules_in_order")],
                    },
                ),
                migrations.CreateModel(
                    name="Lesson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                        ("title", models.CharField(max_length=80, verbose_name="课名")),
                        (
                            "phrases",
                            models.CharField(
                                blank=True, help_text="用 | 隔开", max_length=120, verbose_name="课名怎么断行"
                            ),
                        ),
                        ("body", models.TextField(max_length=20000, verbose_name="正文")),
                        ("html", models.TextField(blank=True, editable=False)),
                        ("do_now", models.TextField(blank=True, max_length=600, verbose_name="动手做")),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(
                                default=5,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(240),
                                ],
                                verbose_name="大约几分钟",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "草稿"), ("published", "已发布")],
                                default="draft",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                        (
                            "module",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lessons",
                                to="courses.module",
                                verbose_name="单元",
                            ),
                        ),
                        ("captions", models.TextField(blank=True, max_length=200000, verbose_name="字幕")),
                        ("code", models.SlugField(blank=True, max_length=60, verbose_name="编号")),
                        (
                            "video",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lessons",
                                to="media.video",
                                verbose_name="视频",
                            ),
                        ),
                        (
                            "watch_share",
                            models.PositiveSmallIntegerField(
                                default=80,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="看到百分之几算看完",
                            ),
                        ),
                        ("was_out", models.BooleanField(default=False, editable=False)),
                    ],
                    options={
                        "verbose_name": "课",
                        "verbose_name_plural": "课",
                        "ordering": ["module", "position", "id"],
                        "indexes": [models.Index(fields=["module", "position"], name="lessons_in_order")],
                    },
                ),
                migrations.CreateModel(
                    name="LessonPicture",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.SlugField(max_length=40, verbose_name="图名")),
                        (
                            "alt",
                            models.CharField(max_length=200, verbose_name="图上有什么（给看不见的人听）"),
                        ),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                        (
                            "lesson",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="courses.lesson",
                                verbose_name="课",
                            ),
                        ),
                        (
                            "photo",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="media.photo",
                                verbose_name="照片",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "插图",
                        "verbose_name_plural": "插图",
                        "ordering": ["position", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("lesson", "name"), name="picture_name_once_a_lesson"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Assignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                        ("title", models.CharField(max_length=80, verbose_name="任务名")),
                        ("text", models.TextField(max_length=3000, verbose_name="要做什么")),
                        (
                            "hand_in",
                            models.CharField(
                                choices=[
                                    ("video", "一段视频"),
                                    ("photo", "照片"),
                                    ("text", "一段文字"),
                                    ("listing", "小店里的一款商品"),
                                    ("rundown", "一张排品表"),
                                    ("rehearsal", "彩排"),
                                ],
                                default="text",
                                max_length=10,
                                verbose_name="交什么",
                            ),
                        ),
                        ("minutes", models.PositiveSmallIntegerField(default=60, verbose_name="大约几分钟")),
                        (
                            "module",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assignments",
                                to="courses.module",
                                verbose_name="单元",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "练习任务",
                        "verbose_name_plural": "练习任务",
                        "ordering": ["module", "position", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Objective",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.CharField(max_length=20, verbose_name="编号")),
                        ("text", models.CharField(max_length=200, verbose_name="学完会做什么")),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="objectives",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        (
                            "module",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="objectives",
                                to="courses.module",
                                verbose_name="单元",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "学习目标",
                        "verbose_name_plural": "学习目标",
                        "ordering": ["course", "code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("course", "code"), name="objective_code_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Opening",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("opens_on", models.DateField(verbose_name="哪天开放")),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="openings",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        (
                            "module",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="openings",
                                to="courses.module",
                                verbose_name="单元",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "开放日期",
                        "verbose_name_plural": "开放日期",
                        "ordering": ["cohort", "opens_on", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("cohort", "module"), name="module_opens_once_a_class"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="编号")),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("single", "单选"),
                                    ("multiple", "多选"),
                                    ("true_false", "对错"),
                                    ("order", "排顺序"),
                                    ("number", "填数"),
                                    ("picture", "选图"),
                                    ("spot", "找违规的话"),
                                ],
                                max_length=12,
                                verbose_name="题型",
                            ),
                        ),
                        (
                            "form",
                            models.CharField(
                                blank=True,
                                choices=[("A", "A"), ("B", "B")],
                                max_length=1,
                                verbose_name="卷别",
                            ),
                        ),
                        ("text", models.TextField(max_length=1000, verbose_name="题目")),
                        (
                            "explain",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="讲解（答对答错都会看到）"
                            ),
                        ),
                        ("content", models.JSONField(default=dict)),
                        ("is_retired", models.BooleanField(default=False, verbose_name="先放着，不考")),
                        (
                            "bank",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="courses.bank",
                                verbose_name="题库",
                            ),
                        ),
                        (
                            "objective",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="questions",
                                to="courses.objective",
                                verbose_name="学习目标",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "题",
                        "verbose_name_plural": "题",
                        "ordering": ["bank", "position", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("bank", "code"), name="question_code_once")
                        ],
                        "indexes": [models.Index(fields=["bank", "position"], name="questions_in_order")],
                    },
                ),
                migrations.CreateModel(
                    name="QuestionPicture",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.SlugField(max_length=40, verbose_name="图名")),
                        (
                            "photo",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="media.photo",
                                verbose_name="照片",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="courses.question",
                                verbose_name="题",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "题里的图",
                        "verbose_name_plural": "题里的图",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("question", "name"), name="picture_name_once_a_question"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Quiz",
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
                                    ("lesson", "课后小测"),
                                    ("module", "单元小测"),
                                    ("pre", "学前测"),
                                    ("post", "学后测"),
                                ],
                                default="module",
                                max_length=8,
                                verbose_name="什么测验",
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="编号")),
                        ("title", models.CharField(max_length=80, verbose_name="测验名")),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "草稿"), ("published", "已发布")],
                                default="draft",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "draw",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="0 就是全部",
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="每次抽几题",
                            ),
                        ),
                        (
                            "pass_percent",
                            models.PositiveSmallIntegerField(
                                default=60,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="百分之几及格",
                            ),
                        ),
                        (
                            "tries",
                            models.PositiveSmallIntegerField(
                                blank=True, help_text="空着就不限", null=True, verbose_name="最多考几次"
                            ),
                        ),
                        (
                            "master_right",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="最近几题里答对几题"
                            ),
                        ),
                        (
                            "master_of",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="最近几题"),
                        ),
                        (
                            "bank",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="quizzes",
                                to="courses.bank",
                                verbose_name="题库",
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="quizzes",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        (
                            "lesson",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="quizzes",
                                to="courses.lesson",
                                verbose_name="课",
                            ),
                        ),
                        (
                            "module",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="quizzes",
                                to="courses.module",
                                verbose_name="单元",
                            ),
                        ),
                        (
                            "clears",
                            models.CharField(
                                blank=True,
                                choices=[("first_live", "首播培训")],
                                max_length=12,
                                verbose_name="通过后发什么许可",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "测验",
                        "verbose_name_plural": "测验",
                        "ordering": ["course", "module__position", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("course", "code"), name="quiz_code_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("master_of__isnull", True), ("master_right__isnull", True)),
                                    models.Q(
                                        ("master_of__gte", models.F("master_right")), ("master_right__gte", 1)
                                    ),
                                    _connector="OR",
                                ),
                                name="quiz_mastery_whole",
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="module",
            name="needs_quiz",
            field=models.ManyToManyField(
                blank=True, related_name="opens", to="courses.quiz", verbose_name="先考过哪个测验"
            ),
        ),
    ]
