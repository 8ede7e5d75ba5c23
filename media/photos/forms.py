"""Photos in a form: existing ones as hidden keys, new ones as files, in an order that buttons change.

It works without JavaScript: the buttons ↑ ↓ ✕ submit the form, which is shown again with the change (see PhotosFormMixin).
With it, media/photos.js sends each photo separately and leaves only its key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.models import Photo
from media.photos.intake import store_photo
from media.received_files import NotStored, TooManyFiles

MOST = 9


@dataclass
class SentPhotos:
    """The posted photos: keys in their order, new files, and whether a button moved or removed one."""

    keys: list[str] = field(default_factory=list)
    files: list[UploadedFile] = field(default_factory=list)
    arranged: bool = False


class PhotosInput(forms.Widget):
    template_name = "media/_photos_input.html"
    needs_multipart_form = True
    # Set by the field: how many fit, and which photos cleaning accepted.
    most = 1
    shown: list[Photo] | None = None

    @staticmethod
    def act_name(name: str) -> str:
        return f"{name}_do"

    def value_from_datadict(self, data, files, name: str) -> SentPhotos:
        keys = read_keys(data, name)
        act, _colon, key = (data.get(self.act_name(name)) or "").partition(":")
        if act:
            keys = rearrange(keys, act, key)
        return SentPhotos(keys, list_values(files, f"{name}_new"), bool(act))

    def value_omitted_from_data(self, data, files, name: str) -> bool:
        return False

    def format_value(self, value: SentPhotos | list[Photo] | None) -> list[Photo]:
        """Return what to show: the photos that cleaning accepted, else those of an unsubmitted form."""
        if self.shown is not None:
            return self.shown
        if isinstance(value, SentPhotos):
            return []
        return list(value or ())

    def get_context(self, name: str, value, attrs: dict | None) -> dict:
        attrs = self.build_attrs(self.attrs, attrs)
        attrs.pop("class", None)
        photos = self.format_value(value)
        context = {
            "name": name,
            "act": self.act_name(name),
            "photos": photos,
            "most": self.most,
            "id": attrs.get("id"),
            "attrs": {key: value for key, value in attrs.items() if key not in ("id", "required")},
            "upload": reverse("media:upload_photo"),
            "words": list_script_texts(),
        }
        return {"widget": context}

    def id_for_label(self, id_: str, index=None) -> str:
        return id_


class PhotosField(forms.FileField):
    """Clean to a list of Photo, in order. The view sets `form.fields[name].owner = request.user`.

    `initial` is a list of Photo, which may belong to anybody; all others must be the owner's. With errors the form shows all
    accepted photos again.

    Of a `private` field new photos are private, and any photo of the owner is taken; a public one takes no private photo.
    """

    widget = PhotosInput
    default_error_messages = {
        "required": _("先拍一张照片"),
        "many": _("一次最多 %(most)s 张，多的没传上"),
        "gone": _("有 %(count)s 张照片找不到了，重新传一次"),
        "failed": _("第 %(place)s 张：%(problem)s"),
        "arranged": _("照片摆好了，再提交一次"),
    }

    def __init__(
        self, *, most: int = MOST, owner: User | None = None, private: bool = False, **kwargs
    ) -> None:
        self.most, self.owner, self.private = most, owner, private
        super().__init__(**kwargs)
        self.widget.most = most

    def bound_data(self, data: Any, initial: list[Photo]) -> SentPhotos:
        return data

    def has_changed(self, initial: list[Photo] | None, data: Any) -> bool:
        return bool(data.files) or data.keys != [photo.key for photo in initial or ()]

    def clean(self, data: SentPhotos, initial: list[Photo] | None = None) -> Any:
        keys = list(dict.fromkeys(data.keys))
        kept = self.known(keys, initial or [])
        photos, errors = self.received(kept[: self.most], data.files)
        self.widget.shown = photos
        if lost := len(keys) - len(kept):
            errors.insert(0, self.error("gone", count=lost))
        if len(kept) > self.most and not any(error.code == "many" for error in errors):
            errors.append(self.error("many", most=self.most))
        errors += self.failures(photos)
        if data.arranged:
            errors.append(self.error("arranged"))
        elif self.required and not photos and not errors:
            errors.append(self.error("required"))
        if errors:
            raise ValidationError(errors)
        return photos

    @property
    def sender(self) -> User:
        assert self.owner is not None  # the view sets it
        return self.owner

    def failures(self, photos: list[Photo]) -> list[ValidationError]:
        return [
            self.error("failed", place=place, problem=gettext(photo.problem))
            for place, photo in enumerate(photos, 1)
            if photo.status == Photo.Status.FAILED
        ]

    def known(self, keys: list[str], initial: list[Photo]) -> list[Photo]:
        """Return the photos of these keys that this person may use here, in the order of the keys; one query."""
        found = {photo.key: photo for photo in initial}
        missing = [key for key in keys if key not in found]
        if missing and self.owner is not None:
            mine = Photo.objects.filter(owner=self.owner, key__in=missing)
            found |= {photo.key: photo for photo in (mine if self.private else mine.public())}
        return [found[key] for key in keys if key in found]

    def received(
        self, photos: list[Photo], files: list[UploadedFile]
    ) -> tuple[list[Photo], list[ValidationError]]:
        """Return the photos and those from files, as many as fit, and an error for each that was refused."""
        errors: list[ValidationError] = []
        for file in files:
            if len(photos) >= self.most:
                errors.append(self.error("many", most=self.most))
                break
            try:
                photo = store_photo(file, self.sender, self.private)
            except (TooManyFiles, NotStored) as error:  # nor would the next ones be stored
                return photos, [*errors, error]
            except ValidationError as error:
                errors.append(error)
            else:
                photos = photos if photo in photos else [*photos, photo]
        return photos, errors

    def error(self, code: str, **params) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


class PhotosFormMixin(forms.BaseForm):
    """Mixin before a form's base: without JavaScript, ↑ ↓ ✕ show the form again with the photos moved, and without errors
    about empty fields.
    """

    @property
    def is_arranging(self) -> bool:
        return any(
            isinstance(one, PhotosField) and one.widget.act_name(self.add_prefix(name)) in (self.data or {})
            for name, one in self.fields.items()
        )

    def full_clean(self) -> None:
        super().full_clean()
        if not (self.is_bound and self.is_arranging):
            return
        for name in list(self.errors):
            left = [error for error in self.errors[name].as_data() if error.code != "arranged"]
            if isinstance(self.fields.get(name), PhotosField) and left:
                self.errors[name] = self.error_class(left)
            else:
                del self.errors[name]

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_arranging


def read_keys(source, name: str) -> list[str]:
    """Return the posted keys that are valid; PostgreSQL refuses a NUL in any query."""
    return [str(key).replace("\0", "") for key in list_values(source, name)]


def list_values(source, name: str) -> list:
    """Return all values of a name, in a QueryDict or in the plain dict of a test."""
    if hasattr(source, "getlist"):
        return source.getlist(name)
    value = source.get(name, [])
    return list(value) if isinstance(value, (list, tuple)) else [value]


def rearrange(keys: list[str], act: str, key: str) -> list[str]:
    """Move or drop one key: rearrange(["a", "b"], "up", "b") → ["b", "a"]; up, down or drop."""
    if key not in keys:
        return keys
    rest = [one for one in keys if one != key]
    if act == "drop":
        return rest
    place = keys.index(key) + (1 if act == "down" else -1)
    place = min(max(place, 0), len(rest))
    return [*rest[:place], key, *rest[place:]]


def list_script_texts() -> str:
    """Return the texts of photos.js in the page's language."""
    sentences = {
        "sending": gettext("正在传，{percent}%"),
        "waiting": gettext("排队等着传"),
        "offline": gettext("等网络，连上了接着传"),
        "again": gettext("没连上，过一会儿自动再传"),
        "working": gettext("传好了，正在处理"),
        "refused": gettext("没传上"),
        "stale": gettext("这一页放得太久了，刷新再传"),
        "many": gettext("一次最多 {most} 张，多的没传上"),
        "hold": gettext("照片还在传，传完就提交"),
        "stuck": gettext("有照片没传上，重传或者拿掉"),
        "moved": gettext("现在是第 {place} 张"),
        "dropped": gettext("拿掉了"),
        "twice": gettext("这张已经有了"),
        "photo": gettext("第 {place} 张照片"),
    }
    return json.dumps(sentences, ensure_ascii=False)
