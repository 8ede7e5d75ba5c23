"""Captions in a form: pasted as text, or chosen as a .vtt file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from media import captions


@dataclass(frozen=True)
class SentCaptions:
    text: str = ""
    file: UploadedFile | None = None

    def read(self) -> str:
        """The file's, when there is one. Raises ValidationError."""
        return captions.decoded(self.file.read(captions.MOST_BYTES + 1)) if self.file else self.text


class CaptionsInput(forms.Textarea):
    template_name = "admin/media/captions_input.html"
    needs_multipart_form = True

    def value_from_datadict(self, data, files, name: str) -> SentCaptions:
        return SentCaptions(data.get(name) or "", files.get(f"{name}_file"))

    def value_omitted_from_data(self, data, files, name: str) -> bool:
        return name not in data and f"{name}_file" not in files

    def format_value(self, value: SentCaptions | str | None) -> str:
        """After an error the file's text, so that its bad line can be mended here."""
        if not isinstance(value, SentCaptions):
            return value or ""
        if value.file:
            value.file.seek(0)
            with suppress(ValidationError):
                return value.read()
        return value.text


class CaptionsField(forms.Field):
    widget = CaptionsInput

    def has_changed(self, initial: str | None, data: SentCaptions) -> bool:
        return bool(data.file) or data.text.replace("\r\n", "\n").strip() != (initial or "").strip()

    def clean(self, value: SentCaptions) -> str:
        return captions.checked(value.read())
