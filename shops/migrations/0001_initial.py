import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import shops.models.batch
import shops.models.order
from ui.database.orm import CreateModels

# The search index is no model: a full-text table on SQLite, a tsvector on PostgreSQL. A trigger takes deleted products out
# of it; there is no foreign key, because emptying all tables (as tests do) would then have to know this one.
MAKE = {
    "sqlite": [
        # `ascii`: every character beyond ASCII is part of a term, whatever Unicode this SQLite knows.
        "CREATE VIRTUAL TABLE shops_search USING fts5(terms, detail=none, columnsize=0, tokenize='ascii')",
        "CREATE TRIGGER shops_search_forget AFTER DELETE ON shops_product"
        " BEGIN DELETE FROM shops_search WHERE rowid = old.id; END",
    ],
    "postgresql": [
        "CREATE TABLE shops_search (product_id bigint PRIMARY KEY, terms tsvector NOT NULL)",
        "CREATE INDEX shops_search_terms ON shops_search USING gin (terms)",
        "CREATE FUNCTION shops_search_forget() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN DELETE FROM shops_search WHERE product_id = old.id; RETURN NULL; END $$",
        "CREATE TRIGGER shops_search_forget AFTER DELETE ON shops_product"
        " FOR EACH ROW EXECUTE FUNCTION shops_search_forget()",
    ],
}
UNMAKE = {
    "sqlite": ["DROP TRIGGER IF EXISTS shops_search_forget", "DROP TABLE shops_search"],
    "postgresql": [
        "DROP TRIGGER shops_search_forget ON shops_product",
        "DROP FUNCTION shops_search_forget",
        "DROP TABLE shops_search",
    ],
}


