import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import progress.models.classroom
from ui.database.orm import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("courses", "0001_initial"),
        ("media", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Attempt",
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
                                related_name="attempts",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "quiz",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attempts",
                                to="courses.quiz",
                                verbose_name="测验",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                        ("tries", models.PositiveSmallIntegerField(null=True)),
                        ("course_version", models.PositiveIntegerField(default=1, verbose_name="课程版本")),
                        ("form", models.CharField(blank=True, max_length=1, verbose_name="卷别")),
                        ("paper", models.JSONField(default=dict)),
                        ("right", models.PositiveSmallIntegerField(default=0, verbose_name="答对")),
                        ("total", models.PositiveSmallIntegerField(default=0, verbose_name="一共")),
                        ("passed", models.BooleanField(default=False, verbose_name="通过")),
                        (
                            "started_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="开始"),
                        ),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="到几点为止")),
                        ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="交卷")),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        (
                            "photos",
                            models.ManyToManyField(editable=False, related_name="+", to="media.photo"),
                        ),
                    ],
                    options={
                        "verbose_name": "作答",
                        "verbose_name_plural": "作答",
                        "ordering": ["-started_at", "-id"],
                        "indexes": [
                            models.Index(fields=["quiz", "finished_at"], name="attempts_of_quiz"),
                            models.Index(
                                condition=models.Q(("due_at__isnull", False), ("finished_at__isnull", True)),
                                fields=["due_at"],
                                name="attempts_under_time",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "quiz", "number"), name="attempt_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("finished_at__isnull", True)),
                                fields=("user", "quiz"),
                                name="one_open_attempt",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("tries__isnull", True),
                                    ("number__lte", models.F("tries")),
                                    _connector="OR",
                                ),
                                name="attempt_within_tries",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "attempt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="progress.attempt",
                                verbose_name="作答",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="第几题")),
                        (
                            "question",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="answers",
                                to="courses.question",
                                verbose_name="题",
                            ),
                        ),
                        (
                            "objective",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="answers",
                                to="courses.objective",
                                verbose_name="学习目标",
                            ),
                        ),
                        ("given", models.JSONField(default=dict, verbose_name="答案")),
                        ("right", models.BooleanField(default=False, verbose_name="答对")),
                        (
                            "answered_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="答题时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "答案",
                        "verbose_name_plural": "答案",
                        "ordering": ["attempt", "position"],
                        "constraints": [
                            models.UniqueConstraint(fields=("attempt", "position"), name="answered_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClassroomSession",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                default=progress.models.classroom.make_code,
                                editable=False,
                                max_length=8,
                                unique=True,
                            ),
                        ),
                        (
                            "host",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="老师",
                            ),
                        ),
                        (
                            "lesson",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="courses.lesson",
                                verbose_name="课",
                            ),
                        ),
                        (
                            "cohort",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=1)),
                        ("is_second", models.BooleanField(default=False)),
                        ("version", models.PositiveIntegerField(default=1)),
                        (
                            "question",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="courses.question",
                                verbose_name="题",
                            ),
                        ),
                        ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "课堂放映",
                        "verbose_name_plural": "课堂放映",
                        "ordering": ["-started_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("host", "lesson"), name="classroom_once_a_host_and_lesson"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("position__gte", 1)), name="classroom_position_from_one"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClassroomQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="progress.classroomsession",
                            ),
                        ),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="courses.question",
                                verbose_name="题",
                            ),
                        ),
                        ("hands", models.JSONField(default=list)),
                        ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("revealed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "课堂提问",
                        "verbose_name_plural": "课堂提问",
                        "ordering": ["session", "asked_at", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("session", "question"), name="classroom_question_once_a_session"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClassroomAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "asked",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="progress.classroomquestion",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        ("letter", models.CharField(max_length=1)),
                        ("answered_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "课堂作答",
                        "verbose_name_plural": "课堂作答",
                        "ordering": ["asked", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("asked", "user"), name="classroom_answer_once_a_person"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EarlyOpening",
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
                                related_name="early_openings",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "quiz",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="early_openings",
                                to="courses.quiz",
                                verbose_name="测验",
                            ),
                        ),
                        (
                            "trainer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁开放的",
                            ),
                        ),
                        (
                            "opened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="开放时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "提前开考",
                        "verbose_name_plural": "提前开考",
                        "ordering": ["-opened_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "quiz"), name="early_opening_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Enrolment",
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
                                related_name="enrolments",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enrolments",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        (
                            "cohort",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="enrolments",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        (
                            "course_version",
                            models.PositiveIntegerField(default=1, verbose_name="报名时的课程版本"),
                        ),
                        (
                            "enrolled_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="报名时间"),
                        ),
                        ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="退出时间")),
                    ],
                    options={
                        "verbose_name": "报名",
                        "verbose_name_plural": "报名",
                        "ordering": ["-enrolled_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "course"), name="one_enrolment_per_course"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LessonDone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lessons_done",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "lesson",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="done_by",
                                to="courses.lesson",
                                verbose_name="课",
                            ),
                        ),
                        ("course_version", models.PositiveIntegerField(default=1, verbose_name="课程版本")),
                        ("happened_at", models.DateTimeField(verbose_name="学完时间")),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "学完的课",
                        "verbose_name_plural": "学完的课",
                        "ordering": ["-received_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "lesson"), name="lesson_done_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Ask",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "lesson",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="asks",
                                to="courses.lesson",
                                verbose_name="课",
                            ),
                        ),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="asks",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="asks",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁问的",
                            ),
                        ),
                        ("text", models.TextField(max_length=600, verbose_name="问题")),
                        (
                            "asked_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                    ],
                    options={
                        "verbose_name": "提问",
                        "verbose_name_plural": "提问",
                        "ordering": ["-asked_at", "-id"],
                        "indexes": [
                            models.Index(fields=["cohort", "lesson", "-asked_at"], name="asks_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reply",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ask",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="replies",
                                to="progress.ask",
                                verbose_name="提问",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="回答人",
                            ),
                        ),
                        ("text", models.TextField(max_length=1000, verbose_name="回答")),
                        (
                            "replied_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "回答",
                        "verbose_name_plural": "回答",
                        "ordering": ["replied_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Talk",
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
                                related_name="talks",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "quiz",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="talks",
                                to="courses.quiz",
                                verbose_name="测验",
                            ),
                        ),
                        (
                            "trainer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁谈的",
                            ),
                        ),
                        ("after", models.PositiveSmallIntegerField(verbose_name="第几次以后")),
                        ("note", models.TextField(max_length=300, verbose_name="谈了什么")),
                        (
                            "held_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候谈的"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "考前谈话",
                        "verbose_name_plural": "考前谈话",
                        "ordering": ["-held_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Transfer",
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
                                related_name="transfers",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "from_cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="transfers_out",
                                to="courses.cohort",
                                verbose_name="从哪个班",
                            ),
                        ),
                        (
                            "to_cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="transfers_in",
                                to="courses.cohort",
                                verbose_name="到哪个班",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候转的"
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁转的",
                            ),
                        ),
                        (
                            "undone_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候撤回的"),
                        ),
                    ],
                    options={
                        "verbose_name": "转班",
                        "verbose_name_plural": "转班",
                        "ordering": ["-made_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Watch",
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
                                related_name="watches",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "lesson",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="watched_by",
                                to="courses.lesson",
                                verbose_name="课",
                            ),
                        ),
                        ("course_version", models.PositiveIntegerField(default=1, verbose_name="课程版本")),
                        ("film", models.CharField(blank=True, editable=False, max_length=32)),
                        ("intervals", models.JSONField(default=list)),
                        ("watched_ms", models.PositiveIntegerField(default=0, verbose_name="看了多少")),
                        ("last_ms", models.PositiveIntegerField(default=0, verbose_name="上次看到")),
                        ("furthest_ms", models.PositiveIntegerField(default=0, verbose_name="最远看到")),
                        (
                            "first_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="第一次看"),
                        ),
                        (
                            "last_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="最近一次看"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "看过的视频",
                        "verbose_name_plural": "看过的视频",
                        "ordering": ["-last_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "lesson"), name="one_watch_per_lesson")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LearningChoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="learning_choice",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "rendition",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "看信号自动选"),
                                    ("480", "清楚"),
                                    ("240", "省流量"),
                                    ("listen", "只听"),
                                    ("read", "只读文字"),
                                ],
                                default="",
                                max_length=8,
                                verbose_name="怎么看",
                            ),
                        ),
                        (
                            "speed_percent",
                            models.PositiveSmallIntegerField(
                                default=100,
                                validators=[django.core.validators.MaxValueValidator(200)],
                                verbose_name="播放速度",
                            ),
                        ),
                        (
                            "fen_per_gb",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="一个 GB 流量多少分钱"
                            ),
                        ),
                        ("captions", models.BooleanField(default=True, verbose_name="显示字幕")),
                        ("chosen_at", models.JSONField(default=dict, editable=False)),
                    ],
                    options={
                        "verbose_name": "学习习惯",
                        "verbose_name_plural": "学习习惯",
                    },
                ),
                migrations.CreateModel(
                    name="WatchTime",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="watch_time",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        ("spans", models.JSONField(default=list)),
                    ],
                    options={
                        "verbose_name": "看视频的时间",
                        "verbose_name_plural": "看视频的时间",
                    },
                ),
                migrations.CreateModel(
                    name="WaitingEntry",
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
                                related_name="waiting_entries",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="waiting_entries",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁",
                            ),
                        ),
                        ("needs_consent", models.BooleanField(default=False, verbose_name="要老师同意")),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="给老师的话")),
                        (
                            "asked_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="排候补的时间"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "候补中"),
                                    ("admitted", "进班了"),
                                    ("left", "不等了"),
                                    ("declined", "没收"),
                                ],
                                default="waiting",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "decided_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候定的"),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁定的",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="为什么没收")),
                    ],
                    options={
                        "verbose_name": "候补",
                        "verbose_name_plural": "候补",
                        "ordering": ["asked_at", "id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["cohort", "asked_at"],
                                name="waiting_in_line",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("cohort", "user"), name="waits_once_for_a_class"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["waiting", "admitted", "left", "declined"])
                                ),
                                name="waiting_state_known",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
