"""One's own score before anybody else's, and a film that was made elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from media.uploading import looks_like_video
from progress import scoring
from progress.handing_in import Own
from progress.models import Submission
from ui.forms import FarmForm
from ui.inputs import CleanCharField

LEVELS = (("none", _("没做到")), ("half", _("一半")), ("full", _("做到")))
NOT_MARKED = _("这一条还没打分")


def longest(field: str) -> int:
    return Submission._meta.get_field(field).max_length


class OwnScoreForm(FarmForm):
    """By the rubric of the day; the same form stands in the studio, where the phone reads it."""

    marks_required = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    keep = CleanCharField(label=_("一处要留：哪儿讲得好"), max_length=longest("keep"))
    change_one = CleanCharField(label=_("要改的第一处"), max_length=longest("change_one"))
    change_two = CleanCharField(label=_("要改的第二处"), max_length=longest("change_two"))
    for_peers = forms.BooleanField(label=_("同班的人也可以看，练练怎么点评"), required=False)

    def __init__(self, *args, content: dict, **kwargs) -> None:
        kwargs.setdefault("initial", {"key": uuid4()})
        super().__init__(*args, **kwargs)
        self.criteria = scoring.criteria(content)
        for one in self.criteria:
            self.fields[f"mark_{one['code']}"] = forms.ChoiceField(
                label=one["title"],
                choices=LEVELS,
                widget=forms.RadioSelect,
                help_text=one.get("full", ""),
                error_messages={"required": NOT_MARKED},
            )

    def by_dimension(self) -> Iterator[tuple[str, list]]:
        for title, group in groupby(self.criteria, key=lambda one: one.get("dimension") or one["title"]):
            yield title, [self[f"mark_{one['code']}"] for one in group]

    def own(self) -> Own:
        said = self.cleaned_data
        words = {name: said[name] for name in ("key", "keep", "change_one", "change_two", "for_peers")}
        return Own(marks={one["code"]: said[f"mark_{one['code']}"] for one in self.criteria}, **words)


class FilmForm(FarmForm):
    """In one piece, where no script runs."""

    film = forms.FileField(
        label=_("录好的视频"),
        widget=forms.ClearableFileInput(attrs={"accept": "video/*"}),
        error_messages={"empty": _("这个文件是空的，重新选一次")},
    )

    def clean_film(self):
        film = self.cleaned_data["film"]
        if film.size > settings.VIDEO_FORM_MAX_BYTES:
            most = settings.VIDEO_FORM_MAX_BYTES // 10**6
            raise forms.ValidationError(
                _("这样最多传 %(most)s MB，剪短一点再传") % {"most": most}, code="heavy"
            )
        head = film.read(64)
        film.seek(0)
        if not looks_like_video(head):
            raise forms.ValidationError(_("这不是视频，能收手机拍的 MP4、MOV 和 WebM"), code="other")
        return film