def make(apps, schema_editor) -> None:
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unmake(apps, schema_editor) -> None:
    for statement in UNMAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("accounts", "__first__"),
        ("media", "0001_initial"),
        ("wording", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Village",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "place",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="village",
                                to="accounts.place",
                                verbose_name="村",
                            ),
                        ),
                        ("slug", models.SlugField(max_length=40, unique=True, verbose_name="网址名")),
                        ("story", models.TextField(blank=True, max_length=1500, verbose_name="村里的故事")),
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
                    ],
                    options={
                        "verbose_name": "村页面",
                        "verbose_name_plural": "村页面",
                        "ordering": ["slug"],
                    },
                ),
                migrations.CreateModel(
                    name="Shop",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shops",
                                to="accounts.place",
                                verbose_name="村",
                            ),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shops_owned",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="店主",
                            ),
                        ),
                        ("name", models.CharField(max_length=30, verbose_name="店名")),
                        ("slug", models.SlugField(max_length=40, unique=True, verbose_name="网址名")),
                        ("story", models.TextField(blank=True, max_length=1000, verbose_name="种地的故事")),
                        (
                            "contact",
                            phonenumber_field.modelfields.PhoneNumberField(
                                blank=True, max_length=128, region="CN", verbose_name="公开的联系电话"
                            ),
                        ),
                        ("address", models.CharField(blank=True, max_length=120, verbose_name="实际地址")),
                        (
                            "seller",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("person", "农户个人"),
                                    ("trader", "个体户"),
                                    ("coop", "合作社"),
                                    ("company", "公司"),
                                ],
                                max_length=8,
                                verbose_name="谁在卖",
                            ),
                        ),
                        (
                            "legal_name",
                            models.CharField(blank=True, max_length=60, verbose_name="姓名或单位全称"),
                        ),
                        (
                            "licence_no",
                            models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码"),
                        ),
                        (
                            "sources",
                            models.CharField(
                                blank=True,
                                choices=[("own", "只卖自家种的"), ("mixed", "也卖收来的")],
                                max_length=6,
                                verbose_name="卖谁家的",
                            ),
                        ),
                        (
                            "exemption",
                            models.CharField(
                                blank=True,
                                choices=[("own", "个人卖自产农副产品"), ("small", "零星小额交易")],
                                max_length=6,
                                verbose_name="为什么不用登记",
                            ),
                        ),
                        (
                            "platform_url",
                            models.URLField(blank=True, max_length=300, verbose_name="在别的平台的店"),
                        ),
                        ("verified_on", models.DateField(blank=True, null=True, verbose_name="核验日期")),
                        (
                            "verified_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="核验人",
                            ),
                        ),
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
                        ("is_open", models.BooleanField(default=True, verbose_name="开着")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="开店时间")),
                        (
                            "helpers",
                            models.ManyToManyField(
                                blank=True,
                                related_name="shops_helped",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="帮手",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "小店",
                        "verbose_name_plural": "小店",
                        "ordering": ["name", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="PickUpPoint",
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
                                related_name="points",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        ("name", models.CharField(max_length=30, verbose_name="自提点")),
                        ("address", models.CharField(max_length=120, verbose_name="在哪里")),
                        ("hours", models.CharField(max_length=60, verbose_name="什么时候能取")),
                        ("is_open", models.BooleanField(default=True, verbose_name="开着")),
                    ],
                    options={
                        "verbose_name": "自提点",
                        "verbose_name_plural": "自提点",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="PayCode",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pay_codes",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        (
                            "picture",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="media.document",
                                verbose_name="收款码",
                            ),
                        ),
                        (
                            "set_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="更换人",
                            ),
                        ),
                        (
                            "reset_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="重置密码的人",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("set", "在用过"),
                                    ("waiting", "等管理员同意"),
                                    ("declined", "没同意"),
                                    ("dropped", "又换了别的"),
                                ],
                                default="set",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
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
                        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                    ],
                    options={
                        "verbose_name": "收款码",
                        "verbose_name_plural": "收款码",
                        "ordering": ["-at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Category",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="kinds",
                                to="shops.category",
                                verbose_name="大类",
                            ),
                        ),
                        (
                            "needs",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("", "不用证"),
                                    ("filing", "预包装食品备案"),
                                    ("licence", "食品生产或经营许可证"),
                                ],
                                default="",
                                max_length=8,
                                verbose_name="要什么证",
                            ),
                        ),
                        ("is_perishable", models.BooleanField(default=True, verbose_name="鲜活易腐")),
                        ("name", models.CharField(max_length=20, unique=True, verbose_name="种类")),
                        ("name_en", models.CharField(blank=True, max_length=40, verbose_name="英文名")),
                        ("slug", models.SlugField(max_length=30, unique=True, verbose_name="网址名")),
                        (
                            "hints",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="名字里有这些字就猜是它"
                            ),
                        ),
                        ("position", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                    ],
                    options={
                        "verbose_name": "种类",
                        "verbose_name_plural": "种类",
                        "ordering": ["position", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="Batch",
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
                                default=shops.models.batch.make_code,
                                editable=False,
                                max_length=10,
                                unique=True,
                                verbose_name="追溯码",
                            ),
                        ),
                        (
                            "shop",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="shops.category",
                                verbose_name="种类",
                            ),
                        ),
                        ("name", models.CharField(max_length=30, verbose_name="品名")),
                        ("variety", models.CharField(blank=True, max_length=30, verbose_name="品种")),
                        ("origin", models.CharField(max_length=60, verbose_name="产地")),
                        ("plot", models.CharField(max_length=60, verbose_name="哪块地")),
                        ("grower_name", models.CharField(max_length=60, verbose_name="谁种的")),
                        ("harvested_on", models.DateField(verbose_name="哪天采的")),
                        (
                            "grams",
                            models.PositiveBigIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000000000000),
                                ],
                                verbose_name="采了多少（克）",
                            ),
                        ),
                        (
                            "brix_tenths",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="糖度（0.1 度）"
                            ),
                        ),
                        ("brix_on", models.DateField(blank=True, null=True, verbose_name="哪天测的")),
                        ("brix_tool", models.CharField(blank=True, max_length=40, verbose_name="用什么测的")),
                        ("note", models.TextField(blank=True, max_length=500, verbose_name="说几句")),
                        ("is_public", models.BooleanField(default=True, verbose_name="买家能查")),
                        ("sold_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="记录人",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="建立时间"),
                        ),
                        (
                            "photos",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="media.photo", verbose_name="照片"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "批次",
                        "verbose_name_plural": "批次",
                        "ordering": ["-harvested_on", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("brix_on__isnull", True),
                                        ("brix_tenths__isnull", True),
                                        ("brix_tool", ""),
                                    ),
                                    models.Q(
                                        ("brix_on__isnull", False),
                                        ("brix_tenths__isnull", False),
                                        models.Q(("brix_tool", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="brix_with_day_and_tool",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Product",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="products",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="products",
                                to="accounts.place",
                                verbose_name="村",
                            ),
                        ),
                        (
                            "category",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="products",
                                to="shops.category",
                                verbose_name="种类",
                            ),
                        ),
                        ("name", models.CharField(max_length=30, verbose_name="名称")),
                        ("variety", models.CharField(blank=True, max_length=30, verbose_name="品种")),
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
                                validators=[
                                    django.core.validators.MinValueValidator(10),
                                    django.core.validators.MaxValueValidator(1000000),
                                ],
                                verbose_name="净重（克）",
                            ),
                        ),
                        (
                            "gross_grams",
                            models.PositiveIntegerField(
                                blank=True,
                                null=True,
                                validators=[django.core.validators.MaxValueValidator(1200000)],
                                verbose_name="毛重（克）",
                            ),
                        ),
                        (
                            "price_fen",
                            models.PositiveIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(1000000000),
                                ],
                                verbose_name="价钱（分）",
                            ),
                        ),
                        ("millifen_per_jin", models.PositiveBigIntegerField(default=0, editable=False)),
                        ("stock", models.PositiveIntegerField(default=0, verbose_name="库存")),
                        ("free_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("low_stock", models.PositiveIntegerField(default=5, verbose_name="剩多少时提醒")),
                        (
                            "batch",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="products",
                                to="shops.batch",
                                verbose_name="批次",
                            ),
                        ),
                        ("shows_earlier", models.BooleanField(default=False, verbose_name="划出原来的价")),
                        ("freight_included", models.BooleanField(default=False, verbose_name="包邮")),
                        ("harvest_from", models.DateField(verbose_name="从哪天采")),
                        ("harvest_until", models.DateField(verbose_name="采到哪天")),
                        (
                            "grower",
                            models.CharField(
                                choices=[("own", "自家种的"), ("neighbours", "收邻居的"), ("coop", "合作社")],
                                max_length=10,
                                verbose_name="谁家的果子",
                            ),
                        ),
                        ("origin", models.CharField(blank=True, max_length=60, verbose_name="产地")),
                        ("description", models.TextField(blank=True, max_length=1000, verbose_name="说几句")),
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
                            "status",
                            models.CharField(
                                choices=[
                                    ("draft", "草稿"),
                                    ("submitted", "等审核"),
                                    ("published", "在卖"),
                                    ("returned", "退回修改"),
                                    ("withdrawn", "已下架"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "return_reason",
                            models.CharField(blank=True, max_length=300, verbose_name="退回原因"),
                        ),
                        ("search_text", models.TextField(blank=True, editable=False)),
                        (
                            "wording_check",
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
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="上架人",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="建立时间"),
                        ),
                        (
                            "submitted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="提交时间"),
                        ),
                        ("listed_at", models.DateTimeField(blank=True, null=True, verbose_name="上架时间")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="审核人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "商品",
                        "verbose_name_plural": "商品",
                        "ordering": ["-created_at", "-id"],
                        "indexes": [
                            models.Index(fields=["status", "-listed_at", "-id"], name="product_newest"),
                            models.Index(fields=["status", "millifen_per_jin", "id"], name="product_price"),
                            models.Index(
                                fields=["place", "status", "-listed_at", "-id"], name="product_place_newest"
                            ),
                            models.Index(
                                fields=["place", "status", "millifen_per_jin", "id"],
                                name="product_place_price",
                            ),
                            models.Index(
                                fields=["shop", "status", "-listed_at", "-id"], name="product_shop_newest"
                            ),
                            models.Index(
                                fields=["category", "status", "-listed_at", "-id"], name="product_kind_newest"
                            ),
                            models.Index(
                                fields=["category", "status", "millifen_per_jin", "id"],
                                name="product_kind_price",
                            ),
                            models.Index(fields=["status", "submitted_at"], name="product_waiting"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("stock__gte", 0)), name="stock_never_negative"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("gross_grams__isnull", True),
                                    ("gross_grams__gte", models.F("net_grams")),
                                    _connector="OR",
                                ),
                                name="gross_not_below_net",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("harvest_until__gte", models.F("harvest_from"))),
                                name="harvest_in_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BatchNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="shops.batch",
                                verbose_name="批次",
                            ),
                        ),
                        ("text", models.CharField(max_length=200, verbose_name="更正或补充")),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="记录人",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="建立时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "批次更正",
                        "verbose_name_plural": "批次更正",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Spray",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sprays",
                                to="shops.batch",
                                verbose_name="批次",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="哪天用的")),
                        ("what", models.CharField(max_length=60, verbose_name="用了什么")),
                        ("dose", models.CharField(max_length=60, verbose_name="用量")),
                        ("against", models.CharField(max_length=60, verbose_name="防什么")),
                        (
                            "interval_days",
                            models.PositiveSmallIntegerField(
                                validators=[django.core.validators.MaxValueValidator(365)],
                                verbose_name="安全间隔期（天）",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="记录人",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="建立时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "用药记录",
                        "verbose_name_plural": "用药记录",
                        "ordering": ["-on", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Pledge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=24, unique=True, verbose_name="编号")),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pledges",
                                to="shops.batch",
                                verbose_name="批次",
                            ),
                        ),
                        ("name", models.CharField(max_length=30, verbose_name="产品名称")),
                        ("grams", models.PositiveBigIntegerField(verbose_name="数量（克）")),
                        ("origin", models.CharField(max_length=120, verbose_name="产地")),
                        ("promiser", models.CharField(max_length=60, verbose_name="承诺主体")),
                        ("contact", models.CharField(max_length=30, verbose_name="联系方式")),
                        (
                            "basis",
                            models.CharField(
                                choices=[
                                    ("control", "质量安全控制符合要求"),
                                    ("own_test", "自行检测合格"),
                                    ("sent_test", "委托检测合格"),
                                ],
                                max_length=10,
                                verbose_name="承诺依据",
                            ),
                        ),
                        ("promise", models.TextField(max_length=500, verbose_name="承诺")),
                        ("issued_on", models.DateField(verbose_name="开具日期")),
                        (
                            "issued_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="开具人",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="建立时间"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="作废时间"),
                        ),
                        (
                            "withdrawn_reason",
                            models.CharField(blank=True, max_length=100, verbose_name="作废原因"),
                        ),
                    ],
                    options={
                        "verbose_name": "承诺达标合格证",
                        "verbose_name_plural": "承诺达标合格证",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="Presale",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="presales",
                                to="shops.product",
                                verbose_name="商品",
                            ),
                        ),
                        ("quota", models.PositiveIntegerField(verbose_name="一共预售多少")),
                        ("left", models.PositiveIntegerField(default=0, verbose_name="还剩")),
                        ("free_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("ship_by", models.DateField(verbose_name="最晚哪天发")),
                        ("closes_on", models.DateField(verbose_name="预售到哪天")),
                        ("terms", models.CharField(max_length=200, verbose_name="发晚了怎么办")),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="停下的时间")),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁开的",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="建立时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "预售",
                        "verbose_name_plural": "预售",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("left__gte", 0)), name="presale_never_negative"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("ship_by__gte", models.F("closes_on"))),
                                name="presale_days_in_order",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("product",),
                                name="one_presale_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Order",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=16, unique=True, verbose_name="订单号")),
                        (
                            "token",
                            models.CharField(
                                default=shops.models.order.make_token,
                                editable=False,
                                max_length=32,
                                unique=True,
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "shop",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("requested", "等卖家接单"),
                                    ("accepted", "已接单，等付款"),
                                    ("paid", "已付款，等发货"),
                                    ("packed", "已打包"),
                                    ("shipped", "已发货"),
                                    ("received", "已收到"),
                                    ("declined", "卖家没接"),
                                    ("cancelled", "已取消"),
                                    ("expired", "过了时间，没接"),
                                    ("refunded", "已退款"),
                                ],
                                default="requested",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("buyer", models.CharField(max_length=30, verbose_name="收货人")),
                        (
                            "phone",
                            phonenumber_field.modelfields.PhoneNumberField(
                                max_length=128, region="CN", verbose_name="手机号"
                            ),
                        ),
                        ("phone_verified", models.BooleanField(default=False, verbose_name="号码验证过")),
                        ("province", models.CharField(blank=True, max_length=6, verbose_name="省份")),
                        ("city", models.CharField(blank=True, max_length=6, verbose_name="城市")),
                        ("county", models.CharField(blank=True, max_length=6, verbose_name="区县")),
                        ("region", models.CharField(blank=True, max_length=60, verbose_name="地区")),
                        ("address", models.CharField(blank=True, max_length=120, verbose_name="详细地址")),
                        (
                            "point",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="shops.pickuppoint",
                                verbose_name="自提点",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="留言")),
                        ("goods_fen", models.PositiveBigIntegerField(verbose_name="货款（分）")),
                        ("freight_fen", models.PositiveIntegerField(default=0, verbose_name="运费（分）")),
                        ("total_fen", models.PositiveBigIntegerField(verbose_name="合计（分）")),
                        (
                            "refunded_fen",
                            models.PositiveBigIntegerField(default=0, verbose_name="退了（分）"),
                        ),
                        ("net_grams", models.PositiveBigIntegerField(verbose_name="净重（克）")),
                        ("gross_grams", models.PositiveBigIntegerField(verbose_name="毛重（克）")),
                        (
                            "packed_grams",
                            models.PositiveBigIntegerField(
                                blank=True, null=True, verbose_name="装箱实重（克）"
                            ),
                        ),
                        (
                            "perishable_ok_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="确认鲜活易腐的时间"),
                        ),
                        ("courier", models.CharField(blank=True, max_length=20, verbose_name="快递公司")),
                        ("parcel", models.CharField(blank=True, max_length=40, verbose_name="快递单号")),
                        ("page", models.JSONField(default=dict, verbose_name="下单时的页面")),
                        (
                            "placed_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="下单时间"),
                        ),
                        ("expires_at", models.DateTimeField(verbose_name="到什么时候要接")),
                        ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="接单时间")),
                        ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="收货时间")),
                        (
                            "changed_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="改动时间"),
                        ),
                        (
                            "came_from",
                            models.CharField(
                                blank=True,
                                choices=[("poster", "海报"), ("card", "货架牌")],
                                default="",
                                editable=False,
                                max_length=10,
                                verbose_name="扫了什么来的",
                            ),
                        ),
                        ("placed_from", models.CharField(blank=True, editable=False, max_length=64)),
                    ],
                    options={
                        "verbose_name": "订单",
                        "verbose_name_plural": "订单",
                        "ordering": ["-placed_at", "-id"],
                        "indexes": [
                            models.Index(
                                fields=["shop", "status", "-placed_at", "-id"], name="order_shop_status"
                            ),
                            models.Index(fields=["shop", "-placed_at", "-id"], name="order_shop_newest"),
                            models.Index(fields=["status", "expires_at"], name="order_due"),
                            models.Index(fields=["phone", "-placed_at"], name="order_phone"),
                            models.Index(
                                condition=models.Q(("came_from", ""), _negated=True),
                                fields=["shop", "came_from"],
                                name="order_scanned",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "total_fen",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("goods_fen"), "+", models.F("freight_fen")
                                        ),
                                    )
                                ),
                                name="order_adds_up",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("refunded_fen__lte", models.F("total_fen"))),
                                name="refund_not_above_total",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockMove",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("event_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moves",
                                to="shops.product",
                                verbose_name="商品",
                            ),
                        ),
                        (
                            "presale",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moves",
                                to="shops.presale",
                                verbose_name="预售",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moves",
                                to="shops.order",
                                verbose_name="订单",
                            ),
                        ),
                        ("delta", models.IntegerField(verbose_name="增减")),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("first", "上架时填的"),
                                    ("count", "重新点数"),
                                    ("harvest", "新采的"),
                                    ("loss", "损耗"),
                                    ("gift", "送人、试吃"),
                                    ("back", "退回来的"),
                                    ("held", "订单占用"),
                                    ("freed", "订单没成，放回"),
                                    ("quota", "预售名额"),
                                    ("resent", "补发"),
                                    ("live_held", "留给直播"),
                                    ("live_back", "下播还回来"),
                                    ("live_sold", "直播卖了"),
                                    ("live_undo", "直播记错，放回"),
                                ],
                                max_length=10,
                                verbose_name="原因",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
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
                        "verbose_name": "库存流水",
                        "verbose_name_plural": "库存流水",
                        "ordering": ["-at", "-id"],
                    },
                ),
                migrations.CreateModel(
                    name="OrderLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="shops.order",
                                verbose_name="订单",
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="order_lines",
                                to="shops.product",
                                verbose_name="商品",
                            ),
                        ),
                        (
                            "presale",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="shops.presale",
                                verbose_name="预售",
                            ),
                        ),
                        (
                            "quantity",
                            models.PositiveIntegerField(
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(9999),
                                ],
                                verbose_name="几份",
                            ),
                        ),
                        ("price_fen", models.PositiveIntegerField(verbose_name="一份多少钱（分）")),
                        ("net_grams", models.PositiveIntegerField(verbose_name="一份净重（克）")),
                        ("gross_grams", models.PositiveIntegerField(verbose_name="一份毛重（克）")),
                        (
                            "unit",
                            models.CharField(
                                choices=[("box", "箱"), ("jin", "斤"), ("kg", "公斤")],
                                max_length=4,
                                verbose_name="按什么卖",
                            ),
                        ),
                        ("name", models.CharField(max_length=30, verbose_name="名称")),
                        ("page", models.JSONField(default=dict, verbose_name="下单时的商品页")),
                        (
                            "photos",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="media.photo", verbose_name="照片"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "订单里的一行",
                        "verbose_name_plural": "订单里的一行",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("order", "product"), name="one_line_a_product"),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1)), name="line_of_one_at_least"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="shops.order",
                                verbose_name="订单",
                            ),
                        ),
                        ("text", models.TextField(max_length=500, verbose_name="坏了什么")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "等卖家处理"),
                                    ("settled", "已处理"),
                                    ("refused", "卖家没同意"),
                                ],
                                default="open",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "refund_fen",
                            models.PositiveBigIntegerField(default=0, verbose_name="退多少（分）"),
                        ),
                        ("resend", models.BooleanField(default=False, verbose_name="补发")),
                        ("answer", models.CharField(blank=True, max_length=300, verbose_name="卖家的话")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="处理人",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
                        (
                            "photos",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="media.document", verbose_name="照片"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "坏果申请",
                        "verbose_name_plural": "坏果申请",
                        "ordering": ["-at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("order",),
                                name="one_open_claim_an_order",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="shops.order",
                                verbose_name="订单",
                            ),
                        ),
                        (
                            "claim",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="shops.claim",
                                verbose_name="坏果申请",
                            ),
                        ),
                        (
                            "verb",
                            models.CharField(
                                choices=[
                                    ("placed", "下单"),
                                    ("accepted", "接单"),
                                    ("reopened", "撤回接单"),
                                    ("declined", "没接"),
                                    ("cancelled", "取消"),
                                    ("expired", "到时间没接"),
                                    ("paid", "收到钱了"),
                                    ("packed", "打包"),
                                    ("shipped", "发货"),
                                    ("renumbered", "改单号"),
                                    ("received", "收到"),
                                    ("claimed", "报坏果"),
                                    ("settled", "处理坏果"),
                                    ("refused", "没同意坏果"),
                                    ("refunded", "全部退款"),
                                ],
                                max_length=10,
                                verbose_name="操作",
                            ),
                        ),
                        (
                            "by",
                            models.CharField(
                                choices=[("buyer", "买家"), ("seller", "卖家"), ("clock", "到时间")],
                                max_length=6,
                                verbose_name="哪一边",
                            ),
                        ),
                        (
                            "actor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁",
                            ),
                        ),
                        ("fen", models.BigIntegerField(default=0, verbose_name="金额（分）")),
                        ("grams", models.BigIntegerField(default=0, verbose_name="重量（克）")),
                        ("detail", models.JSONField(blank=True, default=dict, verbose_name="详情")),
                        (
                            "photo",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="media.document",
                                verbose_name="照片",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "订单流水",
                        "verbose_name_plural": "订单流水",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="Complaint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.CharField(max_length=16, unique=True, verbose_name="编号")),
                        (
                            "token",
                            models.CharField(
                                default=shops.models.order.make_token,
                                editable=False,
                                max_length=32,
                                unique=True,
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaints",
                                to="accounts.place",
                                verbose_name="地区",
                            ),
                        ),
                        (
                            "shop",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaints",
                                to="shops.shop",
                                verbose_name="小店",
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
                            "order",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="complaints",
                                to="shops.order",
                                verbose_name="订单",
                            ),
                        ),
                        ("name", models.CharField(max_length=30, verbose_name="怎么称呼")),
                        (
                            "phone",
                            phonenumber_field.modelfields.PhoneNumberField(
                                max_length=128, region="CN", verbose_name="手机号"
                            ),
                        ),
                        ("text", models.TextField(max_length=1000, verbose_name="说说怎么回事")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                        ("due_at", models.DateTimeField(verbose_name="到什么时候要答复")),
                        ("answer", models.TextField(blank=True, max_length=1000, verbose_name="答复")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="答复人",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
                    ],
                    options={
                        "verbose_name": "投诉",
                        "verbose_name_plural": "投诉",
                        "ordering": ["due_at", "id"],
                    },
                ),
                migrations.CreateModel(
                    name="ListingDraft",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="listing_drafts",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁",
                            ),
                        ),
                        (
                            "shop",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="drafts",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        ("typed", models.JSONField(default=dict, verbose_name="写了什么")),
                        ("is_open", models.BooleanField(default=False, verbose_name="还在写")),
                        ("updated_at", models.DateTimeField(auto_now=True, verbose_name="改动时间")),
                        (
                            "photos",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="media.photo", verbose_name="照片"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "没写完的商品",
                        "verbose_name_plural": "没写完的商品",
                        "ordering": ["-updated_at", "-id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("user", "key"), name="one_draft_per_form")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Gift",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="gifts",
                                to="shops.product",
                                verbose_name="商品",
                            ),
                        ),
                        ("kind", models.CharField(max_length=30, verbose_name="送什么")),
                        ("spec", models.CharField(max_length=30, verbose_name="规格")),
                        (
                            "number",
                            models.PositiveIntegerField(
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="每份送几个",
                            ),
                        ),
                        ("limit", models.CharField(max_length=60, verbose_name="限多少、到哪天")),
                        ("way", models.CharField(max_length=60, verbose_name="怎么送")),
                        (
                            "value_fen",
                            models.PositiveIntegerField(blank=True, null=True, verbose_name="值多少（分）"),
                        ),
                    ],
                    options={
                        "verbose_name": "赠品",
                        "verbose_name_plural": "赠品",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerMonth",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="months",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        (
                            "villager",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁的",
                            ),
                        ),
                        ("month", models.DateField(verbose_name="月份")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("order", "订单收入"),
                                    ("live", "直播收入"),
                                    ("other_in", "其他收入"),
                                    ("refund", "退款"),
                                    ("boxes", "纸箱包装"),
                                    ("freight", "快递运费"),
                                    ("inputs", "农资"),
                                    ("helpers", "请人帮工"),
                                    ("supply", "付给供货农户"),
                                    ("other_out", "其他支出"),
                                ],
                                max_length=10,
                                verbose_name="类型",
                            ),
                        ),
                        ("fen", models.BigIntegerField(default=0, verbose_name="金额（分）")),
                        ("grams", models.BigIntegerField(default=0, verbose_name="重量（克）")),
                        ("entries", models.PositiveIntegerField(default=0, verbose_name="几笔")),
                    ],
                    options={
                        "verbose_name": "每月合计",
                        "verbose_name_plural": "每月合计",
                        "ordering": ["-month", "kind"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("shop", "villager", "month", "kind"), name="one_sum_a_month_and_kind"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Supply",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="supplies",
                                to="shops.batch",
                                verbose_name="批次",
                            ),
                        ),
                        (
                            "villager",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="supplies",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="农户（有账号的）",
                            ),
                        ),
                        ("name", models.CharField(max_length=30, verbose_name="农户姓名")),
                        ("address", models.CharField(max_length=60, verbose_name="哪里的")),
                        ("contact", models.CharField(max_length=30, verbose_name="联系方式")),
                        (
                            "pledge_number",
                            models.CharField(blank=True, max_length=40, verbose_name="他的合格证编号"),
                        ),
                        ("on", models.DateField(verbose_name="哪天收的")),
                        ("grams", models.PositiveBigIntegerField(verbose_name="多少（克）")),
                        ("fen_per_jin", models.PositiveIntegerField(verbose_name="每斤多少钱（分）")),
                        ("due_fen", models.PositiveBigIntegerField(verbose_name="该给多少（分）")),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="记录人",
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="记账时间"),
                        ),
                        (
                            "cancelled_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="作废时间"),
                        ),
                        (
                            "cancelled_reason",
                            models.CharField(blank=True, max_length=100, verbose_name="作废原因"),
                        ),
                    ],
                    options={
                        "verbose_name": "供货",
                        "verbose_name_plural": "供货",
                        "ordering": ["-on", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("grams__gte", 1)), name="supply_weighs"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "shop",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        (
                            "villager",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="ledger_entries",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="谁的",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("order", "订单收入"),
                                    ("live", "直播收入"),
                                    ("other_in", "其他收入"),
                                    ("refund", "退款"),
                                    ("boxes", "纸箱包装"),
                                    ("freight", "快递运费"),
                                    ("inputs", "农资"),
                                    ("helpers", "请人帮工"),
                                    ("supply", "付给供货农户"),
                                    ("other_out", "其他支出"),
                                ],
                                max_length=10,
                                verbose_name="类型",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="哪天")),
                        ("fen", models.BigIntegerField(verbose_name="金额（分）")),
                        ("grams", models.BigIntegerField(default=0, verbose_name="重量（克）")),
                        (
                            "order",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="shops.order",
                                verbose_name="订单",
                            ),
                        ),
                        (
                            "claim",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="shops.claim",
                                verbose_name="坏果申请",
                            ),
                        ),
                        (
                            "supply",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="shops.supply",
                                verbose_name="供货",
                            ),
                        ),
                        (
                            "corrects",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrected_by",
                                to="shops.ledgerentry",
                                verbose_name="更正哪一笔",
                            ),
                        ),
                        ("page", models.CharField(blank=True, editable=False, max_length=100)),
                        ("note", models.CharField(blank=True, max_length=100, verbose_name="说明")),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="记录人",
                            ),
                        ),
                        (
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="记账时间"),
                        ),
                    ],
                    options={
                        "verbose_name": "收支流水",
                        "verbose_name_plural": "收支流水",
                        "ordering": ["-on", "-id"],
                        "indexes": [
                            models.Index(fields=["shop", "-on", "-id"], name="ledger_shop_day"),
                            models.Index(fields=["shop", "kind", "-on", "-id"], name="ledger_shop_kind"),
                            models.Index(fields=["villager", "-on", "-id"], name="ledger_villager"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Paper",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="papers",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("green", "绿色食品证书"),
                                    ("organic", "有机产品认证证书"),
                                    ("gi", "地理标志使用授权"),
                                    ("selenium", "富硒检测或认证"),
                                    ("report", "检测报告"),
                                    ("filing", "预包装食品备案"),
                                    ("licence", "食品生产或经营许可证"),
                                    ("business", "营业执照"),
                                ],
                                max_length=10,
                                verbose_name="什么证",
                            ),
                        ),
                        ("number", models.CharField(max_length=60, verbose_name="证书编号")),
                        ("holder", models.CharField(max_length=60, verbose_name="持证人")),
                        ("issuer", models.CharField(blank=True, max_length=60, verbose_name="发证单位")),
                        ("issued_on", models.DateField(blank=True, null=True, verbose_name="发证日期")),
                        ("expires_on", models.DateField(blank=True, null=True, verbose_name="到哪天")),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="media.document",
                                verbose_name="证书照片或 PDF",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("waiting", "等核对"),
                                    ("accepted", "核对过"),
                                    ("refused", "没通过"),
                                ],
                                default="waiting",
                                max_length=8,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "refused_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="没通过的原因"),
                        ),
                        (
                            "accepted_reason",
                            models.CharField(blank=True, max_length=200, verbose_name="持证人不同为什么收下"),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="核对人",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="核对时间")),
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
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="建立时间"),
                        ),
                        (
                            "products",
                            models.ManyToManyField(
                                blank=True, related_name="papers", to="shops.product", verbose_name="哪些商品"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "证书和资料",
                        "verbose_name_plural": "证书和资料",
                        "ordering": ["-created_at", "-id"],
                        "indexes": [models.Index(fields=["status", "created_at"], name="paper_waiting")],
                    },
                ),
                migrations.CreateModel(
                    name="PriceChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="price_changes",
                                to="shops.product",
                                verbose_name="商品",
                            ),
                        ),
                        ("price_fen", models.PositiveIntegerField(verbose_name="价钱（分）")),
                        ("net_grams", models.PositiveIntegerField(verbose_name="净重（克）")),
                        (
                            "unit",
                            models.CharField(
                                choices=[("box", "箱"), ("jin", "斤"), ("kg", "公斤")],
                                max_length=4,
                                verbose_name="按什么卖",
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
                        "verbose_name": "价格流水",
                        "verbose_name_plural": "价格流水",
                        "ordering": ["-at", "-id"],
                        "indexes": [models.Index(fields=["product", "-at"], name="price_log")],
                    },
                ),
                migrations.CreateModel(
                    name="Deal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deals",
                                to="shops.product",
                                verbose_name="商品",
                            ),
                        ),
                        (
                            "line",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deal",
                                to="shops.orderline",
                                verbose_name="订单里的一行",
                            ),
                        ),
                        ("price_fen", models.PositiveIntegerField(verbose_name="价钱（分）")),
                        ("net_grams", models.PositiveIntegerField(verbose_name="净重（克）")),
                        (
                            "unit",
                            models.CharField(
                                choices=[("box", "箱"), ("jin", "斤"), ("kg", "公斤")],
                                max_length=4,
                                verbose_name="按什么卖",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField(verbose_name="几份")),
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "成交价",
                        "verbose_name_plural": "成交价",
                        "ordering": ["-at", "-id"],
                        "indexes": [models.Index(fields=["product", "-at"], name="deal_log")],
                    },
                ),
                migrations.CreateModel(
                    name="FreightRate",
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
                                related_name="freight",
                                to="shops.shop",
                                verbose_name="小店",
                            ),
                        ),
                        ("province", models.CharField(max_length=6, verbose_name="省份")),
                        ("ships", models.BooleanField(default=True, verbose_name="发货")),
                        ("first_grams", models.PositiveIntegerField(default=1000, verbose_name="首重（克）")),
                        (
                            "first_fen",
                            models.PositiveIntegerField(default=0, verbose_name="首重多少钱（分）"),
                        ),
                        (
                            "step_grams",
                            models.PositiveIntegerField(default=1000, verbose_name="续重每（克）"),
                        ),
                        ("step_fen", models.PositiveIntegerField(default=0, verbose_name="续重多少钱（分）")),
                        (
                            "surcharge_fen",
                            models.PositiveIntegerField(default=0, verbose_name="偏远加价（分）"),
                        ),
                    ],
                    options={
                        "verbose_name": "运费",
                        "verbose_name_plural": "运费",
                        "ordering": ["province"],
                        "constraints": [
                            models.UniqueConstraint(fields=("shop", "province"), name="one_rate_a_province"),
                            models.CheckConstraint(
                                condition=models.Q(("first_grams__gte", 1), ("step_grams__gte", 1)),
                                name="freight_steps_weigh",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductPhoto",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="photos",
                                to="shops.product",
                                verbose_name="商品",
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
                        ("position", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                    ],
                    options={
                        "verbose_name": "商品照片",
                        "verbose_name_plural": "商品照片",
                        "ordering": ["position", "id"],
                        "constraints": [
                            models.UniqueConstraint(fields=("product", "photo"), name="photo_once_a_product")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Proof",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "product",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="proofs",
                                to="shops.product",
                                verbose_name="商品",
                            ),
                        ),
                        ("rule", models.CharField(max_length=4, verbose_name="哪一条")),
                        ("words", models.CharField(max_length=120, verbose_name="哪句话")),
                        ("source", models.CharField(blank=True, max_length=60, verbose_name="出处")),
                        ("dated", models.DateField(blank=True, null=True, verbose_name="哪天的")),
                        ("report_no", models.CharField(blank=True, max_length=60, verbose_name="报告编号")),
                        (
                            "file",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="media.document",
                                verbose_name="报告照片或 PDF",
                            ),
                        ),
                        ("asks", models.BooleanField(default=False, verbose_name="没有依据，请管理员看")),
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
                        ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "依据",
                        "verbose_name_plural": "依据",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("product", "rule", "words"), name="one_proof_a_claim"
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.RunPython(make, unmake),
    ]
