"""Forms of a plan and of the items of its rundown. A new plan begins with the values of the last one."""

from __future__ import annotations

import datetime
import uuid

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from accounts.models import Membership, User, filter_holders
from courses.models import Drill
from live.models import Livestream, RundownItem
from live.planning import plans
from live.scripts import placeholders
from shops.models import Product, Shop
from shops.permissions import can_sell_in
from shops.pricing import prices
from ui.fields import CleanCharField, ClockField, CountField, DayField, JinField, NameField, YuanField
from ui.forms import FarmForm

Kind = Livestream.Kind
# A plan is at most a year ahead, and at most a day back.
FURTHEST = datetime.timedelta(days=366)
OLDEST = datetime.timedelta(days=1)
# Number of mentors offered.
MENTORS = 60
MOST_GRAMS = 1_000_000


def find_drills(user: User, kind: str):
    """Return the drills of published courses, in the reader's language if there are any."""
    rows = Drill.objects.filter(course__state="published", is_real=kind == Kind.REAL).select_related("course")
    here = rows.filter(course__language=get_language() or "zh-hans")
    return (here if here.exists() else rows).order_by("position", "course", "id")


def find_mentors(live: Livestream):
    """Return who may assist: mentors and trainers of the village and of the places above it."""
    roles = (Membership.Role.MENTOR, Membership.Role.TRAINER)
    rows = User.objects.filter(filter_holders([live.place], *roles), is_active=True).exclude(pk=live.host_id)
    pks = rows.order_by("name", "pk").values("pk").distinct()[:MENTORS]
    return User.objects.filter(
        Q(pk__in=list(pks.values_list("pk", flat=True))) | Q(pk=live.mentor_id)
    ).order_by("name")


