import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import programme.models.attendance
import programme.models.attendance
import programme.models.certificates
from ui.database.orm import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("courses", "0001_initial"),
        ("media", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="AccountMerge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "keep",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="merges",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="留下的账号",
                            ),
                        ),
                        (
                            "gone",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="merged_by",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="并掉的账号",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁并的",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候并的"
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="为什么合并")),
                        ("dropped", models.JSONField(default=dict)),
                    ],
                    options={
                        "verbose_name": "合并的账号",
                        "verbose_name_plural": "合并的账号",
                        "ordering": ["-made_at", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("keep", models.F("gone")), _negated=True),
                                name="nobody_merged_into_themselves",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingSession",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="training_sessions",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="什么时候")),
                        ("minutes", models.PositiveSmallIntegerField(verbose_name="多少分钟")),
                        ("place", models.CharField(max_length=60, verbose_name="在哪儿上")),
                        ("topic", models.CharField(max_length=60, verbose_name="讲什么")),
                        (
                            "module",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="courses.module",
                                verbose_name="单元",
                            ),
                        ),
                        (
                            "trainer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="老师",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候排的"
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁排的",
                            ),
                        ),
                        (
                            "cancelled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="取消时间"),
                        ),
                        (
                            "cancelled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁取消的",
                            ),
                        ),
                        (
                            "cancel_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="为什么取消"),
                        ),
                        (
                            "revision",
                            models.PositiveIntegerField(default=0, editable=False, verbose_name="改过几次"),
                        ),
                        (
                            "changed_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="什么时候改的"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "培训课",
                        "verbose_name_plural": "培训课",
                        "ordering": ["-starts_at", "-id"],
                        "indexes": [models.Index(fields=["cohort", "-starts_at"], name="sessions_of_class")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("minutes__gte", 1), ("minutes__lte", 720)),
                                name="session_minutes_in_range",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attendance",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="attendance",
                                to="programme.trainingsession",
                                verbose_name="培训课",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attendance",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "mark",
                            models.CharField(
                                choices=[
                                    ("present", "到了"),
                                    ("late", "迟到"),
                                    ("absent", "缺勤"),
                                    ("excused", "请假"),
                                    ("open", "没点"),
                                ],
                                default="open",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "happened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="发生时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "签到",
                        "verbose_name_plural": "签到",
                        "ordering": ["session", "user"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("session", "user"), name="attendance_once_a_session"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("mark__in", ["present", "late", "absent", "excused", "open"])
                                ),
                                name="attendance_mark_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WalkIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField()),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="walk_ins",
                                to="programme.trainingsession",
                                verbose_name="培训课",
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="姓名")),
                        (
                            "phone",
                            phonenumber_field.modelfields.PhoneNumberField(
                                blank=True, max_length=128, region="CN", verbose_name="手机号"
                            ),
                        ),
                        ("attended", models.BooleanField(default=True, verbose_name="来了")),
                        ("happened_at", models.DateTimeField(verbose_name="发生时间")),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁记的",
                            ),
                        ),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="并入谁",
                            ),
                        ),
                        ("merged_at", models.DateTimeField(blank=True, null=True, verbose_name="并入时间")),
                        (
                            "merged_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁并的",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "临时学员",
                        "verbose_name_plural": "临时学员",
                        "ordering": ["session", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("session", "key"), name="walk_in_once_a_session")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AttendanceMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4)),
                        (
                            "attendance",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="marks",
                                to="programme.attendance",
                                verbose_name="签到",
                            ),
                        ),
                        (
                            "mark",
                            models.CharField(
                                choices=[
                                    ("present", "到了"),
                                    ("late", "迟到"),
                                    ("absent", "缺勤"),
                                    ("excused", "请假"),
                                    ("open", "没点"),
                                ],
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("roll", "点名"),
                                    ("rest", "其余算缺勤"),
                                    ("code", "自己签到"),
                                    ("paper", "照纸质表补录"),
                                    ("merged", "从临时学员并入"),
                                ],
                                max_length=8,
                                verbose_name="怎么记的",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁记的",
                            ),
                        ),
                        (
                            "walk_in",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="marks",
                                to="programme.walkin",
                                verbose_name="临时学员",
                            ),
                        ),
                        ("happened_at", models.DateTimeField(verbose_name="发生时间")),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "签到流水",
                        "verbose_name_plural": "签到流水",
                        "ordering": ["-happened_at", "-id"],
                        "indexes": [
                            models.Index(fields=["attendance", "-happened_at", "-id"], name="marks_newest")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("recorded_by", "event_id"), name="attendance_mark_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("mark__in", ["present", "late", "absent", "excused", "open"])
                                ),
                                name="attendance_mark_of_history_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AttendanceSheet",
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
                                default=programme.models.attendance.make_sheet_key,
                                editable=False,
                                max_length=10,
                                unique=True,
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sheets",
                                to="programme.trainingsession",
                                verbose_name="培训课",
                            ),
                        ),
                        ("people", models.JSONField(default=list)),
                        (
                            "printed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁印的",
                            ),
                        ),
                        (
                            "printed_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候印的"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "签到表",
                        "verbose_name_plural": "签到表",
                        "ordering": ["-printed_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarAddress",
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
                                related_name="calendar_address",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁的",
                            ),
                        ),
                        (
                            "nonce",
                            models.CharField(
                                default=programme.models.attendance.make_nonce, editable=False, max_length=40
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候开的"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "日历地址",
                        "verbose_name_plural": "日历地址",
                        "ordering": ["-made_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="CertificateRule",
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
                                related_name="certificate_rules",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        ("title", models.CharField(max_length=40, verbose_name="证书名称")),
                        (
                            "hours",
                            models.PositiveSmallIntegerField(
                                default=43,
                                validators=[django.core.validators.MaxValueValidator(2000)],
                                verbose_name="印多少学时",
                            ),
                        ),
                        ("needs_lessons", models.BooleanField(default=True, verbose_name="每一课都要学完")),
                        (
                            "needs_quizzes",
                            models.BooleanField(default=True, verbose_name="每个测验都要通过（学前测不算）"),
                        ),
                        (
                            "waives_known",
                            models.BooleanField(
                                default=False, verbose_name="摸底已会、小测也过了的单元，课可以不学"
                            ),
                        ),
                        ("needs_theory", models.BooleanField(default=False, verbose_name="结业理论要通过")),
                        (
                            "needs_practical",
                            models.BooleanField(default=False, verbose_name="结业实操要通过"),
                        ),
                        (
                            "rehearsals",
                            models.PositiveSmallIntegerField(
                                default=1,
                                validators=[django.core.validators.MaxValueValidator(50)],
                                verbose_name="几遍彩排要过线",
                            ),
                        ),
                        (
                            "rehearsal_points",
                            models.PositiveSmallIntegerField(
                                default=60,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="彩排多少分算过线",
                            ),
                        ),
                        (
                            "tasks",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="0 就是不看练习任务",
                                validators=[django.core.validators.MaxValueValidator(200)],
                                verbose_name="几样练习任务要通过",
                            ),
                        ),
                        (
                            "attendance_hours",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="0 就是不看到课",
                                validators=[django.core.validators.MaxValueValidator(2000)],
                                verbose_name="到课要满几小时",
                            ),
                        ),
                        (
                            "valid_from",
                            models.DateField(
                                default=django.utils.timezone.localdate, verbose_name="从哪天起用"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "发证条件",
                        "verbose_name_plural": "发证条件",
                        "ordering": ["course", "-valid_from"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("course", "valid_from"), name="one_certificate_rule_a_day"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="certificates",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        ("course_version", models.PositiveIntegerField(default=1, verbose_name="课程版本")),
                        (
                            "cohort",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="certificates",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="姓名")),
                        ("title", models.CharField(max_length=40, verbose_name="证书名称")),
                        ("course_title", models.CharField(max_length=60, verbose_name="课程名")),
                        ("class_name", models.CharField(blank=True, max_length=40, verbose_name="班名")),
                        ("place_name", models.CharField(max_length=120, verbose_name="发证单位")),
                        ("hours", models.PositiveSmallIntegerField(verbose_name="学时")),
                        ("serial", models.CharField(max_length=20, unique=True, verbose_name="证书编号")),
                        (
                            "code",
                            models.CharField(
                                default=programme.models.certificates.make_code,
                                max_length=12,
                                unique=True,
                                verbose_name="查验码",
                            ),
                        ),
                        ("evidence", models.JSONField(default=dict, verbose_name="依据")),
                        (
                            "issued_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁发的",
                            ),
                        ),
                        (
                            "issued_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="发证时间"),
                        ),
                        ("shows_name", models.BooleanField(default=False, verbose_name="查验时显示全名")),
                        (
                            "shows_course",
                            models.BooleanField(default=True, verbose_name="查验时显示学了什么"),
                        ),
                        (
                            "shows_credential",
                            models.BooleanField(default=False, verbose_name="查验时可以下载电子证书"),
                        ),
                        (
                            "replaces",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="successor",
                                to="programme.certificate",
                                verbose_name="换下了哪张",
                            ),
                        ),
                        ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="作废时间")),
                        (
                            "revoked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁作废的",
                            ),
                        ),
                        (
                            "revoked_because",
                            models.CharField(blank=True, max_length=200, verbose_name="为什么作废"),
                        ),
                    ],
                    options={
                        "verbose_name": "结业证书",
                        "verbose_name_plural": "结业证书",
                        "ordering": ["-issued_at", "-id"],
                        "indexes": [
                            models.Index(fields=["cohort", "-issued_at"], name="certificates_of_class"),
                            models.Index(
                                condition=models.Q(("revoked_at__isnull", False)),
                                fields=["id"],
                                name="certificates_revoked",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at__isnull", True)),
                                fields=("user", "course", "course_version"),
                                name="one_valid_certificate_a_course",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("revoked_at__isnull", True),
                                    ("revoked_at__gte", models.F("issued_at")),
                                    _connector="OR",
                                ),
                                name="certificate_revoked_after_issue",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("revoked_at__isnull", True),
                                    models.Q(("revoked_because", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="certificate_revoked_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IssuerKey",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("algorithm", models.CharField(default="Ed25519", max_length=10)),
                        ("public", models.CharField(max_length=60, unique=True, verbose_name="公钥")),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="从什么时候起用"
                            ),
                        ),
                        (
                            "retired_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候停用"),
                        ),
                    ],
                    options={
                        "verbose_name": "签名的密钥",
                        "verbose_name_plural": "签名的密钥",
                        "ordering": ["-created_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("retired_at__isnull", True)),
                                fields=("algorithm",),
                                name="one_key_signs",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Credential",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "certificate",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="credential",
                                to="programme.certificate",
                                verbose_name="结业证书",
                            ),
                        ),
                        (
                            "issuer_key",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="credentials",
                                to="programme.issuerkey",
                                verbose_name="签名的密钥",
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("document", models.TextField(verbose_name="签了名的文件")),
                        ("names_holder", models.BooleanField(verbose_name="写着姓名")),
                        ("salt", models.CharField(blank=True, max_length=32, verbose_name="核对码")),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候做的"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "电子证书",
                        "verbose_name_plural": "电子证书",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("names_holder", True), ("salt", "")),
                                    models.Q(("names_holder", False), models.Q(("salt", ""), _negated=True)),
                                    _connector="OR",
                                ),
                                name="credential_names_or_hashes",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PracticalExam",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="practical_exams",
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
                        ("title", models.CharField(max_length=40, verbose_name="考什么")),
                        ("rubric_content", models.JSONField(default=dict, verbose_name="当时的评分表")),
                        ("rubric_hash", models.CharField(max_length=64, verbose_name="评分表指纹")),
                        ("starts_at", models.DateTimeField(verbose_name="什么时候")),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(
                                default=30,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(240),
                                ],
                                verbose_name="播几分钟",
                            ),
                        ),
                        (
                            "slot_minutes",
                            models.PositiveSmallIntegerField(
                                default=45,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(300),
                                ],
                                verbose_name="每人占几分钟",
                            ),
                        ),
                        ("place", models.CharField(max_length=60, verbose_name="在哪儿考")),
                        (
                            "pass_points",
                            models.PositiveSmallIntegerField(
                                default=60,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="几分算过",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁排的",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候排的"
                            ),
                        ),
                        (
                            "cancelled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="取消时间"),
                        ),
                        (
                            "cancelled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁取消的",
                            ),
                        ),
                        (
                            "cancel_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="为什么取消"),
                        ),
                    ],
                    options={
                        "verbose_name": "结业实操",
                        "verbose_name_plural": "结业实操",
                        "ordering": ["-starts_at", "-id"],
                        "indexes": [models.Index(fields=["cohort", "-starts_at"], name="exams_of_class")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("slot_minutes__gte", models.F("minutes"))),
                                name="exam_slot_holds_the_live_session",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("cancelled_at__isnull", True),
                                    models.Q(("cancel_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="exam_cancelled_with_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExamSeat",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "exam",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="seats",
                                to="programme.practicalexam",
                                verbose_name="结业实操",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exam_seats",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="考生",
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.course",
                                verbose_name="课程",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="第几个")),
                        ("number", models.PositiveSmallIntegerField(default=1, verbose_name="第几次考")),
                        (
                            "total",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="总分"),
                        ),
                        ("passed", models.BooleanField(default=False, verbose_name="通过")),
                        (
                            "way",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("mean", "两位考官的平均分"),
                                    ("third", "三位考官的中间分"),
                                    ("talk", "两位考官商量定的"),
                                ],
                                max_length=5,
                                verbose_name="总分怎么来的",
                            ),
                        ),
                        ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="出分时间")),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="撤下时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "实操考位",
                        "verbose_name_plural": "实操考位",
                        "ordering": ["exam", "position", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("exam", "user"),
                                name="exam_seat_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("user", "course", "number"),
                                name="exam_try_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("number__gte", 1), ("number__lte", 2)),
                                name="exam_tries_are_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("settled_at__isnull", True), ("total__isnull", True)),
                                    models.Q(("settled_at__isnull", False), ("total__lte", 100)),
                                    _connector="OR",
                                ),
                                name="exam_seat_settled_with_a_total",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExamScore",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "seat",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="scores",
                                to="programme.examseat",
                                verbose_name="实操考位",
                            ),
                        ),
                        (
                            "examiner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exam_scores",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="考官",
                            ),
                        ),
                        (
                            "part",
                            models.CharField(
                                choices=[
                                    ("first", "第一位考官"),
                                    ("second", "第二位考官"),
                                    ("third", "第三位考官"),
                                ],
                                max_length=6,
                                verbose_name="第几位",
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
                        ("words", models.CharField(blank=True, max_length=200, verbose_name="一句话")),
                        (
                            "total",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="总分"),
                        ),
                        ("capped", models.BooleanField(default=False, verbose_name="违规话没更正")),
                        (
                            "agreed",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="商量定的分"
                            ),
                        ),
                        (
                            "saved_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="草稿存的时间"
                            ),
                        ),
                        ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="交分时间")),
                    ],
                    options={
                        "verbose_name": "实操评分",
                        "verbose_name_plural": "实操评分",
                        "ordering": ["seat", "part"],
                        "indexes": [
                            models.Index(fields=["examiner", "signed_at"], name="exam_scores_of_examiner")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("seat", "examiner"), name="one_score_an_examiner"
                            ),
                            models.UniqueConstraint(fields=("seat", "part"), name="one_score_a_part"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("signed_at__isnull", True),
                                    models.Q(("total__isnull", False), ("total__lte", 100)),
                                    _connector="OR",
                                ),
                                name="signed_exam_score_has_a_total",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdNumberRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "cohort",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="id_number_rule",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        ("reason", models.CharField(max_length=200, verbose_name="为什么要报身份证号")),
                        (
                            "set_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁定的",
                            ),
                        ),
                        (
                            "set_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候定的"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "报身份证号的规定",
                        "verbose_name_plural": "报身份证号的规定",
                    },
                ),
                migrations.CreateModel(
                    name="IdNumber",
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
                                related_name="id_numbers",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="id_numbers",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        ("key_id", models.CharField(max_length=16)),
                        ("sealed", models.CharField(max_length=120, verbose_name="身份证号（加密）")),
                        (
                            "entered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁填的",
                            ),
                        ),
                        (
                            "entered_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候填的"
                            ),
                        ),
                        (
                            "delete_after",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候删"),
                        ),
                    ],
                    options={
                        "verbose_name": "身份证号",
                        "verbose_name_plural": "身份证号",
                        "ordering": ["cohort", "user"],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "cohort"), name="one_id_number_a_class")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MentorInvitation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="mentor_invitations",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="请谁",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.place",
                                verbose_name="哪个村",
                            ),
                        ),
                        (
                            "course",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.course",
                                verbose_name="带哪门课",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="跟他说一句")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("asked", "等他答复"),
                                    ("accepted", "答应了"),
                                    ("declined", "没答应"),
                                    ("withdrawn", "收回了"),
                                ],
                                default="asked",
                                max_length=9,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "invited_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁请的",
                            ),
                        ),
                        (
                            "invited_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候请的"
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候答复的"),
                        ),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="收回时间")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁收回的",
                            ),
                        ),
                        (
                            "why_ended",
                            models.CharField(blank=True, max_length=200, verbose_name="为什么收回"),
                        ),
                    ],
                    options={
                        "verbose_name": "带教邀请",
                        "verbose_name_plural": "带教邀请",
                        "ordering": ["-invited_at", "-id"],
                        "indexes": [
                            models.Index(fields=["place", "-invited_at"], name="mentor_invitations_of_place")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status__in", ["asked", "accepted"])),
                                fields=("person",),
                                name="one_open_mentor_invitation",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StepRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(unique=True, verbose_name="从哪天起")),
                        (
                            "target_fen",
                            models.PositiveBigIntegerField(
                                default=500000,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="增收：一个月净收入（分）",
                            ),
                        ),
                        (
                            "settle_days",
                            models.PositiveSmallIntegerField(
                                default=7,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(60),
                                ],
                                verbose_name="成交：直播过几天算结清",
                            ),
                        ),
                        (
                            "live_minutes",
                            models.PositiveSmallIntegerField(
                                default=10,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(480),
                                ],
                                verbose_name="主播：真直播最少播几分钟",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁定的",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候定的"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "阶梯的标准",
                        "verbose_name_plural": "阶梯的标准",
                        "ordering": ["-valid_from"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("live_minutes__gte", 1), ("settle_days__gte", 1), ("target_fen__gte", 1)
                                ),
                                name="step_rule_asks_for_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Teaching",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="teachings",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="师傅",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taught_by",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="徒弟",
                            ),
                        ),
                        (
                            "cohort",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        ("since", models.DateField(verbose_name="从哪天起")),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁记的",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候记的"
                            ),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="撤回时间"),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁撤回的",
                            ),
                        ),
                        (
                            "why_withdrawn",
                            models.CharField(blank=True, max_length=200, verbose_name="为什么撤回"),
                        ),
                    ],
                    options={
                        "verbose_name": "师徒记录",
                        "verbose_name_plural": "师徒记录",
                        "ordering": ["-since", "-id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("teacher", "pupil"), name="one_teaching_a_pair"),
                            models.CheckConstraint(
                                condition=models.Q(("teacher", models.F("pupil")), _negated=True),
                                name="nobody_teaches_themselves",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Step",
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
                                related_name="steps",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁",
                            ),
                        ),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("learner", "学员"),
                                    ("graduate", "结业"),
                                    ("streamer", "主播"),
                                    ("seller", "成交"),
                                    ("earner", "增收"),
                                    ("mentor", "带教"),
                                ],
                                max_length=8,
                                verbose_name="哪一级",
                            ),
                        ),
                        ("reached_at", models.DateTimeField(verbose_name="什么时候到的")),
                        (
                            "evidence_kind",
                            models.CharField(
                                choices=[
                                    ("lesson", "学完的课"),
                                    ("certificate", "结业证书"),
                                    ("live", "真直播"),
                                    ("order", "订单"),
                                    ("sales", "结清的直播成交"),
                                    ("month", "一个月的账"),
                                    ("teaching", "师徒记录"),
                                ],
                                max_length=12,
                                verbose_name="哪种依据",
                            ),
                        ),
                        ("evidence_id", models.BigIntegerField(verbose_name="依据的编号")),
                        ("facts", models.JSONField(default=dict, verbose_name="依据里的数")),
                        (
                            "rule",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="programme.steprule",
                                verbose_name="按哪条标准",
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候记的"
                            ),
                        ),
                        (
                            "taken_back_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候收回的"),
                        ),
                        (
                            "why_taken_back",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("earlier", "找到了更早的依据，换成那一条"),
                                    ("lesson", "学完课的记录没有了"),
                                    ("certificate", "结业证书作废了"),
                                    ("review", "彩排的点评撤回了"),
                                    ("live", "真直播的记录不全了"),
                                    ("order", "这单的钱全退了"),
                                    ("sales", "直播成交更正了，或者退了款"),
                                    ("ledger", "账更正了，这个月没到标准"),
                                    ("teaching", "师徒记录撤回了"),
                                    ("pupil", "徒弟的成交不算了"),
                                ],
                                max_length=12,
                                verbose_name="为什么收回",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "阶梯",
                        "verbose_name_plural": "阶梯",
                        "ordering": ["reached_at", "id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("taken_back_at__isnull", True)),
                                fields=["step", "reached_at"],
                                name="steps_reached",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("taken_back_at__isnull", True)),
                                fields=("user", "step"),
                                name="one_valid_step",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("taken_back_at__isnull", True), ("why_taken_back", "")),
                                    models.Q(
                                        ("taken_back_at__isnull", False),
                                        models.Q(("why_taken_back", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="step_taken_back_for_a_reason",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUp",
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
                                related_name="follow_ups",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁",
                            ),
                        ),
                        ("days", models.PositiveSmallIntegerField(verbose_name="结业后几天")),
                        ("due_on", models.DateField(verbose_name="哪天问")),
                        (
                            "reminded_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候提醒的"),
                        ),
                    ],
                    options={
                        "verbose_name": "回访",
                        "verbose_name_plural": "回访",
                        "ordering": ["due_on", "id"],
                        "indexes": [models.Index(fields=["due_on", "id"], name="follow_ups_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "days"), name="one_follow_up_a_day"),
                            models.CheckConstraint(
                                condition=models.Q(("days__in", (30, 90, 180))), name="follow_up_days"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FollowUpAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "follow_up",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="programme.followup",
                                verbose_name="回访",
                            ),
                        ),
                        (
                            "mark",
                            models.CharField(
                                choices=[("measured", "测得"), ("stated", "自报"), ("estimated", "估计")],
                                max_length=9,
                                verbose_name="数怎么来的",
                            ),
                        ),
                        ("is_selling", models.BooleanField(verbose_name="还在卖吗")),
                        ("by_live", models.BooleanField(default=False, verbose_name="用直播卖吗")),
                        ("month", models.DateField(verbose_name="哪个月的数")),
                        (
                            "grams",
                            models.PositiveBigIntegerField(
                                blank=True, null=True, verbose_name="卖了多少（克）"
                            ),
                        ),
                        (
                            "fen",
                            models.PositiveBigIntegerField(
                                blank=True, null=True, verbose_name="卖了多少钱（分）"
                            ),
                        ),
                        (
                            "known",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("books", "自己记了账"),
                                    ("platform", "看了平台上的数"),
                                    ("memory", "凭记性，大概的数"),
                                ],
                                max_length=8,
                                verbose_name="数从哪儿知道的",
                            ),
                        ),
                        ("obstacle", models.CharField(blank=True, max_length=200, verbose_name="有什么难处")),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="凭什么这么估")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁填的",
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候填的"
                            ),
                        ),
                        ("is_newest", models.BooleanField(default=True, verbose_name="最近一次")),
                    ],
                    options={
                        "verbose_name": "回访的回答",
                        "verbose_name_plural": "回访的回答",
                        "ordering": ["-at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_newest", True)),
                                fields=("follow_up",),
                                name="one_newest_answer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("mark", "estimated"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="estimate_has_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("grams__isnull", True), ("grams__lte", 1000000000000), _connector="OR"
                                ),
                                name="answer_weighs_so_much",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutcomeTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("valid_from", models.DateField(unique=True, verbose_name="从哪天起")),
                        (
                            "year_grams",
                            models.PositiveBigIntegerField(
                                default=900000000,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="一年卖多少（克）",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁定的",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候定的"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "全年目标",
                        "verbose_name_plural": "全年目标",
                        "ordering": ["-valid_from"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("year_grams__gte", 1)), name="target_weighs"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingCost",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="costs",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="哪天")),
                        ("what", models.CharField(max_length=60, verbose_name="花在什么上")),
                        (
                            "fen",
                            models.PositiveBigIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="多少钱（分）",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁记的",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候记的"
                            ),
                        ),
                        (
                            "cancelled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="作废时间"),
                        ),
                        (
                            "cancelled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁作废的",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "办班花费",
                        "verbose_name_plural": "办班花费",
                        "ordering": ["-on", "-id"],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("fen__gte", 1)), name="cost_is_money")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Roster",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rosters",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁传的",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候传的"
                            ),
                        ),
                        ("file_name", models.CharField(max_length=60, verbose_name="文件名")),
                        ("stored_name", models.CharField(blank=True, max_length=80)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reading", "正在读"),
                                    ("ready", "等你确认"),
                                    ("writing", "正在加人"),
                                    ("done", "加好了"),
                                    ("failed", "没读成"),
                                    ("dropped", "不要了"),
                                ],
                                default="reading",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("problem", models.CharField(blank=True, max_length=200, verbose_name="为什么没成")),
                        ("facts", models.JSONField(blank=True, default=dict, verbose_name="读出来的")),
                        ("counts", models.JSONField(blank=True, default=dict, verbose_name="各有几行")),
                        ("total", models.PositiveIntegerField(default=0, verbose_name="一共几行")),
                        ("handled", models.PositiveIntegerField(default=0, verbose_name="办了几行")),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁确认的",
                            ),
                        ),
                        (
                            "confirmed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候确认的"),
                        ),
                    ],
                    options={
                        "verbose_name": "名单",
                        "verbose_name_plural": "名单",
                        "ordering": ["-made_at", "-id"],
                        "indexes": [
                            models.Index(fields=["cohort", "-made_at", "-id"], name="rosters_of_class")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RosterRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "roster",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="programme.roster",
                                verbose_name="名单",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="第几行")),
                        ("name", models.CharField(blank=True, max_length=40, verbose_name="姓名")),
                        ("phone", models.CharField(blank=True, max_length=16, verbose_name="手机号")),
                        ("village", models.CharField(blank=True, max_length=60, verbose_name="村")),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="accounts.place",
                                verbose_name="认出来的村",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="备注")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("new", "新开账号，进班"),
                                    ("add", "已经有账号，加进班"),
                                    ("here", "已经在班里"),
                                    ("repeat", "和前面重复"),
                                    ("clash", "名字对不上，等你定"),
                                    ("error", "加不了，要改"),
                                ],
                                max_length=8,
                                verbose_name="会怎样",
                            ),
                        ),
                        (
                            "was",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("new", "新开账号，进班"),
                                    ("add", "已经有账号，加进班"),
                                    ("here", "已经在班里"),
                                    ("repeat", "和前面重复"),
                                    ("clash", "名字对不上，等你定"),
                                    ("error", "加不了，要改"),
                                ],
                                max_length=8,
                                verbose_name="原来会怎样",
                            ),
                        ),
                        ("problem", models.CharField(blank=True, max_length=24, verbose_name="为什么")),
                        ("facts", models.JSONField(blank=True, default=dict, verbose_name="说明")),
                        (
                            "known_name",
                            models.CharField(blank=True, max_length=40, verbose_name="账号上的名字"),
                        ),
                        (
                            "choice",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "还没定"),
                                    ("link", "是同一个人，加进班，名字不改"),
                                    ("skip", "不是，跳过这一行"),
                                ],
                                max_length=4,
                                verbose_name="你定的",
                            ),
                        ),
                        (
                            "read_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候读的"
                            ),
                        ),
                        (
                            "written_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候办的"),
                        ),
                    ],
                    options={
                        "verbose_name": "名单里的一行",
                        "verbose_name_plural": "名单里的行",
                        "ordering": ["roster", "number"],
                        "indexes": [
                            models.Index(
                                fields=["roster", "outcome", "number"], name="roster_rows_by_outcome"
                            ),
                            models.Index(
                                condition=models.Q(("written_at", None)),
                                fields=["roster", "number"],
                                name="roster_rows_left",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("roster", "number"), name="row_once_a_roster")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetPrint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sheet_prints",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        ("sheet", models.SlugField(max_length=30, verbose_name="印哪一张")),
                        ("language", models.CharField(max_length=10)),
                        ("site", models.CharField(max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[("waiting", "正在做"), ("ready", "做好了"), ("failed", "没做成")],
                                default="waiting",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("percent", models.PositiveSmallIntegerField(default=0)),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁做的",
                            ),
                        ),
                        (
                            "asked_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候要的"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "全班的单子",
                        "verbose_name_plural": "全班的单子",
                        "ordering": ["-asked_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Story",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stories",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁的故事",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.place",
                                verbose_name="哪儿的",
                            ),
                        ),
                        ("title", models.CharField(max_length=40, verbose_name="标题")),
                        ("text", models.TextField(max_length=1500, verbose_name="故事")),
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
                            "written_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁写的",
                            ),
                        ),
                        (
                            "written_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候写的"
                            ),
                        ),
                        (
                            "asked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候请本人看的"),
                        ),
                        (
                            "confirmed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="本人什么时候同意的"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="本人什么时候撤回的"),
                        ),
                    ],
                    options={
                        "verbose_name": "故事",
                        "verbose_name_plural": "故事",
                        "ordering": ["-written_at", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("confirmed_at__isnull", True),
                                    ("asked_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="story_asked_before_confirmed",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StoryFact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "story",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="facts",
                                to="programme.story",
                                verbose_name="故事",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="哪天")),
                        ("text", models.CharField(max_length=100, verbose_name="什么事")),
                        (
                            "step",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="programme.step",
                                verbose_name="依据",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "故事里的事实",
                        "verbose_name_plural": "故事里的事实",
                        "ordering": ["on", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="StoryConsent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "story",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consents",
                                to="programme.story",
                                verbose_name="故事",
                            ),
                        ),
                        (
                            "use",
                            models.CharField(
                                choices=[
                                    ("course", "上课时讲给学员听"),
                                    ("public", "放在网站上，谁都看得到"),
                                    ("advert", "印在宣传品上"),
                                ],
                                max_length=8,
                                verbose_name="用在哪儿",
                            ),
                        ),
                        ("until", models.DateField(verbose_name="到哪天为止")),
                        (
                            "given_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候同意的"
                            ),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候撤回的"),
                        ),
                    ],
                    options={
                        "verbose_name": "故事的同意",
                        "verbose_name_plural": "故事的同意",
                        "ordering": ["-given_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("story", "use"),
                                name="one_consent_a_use",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupportCase",
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
                                related_name="support_cases",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="support_cases",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="学员",
                            ),
                        ),
                        (
                            "cause",
                            models.CharField(
                                choices=[
                                    ("quiz", "测验几次没过"),
                                    ("phone", "手机里没送来"),
                                    ("absent", "连着缺课"),
                                    ("retake", "请重录，没重录"),
                                    ("task", "任务退回，没再交"),
                                    ("lesson", "停在一课"),
                                    ("cert", "离证书差一样"),
                                    ("listing", "结业了没上架"),
                                ],
                                max_length=8,
                                verbose_name="卡在哪儿",
                            ),
                        ),
                        ("subject", models.BigIntegerField(default=0, editable=False)),
                        ("title", models.CharField(blank=True, max_length=120, verbose_name="哪一样")),
                        (
                            "opened_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候接的"
                            ),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁在管",
                            ),
                        ),
                        ("snoozed_until", models.DateField(blank=True, null=True, verbose_name="到哪天再看")),
                        (
                            "closed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候了结的"),
                        ),
                        ("is_solved", models.BooleanField(default=False, verbose_name="解决了")),
                    ],
                    options={
                        "verbose_name": "帮扶",
                        "verbose_name_plural": "帮扶",
                        "ordering": ["-opened_at", "-id"],
                        "indexes": [
                            models.Index(fields=["cohort", "-closed_at"], name="support_cases_of_class")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at__isnull", True)),
                                fields=("cohort", "user", "cause", "subject"),
                                name="one_open_support_case",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_solved", False), ("closed_at__isnull", False), _connector="OR"
                                ),
                                name="solved_support_case_is_closed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SupportAct",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="acts",
                                to="programme.supportcase",
                                verbose_name="帮扶",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁做的",
                            ),
                        ),
                        (
                            "act",
                            models.CharField(
                                choices=[
                                    ("taken", "接了"),
                                    ("call", "打了电话"),
                                    ("met", "当面谈了"),
                                    ("message", "发了消息"),
                                    ("pair", "请同学带一带"),
                                    ("other", "别的"),
                                ],
                                max_length=8,
                                verbose_name="做了什么",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("agreed", "说好了去做"), ("unmet", "没联系上"), ("hard", "有难处")],
                                max_length=8,
                                verbose_name="结果怎样",
                            ),
                        ),
                        (
                            "peer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="请谁带",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="记一句")),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "帮扶记录",
                        "verbose_name_plural": "帮扶记录",
                        "ordering": ["at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="TrainingLedger",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "cohort",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ledgers",
                                to="courses.cohort",
                                verbose_name="班",
                            ),
                        ),
                        ("site", models.CharField(max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "正在做"),
                                    ("ready", "做好了"),
                                    ("failed", "没做成"),
                                    ("gone", "到期删了"),
                                ],
                                default="waiting",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("percent", models.PositiveSmallIntegerField(default=0)),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁做的",
                            ),
                        ),
                        (
                            "asked_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="什么时候要的"
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="什么时候做好的"),
                        ),
                        ("bytes", models.PositiveBigIntegerField(default=0, verbose_name="大小")),
                        ("sha256", models.CharField(blank=True, max_length=64, verbose_name="文件指纹")),
                        ("manifest", models.JSONField(default=dict, verbose_name="清单")),
                        ("digests", models.JSONField(default=dict, verbose_name="各张表的指纹")),
                    ],
                    options={
                        "verbose_name": "培训台账",
                        "verbose_name_plural": "培训台账",
                        "ordering": ["-asked_at", "-id"],
                        "indexes": [
                            models.Index(fields=["cohort", "-asked_at", "-id"], name="ledgers_of_class")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "waiting")),
                                fields=("cohort",),
                                name="one_ledger_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "ready"), _negated=True),
                                    models.Q(
                                        ("made_at__isnull", False), models.Q(("sha256", ""), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="ready_ledger_has_a_file",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerApproval",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "ledger",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="approvals",
                                to="programme.trainingledger",
                                verbose_name="培训台账",
                            ),
                        ),
                        (
                            "act",
                            models.CharField(
                                choices=[
                                    ("submitted", "交上去了"),
                                    ("checked", "核对过了"),
                                    ("approved", "批准了"),
                                    ("returned", "退回了"),
                                ],
                                max_length=10,
                                verbose_name="做了什么",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="为什么")),
                        ("sha256", models.CharField(max_length=64, verbose_name="文件指纹")),
                    ],
                    options={
                        "verbose_name": "台账审批",
                        "verbose_name_plural": "台账审批",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("act", "returned"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="ledger_returned_for_a_reason",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("act", "approved")),
                                fields=("ledger",),
                                name="ledger_approved_once",
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
