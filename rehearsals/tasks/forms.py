"""The form in which a trainee hands in a task: criteria to tick, and the field that the task asks for."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.models import Assignment
from media.documents.forms import DocumentField, DocumentsInput
from media.models import Upload
from media.photos.forms import PhotosField, PhotosFormMixin, PhotosInput, list_values
from media.received_files import get_size, shorten_name
from media.uploads import recordings
from media.uploads.recordings import Ticket
from media.uploads.services import FORM_CHUNK, add_chunk
from media.videos.headers import looks_like_video
from rehearsals.models.task import MOST_TEXT
from rehearsals.recordings import external_films
from rehearsals.tasks import services, texts
from rehearsals.tasks.services import MOST_FILMS, MOST_PHOTOS, HandedIn
from ui.fields import CleanCharField
from ui.forms import FarmForm, set_error_messages

Kind = Assignment.HandIn
SHOWN_CHOICES = 30


class TaskPhotosInput(PhotosInput):
    template_name = "rehearsals/tasks/_photos_input.html"


class TaskDocumentsInput(DocumentsInput):
    template_name = "rehearsals/tasks/_documents_input.html"


class FilmsInput(forms.FileInput):
    template_name = "rehearsals/tasks/_films_input.html"
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name: str) -> list[UploadedFile]:
        return list_values(files, name)


class FilmsField(forms.FileField):
    """Clean to a list of films, in the order in which they were chosen."""

    widget = FilmsInput
    default_error_messages = {
        "many": _("一次最多 %(most)s 段视频"),
        "heavy": _("“%(name)s”有 %(size)s MB，这样最多传 %(most)s MB，剪短一点再传"),
        "other": _("“%(name)s”不是视频，能收手机拍的 MP4、MOV 和 WebM"),
        "office": _("“%(name)s”是文档改了名字，不是视频。选手机拍的那一段"),
    }

    def clean(self, data: list[UploadedFile], initial: object = None) -> list[UploadedFile]:
        if not data:
            raise ValidationError(self.error_messages["required"], code="required")
        if len(data) > MOST_FILMS:
            raise ValidationError(self.error_messages["many"], code="many", params={"most": MOST_FILMS})
        for film in data:
            self.refuse_unfit(super().clean(film, initial))
        return data

    def refuse_unfit(self, film: UploadedFile) -> None:
        facts: dict[str, Any] = {"name": shorten_name(film), "most": settings.VIDEO_FORM_MAX_BYTES // 10**6}
        if get_size(film) > settings.VIDEO_FORM_MAX_BYTES:
            facts["size"] = -(-get_size(film) // 10**6)
            raise ValidationError(self.error_messages["heavy"], code="heavy", params=facts)
        head = film.read(64)
        film.seek(0)
        if not looks_like_video(head):
            code = "office" if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) else "other"
            raise ValidationError(self.error_messages[code], code=code, params=facts)


class TicksField(forms.MultipleChoiceField):
    """Take any codes: a criterion that a trainer took away meanwhile is no reason to refuse what is handed in."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: list[str]) -> None:
        return None


class HandInForm(PhotosFormMixin, FarmForm):
    """Hand in by a plain form; the page's script reads the same fields and sends them when there is a signal.

    `sealed` carries the criteria that the page showed, `client_id` the id of this hand-in. Where nothing is ticked it is asked
    once more (`unticked` says that it was), but not of films, which a plain form would have to send again.
    """

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    sealed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8000)
    ticks = TicksField(label=_("自己先对一遍"), required=False)
    unticked = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, task: Assignment, user: User, **kwargs) -> None:
        kwargs["initial"] = {"client_id": uuid4(), "sealed": services.seal_criteria(task)}
        super().__init__(*args, **kwargs)
        self.task, self.user = task, user
        sealed = self.data.get("sealed", "") if self.is_bound else ""
        self.criteria = services.read_criteria(task, sealed)
        self.fields["ticks"].choices = [(row["code"], row["text"]) for row in self.criteria]
        if field := build_field(task, user):
            self.fields["given"] = field
        self.fields["text"] = CleanCharField(
            label=_("写在这里") if task.hand_in == Kind.TEXT else _("要跟老师说的话"),
            lines=True,
            widget=forms.Textarea(attrs={"rows": 12 if task.hand_in == Kind.TEXT else 3}),
            max_length=MOST_TEXT,
            required=task.hand_in == Kind.TEXT,
        )
        for field in self.fields.values():
            set_error_messages(field)

    @property
    def given(self) -> BoundField | None:
        return self["given"] if "given" in self.fields else None

    @property
    def asks_again(self) -> bool:
        return self.is_bound and self.has_error("ticks", "unticked")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (
            self.errors
            or data["ticks"]
            or data["unticked"]
            or not self.criteria
            or self.task.hand_in == Kind.VIDEO
        ):
            self.add_error("ticks", ValidationError(texts.get_texts()["unticked"], code="unticked"))
        return data

    def clean_given(self) -> Any:
        given = self.cleaned_data["given"]
        if self.task.hand_in == Kind.VIDEO:
            external_films.refuse_early(self.user, sum(get_size(film) for film in given))
            for film in given:
                external_films.measure_film(film)
        return given

    def read(self) -> HandedIn:
        """Return what was sent, with its films stored. Raises UploadRefused; call it outside a transaction."""
        data = self.cleaned_data
        kind, given = self.task.hand_in, cast(Any, data.get("given"))
        facts: dict[str, Any] = {}
        if kind == Kind.VIDEO:
            facts["uploads"] = store_films(self.user, self.task, data["client_id"], given)
        elif kind == Kind.PHOTO:
            facts["photos"] = given
        elif kind == Kind.FILE:
            facts["document"] = given[0]
        elif kind == Kind.REHEARSAL:
            facts["submissions"] = list(given)
        elif kind == Kind.LISTING:
            facts["product"] = given
        elif kind == Kind.RUNDOWN:
            facts["rundown"] = given
        return HandedIn(
            data["client_id"], data["text"], frozenset(data["ticks"]), sealed=data["sealed"], **facts
        )


