"""Stories of people: dated facts with the rows that show them, told only with their own consent for each use.

Rules: 广告法 §24 and 网络反不正当竞争暂行规定 §9 (no promise, no invented result), 个人信息保护法 §25 and 民法典
§1018–1023 (name, face and income only with a consent that can be withdrawn).
"""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Consent, Membership, Place, User
from media.models import Photo
from programme.models.steps import Step
from ui.responses.page_cache import Stamped


class StoryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> StoryQuerySet:
        """Return the stories of places that this person holds as an organiser."""
        return self.filter(place__in=Place.objects.held_by(user, Membership.Role.ORGANISER))

    def open_for(self, use: str, today: datetime.date | None = None) -> StoryQuerySet:
        """Return the stories that their people have confirmed and may be shown for this use today."""
        agreed = StoryConsent.objects.filter(
            story=OuterRef("pk"), use=use, withdrawn_at__isnull=True, until__gte=today or timezone.localdate()
        )
        named = Consent.objects.filter(
            user=OuterRef("person"), kind=Consent.Kind.PUBLIC_STORY, withdrawn_at__isnull=True
        )
        unproven = StoryFact.objects.filter(
            Q(step__isnull=True) | Q(step__taken_back_at__isnull=False), story=OuterRef("pk")
        )
        found = self.filter(
            Exists(agreed), Exists(named), confirmed_at__isnull=False, withdrawn_at__isnull=True
        )
        return found.exclude(Exists(unproven))


class Story(Stamped):
    """A person's story. An organiser writes it and asks the person, who confirms it; any change needs a new confirmation."""

    stamp_name = "stories"

    person = models.ForeignKey(User, models.CASCADE, related_name="stories", verbose_name=_("谁的故事"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("哪儿的"))
    title = models.CharField(_("标题"), max_length=40)
    text = models.TextField(_("故事"), max_length=1500)
    photo = models.ForeignKey(
        Photo, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("照片")
    )
    written_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("谁写的")
    )
    written_at = models.DateTimeField(_("什么时候写的"), default=timezone.now)
    asked_at = models.DateTimeField(_("什么时候请本人看的"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("本人什么时候同意的"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("本人什么时候撤回的"), null=True, blank=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "故事")
        verbose_name_plural = pgettext_lazy("many", "故事")
        ordering = ["-written_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(asked_at__isnull=False),
                name="story_asked_before_confirmed",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("programme:story", args=[self.pk])


class StoryFact(Stamped):
    """One fact of a story: its day, a sentence, and the step that shows it."""

    stamp_name = "stories"

    story = models.ForeignKey(
        Story, models.CASCADE, related_name="facts", verbose_name=pgettext_lazy("one", "故事")
    )
    on = models.DateField(_("哪天"))
    text = models.CharField(_("什么事"), max_length=100)
    step = models.ForeignKey(
        Step, models.SET_NULL, null=True, related_name="+", verbose_name=pgettext_lazy("ladder", "依据")
    )

    class Meta:
        verbose_name = pgettext_lazy("one", "故事里的事实")
        verbose_name_plural = pgettext_lazy("many", "故事里的事实")
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return self.text


class StoryConsent(Stamped):
    """The person's consent to one use of one story, until a day; withdrawn in one tap, never deleted."""

    stamp_name = "stories"

    class Use(models.TextChoices):
        COURSE = "course", _("上课时讲给学员听")
        PUBLIC = "public", _("放在网站上，谁都看得到")
        ADVERT = "advert", _("印在宣传品上")

    story = models.ForeignKey(
        Story, models.CASCADE, related_name="consents", verbose_name=pgettext_lazy("one", "故事")
    )
    use = models.CharField(_("用在哪儿"), max_length=8, choices=Use)
    until = models.DateField(_("到哪天为止"))
    given_at = models.DateTimeField(_("什么时候同意的"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("什么时候撤回的"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("one", "故事的同意")
        verbose_name_plural = pgettext_lazy("many", "故事的同意")
        ordering = ["-given_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["story", "use"], condition=Q(withdrawn_at__isnull=True), name="one_consent_a_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.story} · {self.get_use_display()}"
