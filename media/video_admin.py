"""Videos as they came in: which are ready, what each rung weighs, which failed and why."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from accounts.backoffice.choices import rows_of
from accounts.backoffice.scoped import ReadOnlyMixin, ScopedAdmin
from accounts.models import User
from accounts.worklist.items import WorkItem, register_work
from media import video_words
from media.models import Upload, Video
from media.sending import send
from media.uses import uses
from media.video_making import again
from media.video_sweep import CLEARED

PARTS = {
    "480.mp4": "video/mp4",
    "240.mp4": "video/mp4",
    "listen.m4a": "audio/mp4",
    "poster.webp": "image/webp",
}


@admin.register(Video)
class VideoAdmin(ReadOnlyMixin, ScopedAdmin):
    """One's own, and those in what one may change: a video itself lies in no place."""

    list_display = ("poster", "name", "length", "state", "sizes", "owner", "created_at")
    list_display_links = ("name",)
    list_select_related = ("owner",)
    list_filter = ("status",)
    search_fields = ("name", "owner__name", "owner__phone")
    search_help_text = gettext_lazy("文件名，或者谁传的")
    ordering = ("-id",)
    actions = ("try_again",)
    fields = ("player", "name", "state", "length", "picture", "sizes", "owner", "created_at")

    def rows(self, user: User) -> QuerySet:
        if user.is_superuser:
            return Video.objects.all()
        mine = Q(owner=user) | Q(uploads__owner=user)
        for field in uses(Video):
            if field.model is not Upload:
                seen = rows_of(self.admin_site, field.model, user).order_by()
                mine |= Q(pk__in=seen.filter(**{f"{field.name}__isnull": False}).values(field.name))
        return Video.objects.filter(pk__in=Video.objects.filter(mine).values("pk"))

    def get_urls(self):
        part = require_safe(self.admin_site.admin_view(self.part_view))
        return [
            path("<path:object_id>/part/<str:part>", part, name="media_video_part"),
            *super().get_urls(),
        ]

    def part_view(self, request: HttpRequest, object_id: str, part: str) -> HttpResponse:
        video = self.found(request, object_id)
        if part not in PARTS or not video.is_ready:
            raise Http404
        return send(request, video.name_of(part), PARTS[part])

    @admin.action(description=gettext_lazy("再试一次"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        """After an accident what was sent is still there for a week; what cannot be read is gone."""
        n = sum(again(video) for video in queryset.filter(status=Video.Status.FAILED))
        said = ngettext("%(n)d 段重新处理，其余的要重传。", "%(n)d 段重新处理，其余的要重传。", n) % {"n": n}
        messages.success(request, said)

    @admin.display(description=gettext_lazy("画面"))
    def poster(self, obj: Video) -> str:
        return (
            format_html('<img class="thumb" src="{}" alt="" loading="lazy">', address(obj))
            if obj.is_ready
            else ""
        )

    @admin.display(description=gettext_lazy("视频"))
    def player(self, obj: Video) -> str:
        if not obj.is_ready:
            return video_words.state(obj)
        rung = "480" if obj.bytes_of("480") else "240"
        return format_html(
            '<video class="video-shown" controls preload="none" playsinline poster="{}" src="{}"></video>',
            address(obj),
            address(obj, f"{rung}.mp4"),
        )

    @admin.display(description=gettext_lazy("状态"), ordering="status")
    def state(self, obj: Video) -> str:
        return video_words.state(obj)

    @admin.display(description=gettext_lazy("时长"), ordering="duration_ms")
    def length(self, obj: Video) -> str:
        return video_words.length(obj)

    @admin.display(description=gettext_lazy("各档大小"))
    def sizes(self, obj: Video) -> str:
        return video_words.sizes(obj)

    @admin.display(description=gettext_lazy("原来的画面"))
    def picture(self, obj: Video) -> str:
        return f"{obj.width} × {obj.height} · {obj.bytes / 1_000_000:.1f} MB"


def address(video: Video, part: str = "poster.webp") -> str:
    return reverse("admin:media_video_part", args=[video.pk, part])


@register_work(on_phone=False, in_admin=True)
def failed_videos(user: User) -> list[WorkItem]:
    page = admin.site.get_model_admin(Video)
    failed = page.rows(user).filter(status=Video.Status.FAILED).exclude(problem=CLEARED).count()
    url = f"{reverse('admin:media_video_changelist')}?status__exact={Video.Status.FAILED}"
    sentence = ngettext("%(n)s 段视频没做成", "%(n)s 段视频没做成", failed) % {"n": failed}
    return [WorkItem("video_failed", failed, sentence, admin_url=url, icon="video")]
