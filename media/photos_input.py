"""The input of PhotosField: thumbnails with their keys and buttons, and one file input that takes several."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _

from media.models import Photo


@dataclass
class Sent:
    """What came with a form: keys in their order, new files, and whether a button moved or removed one."""

    keys: list[str] = field(default_factory=list)
    files: list[UploadedFile] = field(default_factory=list)
    arranged: bool = False


class PhotosInput(forms.Widget):
    template_name = "media/_photos_input.html"
    needs_multipart_form = True
    # Set by the field: how many fit, and what cleaning kept.
    most = 1
    shown: list[Photo] | None = None

    @staticmethod
    def act_name(name: str) -> str:
        return f"{name}_do"

    def value_from_datadict(self, data, files, name: str) -> Sent:
        keys = keys_of(data, name)
        act, _colon, key = (data.get(self.act_name(name)) or "").partition(":")
        if act:
            keys = arranged(keys, act, key)
        return Sent(keys, listed(files, f"{name}_new"), bool(act))

    def value_omitted_from_data(self, data, files, name: str) -> bool:
        return False

    def format_value(self, value: Sent | list[Photo] | None) -> list[Photo]:
        """What to show: what cleaning kept, else the photos of a form that was not sent yet."""
        if self.shown is not None:
            return self.shown
        if isinstance(value, Sent):
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
            "words": words(),
        }
        return {"widget": context}

    def id_for_label(self, id_: str, index=None) -> str:
        return id_


def keys_of(source, name: str) -> list[str]:
    """The keys of a form as they could be ours: PostgreSQL takes no NUL, whatever is asked for."""
    return [str(key).replace("\0", "") for key in listed(source, name)]


def listed(source, name: str) -> list:
    """All values of a name, in a QueryDict as well as in the plain dict of a test."""
    if hasattr(source, "getlist"):
        return source.getlist(name)
    value = source.get(name, [])
    return list(value) if isinstance(value, (list, tuple)) else [value]


def arranged(keys: list[str], act: str, key: str) -> list[str]:
    """arranged(["a", "b"], "up", "b") → ["b", "a"]; up, down or drop."""
    if key not in keys:
        return keys
    rest = [one for one in keys if one != key]
    if act == "drop":
        return rest
    place = keys.index(key) + (1 if act == "down" else -1)
    place = min(max(place, 0), len(rest))
    return [*rest[:place], key, *rest[place:]]


def words() -> str:
    """What photos.js says, in the page's language."""
    said = {
        "sending": _("正在传，{percent}%"),
        "waiting": _("排队等着传"),
        "offline": _("等网络，连上了接着传"),
        "again": _("没连上，过一会儿自动再传"),
        "working": _("传好了，正在处理"),
        "refused": _("没收下"),
        "stale": _("这一页放得太久了，刷新再传"),
        "many": _("一次最多 {most} 张，多的没收下"),
        "hold": _("照片还在传，传完就提交"),
        "stuck": _("有照片没传上，重传或者拿掉"),
        "moved": _("现在是第 {place} 张"),
        "dropped": _("拿掉了"),
        "twice": _("这张已经有了"),
        "photo": _("第 {place} 张照片"),
    }
    return json.dumps(said, ensure_ascii=False)
