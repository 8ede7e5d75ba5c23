"""Photos, videos and captions on pages of the admin, and what large files require of such a page."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.backoffice.scoped import ScopedAdmin
from accounts.models import User
from accounts.requests import get_person
from media.models import Photo, Upload, Video
from media.photos import intake
from media.photos.forms import PhotosField, PhotosInput, SentPhotos
from media.photos.html import render_thumbnail
from media.uploads.services import FILM, store_film
from media.videos import captions
from ui.forms import FarmModelForm

NEW = "_new"
# The limit in megabytes of a video in a form without JavaScript.
FORM_MOST = settings.VIDEO_FORM_MAX_BYTES // 1_000_000


# --- one picture, which a new file replaces ---


class PhotoInput(PhotosInput):
    """Show the present picture and a file button; needs no script."""

    template_name = "admin/media/photo_input.html"

    def get_context(self, name: str, value, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["widget"]["shown"] = [
            (photo.key, render_thumbnail(photo)) for photo in context["widget"]["photos"]
        ]
        return context


class OnePhotoField(PhotosField):
    """Clean to a Photo or None. An uploaded photo stays with the form when another field has an error."""

    widget = PhotoInput

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("help_text", _("JPG、PNG、WebP 或 HEIC，40 MB 以内。"))
        super().__init__(most=1, **kwargs)

    def clean(self, data: SentPhotos, initial: list[Photo] | None = None) -> Photo | None:
        wanted = SentPhotos(files=data.files[:1]) if data.files else data
        return next(iter(super().clean(wanted, initial)), None)


class PhotoForm(FarmModelForm):
    """A form that declares its photo as a OnePhotoField under the model's own name. The page sets `asker`."""

    asker: User

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, OnePhotoField):
                photo = getattr(self.instance, name) if getattr(self.instance, f"{name}_id") else None
                field.owner, self.initial[name] = self.asker, [photo] if photo else []


class CoverForm(PhotoForm):
    cover = OnePhotoField(label=_("封面"), required=False)


# --- captions: pasted as text, or chosen as a .vtt file ---


@dataclass(frozen=True)
class SentCaptions:
    text: str = ""
    file: UploadedFile | None = None

    def read(self) -> str:
        """Return the file's text if there is a file, else the pasted one. Raises ValidationError."""
        return captions.decode(self.file.read(captions.MOST_BYTES + 1)) if self.file else self.text


class CaptionsInput(forms.Textarea):
    template_name = "admin/media/captions_input.html"
    needs_multipart_form = True

    def value_from_datadict(self, data, files, name: str) -> SentCaptions:
        return SentCaptions(data.get(name) or "", files.get(f"{name}_file"))

    def value_omitted_from_data(self, data, files, name: str) -> bool:
        return name not in data and f"{name}_file" not in files

    def format_value(self, value: SentCaptions | str | None) -> str:
        """Show the file's text after an error, so that its wrong line can be corrected here."""
        if not isinstance(value, SentCaptions):
            return value or ""
        if value.file:
            value.file.seek(0)
            with suppress(ValidationError):
                return value.read()
        return value.text


class CaptionsField(forms.Field):
    widget = CaptionsInput

    def has_changed(self, initial: str | None, data: Any) -> bool:
        return bool(data.file) or data.text.replace("\r\n", "\n").strip() != (initial or "").strip()

    def clean(self, value: SentCaptions) -> str:
        return captions.validate(value.read())


# --- a video: the present one, a file to replace it, and uploads in chunks where scripts run ---


@dataclass(frozen=True)
class SentVideo:
    """A video from a form; `ref` is "video:<key>" or, fresh from tus.js, "upload:<key>"."""

    ref: str = ""
    file: UploadedFile | None = None
    drop: bool = False


class VideoInput(forms.Widget):
    template_name = "admin/media/video_input.html"
    needs_multipart_form = True
    # Set by the field: the video that cleaning accepted.
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
            "words": list_script_texts(),
        }
        widget |= {"line": video.describe() if video else "", "upload": reverse("media:video_uploads")}
        return {"widget": widget | {"most": settings.VIDEO_MAX_BYTES, "form_most": FORM_MOST}}

    def id_for_label(self, id_: str, index=None) -> str:
        return id_


