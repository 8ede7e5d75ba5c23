import uuid

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
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="courses",
                                to="accounts.place",
                                verbose_name="开课单位",
                            ),
                        ),
                        ("summary", models.TextField(max_length=600, verbose_name="简介")),
                        ("audience", models.CharField(blank=True, max_length=200, verbose_name="适合谁")),
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
                    name="CourseVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
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
                        ("number", models.PositiveIntegerField(verbose_name="版本")),
                        ("note", models.TextField(blank=True, max_length=600, verbose_name="改了什么")),
                        ("lessons", models.JSONField(default=dict)),
                        (
                            "published_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="发布时间"),
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
                    name="Cohort",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cohorts",
                                to="accounts.place",
                                verbose_name="在哪儿办",
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="班名")),
                        (
                            "mentor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="cohorts_mentored",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="带教师傅",
                            ),
                        ),
                        (
                            "most_people",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="最多收多少人，空着就不限。满了的排候补。",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(2000),
                                ],
                                verbose_name="名额",
                            ),
                        ),
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
                            "audience",
                            models.CharField(
                                blank=True,
                                help_text="写给大家看的一句话，比如“家里种橙子、有智能手机的”。",
                                max_length=60,
                                verbose_name="招什么人",
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
                            "from_places",
                            models.ManyToManyField(
                                blank=True,
                                help_text="空着就哪里的都收。别处的人要老师同意才能进班。",
                                related_name="+",
                                to="accounts.place",
                                verbose_name="招哪些地方的人",
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
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("most_people", None), ("most_people__gte", 1), _connector="OR"
                                ),
                                name="class_has_a_seat",
                            ),
                        ],
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
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="announcements",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
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
                        ("text", models.TextField(max_length=600, verbose_name="通知")),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
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
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drills",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        ("code", models.SlugField(max_length=30, verbose_name="编号")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        ("title", models.CharField(max_length=40, verbose_name="练什么")),
                        (
                            "other_title",
                            models.CharField(blank=True, max_length=40, verbose_name="另一种语言叫什么"),
                        ),
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
                        ("is_exam", models.BooleanField(default=False, verbose_name="算考核")),
                        ("template", models.JSONField(blank=True, default=dict, verbose_name="脚本样子")),
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
                    name="ViewerComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "drill",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="comments",
                                to="courses.drill",
                                verbose_name="练法",
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, verbose_name="编号")),
                        ("name", models.CharField(max_length=20, verbose_name="谁问的")),
                        ("text", models.CharField(max_length=80, verbose_name="问什么")),
                        ("wants", models.CharField(max_length=200, verbose_name="好的回答要说到什么")),
                        (
                            "goods",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("fruit", "水果"),
                                    ("egg", "鸡鸭蛋"),
                                    ("tea", "茶叶"),
                                    ("rice", "大米"),
                                    ("vegetable", "蔬菜山货"),
                                ],
                                max_length=10,
                                verbose_name="问哪类货",
                            ),
                        ),
                        (
                            "only_if",
                            models.CharField(blank=True, max_length=20, verbose_name="脚本里有这个词才问"),
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
                    name="QuickPhrase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="phrases",
                                to="courses.course",
                                verbose_name="课程",
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
                    name="Bank",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="banks",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, verbose_name="编号")),
                        ("title", models.CharField(max_length=80, verbose_name="题库名")),
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
                    name="Rubric",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rubrics",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        ("title", models.CharField(max_length=80, verbose_name="评分表名")),
                        ("content", models.JSONField(default=dict, verbose_name="评分项")),
                    ],
                    options={
                        "verbose_name": "评分表",
                        "verbose_name_plural": "评分表",
                        "ordering": ["course", "id"],
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
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="modules",
                                to="courses.course",
                                verbose_name="课程",
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
                        ("always_taught", models.BooleanField(default=False, verbose_name="摸底也不能跳过")),
                        ("opens_on", models.DateField(blank=True, null=True, verbose_name="哪天开放")),
                        (
                            "needs",
                            models.ManyToManyField(
                                blank=True,
                                related_name="opens",
                                to="courses.module",
                                verbose_name="先学完哪个单元",
                            ),
                        ),
                        (
                            "needs_quiz",
                            models.ManyToManyField(
                                blank=True,
                                related_name="opens",
                                to="courses.quiz",
                                verbose_name="先考过哪个测验",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "单元",
                        "verbose_name_plural": "单元",
                        "ordering": ["course", "position", "id"],
                        "indexes": [models.Index(fields=["course", "position"], name="modules_in_order")],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cases",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        (
                            "code",
                            models.SlugField(
                                help_text="网址里的名字：字母、数字、短横", max_length=60, verbose_name="编号"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("fine", "罚单"),
                                    ("live", "好样子"),
                                    ("aftersale", "售后"),
                                    ("packing", "装箱"),
                                    ("failed", "没做成"),
                                ],
                                max_length=10,
                                verbose_name="哪一种",
                            ),
                        ),
                        ("title", models.CharField(max_length=120, verbose_name="标题")),
                        ("source", models.TextField(blank=True, max_length=800, verbose_name="出处")),
                        ("is_made_up", models.BooleanField(default=False, verbose_name="为教学编的")),
                        ("body", models.TextField(max_length=6000, verbose_name="正文")),
                        ("ask", models.JSONField(default=list, verbose_name="三个问题")),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                        (
                            "modules",
                            models.ManyToManyField(
                                related_name="cases", to="courses.module", verbose_name="用在哪些单元"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "案例",
                        "verbose_name_plural": "案例",
                        "ordering": ["course", "position", "code"],
                        "constraints": [
                            models.UniqueConstraint(fields=("course", "code"), name="case_code_once")
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
                        ("opens_on", models.DateField(verbose_name="哪天开放")),
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
                    name="Lesson",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "module",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lessons",
                                to="courses.module",
                                verbose_name="单元",
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
                        ("captions", models.TextField(blank=True, max_length=200000, verbose_name="字幕")),
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
                        ("was_out", models.BooleanField(default=False, editable=False)),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
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
                        ("name", models.SlugField(max_length=40, verbose_name="图名")),
                        (
                            "alt",
                            models.CharField(max_length=200, verbose_name="图上有什么（给看不见的人听）"),
                        ),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="顺序")),
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
                    name="LessonPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "lesson",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="plan",
                                to="courses.lesson",
                                verbose_name="课",
                            ),
                        ),
                        ("goal", models.TextField(max_length=400, verbose_name="下课时做得出什么")),
                        (
                            "kit",
                            models.TextField(
                                help_text="一行一样，写上几个。", max_length=2000, verbose_name="要备的东西"
                            ),
                        ),
                        ("safety", models.TextField(max_length=1200, verbose_name="安全")),
                        ("simple", models.TextField(max_length=1200, verbose_name="不识字的怎么带")),
                        ("parts", models.JSONField(default=list, verbose_name="四步")),
                        ("faults", models.JSONField(default=list, verbose_name="常见的错")),
                        ("check_ask", models.TextField(max_length=500, verbose_name="问一句，看懂没懂")),
                        ("check_answer", models.TextField(max_length=800, verbose_name="答什么算懂")),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
                    ],
                    options={
                        "verbose_name": "教案",
                        "verbose_name_plural": "教案",
                        "ordering": ["lesson"],
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
                        ("code", models.CharField(max_length=20, verbose_name="编号")),
                        ("text", models.CharField(max_length=200, verbose_name="学完会做什么")),
                        (
                            "is_key",
                            models.BooleanField(default=False, verbose_name="摸底必考（这个单元最难的一条）"),
                        ),
                        (
                            "weight",
                            models.PositiveSmallIntegerField(
                                default=1,
                                help_text="1 就是和别的一样；3 就是多考两倍；0 就是不考",
                                validators=[django.core.validators.MaxValueValidator(20)],
                                verbose_name="结业理论里的分量",
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
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "bank",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="courses.bank",
                                verbose_name="题库",
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
                        ("text", models.TextField(max_length=1000, verbose_name="题目")),
                        (
                            "explain",
                            models.TextField(
                                blank=True, max_length=1000, verbose_name="讲解（答对答错都会看到）"
                            ),
                        ),
                        ("content", models.JSONField(default=dict)),
                        ("is_retired", models.BooleanField(default=False, verbose_name="先放着，不考")),
                    ],
                    options={
                        "verbose_name": "题",
                        "verbose_name_plural": "题",
                        "ordering": ["bank", "position", "id"],
                        "indexes": [models.Index(fields=["bank", "position"], name="questions_in_order")],
                        "constraints": [
                            models.UniqueConstraint(fields=("bank", "code"), name="question_code_once")
                        ],
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
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="courses.question",
                                verbose_name="题",
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
                        ("name", models.SlugField(max_length=40, verbose_name="图名")),
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
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="quizzes",
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
                                related_name="quizzes",
                                to="courses.module",
                                verbose_name="单元",
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
                            "bank",
                            models.ForeignKey(
                                blank=True,
                                help_text="入门摸底和结业理论从各单元的题库里抽，空着",
                                null=True,
                                on_delete=django.db.models.deletion.RESTRICT,
                                related_name="quizzes",
                                to="courses.bank",
                                verbose_name="题库",
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
                                    ("place", "入门摸底"),
                                    ("final", "结业理论"),
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
                            "objective_minimum",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="0 就是不管",
                                validators=[django.core.validators.MaxValueValidator(50)],
                                verbose_name="每个学习目标至少几题",
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
                            "talk_after",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="空着就不用谈",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(20),
                                ],
                                verbose_name="几次没过要先找老师谈",
                            ),
                        ),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="空着就不限时",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(300),
                                ],
                                verbose_name="限几分钟",
                            ),
                        ),
                        (
                            "floor_module",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="courses.module",
                                verbose_name="哪个单元另外划线",
                            ),
                        ),
                        (
                            "floor_percent",
                            models.PositiveSmallIntegerField(
                                default=0,
                                validators=[django.core.validators.MaxValueValidator(100)],
                                verbose_name="这个单元的题答对百分之几",
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("bank__isnull", False), ("kind__in", ("place", "final")), _connector="OR"
                                ),
                                name="quiz_has_a_bank",
                            ),
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
                        (
                            "module",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="assignments",
                                to="courses.module",
                                verbose_name="单元",
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
                                    ("file", "一个文件"),
                                ],
                                default="text",
                                max_length=10,
                                verbose_name="交什么",
                            ),
                        ),
                        ("minutes", models.PositiveSmallIntegerField(default=60, verbose_name="大约几分钟")),
                        ("criteria", models.JSONField(blank=True, default=list, verbose_name="看哪几条")),
                    ],
                    options={
                        "verbose_name": "练习任务",
                        "verbose_name_plural": "练习任务",
                        "ordering": ["module", "position", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="LessonVoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "lesson",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="voices",
                                to="courses.lesson",
                                verbose_name="课",
                            ),
                        ),
                        (
                            "speaker",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="lesson_voices",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁念的",
                            ),
                        ),
                        ("shown_name", models.CharField(max_length=20, verbose_name="学员看到的名字")),
                        ("speech", models.CharField(max_length=20, verbose_name="用什么话念")),
                        (
                            "opened_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="放给大家听的时间"),
                        ),
                        (
                            "closed_at",
                            models.DateTimeField(
                                blank=True,
                                default=django.utils.timezone.now,
                                null=True,
                                verbose_name="没放给大家听，从什么时候起",
                            ),
                        ),
                        (
                            "begun_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="开始录的时间"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "课的录音",
                        "verbose_name_plural": "课的录音",
                        "ordering": ["lesson", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("lesson", "speaker", "speech"), name="lesson_voice_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_at__isnull", False), ("opened_at__isnull", True)),
                                    models.Q(("closed_at__isnull", True), ("opened_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="lesson_voice_open_or_closed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VoicePart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "lesson_voice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parts",
                                to="courses.lessonvoice",
                                verbose_name="课的录音",
                            ),
                        ),
                        ("digest", models.CharField(max_length=16)),
                        (
                            "voice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="media.voice",
                                verbose_name="语音",
                            ),
                        ),
                        (
                            "noise_db",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="杂音比说话小多少分贝"
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="录的时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "课的一段录音",
                        "verbose_name_plural": "课的一段录音",
                        "ordering": ["lesson_voice", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("lesson_voice", "digest"), name="voice_part_once")
                        ],
                    },
                ),
            ],
        ),
    ]