def build_field(task: Assignment, user: User) -> forms.Field | None:
    """Return the field for what the task asks for; None for a text, and where the person has nothing to choose from."""
    if task.hand_in == Kind.VIDEO:
        return FilmsField(label=_("视频"), widget=FilmsInput)
    if task.hand_in == Kind.PHOTO:
        return PhotosField(
            label=_("照片"), most=MOST_PHOTOS, owner=user, private=True, widget=TaskPhotosInput
        )
    if task.hand_in == Kind.FILE:
        return DocumentField(
            label=_("文件"),
            max=1,
            owner=user,
            office=True,
            widget=TaskDocumentsInput,
            help_text=_(
                "照片最多 20 MB，PDF 最多 5 MB。Word、Excel、PPT（.docx、.xlsx、.pptx，WPS 存的也行）最多 10 MB，"
                ".txt 和 .csv 最多 1 MB。带宏的、压缩包不收。"
            ),
        )
    return build_choice(task, user)


def build_choice(task: Assignment, user: User) -> forms.Field | None:
    """Return the choice among the person's own newest products, plans or rehearsals."""
    rows: Any = services.find_choices(task, user)
    if rows is None or not rows.exists():
        return None
    some = rows.model._default_manager.filter(pk__in=list(rows.values_list("pk", flat=True)[:SHOWN_CHOICES]))
    some = some.order_by("-pk")
    if task.hand_in == Kind.REHEARSAL:
        rehearsals = some.select_related("rehearsal__livestream")
        return RehearsalsField(label=_("彩排"), queryset=rehearsals, widget=forms.CheckboxSelectMultiple)
    label = _("哪一款") if task.hand_in == Kind.LISTING else _("哪一张")
    return forms.ModelChoiceField(label=label, queryset=some, widget=forms.RadioSelect, empty_label=None)


class RehearsalsField(forms.ModelMultipleChoiceField):
    """Choose rehearsals, named by their plan, number and day; cleaned in the order in which they were made."""

    default_error_messages = {"required": _("选一遍彩排")}

    def label_from_instance(self, obj: Any) -> str:
        return services.name_rehearsal(obj)

    def clean(self, value: Any) -> Any:
        return super().clean(value).order_by("received_at", "pk")


def store_films(user: User, task: Assignment, client_id: UUID, films: list[UploadedFile]) -> list[Upload]:
    """Store films that came with a form as complete recordings. Raises UploadRefused."""
    return [store_film(user, task, client_id, place, film) for place, film in enumerate(films, 1)]


def store_film(user: User, task: Assignment, client_id: UUID, place: int, film: UploadedFile) -> Upload:
    """Store one film; sent again, it is the upload that exists. What was cut or is another film's is begun anew.

    A form brings the whole film each time, and who fills it again may have chosen another.
    """
    size = get_size(film)
    ticket = Ticket(services.make_reference(task, client_id, place), size)
    known = recordings.find_recording(user, ticket.reference)
    if known and known.state == Upload.State.WHOLE and (known.size == size or known.parts.exists()):
        return known
    if known:
        recordings.drop_recordings([known])
    upload = recordings.begin_recording(user, ticket, size, film.name or "")
    film.seek(0)
    for start in range(0, size, FORM_CHUNK):
        upload = add_chunk(upload, start, film.read(FORM_CHUNK))
    return upload