class PlanForm(FarmForm):
    """Take a plan; `live` carries kind, host, shop and place, and is unsaved for a new plan."""

    marks_required = False

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    drill = forms.ModelChoiceField(
        Drill.objects.none(),
        label=gettext_lazy("练哪一种"),
        required=False,
        blank=True,
        empty_label=gettext_lazy("自己排"),
        widget=forms.RadioSelect,
    )
    starts_on = DayField(label=gettext_lazy("哪天"))
    starts_time = ClockField(label=gettext_lazy("几点"))
    planned_minutes = CountField(
        label=gettext_lazy("打算播多久"), least=1, most=480, unit=gettext_lazy("分钟"), required=False
    )
    shop = forms.ModelChoiceField(
        Shop.objects.none(),
        label=gettext_lazy("卖哪家店的货"),
        required=False,
        empty_label=gettext_lazy("不用小店，自己写货"),
    )
    host = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("谁讲"), empty_label=None)
    mentor = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("带教师傅"),
        required=False,
        empty_label=gettext_lazy("没有带教师傅"),
    )
    title = NameField(
        label=gettext_lazy("叫什么"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("空着就按日子起名。"),
    )
    platform = forms.ChoiceField(label=gettext_lazy("在哪儿播"), choices=Livestream.Platform)
    platform_url = forms.URLField(
        label=gettext_lazy("直播间链接"),
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("链接不对，从平台上复制整条再贴进来")},
    )

    FACTS = ("drill", "shop", "host", "mentor", "title", "platform", "platform_url", "planned_minutes")
    MORE = ("shop", "host", "mentor", "title", "platform_url")

    def __init__(self, *args, live: Livestream, user: User, **kwargs) -> None:
        self.live, self.user = live, user
        kwargs["initial"] = self.initial_of(live) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        shops = Shop.objects.of(user).select_related("place", "owner")
        self.fields["shop"].queryset = shops
        self.fields["drill"].queryset = find_drills(user, live.kind)
        self.fields["drill"].label_from_instance = lambda drill: drill.name
        self.fields["mentor"].queryset = find_mentors(live)
        self.fields["host"].queryset = self.possible_hosts()
        self.leave_out(shops)

    def leave_out(self, shops) -> None:
        """Remove the fields that offer no choice."""
        real = self.live.kind == Kind.REAL
        if real:
            self.fields["shop"].required, self.fields["shop"].empty_label = True, None
        fixed = self.live.pk and self.live.items.filter(product__isnull=False).exists()
        gone = ["shop"] if fixed or not shops or (real and len(shops) == 1) else []
        gone += [] if self.fields["drill"].queryset.exists() else ["drill"]
        gone += [] if self.fields["mentor"].queryset.exists() else ["mentor"]
        gone += [] if self.fields["host"].queryset.count() > 1 else ["host"]
        for name in gone:
            del self.fields[name]

    def possible_hosts(self):
        """Return the possible hosts: the user, in a real live also the shop's sellers, and the present host."""
        them = Q(pk__in=[self.user.pk, self.live.host_id])
        if self.live.kind == Kind.REAL and self.live.shop:
            them |= Q(pk=self.live.shop.owner_id) | Q(pk__in=self.live.shop.helpers.order_by().values("pk"))
        return User.objects.filter(them).order_by("name", "pk")

    @staticmethod
    def initial_of(live: Livestream) -> dict:
        start = timezone.localtime(live.starts_at)
        names = ("title", "platform", "platform_url", "planned_minutes")
        rows = {name: getattr(live, f"{name}_id") for name in ("drill", "shop", "host", "mentor")}
        facts = {name: getattr(live, name) for name in names}
        return rows | facts | {"starts_on": start.date(), "starts_time": start.time()}

    def clean(self) -> dict:
        facts = super().clean()
        day, time = facts.get("starts_on"), facts.get("starts_time")
        if day and time:
            facts["starts_at"] = self.moment(datetime.datetime.combine(day, time))
        if (
            self.live.kind == Kind.REAL
            and not facts.get("planned_minutes")
            and "planned_minutes" not in self.errors
        ):
            self.add_error("planned_minutes", _("写打算播几分钟"))
        self.clean_host_of_shop(facts)
        return facts

    def clean_host_of_shop(self, facts: dict) -> None:
        """Check the host against the shop as posted: hosts were offered for the shop that the form showed."""
        shop = facts.get("shop") or self.live.shop
        host = facts.get("host")
        if self.live.kind == Kind.REAL and host and shop and not can_sell_in(host, shop):
            self.add_error("host", _("这个人不在选的这家店卖货，换一个"))

    def moment(self, naive: datetime.datetime) -> datetime.datetime | None:
        at, now = timezone.make_aware(naive), timezone.now()
        if self.live.pk and at == self.live.starts_at.replace(second=0, microsecond=0):
            return at
        if at < now - OLDEST:
            self.add_error("starts_on", _("这个时间已经过了"))
        elif at > now + FURTHEST:
            self.add_error("starts_on", _("太远了，最多排一年以内的"))
        return at

    def facts(self) -> dict:
        """Return the plan's fields that were asked for; `place` follows the shop."""
        facts = {name: self.cleaned_data[name] for name in self.FACTS if name in self.fields}
        facts["starts_at"] = self.cleaned_data["starts_at"]
        drill = facts.get("drill")
        if drill and drill.pk != self.live.drill_id and "planned_minutes" not in self.changed_data:
            facts["planned_minutes"] = drill.minutes  # the field still shows the minutes of the last plan
        if facts.get("planned_minutes") is None:
            facts["planned_minutes"] = drill.minutes if drill else self.live.planned_minutes
        if "shop" in self.fields and facts["shop"]:
            facts["place"] = facts["shop"].place
        return facts

    @property
    def key_or_new(self) -> uuid.UUID:
        return self.cleaned_data.get("key") or uuid.uuid4()

    @property
    def more(self) -> list[forms.BoundField]:
        return [self[name] for name in self.MORE if name in self.fields]

    @property
    def more_is_open(self) -> bool:
        return any(name in self.errors for name in self.MORE)


class RoleForm(FarmForm):
    """Take the fields that every item has."""

    marks_required = False

    role = forms.ChoiceField(
        label=gettext_lazy("这款的定位"), choices=RundownItem.Role, widget=forms.RadioSelect,
        help_text=gettext_lazy("引流款留人，利润款挣钱，形象款撑门面。"),
    )  # fmt: skip
    minutes = CountField(label=gettext_lazy("讲几分钟"), least=1, most=240, unit=gettext_lazy("分钟"))
    talking_points = CleanCharField(
        label=gettext_lazy("要讲到的"),
        lines=True,
        max_length=500,
        required=False,
        help_text=gettext_lazy("一行一样，开播时在提词器里看得到。"),
    )


