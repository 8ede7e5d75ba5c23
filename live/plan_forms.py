"""The plan's own form: what is rehearsed or sold, when, how long, where. Nearly all of it is as the last time."""

from __future__ import annotations

import datetime
import uuid

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User, holders
from courses.models import Drill
from live import planning
from live.models import Livestream
from shops.models import Shop
from shops.rules import can_sell_in
from ui.forms import FarmForm
from ui.inputs import CountField, DayField, NameField, plain

Kind = Livestream.Kind
# A plan lies at most a year ahead; one for this morning may still be written down.
FURTHEST = datetime.timedelta(days=366)
OLDEST = datetime.timedelta(days=1)
MENTORS = 60


class ClockField(forms.TimeField):
    """The hour, picked in the phone's own clock; without one, typed as 20:00 or 20点."""

    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    input_formats = ["%H:%M", "%H:%M:%S", "%H.%M", "%H点%M分", "%H点%M", "%H点"]
    default_error_messages = {"invalid": _("写成 20:00 这样")}

    def to_python(self, value):
        return super().to_python(plain(value).replace("点半", "点30") if isinstance(value, str) else value)


def drills_for(user: User, kind: str):
    """Of courses that are out; in the reader's language where there are any."""
    rows = Drill.objects.filter(course__state="published", is_real=kind == Kind.REAL).select_related("course")
    here = rows.filter(course__language=get_language() or "zh-hans")
    return (here if here.exists() else rows).order_by("position", "course", "id")


def mentors_for(live: Livestream):
    """Who may sit beside: mentors and trainers of the village and of the places above it."""
    roles = (Membership.Role.MENTOR, Membership.Role.TRAINER)
    rows = User.objects.filter(holders([live.place], *roles), is_active=True).exclude(pk=live.host_id)
    pks = rows.order_by("name", "pk").values("pk").distinct()[:MENTORS]
    return User.objects.filter(
        Q(pk__in=list(pks.values_list("pk", flat=True))) | Q(pk=live.mentor_id)
    ).order_by("name")


class PlanForm(FarmForm):
    """`live` carries kind, host, shop and place; of a new plan it is not stored yet."""

    marks_required = False

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    drill = forms.ModelChoiceField(
        Drill.objects.none(),
        label=_("练哪一种"),
        required=False,
        blank=True,
        empty_label=_("自己排"),
        widget=forms.RadioSelect,
    )
    starts_on = DayField(label=_("哪天"))
    starts_time = ClockField(label=_("几点"))
    planned_minutes = CountField(label=_("打算播多久"), least=1, most=480, unit=_("分钟"), required=False)
    shop = forms.ModelChoiceField(
        Shop.objects.none(), label=_("卖哪家店的货"), required=False, empty_label=_("不用小店，自己写货")
    )
    host = forms.ModelChoiceField(User.objects.none(), label=_("谁讲"), empty_label=None)
    mentor = forms.ModelChoiceField(
        User.objects.none(), label=_("谁陪着"), required=False, empty_label=_("没有人陪")
    )
    title = NameField(label=_("叫什么"), max_length=40, required=False, help_text=_("空着就按日子起名。"))
    platform = forms.ChoiceField(label=_("在哪儿播"), choices=Livestream.Platform)
    platform_url = forms.URLField(
        label=_("直播间链接"),
        max_length=300,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("链接不对，从平台上复制整条再贴进来")},
    )

    FACTS = ("drill", "shop", "host", "mentor", "title", "platform", "platform_url", "planned_minutes")
    MORE = ("shop", "host", "mentor", "title", "platform_url")

    def __init__(self, *args, live: Livestream, user: User, **kwargs) -> None:
        self.live, self.user = live, user
        kwargs["initial"] = self.as_planned(live) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        shops = Shop.objects.of(user).select_related("place", "owner")
        self.fields["shop"].queryset = shops
        self.fields["drill"].queryset = drills_for(user, live.kind)
        self.fields["drill"].label_from_instance = lambda drill: drill.name
        self.fields["mentor"].queryset = mentors_for(live)
        self.fields["host"].queryset = self.speakers()
        self.leave_out(shops)

    def leave_out(self, shops) -> None:
        """What there is nothing to choose of is not asked."""
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

    def speakers(self):
        """Oneself; in a real live also those who sell in the shop. One who speaks already stays to be chosen."""
        them = Q(pk__in=[self.user.pk, self.live.host_id])
        if self.live.kind == Kind.REAL and self.live.shop:
            them |= Q(pk=self.live.shop.owner_id) | Q(pk__in=self.live.shop.helpers.order_by().values("pk"))
        return User.objects.filter(them).order_by("name", "pk")

    @staticmethod
    def as_planned(live: Livestream) -> dict:
        start = timezone.localtime(live.starts_at)
        names = ("title", "platform", "platform_url", "planned_minutes")
        rows = {name: getattr(live, f"{name}_id") for name in ("drill", "shop", "host", "mentor")}
        told = {name: getattr(live, name) for name in names}
        return rows | told | {"starts_on": start.date(), "starts_time": start.time()}

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
        self.clean_speaker(facts)
        return facts

    def clean_speaker(self, facts: dict) -> None:
        """The speakers were offered for the shop that stood in the form; another may have been chosen with them."""
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
        """Of what was asked; place follows the shop."""
        facts = {name: self.cleaned_data[name] for name in self.FACTS if name in self.fields}
        facts["starts_at"] = self.cleaned_data["starts_at"]
        drill = facts.get("drill")
        if drill and drill.pk != self.live.drill_id and "planned_minutes" not in self.changed_data:
            facts["planned_minutes"] = drill.minutes  # the box still says what the last one took
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


def blank(user: User, kind: str, drill: Drill | None = None) -> Livestream:
    """A plan as it would be made without asking anything. Raises ActionNotAllowed."""
    live = Livestream(kind=kind, host=user, drill=drill, shop=planning.shop_of(user))
    live.place = planning.place_of(live)
    for name, value in planning.usual(live).items():
        setattr(live, name, value)
    planning.refuse(live)
    return live
