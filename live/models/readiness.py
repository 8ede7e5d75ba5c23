"""The requirements for the start of a live, and who confirmed them (直播电商监督管理办法 §28–31; stored for three years)."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from live.models.livestream import Livestream
from media.models import Document, Photo


class ChecklistTick(models.Model):
    """A tick of the checklist; append-only, the newest row of a code counts.

    What the program can check itself (age, training, script) is not ticked.
    """

    class Code(models.TextChoices):
        PAPERS = "papers", _("证件：合格证、检测报告、营业执照，该有的都在手边")
        CARD = "card", _("卖家信息：店名、地址、电话的纸卡摆在画面里")
        IDENTITY = "identity", _("主播身份：看过身份证，就是本人")
        SET = "set", _("布景：背景干净，没有国旗国徽，没有别人的牌子和人脸")
        CLOTHES = "clothes", _("衣服：干净整齐，没有机关单位的标志")
        PROPS = "props", _("道具：样品、刀、秤都在，秤准")
        SOUND = "sound", _("声音：试录十秒，听得清，没有风声")
        LIGHT = "light", _("光线：脸和果子都亮，背后没有窗")

    event_id = models.UUIDField(unique=True, default=uuid.uuid4)
    livestream = models.ForeignKey(Livestream, models.CASCADE, related_name="ticks", verbose_name=_("直播"))
    code = models.CharField(_("哪一条"), max_length=10, choices=Code)
    is_done = models.BooleanField(_("好了"), default=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁"))
    at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "开播前核对")
        verbose_name_plural = pgettext_lazy("many", "开播前核对")
        ordering = ["id"]
        indexes = [models.Index(fields=["livestream", "code", "-id"], name="ticks_newest")]

    def __str__(self) -> str:
        return f"{self.livestream_id} {self.code}"


class GuardianConsent(models.Model):
    """A guardian's signed consent to a host of 16 or 17 years (未成年人保护法 §76). Withdrawn by a date, never deleted."""

    user = models.ForeignKey(User, models.PROTECT, related_name="guardian_consents", verbose_name=_("主播"))
    guardian = models.CharField(_("监护人姓名"), max_length=30)
    relation = models.CharField(_("是主播的什么人"), max_length=20)
    file = models.ForeignKey(Document, models.PROTECT, related_name="+", verbose_name=_("签了字的同意书"))
    given_on = models.DateField(_("哪天签的"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("提交人"))
    made_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "监护人同意书")
        verbose_name_plural = pgettext_lazy("many", "监护人同意书")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user} · {self.guardian}"


class Frozen(models.Model):
    """A snapshot of a listing and its script when the live began, and after each change while it was on; append-only.

    直播电商监督管理办法 §16. `page` is made by shops.orders.snapshots.freeze_product; `script` holds the parts with facts
    filled in.
    """

    livestream = models.ForeignKey(Livestream, models.PROTECT, related_name="frozen", verbose_name=_("直播"))
    item = models.ForeignKey(
        "live.RundownItem", models.PROTECT, related_name="frozen", verbose_name=_("哪一款")
    )
    page = models.JSONField(_("当时的商品页"), default=dict)
    script = models.JSONField(_("当时的脚本"), default=dict)
    # The listing's photos at that time; photos linked here are not cleaned up.
    photos = models.ManyToManyField(Photo, related_name="+", verbose_name=_("当时的照片"))
    content_hash = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("什么时候"), default=timezone.now)

    class Meta:
        verbose_name = pgettext_lazy("one", "定格的商品页")
        verbose_name_plural = pgettext_lazy("many", "定格的商品页")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["item", "content_hash"], name="frozen_once_as_it_was")]

    def __str__(self) -> str:
        return f"{self.livestream_id} {self.item_id}"
