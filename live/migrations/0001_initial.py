import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import live.models.livestream
from ui.database.orm import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("courses", "0001_initial"),
        ("media", "0001_initial"),
        ("shops", "0001_initial"),
        ("wording", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Livestream",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "token",
                            models.CharField(
                                default=live.models.livestream.make_token,
                                editable=False,
                                max_length=32,
                                unique=True,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("rehearsal", "彩排"), ("real", "真直播")],
                                default="rehearsal",
                                max_length=10,
                                verbose_name="彩排还是真播",
                            ),
                        ),
                        (
                            "drill",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="livestreams",
                                to="courses.drill",
                                verbose_name="练法",
                            ),
                        ),
                        (
                            "shop",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="livestreams",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="livestreams",
                                to="accounts.place",
                                verbose_name="村",
                            ),
                        ),
                        (
                            "host",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="livestreams",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁讲",
                            ),
                        ),
                        (
                            "mentor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="livestreams_beside",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="带教师傅",
                            ),
                        ),
                        ("title", models.CharField(max_length=40, verbose_name="叫什么")),
                        (
                            "platform",
                            models.CharField(
                                choices=[
                                    ("douyin", "抖音"),
                                    ("kuaishou", "快手"),
                                    ("taobao", "淘宝"),
                                    ("channels", "视频号"),
                                    ("other", "别的平台"),
                                ],
                                default="douyin",
                                max_length=10,
                                verbose_name="在哪儿播",
                            ),
                        ),
                        (
                            "platform_url",
                            models.URLField(blank=True, max_length=300, verbose_name="直播间链接"),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="几点开播")),
                        (
                            "planned_minutes",
                            models.PositiveSmallIntegerField(
                                default=60,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(480),
                                ],
                                verbose_name="打算播几分钟",
                            ),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="真开播的时间"),
                        ),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="下播时间")),
                        (
                            "started_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="开播人",
                            ),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="下播人",
                            ),
                        ),
                        ("version", models.PositiveBigIntegerField(default=0, editable=False)),
                        ("replay_url", models.URLField(blank=True, max_length=300, verbose_name="回放链接")),
                        (
                            "replay",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="media.video",
                                verbose_name="回放文件",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="安排人",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="建立时间"),
                        ),
                        (
                            "practised_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="彩排交上来的时间"),
                        ),
                        ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="取消时间")),
                    ],
                    options={
                        "verbose_name": "直播",
                        "verbose_name_plural": "直播",
                        "ordering": ["-starts_at", "-id"],
                        "indexes": [
                            models.Index(fields=["shop", "-starts_at", "-id"], name="lives_of_shop"),
                            models.Index(fields=["host", "-starts_at", "-id"], name="lives_of_host"),
                            models.Index(fields=["place", "kind", "-ended_at"], name="lives_of_place"),
                            models.Index(
                                condition=models.Q(("ended_at__isnull", True), ("started_at__isnull", False)),
                                fields=["started_at"],
                                name="lives_on",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "rehearsal"), ("shop__isnull", False), _connector="OR"
                                ),
                                name="real_live_has_a_shop",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at__isnull", True),
                                    models.Q(
                                        ("ended_at__gte", models.F("started_at")),
                                        ("started_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="live_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("removed_at__isnull", True),
                                    ("started_at__isnull", True),
                                    _connector="OR",
                                ),
                                name="begun_live_stays",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RundownItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="live.livestream",
                                verbose_name="直播",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "product",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rundown_items",
                                to="shops.product",
                                verbose_name="商品",
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=30, verbose_name="名称")),
                        (
                            "unit",
                            models.CharField(
                                choices=[("box", "箱"), ("jin", "斤"), ("kg", "公斤")],
                                default="box",
                                max_length=4,
                                verbose_name="按什么卖",
                            ),
                        ),
                        (
                            "net_grams",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(10),
                                    django.core.validators.MaxValueValidator(1000000),
                                ],
                                verbose_name="净重（克）",
                            ),
                        ),
                        (
                            "price_fen",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000000000),
                                ],
                                verbose_name="价钱（分）",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[("crowd", "引流款"), ("earner", "利润款"), ("image", "形象款")],
                                default="earner",
                                max_length=6,
                                verbose_name="这款的定位",
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
                                verbose_name="讲几分钟",
                            ),
                        ),
                        (
                            "live_price_fen",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000000000),
                                ],
                                verbose_name="直播价（分）",
                            ),
                        ),
                        (
                            "quota",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000000),
                                ],
                                verbose_name="给直播留多少",
                            ),
                        ),
                        ("left", models.PositiveIntegerField(default=0, editable=False, verbose_name="还剩")),
                        (
                            "talking_points",
                            models.TextField(blank=True, max_length=500, verbose_name="要讲到的"),
                        ),
                    ],
                    options={
                        "verbose_name": "排品表的一款",
                        "verbose_name_plural": "排品表的一款",
                        "ordering": ["livestream", "position", "id"],
                        "indexes": [
                            models.Index(fields=["livestream", "position", "id"], name="items_in_order")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("left__gte", 0)), name="live_quota_never_negative"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("product__isnull", False),
                                    models.Q(("name", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="item_is_something",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("product__isnull", False)),
                                fields=("livestream", "product"),
                                name="product_once_a_live",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuotaMove",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moves",
                                to="live.rundownitem",
                                verbose_name="哪一款",
                            ),
                        ),
                        ("delta", models.IntegerField(verbose_name="增减")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("carved", "从库存留出来"),
                                    ("sold", "卖了"),
                                    ("undone", "记错了，放回"),
                                    ("back", "下播，还回库存"),
                                ],
                                max_length=8,
                                verbose_name="原因",
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
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "直播名额流水",
                        "verbose_name_plural": "直播名额流水",
                        "ordering": ["id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("delta", 0), _negated=True), name="quota_moves_something"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScriptVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="scripts",
                                to="live.rundownitem",
                                verbose_name="哪一款",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="第几版")),
                        ("parts", models.JSONField(default=dict, verbose_name="五段话")),
                        ("text_hash", models.CharField(editable=False, max_length=64)),
                        (
                            "check_made",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="wording.check",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="填写人",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "脚本",
                        "verbose_name_plural": "脚本",
                        "ordering": ["item", "-number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("item", "number"), name="script_number_once"),
                            models.CheckConstraint(
                                condition=models.Q(("number__gte", 1)), name="script_numbers_from_one"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pin",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="live.livestream",
                                verbose_name="直播",
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
                        (
                            "happened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pins",
                                to="live.rundownitem",
                                verbose_name="哪一款",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "上桌记录",
                        "verbose_name_plural": "上桌记录",
                        "ordering": ["happened_at", "id"],
                        "indexes": [
                            models.Index(fields=["livestream", "-happened_at", "-id"], name="pins_newest")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Slip",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="live.livestream",
                                verbose_name="直播",
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
                        (
                            "happened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="slips",
                                to="live.rundownitem",
                                verbose_name="哪一款",
                            ),
                        ),
                        ("said", models.CharField(max_length=200, verbose_name="说成了什么")),
                        ("right", models.CharField(max_length=200, verbose_name="对的是什么")),
                    ],
                    options={
                        "verbose_name": "口误更正",
                        "verbose_name_plural": "口误更正",
                        "ordering": ["happened_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="FlashPrice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="live.livestream",
                                verbose_name="直播",
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
                        (
                            "happened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="flashes",
                                to="live.rundownitem",
                                verbose_name="哪一款",
                            ),
                        ),
                        (
                            "price_fen",
                            models.PositiveIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000000000),
                                ],
                                verbose_name="限时价（分）",
                            ),
                        ),
                        ("until", models.DateTimeField(verbose_name="到期时间")),
                        (
                            "stopped_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="提前停的时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "限时价",
                        "verbose_name_plural": "限时价",
                        "ordering": ["happened_at", "id"],
                        "indexes": [models.Index(fields=["item", "-until"], name="flashes_of_item")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gt", models.F("received_at"))),
                                name="flash_price_lasts",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LiveSale",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="live.livestream",
                                verbose_name="直播",
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
                        (
                            "happened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sales",
                                to="live.rundownitem",
                                verbose_name="哪一款",
                            ),
                        ),
                        ("quantity", models.IntegerField(verbose_name="几份")),
                        ("price_fen", models.PositiveIntegerField(verbose_name="一份多少钱（分）")),
                        ("net_grams", models.PositiveIntegerField(verbose_name="一份净重（克）")),
                        ("from_quota", models.IntegerField(default=0, verbose_name="名额里出的")),
                        ("from_stock", models.IntegerField(default=0, verbose_name="库存里出的")),
                        ("oversold", models.IntegerField(default=0, verbose_name="超卖")),
                        (
                            "undoes",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="undone_by",
                                to="live.livesale",
                                verbose_name="撤回哪一笔",
                            ),
                        ),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="live_sales",
                                to="shops.ledgerentry",
                                verbose_name="收支流水",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "直播成交",
                        "verbose_name_plural": "直播成交",
                        "ordering": ["happened_at", "id"],
                        "indexes": [
                            models.Index(fields=["livestream", "-happened_at", "-id"], name="sales_newest"),
                            models.Index(fields=["item", "id"], name="sales_of_item"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "quantity",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("from_quota"), "+", models.F("from_stock")
                                            ),
                                            "+",
                                            models.F("oversold"),
                                        ),
                                    )
                                ),
                                name="live_sale_adds_up",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("from_quota__gte", 0),
                                        ("from_stock__gte", 0),
                                        ("oversold__gte", 0),
                                        ("quantity__gte", 1),
                                        ("undoes__isnull", True),
                                    ),
                                    models.Q(
                                        ("from_quota__lte", 0),
                                        ("from_stock__lte", 0),
                                        ("oversold__lte", 0),
                                        ("quantity__lte", -1),
                                        ("undoes__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="live_sale_of_one_sign",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Settlement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="live.livestream",
                                verbose_name="直播",
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
                        (
                            "happened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="settlements",
                                to="live.rundownitem",
                                verbose_name="哪一款",
                            ),
                        ),
                        (
                            "quantity",
                            models.PositiveIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)], verbose_name="几份"
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("sent", "后来补发了"),
                                    ("refunded", "退了钱"),
                                    ("swapped", "换了别的货"),
                                ],
                                max_length=8,
                                verbose_name="怎么处理的",
                            ),
                        ),
                        ("fen", models.PositiveBigIntegerField(default=0, verbose_name="退了多少（分）")),
                        ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="shops.ledgerentry",
                                verbose_name="收支流水",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "超卖处理",
                        "verbose_name_plural": "超卖处理",
                        "ordering": ["happened_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="LiveRefund",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="%(class)ss",
                                to="live.livestream",
                                verbose_name="直播",
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
                        (
                            "happened_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        (
                            "received_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间"),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refunds",
                                to="live.rundownitem",
                                verbose_name="哪一款",
                            ),
                        ),
                        (
                            "fen",
                            models.PositiveBigIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="退了多少（分）",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField(default=0, verbose_name="几份")),
                        ("is_back", models.BooleanField(default=False, verbose_name="货退回来了，能再卖")),
                        ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
                        (
                            "entry",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="live_refunds",
                                to="shops.ledgerentry",
                                verbose_name="收支流水",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "直播退款",
                        "verbose_name_plural": "直播退款",
                        "ordering": ["happened_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="ChecklistTick",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="ticks",
                                to="live.livestream",
                                verbose_name="直播",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                choices=[
                                    ("papers", "证件：合格证、检测报告、营业执照，该有的都在手边"),
                                    ("card", "卖家信息：店名、地址、电话的纸卡摆在画面里"),
                                    ("identity", "主播身份：看过身份证，就是本人"),
                                    ("set", "布景：背景干净，没有国旗国徽，没有别人的牌子和人脸"),
                                    ("clothes", "衣服：干净整齐，没有机关单位的标志"),
                                    ("props", "道具：样品、刀、秤都在，秤准"),
                                    ("sound", "声音：试录十秒，听得清，没有风声"),
                                    ("light", "光线：脸和果子都亮，背后没有窗"),
                                ],
                                max_length=10,
                                verbose_name="哪一条",
                            ),
                        ),
                        ("is_done", models.BooleanField(default=True, verbose_name="好了")),
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
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "开播前核对",
                        "verbose_name_plural": "开播前核对",
                        "ordering": ["id"],
                        "indexes": [models.Index(fields=["livestream", "code", "-id"], name="ticks_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="GuardianConsent",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="guardian_consents",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="主播",
                            ),
                        ),
                        ("guardian", models.CharField(max_length=30, verbose_name="监护人姓名")),
                        ("relation", models.CharField(max_length=20, verbose_name="是主播的什么人")),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="media.document",
                                verbose_name="签了字的同意书",
                            ),
                        ),
                        ("given_on", models.DateField(verbose_name="哪天签的")),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="提交人",
                            ),
                        ),
                        (
                            "made_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="提交时间"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="撤回时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "监护人同意书",
                        "verbose_name_plural": "监护人同意书",
                        "ordering": ["-made_at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Frozen",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="frozen",
                                to="live.livestream",
                                verbose_name="直播",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="frozen",
                                to="live.rundownitem",
                                verbose_name="哪一款",
                            ),
                        ),
                        ("page", models.JSONField(default=dict, verbose_name="当时的商品页")),
                        ("script", models.JSONField(default=dict, verbose_name="当时的脚本")),
                        ("content_hash", models.CharField(editable=False, max_length=64)),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        (
                            "photos",
                            models.ManyToManyField(
                                related_name="+", to="media.photo", verbose_name="当时的照片"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "定格的商品页",
                        "verbose_name_plural": "定格的商品页",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item", "content_hash"), name="frozen_once_as_it_was"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FigureImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="imports",
                                to="live.livestream",
                                verbose_name="直播",
                            ),
                        ),
                        (
                            "shape",
                            models.CharField(
                                choices=[
                                    ("summary", "整场汇总"),
                                    ("minutes", "每分钟一行"),
                                    ("orders", "每笔订单一行"),
                                ],
                                max_length=8,
                                verbose_name="哪一种表",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="文件名")),
                        ("stored", models.CharField(blank=True, editable=False, max_length=120)),
                        ("sha256", models.CharField(editable=False, max_length=64)),
                        ("encoding", models.CharField(blank=True, max_length=12, verbose_name="编码")),
                        ("columns", models.JSONField(default=dict, verbose_name="哪一列是什么")),
                        ("rows", models.PositiveIntegerField(default=0, verbose_name="几行")),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="导入人",
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "导入的平台数据",
                        "verbose_name_plural": "导入的平台数据",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("livestream", "sha256"), name="same_export_once_a_live"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ColumnChoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "shop",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        (
                            "platform",
                            models.CharField(
                                choices=[
                                    ("douyin", "抖音"),
                                    ("kuaishou", "快手"),
                                    ("taobao", "淘宝"),
                                    ("channels", "视频号"),
                                    ("other", "别的平台"),
                                ],
                                max_length=10,
                                verbose_name="平台",
                            ),
                        ),
                        ("fingerprint", models.CharField(max_length=64)),
                        ("columns", models.JSONField(default=dict, verbose_name="哪一列是什么")),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "列的对应",
                        "verbose_name_plural": "列的对应",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("shop", "platform", "fingerprint"), name="one_choice_a_header"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Figure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="figures",
                                to="live.livestream",
                                verbose_name="直播",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                choices=[
                                    ("seen", "看到直播间的人次"),
                                    ("visits", "进直播间的人次"),
                                    ("watch_seconds", "平均看了几秒"),
                                    ("peak", "同时在线最多几人"),
                                    ("product_seen", "看到商品的人数"),
                                    ("product_taps", "点开商品的人数"),
                                    ("orders", "下单几笔"),
                                    ("paid_orders", "付款几笔"),
                                    ("buyers", "买家人数"),
                                    ("sales_fen", "成交金额（分）"),
                                    ("refund_fen", "退款金额（分）"),
                                    ("refund_orders", "退款几笔"),
                                    ("followers", "新增粉丝"),
                                    ("comments", "评论条数"),
                                ],
                                max_length=14,
                                verbose_name="什么数",
                            ),
                        ),
                        (
                            "minute",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="第几分钟"),
                        ),
                        ("value", models.PositiveBigIntegerField(verbose_name="多少")),
                        (
                            "source",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="figures",
                                to="live.figureimport",
                                verbose_name="哪份表",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="填写人",
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "直播数据",
                        "verbose_name_plural": "直播数据",
                        "ordering": ["id"],
                        "indexes": [
                            models.Index(
                                fields=["livestream", "minute", "name", "-id"], name="figures_newest"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recap",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "livestream",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recap",
                                to="live.livestream",
                                verbose_name="直播",
                            ),
                        ),
                        ("keep", models.CharField(blank=True, max_length=200, verbose_name="一点保持")),
                        ("change_one", models.CharField(blank=True, max_length=200, verbose_name="一处改进")),
                        (
                            "change_two",
                            models.CharField(blank=True, max_length=200, verbose_name="第二处改进"),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="填写人",
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                    ],
                    options={
                        "verbose_name": "复盘",
                        "verbose_name_plural": "复盘",
                    },
                ),
                migrations.CreateModel(
                    name="RecapComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "livestream",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="comments",
                                to="live.livestream",
                                verbose_name="直播",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁说的",
                            ),
                        ),
                        ("text", models.TextField(max_length=600, verbose_name="点评")),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="什么时候"),
                        ),
                        ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                    ],
                    options={
                        "verbose_name": "复盘点评",
                        "verbose_name_plural": "复盘点评",
                        "ordering": ["at", "id"],
                    },
                ),
            ],
        ),
    ]