class ItemForm(RoleForm):
    """Take an item that is a product of the shop."""

    live_price_fen = YuanField(label=gettext_lazy("直播价"), required=False)
    quota = CountField(label=gettext_lazy("给直播留多少"), least=1, required=False)

    field_order = ("role", "minutes", "live_price_fen", "quota", "talking_points")
    NAMES = field_order

    def __init__(self, *args, item: RundownItem, **kwargs) -> None:
        self.item, self.product = item, item.sold_product
        kwargs["initial"] = {name: getattr(item, name) for name in self.NAMES} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        product = self.product
        words = {
            "price": placeholders.format_spoken_price(product.price_fen),
            "unit": product.get_unit_display(),
        }
        self.fields["live_price_fen"].help_text = _("空着就按商品页：%(price)s一%(unit)s") % words
        self.fields["quota"].unit = product.get_unit_display()
        words = {"count": f"{product.stock:,}", "unit": product.stock_unit}
        self.fields["quota"].help_text = (
            _("库存有 %(count)s %(unit)s。留出来的别处卖不掉；空着就直接卖库存。") % words
        )

    def clean_live_price_fen(self) -> int | None:
        fen = self.cleaned_data["live_price_fen"]
        if fen and not prices.can_be_shown(fen, self.product.net_grams):
            raise forms.ValidationError(_("一斤不到一分钱，看看少打了什么"))
        return fen

    def clean_quota(self) -> int | None:
        quota = self.cleaned_data["quota"]
        if quota and quota > self.product.stock:
            words = {"count": f"{self.product.stock:,}", "unit": self.product.stock_unit}
            raise forms.ValidationError(_("库存只有 %(count)s %(unit)s，留不了这么多") % words)
        return quota

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.NAMES}


class TypedItemForm(RoleForm):
    """Take an item typed by hand, in a rehearsal."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    name = NameField(label=gettext_lazy("名称"), max_length=30)
    unit = forms.ChoiceField(
        label=gettext_lazy("按什么卖"), choices=Product.Unit, initial="box", widget=forms.RadioSelect
    )
    net_grams = JinField(label=gettext_lazy("一箱净重"), least=10, most=MOST_GRAMS, required=False)
    price_fen = YuanField(label=gettext_lazy("卖多少钱"))

    field_order = ("key", "name", "unit", "net_grams", "price_fen", "role", "minutes", "talking_points")
    NAMES = field_order[1:]

    def __init__(self, *args, item: RundownItem | None = None, **kwargs) -> None:
        if item:
            facts = {name: getattr(item, name) for name in self.NAMES}
            kwargs["initial"] = facts | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict:
        facts = super().clean()
        unit, net = facts.get("unit"), facts.get("net_grams")
        if unit:
            facts["net_grams"] = prices.get_grams(unit, net)
        if unit == Product.Unit.BOX and not net and "net_grams" not in self.errors:
            self.add_error("net_grams", _("写一箱有多重"))
        if (
            (fen := facts.get("price_fen"))
            and (grams := facts.get("net_grams"))
            and not prices.can_be_shown(fen, grams)
        ):
            self.add_error("price_fen", _("一斤不到一分钱，看看少打了什么"))
        return facts

    def facts(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.NAMES}

    @property
    def key_or_new(self) -> uuid.UUID:
        return self.cleaned_data.get("key") or uuid.uuid4()


class PickForm(FarmForm):
    """Choose products for the rundown, several at once."""

    products = forms.ModelMultipleChoiceField(
        Product.objects.none(),
        label=pgettext_lazy("many", "商品"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("先点要加的货"),
            "invalid_choice": gettext_lazy("有一款不能选，重新点一次"),
        },
    )

    def __init__(self, *args, live: Livestream, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["products"].queryset = (
            plans.find_offered_products(live) if live.shop_id else Product.objects.none()
        )
