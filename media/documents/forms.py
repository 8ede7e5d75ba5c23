"""Private pictures, PDFs and office files in a form, which stay with the form when it has errors.

Each received document is a ticked box that carries its signed key; unticking it removes the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.documents.services import store_document
from media.models import Document
from media.photos.forms import list_script_texts, list_values
from media.received_files import NotStored, TooManyFiles, shorten_name

SALT = "media.document"
# Telephones choose files by type, some by extension.
OFFICE_ACCEPTED = (
    *(one.value for one in Document.Type if one not in (Document.Type.WEBP, Document.Type.PDF)),
    ".docx",
    ".xlsx",
    ".pptx",
    ".txt",
    ".csv",
)
# So long a form may stay open; unused documents are deleted after a week.
HOURS = 48


@dataclass
class SentDocuments:
    keys: list[str] = field(default_factory=list)
    files: list[UploadedFile] = field(default_factory=list)


@dataclass
class ReceivedDocument:
    """A received document as the form shows it."""

    document: Document
    name: str
    signed: str

    @property
    def src(self) -> str:
        """Return the URL where its sender can view it; empty for a PDF."""
        query = urlencode({"k": self.signed})
        return f"{reverse('media:upload_document')}?{query}" if self.document.is_picture else ""


def sign_key(document: Document, owner: User | None, name: str) -> str:
    """Return the signed key of a document, which no other person's form can carry."""
    return signing.dumps([owner.pk if owner else 0, document.key, name], salt=SALT)


def read_key(signed: str, age: timedelta = timedelta(hours=HOURS)) -> tuple[int, str, str]:
    """Return owner (0 for a visitor), key and name. Raises BadSignature, ValueError or TypeError for an invalid key."""
    owner, key, name = signing.loads(signed, salt=SALT, max_age=age)
    return owner, key, name


class DocumentsInput(forms.Widget):
    template_name = "media/_documents_input.html"
    needs_multipart_form = True
    accept = "image/*,application/pdf"
    most = 1
    # The URL to which scripts send each file; without one, files are sent with the form.
    upload = ""

    def __init__(self, attrs=None) -> None:
        super().__init__(attrs)
        self.shown: list[ReceivedDocument] = []

    def value_from_datadict(self, data, files, name: str) -> SentDocuments:
        return SentDocuments(list_values(data, name), list_values(files, f"{name}_new"))

    def value_omitted_from_data(self, data, files, name: str) -> bool:
        return False

    def get_context(self, name: str, value, attrs: dict | None) -> dict:
        attrs = self.build_attrs(self.attrs, attrs)
        attrs.pop("required", None)
        widget = {
            "name": name,
            "documents": self.shown,
            "most": self.most,
            "accept": self.accept,
            "upload": self.upload,
            "words": list_script_texts(),
            "id": attrs.pop("id", None),
            "attrs": attrs,
        }
        return {"widget": widget}


class DocumentField(forms.FileField):
    """Clean to a list of Document. The form calls `sent_by(user)`; a visitor's documents have no owner."""

    widget = DocumentsInput
    default_error_messages = {
        "required": _("先拍一张或选一个文件"),
        "many": _("一次最多 %(most)s 份，多的没传上"),
        "picture": _("“%(name)s”不是照片，这里要照片"),
        "gone": _("有 %(count)s 份文件找不到了，重新传一次"),
    }

    def __init__(
        self, *, max: int = 1, owner: User | None = None, pdf: bool = True, office: bool = False, **kwargs
    ) -> None:
        self.most, self.owner, self.takes_pdf, self.takes_office = max, owner, pdf, office
        self.sender = ""  # of a visitor: see documents.services
        super().__init__(**kwargs)
        self.widget.most = max
        if not pdf:
            self.widget.accept = "image/*"
        if office:
            self.widget.accept = ",".join((DocumentsInput.accept, *OFFICE_ACCEPTED))

    def sent_by(self, owner: User) -> None:
        """Set whose form this is; with scripts each file is then sent separately."""
        self.owner = owner
        self.widget.upload = reverse("media:upload_document")

    def bound_data(self, data: Any, initial) -> SentDocuments:
        return data

    def has_changed(self, initial, data: Any) -> bool:
        return bool(data.files or data.keys)

    def clean(self, data: SentDocuments, initial=None) -> list[Document]:
        errors: list[ValidationError] = []
        kept = self.known(data.keys)
        if lost := len(set(data.keys)) - len(kept):
            errors.append(self.error("gone", count=lost))
        for file in data.files:
            if len(kept) >= self.most:
                errors.append(self.error("many", most=self.most))
                break
            try:
                document = store_document(file, self.owner, self.sender, self.takes_office)
            except (TooManyFiles, NotStored) as error:  # nor would the next ones be stored
                errors.append(error)
                break
            except ValidationError as error:
                errors.append(error)
            else:
                if not self.takes_pdf and not document.is_picture:
                    errors.append(self.error("picture", name=shorten_name(file)))
                elif document not in [one.document for one in kept]:
                    kept.append(self.kept(document, shorten_name(file)))
        self.widget.shown = kept
        if self.required and not kept and not errors:
            errors.append(self.error("required"))
        if errors:
            raise ValidationError(errors)
        return [one.document for one in kept]

    def known(self, signed: list[str], age: timedelta = timedelta(hours=HOURS)) -> list[ReceivedDocument]:
        """Return the documents of these keys that were signed for this person within `age`; one query."""
        names = {}
        for each in dict.fromkeys(signed):
            try:
                owner, key, name = read_key(each, age)
            except (signing.BadSignature, ValueError, TypeError):
                continue
            if owner == (self.owner.pk if self.owner else 0):
                names[key] = name
        found = {one.key: one for one in Document.objects.filter(key__in=names)} if names else {}
        rows = [(found[key], name) for key, name in names.items() if key in found]
        return [self.kept(one, name) for one, name in rows if self.takes(one)][: self.most]

    def takes(self, document: Document) -> bool:
        if document.is_office:
            return self.takes_office
        return self.takes_pdf or document.is_picture

    def kept(self, document: Document, name: str) -> ReceivedDocument:
        return ReceivedDocument(document, name, sign_key(document, self.owner, name))

    def error(self, code: str, **params) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)
