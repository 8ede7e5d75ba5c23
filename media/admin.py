"""Photos as they came in: which are ready, which failed and why."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from accounts.backoffice.choices import rows_of
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from accounts.models import User
from accounts.worklist.items import WorkItem, register_work
from media.models import Photo
from media.tasks import make_pictures
from media.thumbnails import large, thumbnail
from media.video_admin import VideoAdmin

__all__ = ["PhotoAdmin", "VideoAdmin"]


@admin.register(Photo)
class PhotoAdmin(ReadOnlyMixin, ScopedAdmin):
    """One's own, and those of the people one looks after; a photo itself lies in no place."""

    list_display = ("picture", "owner", "status", "problem", "size", "created_at")
    list_display_links = ("created_at",)
    list_select_related = ("owner",)
    list_filter = ("status",)
    search_fields = ("owner__name", "owner__phone")
    search_help_text = gettext_lazy("谁传的：姓名或手机号")
    ordering = ("-id",)
    actions = ("try_again",)
    fields = ("shown", "owner", "status", "problem", "size", "created_at")

    def rows(self, user):
        if user.is_superuser:
            return Photo.objects.all()
        people = rows_of(self.admin_site, User, user)
        return Photo.objects.filter(Q(owner=user) | Q(owner__in=people.order_by().values("pk")))

    @admin.action(description=gettext_lazy("再试一次"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        """After an accident (a full disk) the original is still there; what cannot be read is gone."""
        again = 0
        for photo in queryset.filter(status=Photo.Status.FAILED):
            if photo.intake().exists(photo.intake_name):
                fresh = {"status": Photo.Status.WAITING, "attempts": 0, "problem": "", "leased_until": None}
                Photo.objects.filter(pk=photo.pk, status=Photo.Status.FAILED).update(**fresh)
                make_pictures.enqueue(photo.pk)
                again += 1
        said = ngettext("%(n)d 张重新处理，其余的要重拍。", "%(n)d 张重新处理，其余的要重拍。", again) % {
            "n": again
        }
        messages.success(request, said)

    @admin.display(description=gettext_lazy("照片"))
    def picture(self, obj: Photo) -> str:
        return thumbnail(obj)

    @admin.display(description=gettext_lazy("照片"))
    def shown(self, obj: Photo) -> str:
        return large(obj)

    @admin.display(description=gettext_lazy("大小"), ordering="bytes")
    def size(self, obj: Photo) -> str:
        return f"{obj.width} × {obj.height} · {obj.bytes / 1_000_000:.1f} MB"


@register_work(on_phone=False, in_admin=True)
def failed_photos(user: User) -> list[WorkItem]:
    page = admin.site.get_model_admin(Photo)
    failed = page.rows(user).filter(status=Photo.Status.FAILED).count()
    url = f"{reverse('admin:media_photo_changelist')}?status__exact={Photo.Status.FAILED}"
    sentence = ngettext("%(n)s 张照片坏了，要重拍", "%(n)s 张照片坏了，要重拍", failed) % {"n": failed}
    return [WorkItem("photo_failed", failed, sentence, admin_url=url, icon="photo")]
