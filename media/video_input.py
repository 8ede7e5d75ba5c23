"""A video on a page of the admin: what it holds, a file to replace it, and the way in pieces where scripts run."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from media import uploading, video_words
from media.admin_forms import PhotoForm
from media.models import Upload, Video

FILM = uploading.FILM


@dataclass(frozen=True)
class SentVideo:
    """`ref` names what is there: "video:<key>" or, fresh from tus.js, "upload:<key>"."""

    ref: str = ""
    file: UploadedFile | None = None
    drop: bool = False


class VideoInput(forms.Widget):
    template_name = "admin/media/video_input.html"
    needs_multipart_form = True
    # Set by the field: what cleaning kept.
    shown: Video | None = None

    def value_from_datadict(self, data, files, name: str) -> SentVideo:
        return SentVideo(data.get(name) or "", files.get(f"{name}{FILM}"), f"{name}_drop" in data)

    def value_omitted_from_data(self, data, files, name: str) -> bool:
        return False

    def get_context(self, name: str, value: SentVideo | Video | None, attrs: dict | None) -> dict:
        attrs = self.build_attrs(self.attrs, attrs)
        video = value if isinstance(value, Video) else self.shown
        widget = {
            "name": name,
            "film": f"{name}{FILM}",
            "id": attrs.get("id"),
            "video": video,
            "words": words(),
        }
        widget |= {"line": video_words.line(video) if video else "", "upload": reverse("media:video_uploads")}
        return {"widget": widget | {"most": settings.VIDEO_MAX_BYTES, "form_most": FORM_MOST}}

    def id_for_label(self, id_: str, index=None) -> str:
        return id_


FORM_MOST = settings.VIDEO_FORM_MAX_BYTES // 1_000_000


class VideoField(forms.FileField):
    """Cleans to a Video or None. WithVideo sets `owner` and `initial`, which is a Video or None."""

    widget = VideoInput
    default_error_messages = {
        "gone": gettext_lazy("这段视频找不到了，重新选一次"),
        "failed": gettext_lazy("这段视频没做成：%(problem)s"),
    }

    def __init__(self, *, owner: User | None = None, **kwargs) -> None:
        self.owner = owner
        super().__init__(**kwargs)

    def bound_data(self, data: SentVideo, initial: Video | None) -> SentVideo:
        return data

    def has_changed(self, initial: Video | None, data: SentVideo) -> bool:
        return bool(data.file) or data.drop or data.ref != (f"video:{initial.key}" if initial else "")

    def clean(self, data: SentVideo, initial: Video | None = None) -> Video | None:
        video = self.named(data.ref, initial)
        self.widget.shown = video
        if data.file:
            video = self.widget.shown = self.received(data.file)
        elif data.drop:
            video = self.widget.shown = None
        if video is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        if video and video != initial and video.status == Video.Status.FAILED:
            problem = {"problem": _(video.problem)}
            raise ValidationError(self.error_messages["failed"], code="failed", params=problem)
        return video

    def named(self, ref: str, initial: Video | None) -> Video | None:
        """What stands there already, whoever sent it, or what this person has sent; one query for the latter."""
        kind, _colon, key = ref.partition(":")
        if not ref:
            return None
        if kind == "video" and initial and initial.key == key:
            return initial
        found = None
        if kind == "upload":
            upload = Upload.objects.filter(owner=self.owner, key=key).select_related("video").first()
            found = upload.video if upload else None
        elif kind == "video":
            found = Video.objects.filter(uploads__owner=self.owner, key=key).first()
        if found is None:
            raise ValidationError(self.error_messages["gone"], code="gone")
        return found

    def received(self, file: UploadedFile) -> Video:
        """Stored before the form's transaction began (Uploading), else now."""
        kept = getattr(file, "kept", None) or uploading.receive(file, self.owner)
        if isinstance(kept, ValidationError):
            raise kept
        return kept.video


class WithVideo(PhotoForm):
    """Declares its video as a VideoField under the model's own name. The page sets `asker`."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, VideoField):
                has_one = getattr(self.instance, f"{name}_id")
                field.owner, self.initial[name] = (
                    self.asker,
                    getattr(self.instance, name) if has_one else None,
                )


def words() -> str:
    """What tus.js says, in the page's language."""
    said = {
        "resume": _("{file} 传到 {sent}/{total} MB，再选一次这个文件就接着传"),
        "looking": _("正在看传到哪儿了"),
        "sending": _("正在传，{sent} / {total} MB，还要 {time}"),
        "soon": _("不到 1 分钟"),
        "minutes": _("{n} 分钟"),
        "offline": _("等网络，连上了接着传"),
        "again": _("没连上，过一会儿自动再传"),
        "heavy": _("视频有 {size} GB，最多收 {most} GB，剪短一点再传"),
        "stale": _("这一页放得太久了，刷新再选这段视频，会接着传"),
        "session": _("登录过期了。重新登录，再选这段视频，会接着传"),
        "hold": _("视频还在传，传完就保存"),
        "cancelled": _("不传了"),
        "working": _("传完了，等着处理"),
        "percent": _("传完了，正在处理，做到 {percent}%"),
        "ready": _("处理好了，保存就能看"),
        "mute": _("处理好了，保存就能看。没有声音，所以不能只听"),
        "failed": _("没做成：{problem}"),
    }
    return json.dumps(said, ensure_ascii=False)
