"""A photo on a page of the admin: one picture that a new file replaces; and what large files need of a page."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media import intake, uploading
from media.forms import PhotosField
from media.models import Photo
from media.photos_input import PhotosInput, Sent
from media.thumbnails import thumbnail
from ui.forms import FarmModelForm

NEW = "_new"


class PhotoInput(PhotosInput):
    """The picture as it is, and a file button; needs no script."""

    template_name = "admin/media/photo_input.html"

    def get_context(self, name: str, value, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        context["widget"]["shown"] = [(photo.key, thumbnail(photo)) for photo in context["widget"]["photos"]]
        return context


class OnePhotoField(PhotosField):
    """Cleans to a Photo or None. What was sent stays with the form when another field is wrong."""

    widget = PhotoInput

    def __init__(self, **kwargs) -> None:
        kwargs.setdefault("help_text", _("JPG、PNG、WebP 或 HEIC，40 MB 以内。"))
        super().__init__(most=1, **kwargs)

    def clean(self, data: Sent, initial: list[Photo] | None = None) -> Photo | None:
        wanted = Sent(files=data.files[:1]) if data.files else data
        return next(iter(super().clean(wanted, initial)), None)


class PhotoForm(FarmModelForm):
    """Declares its photo as a OnePhotoField under the model's own name. The page sets `asker`."""

    asker: User

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, OnePhotoField):
                photo = getattr(self.instance, name) if getattr(self.instance, f"{name}_id") else None
                field.owner, self.initial[name] = self.asker, [photo] if photo else []


class CoverForm(PhotoForm):
    cover = OnePhotoField(label=_("封面"), required=False)


class Uploading:
    """Mixed into an admin page with photos: files are stored before the transaction of the form begins.

    A large file takes a second to write, in which nobody else could save anything. The form asks for the same
    file again and gets the photo that is there, or says what is wrong with it.
    """

    def changeform_view(self, request: HttpRequest, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and self.has_change_permission(request):
            for name, file in request.FILES.items():
                if name.endswith(NEW):
                    keep(file, request.user)
                elif name.endswith(uploading.FILM):
                    keep_film(file, request.user)
        return super().changeform_view(request, object_id, form_url, extra_context)


def keep(file, owner: User) -> None:
    try:
        intake.receive(file, owner)
    except ValidationError:
        pass  # said beside its field when the form is checked
    finally:
        file.seek(0)


def keep_film(file, owner: User) -> None:
    """With the file goes what became of it: its Upload, or the refusal to be said beside its field."""
    try:
        file.kept = uploading.receive(file, owner)
    except ValidationError as refusal:
        file.kept = refusal