class VideoField(forms.FileField):
    """Clean to a Video or None. VideoForm sets `owner` and `initial`, which is a Video or None."""

    widget = VideoInput
    default_error_messages = {
        "gone": _("这段视频找不到了，重新选一次"),
        "failed": _("这段视频没做成：%(problem)s"),
    }

    def __init__(self, *, owner: User | None = None, **kwargs) -> None:
        self.owner = owner
        super().__init__(**kwargs)

    def bound_data(self, data: Any, initial: Video | None) -> SentVideo:
        return data

    def has_changed(self, initial: Video | None, data: Any) -> bool:
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
            problem = {"problem": gettext(video.problem)}
            raise ValidationError(self.error_messages["failed"], code="failed", params=problem)
        return video

    def named(self, ref: str, initial: Video | None) -> Video | None:
        """Return the present video, whoever uploaded it, or one that this person has uploaded; one query for the latter."""
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

    def received(self, file: UploadedFile) -> Video | None:
        """Return the video stored before the form's transaction began (EarlyStorageMixin), else store it now."""
        assert self.owner is not None  # VideoForm sets it
        kept = getattr(file, "kept", None) or store_film(file, self.owner)
        if isinstance(kept, ValidationError):
            raise kept
        return kept.video


class VideoForm(PhotoForm):
    """A form that declares its video as a VideoField under the model's own name. The page sets `asker`."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, VideoField):
                has_one = getattr(self.instance, f"{name}_id")
                field.owner, self.initial[name] = (
                    self.asker,
                    getattr(self.instance, name) if has_one else None,
                )


def list_script_texts() -> str:
    """Return the sentences that tus.js shows, in the page's language."""
    sentences = {
        "resume": gettext("{file} 传到 {sent}/{total} MB，再选一次这个文件就接着传"),
        "looking": gettext("正在看传到哪儿了"),
        "sending": gettext("正在传，{sent} / {total} MB，还要 {time}"),
        "soon": gettext("不到 1 分钟"),
        "minutes": gettext("{n} 分钟"),
        "offline": gettext("等网络，连上了接着传"),
        "again": gettext("没连上，过一会儿自动再传"),
        "heavy": gettext("视频有 {size} GB，最多收 {most} GB，剪短一点再传"),
        "stale": gettext("这一页放得太久了，刷新再选这段视频，会接着传"),
        "session": gettext("登录过期了。重新登录，再选这段视频，会接着传"),
        "hold": gettext("视频还在传，传完就保存"),
        "cancelled": gettext("取消上传"),
        "working": gettext("传完了，等着处理"),
        "percent": gettext("传完了，正在处理，做到 {percent}%"),
        "ready": gettext("处理好了，保存就能看"),
        "mute": gettext("处理好了，保存就能看。没有声音，所以不能只听"),
        "failed": gettext("没做成：{problem}"),
    }
    return json.dumps(sentences, ensure_ascii=False)


# --- large files ---


class EarlyStorageMixin(ScopedAdmin):
    """Mixin of an admin page with photos or videos: files are stored before the form's transaction begins.

    Writing a large file takes a second, in which nobody else could save anything. The form looks for the same file again and
    gets the stored photo, or shows what is wrong with it.
    """

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and self.has_change_permission(request):
            for name, file in request.FILES.items():
                if name.endswith(NEW):
                    store_photo_early(file, get_person(request))
                elif name.endswith(FILM):
                    store_film_early(file, get_person(request))
        return super().changeform_view(request, object_id, form_url, extra_context)


def store_photo_early(file, owner: User) -> None:
    try:
        intake.store_photo(file, owner)
    except ValidationError:
        pass  # the error is shown at the field when the form is checked
    finally:
        file.seek(0)


def store_film_early(file, owner: User) -> None:
    """Attach to the file what became of it: its Upload, or the refusal that is shown at its field."""
    try:
        file.kept = store_film(file, owner)
    except ValidationError as refusal:
        file.kept = refusal
