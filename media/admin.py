"""Admin of photos and videos: which are ready, the size of each rendition of a video, which failed and why."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.backoffice.choices import list_rows
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from accounts.models import User
from accounts.worklist.items import WorkItem, register_work
from media.cleanup import VIDEO_CLEARED
from media.models import Photo, Upload, Video
from media.models.references import list_references
from media.photos.html import render_large_photo, render_thumbnail
from media.private_files import send_private
from media.tasks import make_pictures
from media.videos.services import retry_video

PARTS = {
    "480.mp4": "video/mp4",
    "240.mp4": "video/mp4",
    "listen.m4a": "audio/mp4",
    "poster.webp": "image/webp",
}


@admin.register(Photo)
class PhotoAdmin(ReadOnlyMixin, ScopedAdmin):
    """The person's own photos and those of the people they manage; a photo itself belongs to no place."""

    list_display = ("picture", "owner", "status", "problem", "size", "created_at")
    list_display_links = ("created_at",)
    list_select_related = ("owner",)
    list_filter = ("status",)
    search_fields = ("owner__name", "owner__phone")
    search_help_text = gettext_lazy("上传人：姓名或手机号")
    ordering = ("-id",)
    actions = ("try_again",)
    fields = ("shown", "owner", "status", "problem", "size", "created_at")

    def rows(self, user):
        if user.is_superuser:
            return Photo.objects.all()
        people = list_rows(self.admin_site, User, user)
        return Photo.objects.filter(Q(owner=user) | Q(owner__in=people.order_by().values("pk")))

    @admin.action(description=gettext_lazy("再试一次"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Process them again after a technical failure (a full disk): then the original still exists; unreadable files are
        deleted.
        """
        again = 0
        for photo in queryset.filter(status=Photo.Status.FAILED):
            if photo.intake().exists(photo.intake_name):
                fresh = {"status": Photo.Status.WAITING, "attempts": 0, "problem": "", "leased_until": None}
                Photo.objects.filter(pk=photo.pk, status=Photo.Status.FAILED).update(**fresh)
                make_pictures.enqueue(photo.pk)
                again += 1
        message = ngettext("%(n)d 张重新处理，其余的要重拍。", "%(n)d 张重新处理，其余的要重拍。", again) % {
            "n": again
        }
        messages.success(request, message)

    @admin.display(description=gettext_lazy("照片"))
    def picture(self, obj: Photo) -> str:
        return self.name_private(obj) or render_thumbnail(obj)

    @admin.display(description=gettext_lazy("照片"))
    def shown(self, obj: Photo) -> str:
        return self.name_private(obj) or render_large_photo(obj)

    def name_private(self, photo: Photo) -> str:
        """Return what stands for a private photo, which is shown only where it was handed in; nothing of a public one."""
        return gettext("不公开，在交的任务里看") if photo.is_private else ""

    @admin.display(description=gettext_lazy("大小"), ordering="bytes")
    def size(self, obj: Photo) -> str:
        return f"{obj.width} × {obj.height} · {obj.bytes / 1_000_000:.1f} MB"


@register_work(on_phone=False, in_admin=True)
def failed_photos(user: User) -> list[WorkItem]:
    failed = list_rows(admin.site, Photo, user).filter(status=Photo.Status.FAILED).count()
    url = f"{reverse('admin:media_photo_changelist')}?status__exact={Photo.Status.FAILED}"
    sentence = ngettext("%(n)s 张照片坏了，要重拍", "%(n)s 张照片坏了，要重拍", failed) % {"n": failed}
    return [WorkItem("photo_failed", failed, sentence, admin_url=url, icon="photo")]


@admin.register(Video)
class VideoAdmin(ReadOnlyMixin, ScopedAdmin):
    """The person's own videos and those in rows they may change; a video itself belongs to no place."""

    list_display = ("poster", "name", "length", "state", "sizes", "owner", "created_at")
    list_display_links = ("name",)
    list_select_related = ("owner",)
    list_filter = ("status",)
    search_fields = ("name", "owner__name", "owner__phone")
    search_help_text = gettext_lazy("文件名或上传人")
    ordering = ("-id",)
    actions = ("try_again",)
    fields = ("player", "name", "state", "length", "picture", "sizes", "owner", "created_at")

    def rows(self, user: User) -> QuerySet:
        if user.is_superuser:
            return Video.objects.all()
        mine = Q(owner=user) | Q(uploads__owner=user)
        for field in list_references(Video):
            if field.model is not Upload:
                seen = list_rows(self.admin_site, field.model, user).order_by()
                mine |= Q(pk__in=seen.filter(**{f"{field.name}__isnull": False}).values(field.name))
        return Video.objects.filter(pk__in=Video.objects.filter(mine).values("pk"))

    def get_urls(self):
        part = require_safe(self.admin_site.admin_view(self.part_view))
        return [
            path("<path:object_id>/part/<str:part>", part, name="media_video_part"),
            *super().get_urls(),
        ]

    def part_view(self, request: HttpRequest, object_id: str, part: str) -> HttpResponseBase:
        video = self.found(request, object_id)
        if part not in PARTS or not video.is_ready:
            raise Http404
        return send_private(request, video.name_of(part), PARTS[part])

    @admin.action(description=gettext_lazy("再试一次"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Process them again after a technical failure: then the upload is kept for a week; unreadable files are deleted."""
        n = sum(retry_video(video) for video in queryset.filter(status=Video.Status.FAILED))
        message = ngettext("%(n)d 段重新处理，其余的要重传。", "%(n)d 段重新处理，其余的要重传。", n) % {
            "n": n
        }
        messages.success(request, message)

    @admin.display(description=gettext_lazy("画面"))
    def poster(self, obj: Video) -> str:
        return (
            format_html('<img class="thumb" src="{}" alt="" loading="lazy">', get_file_url(obj))
            if obj.is_ready
            else ""
        )

    @admin.display(description=gettext_lazy("视频"))
    def player(self, obj: Video) -> str:
        if not obj.is_ready:
            return obj.describe_state()
        rendition = "480" if obj.bytes_of("480") else "240"
        return format_html(
            '<video class="video-shown" controls preload="none" playsinline poster="{}" src="{}"></video>',
            get_file_url(obj),
            get_file_url(obj, f"{rendition}.mp4"),
        )

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, obj: Video) -> str:
        return obj.describe_state()

    @admin.display(description=gettext_lazy("时长"), ordering="duration_ms")
    def length(self, obj: Video) -> str:
        return obj.length

    @admin.display(description=gettext_lazy("各档大小"))
    def sizes(self, obj: Video) -> str:
        return obj.describe_sizes()

    @admin.display(description=gettext_lazy("原来的画面"))
    def picture(self, obj: Video) -> str:
        return f"{obj.width} × {obj.height} · {obj.bytes / 1_000_000:.1f} MB"


def get_file_url(video: Video, part: str = "poster.webp") -> str:
    return reverse("admin:media_video_part", args=[video.pk, part])


@register_work(on_phone=False, in_admin=True)
def failed_videos(user: User) -> list[WorkItem]:
    failed = (
        list_rows(admin.site, Video, user)
        .filter(status=Video.Status.FAILED)
        .exclude(problem=VIDEO_CLEARED)
        .count()
    )
    url = f"{reverse('admin:media_video_changelist')}?status__exact={Video.Status.FAILED}"
    sentence = ngettext("%(n)s 段视频没做成", "%(n)s 段视频没做成", failed) % {"n": failed}
    return [WorkItem("video_failed", failed, sentence, admin_url=url, icon="video")]
