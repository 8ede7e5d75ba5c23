import django.db.models.deletion
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import accounts.models.data_export
from ui.database.orm import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Place",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="名字")),
                        ("name_en", models.CharField(blank=True, max_length=60, verbose_name="英文名")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("province", "省"),
                                    ("city", "市"),
                                    ("county", "县"),
                                    ("township", "乡镇"),
                                    ("village", "村"),
                                ],
                                max_length=10,
                                verbose_name="级别",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                blank=True, editable=False, max_length=6, verbose_name="行政区划代码"
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="accounts.place",
                                verbose_name="上级",
                            ),
                        ),
                        ("path", models.CharField(blank=True, db_index=True, editable=False, max_length=120)),
                    ],
                    options={
                        "verbose_name": "地区",
                        "verbose_name_plural": "地区",
                        "ordering": ["path"],
                        "constraints": [
                            models.UniqueConstraint(fields=("parent", "name"), name="one_name_below_a_place"),
                            models.UniqueConstraint(
                                condition=models.Q(("code", ""), _negated=True),
                                fields=("code",),
                                name="one_place_of_a_code",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Limit",
                    fields=[
                        ("digest", models.CharField(max_length=32, primary_key=True, serialize=False)),
                        ("count", models.PositiveIntegerField()),
                        ("ends_at", models.DateTimeField(db_index=True)),
                    ],
                    options={
                        "default_permissions": (),
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=60, unique=True)),
                        (
                            "phone",
                            phonenumber_field.modelfields.PhoneNumberField(
                                max_length=128, region="CN", verbose_name="手机号"
                            ),
                        ),
                        ("template", models.CharField(max_length=30, verbose_name="哪一种消息")),
                        ("params", models.JSONField(default=dict, verbose_name="内容")),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="写下的时间"
                            ),
                        ),
                        (
                            "pushed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="手机通知的时间"),
                        ),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="发出的时间")),
                        ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="试了几次")),
                        (
                            "next_try_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="下次再试"),
                        ),
                        (
                            "problem",
                            models.CharField(blank=True, max_length=100, verbose_name="没发出去的原因"),
                        ),
                        (
                            "request_id",
                            models.CharField(
                                blank=True, default="", editable=False, max_length=36, verbose_name="请求号"
                            ),
                        ),
                        ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="看过的时间")),
                    ],
                    options={
                        "verbose_name": "短消息",
                        "verbose_name_plural": "短消息",
                        "ordering": ["-made_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("sent_at__isnull", True)),
                                fields=["next_try_at"],
                                name="notice_waiting",
                            ),
                            models.Index(fields=["phone", "-made_at"], name="notice_phone"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "phone",
                            phonenumber_field.modelfields.PhoneNumberField(
                                max_length=128, null=True, region="CN", unique=True, verbose_name="手机号"
                            ),
                        ),
                        ("phone_verified", models.BooleanField(default=False, verbose_name="手机号已验证")),
                        ("name", models.CharField(max_length=40, verbose_name="姓名")),
                        ("birth_month", models.DateField(blank=True, null=True, verbose_name="出生年月")),
                        ("is_active", models.BooleanField(default=True, verbose_name="已开通")),
                        ("is_staff", models.BooleanField(default=False, verbose_name="系统管理员")),
                        (
                            "password_change_due",
                            models.BooleanField(default=False, verbose_name="下次登录要改密码"),
                        ),
                        (
                            "password_reset_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="别人重置密码的时间"),
                        ),
                        (
                            "password_reset_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="重置密码的人",
                            ),
                        ),
                        (
                            "privacy_version",
                            models.CharField(blank=True, max_length=20, verbose_name="同意的隐私说明"),
                        ),
                        ("privacy_at", models.DateTimeField(blank=True, null=True, verbose_name="同意时间")),
                        (
                            "joined_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="注册时间"),
                        ),
                        (
                            "erased_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="注销时间"
                            ),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "人",
                        "verbose_name_plural": "人",
                        "ordering": ["-joined_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
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
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="人",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="memberships",
                                to="accounts.place",
                                verbose_name="地区",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("trainee", "学员"),
                                    ("seller", "卖家"),
                                    ("mentor", "带教师傅"),
                                    ("trainer", "培训老师"),
                                    ("organiser", "管理员"),
                                ],
                                max_length=12,
                                verbose_name="身份",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("asked", "等同意"),
                                    ("granted", "已同意"),
                                    ("declined", "没同意"),
                                    ("ended", "已结束"),
                                ],
                                default="asked",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                        (
                            "asked_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="申请时间"),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="审批人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "身份",
                        "verbose_name_plural": "身份",
                        "ordering": ["-asked_at", "-id"],
                        "indexes": [models.Index(fields=["status", "-asked_at"], name="membership_waiting")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "place", "role"), name="one_role_once_per_place"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(
                                db_index=True, default=django.utils.timezone.now, verbose_name="时间"
                            ),
                        ),
                        (
                            "actor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁",
                            ),
                        ),
                        ("verb", models.CharField(max_length=40, verbose_name="操作")),
                        ("subject", models.CharField(max_length=60, verbose_name="对象")),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="accounts.place",
                                verbose_name="地区",
                            ),
                        ),
                        ("detail", models.JSONField(blank=True, default=dict, verbose_name="详情")),
                        (
                            "ip",
                            models.CharField(blank=True, default="", max_length=45, verbose_name="网络地址"),
                        ),
                        (
                            "request_id",
                            models.CharField(blank=True, default="", max_length=36, verbose_name="请求号"),
                        ),
                    ],
                    options={
                        "verbose_name": "操作记录",
                        "verbose_name_plural": "操作记录",
                        "ordering": ["-at", "-id"],
                        "indexes": [
                            models.Index(fields=["place", "-at", "-id"], name="trail_of_place"),
                            models.Index(fields=["subject", "-id"], name="trail_of_subject"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Clearance",
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
                                related_name="clearances",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="人",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("first_live", "首播培训")], max_length=12, verbose_name="许可"
                            ),
                        ),
                        ("record", models.CharField(max_length=60, verbose_name="记录")),
                        ("words", models.CharField(blank=True, max_length=120, verbose_name="依据")),
                        (
                            "given_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="生效时间"),
                        ),
                        ("valid_until", models.DateTimeField(verbose_name="到期时间")),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="收回时间"),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="收回人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "上岗许可",
                        "verbose_name_plural": "上岗许可",
                        "ordering": ["-given_at", "-id"],
                        "indexes": [
                            models.Index(fields=["user", "kind", "-valid_until"], name="clearance_of_user")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "kind", "record"), name="one_clearance_a_record"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
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
                                related_name="consents",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="人",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("privacy", "隐私说明"),
                                    ("public_contact", "公开联系电话"),
                                    ("public_story", "公开名字和故事"),
                                    ("push", "手机通知"),
                                    ("ledger_figures", "回访时用小店的账填数"),
                                    ("id_number", "上报身份证号"),
                                ],
                                max_length=20,
                                verbose_name="同意什么",
                            ),
                        ),
                        ("version", models.CharField(max_length=20, verbose_name="版本")),
                        (
                            "given_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="同意时间"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="撤回时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "同意记录",
                        "verbose_name_plural": "同意记录",
                        "ordering": ["-given_at", "-id"],
                        "indexes": [
                            models.Index(fields=["user", "kind", "-given_at"], name="consent_of_user")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DataExport",
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
                                related_name="data_exports",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="人",
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                default=accounts.models.data_export.make_key,
                                editable=False,
                                max_length=32,
                                unique=True,
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "正在准备"),
                                    ("ready", "可以下载"),
                                    ("failed", "没做成"),
                                    ("gone", "过期删了"),
                                ],
                                default="waiting",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        ("problem", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                        ("percent", models.PositiveSmallIntegerField(default=0)),
                        ("bytes", models.PositiveBigIntegerField(default=0, verbose_name="大小")),
                        (
                            "asked_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="申请时间"),
                        ),
                        ("leased_until", models.DateTimeField(blank=True, null=True)),
                        ("made_at", models.DateTimeField(blank=True, null=True)),
                        ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="过期")),
                    ],
                    options={
                        "verbose_name": "资料副本",
                        "verbose_name_plural": "资料副本",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "waiting")),
                                fields=("user",),
                                name="one_copy_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PushSubscription",
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
                                related_name="push_subscriptions",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("endpoint", models.URLField(max_length=500, unique=True)),
                        ("p256dh", models.CharField(max_length=100)),
                        ("auth", models.CharField(max_length=40)),
                        ("label", models.CharField(max_length=40, verbose_name="哪台手机")),
                        ("language", models.CharField(max_length=10, verbose_name="语言")),
                        (
                            "made_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="打开的时间"
                            ),
                        ),
                        (
                            "used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="上次收到的时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "收通知的手机",
                        "verbose_name_plural": "收通知的手机",
                        "ordering": ["-made_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="ReadNews",
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
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁看的",
                            ),
                        ),
                        ("kind", models.CharField(max_length=20, verbose_name="哪一种消息")),
                        ("number", models.PositiveBigIntegerField(verbose_name="哪一条")),
                        (
                            "at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, verbose_name="看过的时间"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "看过的消息",
                        "verbose_name_plural": "看过的消息",
                        "ordering": ["-at"],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "kind", "number"), name="news_read_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SetupCode",
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
                                related_name="setup_code",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        "verbose_name": "开通码",
                        "verbose_name_plural": "开通码",
                    },
                ),
            ],
        ),
    ]
