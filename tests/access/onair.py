"""What a shop has live: one planned, one running, one over with its figures. And which of them a route of live/ names."""

import datetime
import hashlib
import uuid

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.models import Model
from django.utils import timezone

from accounts.models import Place, User
from live.models import (
    ChecklistTick,
    Figure,
    FigureImport,
    GuardianConsent,
    Livestream,
    QuotaMove,
    RecapComment,
    ScriptVersion,
)
from live.on_air import host_actions, lifecycle, sales
from live.recap import notes
from shops.models import Shop
from tests.factories import make_product
from tests.lives import make_clearance, make_item, make_live, make_ready_live, make_script, tick_all
from tests.shops.orders.seller_side import make_document

# argument → (whose name in the world, field); what is not named here is a plan.
PLAN = {"pk": ("planned", "pk"), "item": ("planned item", "pk"), "consent": (GuardianConsent, "pk")}
AIR = {"pk": ("running", "pk"), "item_pk": ("running item", "pk"), "sale_id": ("running sale", "event_id")}
OVER = {
    "pk": ("over", "pk"),
    "item_pk": ("over item", "pk"),
    "comment_pk": (RecapComment, "pk"),
    "import_pk": (FigureImport, "pk"),
}
ON_AIR = ("now", "end", "air", "sale", "pin", "flash", "flash_stop", "undo", "slip", "prompter")
AFTERWARDS = (
    *("recap", "recap_words", "recap_replay", "recap_comment", "recap_comment_remove", "figures"),
    *("export_import", "export_file", "evidence", "sales", "sales_csv", "settle", "refund"),
)
BY_ROUTE = (
    {f"live:{name}": AIR for name in ON_AIR}
    | {f"live:{name}": OVER for name in AFTERWARDS}
    | {f"live:{name}": {"token": ("running", "token")} for name in ("on", "on_now")}
)


def rows_of_lives(shop: Shop, commenter: User) -> dict[str | type, Model]:
    """Told as the host's phone tells it; the trainer of the place has commented on the one that is over."""
    over, before = begun(shop, "播完的"), begun(shop, "正播的")
    sales.record_sale(over.items.get(), 5, shop.owner, uuid.uuid4())  # one more than there is
    lifecycle.end_live(over, shop.owner)
    sale = sales.record_sale(before.items.get(), 1, shop.owner, uuid.uuid4())
    slip = host_actions.record_correction(
        before, "全国最甜", "甜度 13", shop.owner, uuid.uuid4(), item=before.items.get()
    )
    fruit = make_product(shop, name="要播的果", freight_included=True)
    planned = make_ready_live(shop.owner, shop, fruit)
    return {
        "planned": planned,
        "planned item": planned.items.get(),
        "running": before,
        "running item": before.items.get(),
        "running sale": sale,
        "over": over,
        "over item": over.items.get(),
        Livestream: over,
        type(sale): sale,
        type(slip): slip,
        QuotaMove: QuotaMove.objects.filter(item__livestream=over).first(),
        ScriptVersion: ScriptVersion.objects.get(item__livestream=planned),
        ChecklistTick: planned.ticks.first(),
        **rows_of_recap(over, commenter),
        **rows_of_host(shop.owner),
    }


def begun(shop: Shop, title: str) -> Livestream:
    """Four boxes, two of them set aside."""
    fruit = make_product(shop, stock=4, name=f"{title}果", freight_included=True)
    live = make_live(shop.owner, shop=shop, kind=Livestream.Kind.REAL, title=title, starts_at=timezone.now())
    make_script(make_item(live, fruit, minutes=10, quota=2))
    tick_all(live, shop.owner)
    lifecycle.begin(live, live.load_items(), shop.owner)
    live.refresh_from_db()
    return live


def rows_of_recap(live: Livestream, commenter: User) -> dict[type, Model]:
    content = "成交金额\n123.45\n".encode("gb18030")
    stored = f"exports/{uuid.uuid4().hex}"
    storages["private"].save(stored, ContentFile(content))
    file = FigureImport.objects.create(
        livestream=live, shape="summary", name="大屏.csv", stored=stored, by=live.host,
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    Figure.objects.create(livestream=live, name="sales_fen", value=123_45, source=file, by=live.host)
    notes.write_notes(live, "报价清楚", "切果早一点", "", live.host)
    said = notes.add_comment(live, "秤放近一点。", commenter, uuid.uuid4())
    return {FigureImport: file, RecapComment: said}


def rows_of_host(host: User) -> dict[type, Model]:
    """Grown up by now; the paper of then is kept."""
    paper = GuardianConsent.objects.create(
        user=host, guardian="周大山", relation="父亲", file=make_document(host, width=340), made_by=host,
        given_on=timezone.localdate() - datetime.timedelta(days=900),
    )  # fmt: skip
    clearance = make_clearance(host)
    return {GuardianConsent: paper, type(clearance): clearance}


def rows_of_plan(host: User, place: Place, **fields) -> Livestream:
    """A rehearsal without a shop, as a trainee plans it."""
    plan = make_live(host, place, **fields)
    make_script(make_item(plan))
    return plan
