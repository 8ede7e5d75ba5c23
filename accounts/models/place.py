"""Places: province → city → county → township → village; each row stores the path from the top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from accounts.models.user import User


class PlaceQuerySet(models.QuerySet):
    def villages(self) -> PlaceQuerySet:
        return self.filter(kind=Place.Kind.VILLAGE)

    def within(self, *places: Place) -> PlaceQuerySet:
        """Return these places and everything below them."""
        inside = Q(pk__in=[])
        for place in places:
            inside |= Q(path__startswith=place.path)
        return self.filter(inside)

    def held_by(self, user: User, *roles: str) -> PlaceQuerySet:
        """Return where this person may act in one of these roles: the place of the role and all below it."""
        if user.is_superuser:
            return self.all()
        return self.within(*user.places_with_role(*roles))


class Place(models.Model):
    """A place. `path` is the ids from the top, each followed by a slash ("000001/000004/"), so that "below" is a prefix."""

    class Kind(models.TextChoices):
        PROVINCE = "province", _("省")
        CITY = "city", _("市")
        COUNTY = "county", _("县")
        TOWNSHIP = "township", _("乡镇")
        VILLAGE = "village", _("村")

    name = models.CharField(_("名字"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    kind = models.CharField(_("级别"), max_length=10, choices=Kind)
    # By GB/T 2260, from the county upwards; by it a place is found again that was renamed.
    code = models.CharField(_("行政区划代码"), max_length=6, blank=True, editable=False)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )
    path = models.CharField(max_length=120, blank=True, editable=False, db_index=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("one", "地区")
        verbose_name_plural = pgettext_lazy("many", "地区")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="one_name_below_a_place"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="one_place_of_a_code"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Also change the paths of the places below when the place gets another parent."""
        super().save(*args, **kwargs)
        path = (self.parent.path if self.parent else "") + self.step
        if path != self.path:
            old, self.path = self.path, path
            Place.objects.filter(pk=self.pk).update(path=path)
            for below in Place.objects.filter(path__startswith=old).exclude(pk=self.pk) if old else ():
                Place.objects.filter(pk=below.pk).update(path=path + below.path.removeprefix(old))

    @property
    def step(self) -> str:
        """Return the place's own part of the path; the zeros keep places in the order they were created, 9 before 10."""
        return f"{self.pk:06d}/"

    def paths_upwards(self) -> list[str]:
        """Return the place's own path and those of all places above it."""
        ids = self.path.split("/")[:-1]
        return ["/".join(ids[: depth + 1]) + "/" for depth in range(len(ids))]

    def is_within(self, places: list[Place]) -> bool:
        return any(self.path.startswith(place.path) for place in places)

    def full_name(self) -> str:
        """Return the name from the county downwards, as on a parcel: 柚山县青溪镇石榴冲村."""
        names: list[str] = []
        place: Place | None = self
        while place and place.kind in (Place.Kind.VILLAGE, Place.Kind.TOWNSHIP, Place.Kind.COUNTY):
            names.append(place.name)
            place = place.parent
        return "".join(reversed(names))
