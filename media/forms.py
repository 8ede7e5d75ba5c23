"""Photos in a form: those already here as hidden keys, new ones as files, in an order that buttons change.

Works without JavaScript: the buttons ↑ ↓ ✕ submit the form, which comes back changed (see WithPhotos). With it,
media/photos.js sends each photo by itself and leaves only its key.
"""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.intake import TooMany, receive
from media.models import Photo
from media.photos_input import PhotosInput, Sent

MOST = 9


class PhotosField(forms.FileField):
    """Cleans to a list of Photo, in order. The view sets `form.fields[name].owner = request.user`.

    `initial` is a list of Photo: those may stay whoever sent them; all others must be the owner's. With errors
    the form shows everything that was kept.
    """

    widget = PhotosInput
    default_error_messages = {
        "required": _("先拍一张照片"),
        "many": _("一次最多 %(most)s 张，多的没收下"),
        "gone": _("有 %(count)s 张照片找不到了，重新传一次"),
        "failed": _("第 %(place)s 张：%(problem)s"),
        "arranged": _("照片摆好了，再提交一次"),
    }

    def __init__(self, *, most: int = MOST, owner: User | None = None, **kwargs) -> None:
        self.most, self.owner = most, owner
        super().__init__(**kwargs)
        self.widget.most = most

    def bound_data(self, data: Sent, initial: list[Photo]) -> Sent:
        return data

    def has_changed(self, initial: list[Photo] | None, data: Sent) -> bool:
        return bool(data.files) or data.keys != [photo.key for photo in initial or ()]

    def clean(self, data: Sent, initial: list[Photo] | None = None) -> list[Photo]:
        keys = list(dict.fromkeys(data.keys))
        kept = self.known(keys, initial or ())
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

    def failures(self, photos: list[Photo]) -> list[ValidationError]:
        return [
            self.error("failed", place=place, problem=gettext(photo.problem))
            for place, photo in enumerate(photos, 1)
            if photo.status == Photo.Status.FAILED
        ]

    def known(self, keys: list[str], initial: list[Photo]) -> list[Photo]:
        """The photos of these keys that this person may use here, in the order of the keys; one query."""
        found = {photo.key: photo for photo in initial}
        missing = [key for key in keys if key not in found]
        if missing and self.owner is not None:
            found |= {photo.key: photo for photo in Photo.objects.filter(owner=self.owner, key__in=missing)}
        return [found[key] for key in keys if key in found]

    def received(
        self, photos: list[Photo], files: list[UploadedFile]
    ) -> tuple[list[Photo], list[ValidationError]]:
        """The photos with those that came in as files, as many as fit; what was refused is named."""
        errors: list[ValidationError] = []
        for file in files:
            if len(photos) >= self.most:
                errors.append(self.error("many", most=self.most))
                break
            try:
                photo = receive(file, self.owner)
            except TooMany as error:
                return photos, [*errors, error]
            except ValidationError as error:
                errors.append(error)
            else:
                photos = photos if photo in photos else [*photos, photo]
        return photos, errors

    def error(self, code: str, **params) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)


class WithPhotos:
    """Mixed into a form before its base: pressing ↑ ↓ ✕ without JavaScript brings the form back with the photos
    moved and nothing said about what is not filled in yet."""

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
        for name in list(self._errors):
            left = [error for error in self._errors[name].as_data() if error.code != "arranged"]
            if isinstance(self.fields.get(name), PhotosField) and left:
                self._errors[name] = self.error_class(left)
            else:
                del self._errors[name]

    def is_valid(self) -> bool:
        return super().is_valid() and not self.is_arranging
