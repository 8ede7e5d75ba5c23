"""Forms of a person's own score, which comes before anybody else's, and of a film made elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from media.videos.headers import looks_like_video
from rehearsals import scoring
from rehearsals.models import Submission
from rehearsals.recordings import external_films
from rehearsals.submissions.services import OwnScore
from ui.fields import CleanCharField, get_max_length
from ui.forms import FarmForm

LEVELS = (("none", _("没做到")), ("half", _("一半")), ("full", _("做到")))
MORE_WORDS = ("keep", "change_two")


@dataclass(frozen=True)
class RubricRow:
    """One dimension of the rubric; `whole` marks all its `lines` at once. `means`: what its line of the short form wants."""

    number: int
    title: str
    whole: BoundField
    lines: list[BoundField]
    means: str = ""

    @property
    def level(self) -> str:
        """Return the level of all lines, "" if they differ or some have none."""
        given = {line.value() or self.whole.value() or "" for line in self.lines}
        return given.pop() if len(given) == 1 else ""

    @property
    def is_mixed(self) -> bool:
        return not self.level and all(line.value() or self.whole.value() for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Return whether the lines with their own marks are shown."""
        return any(line.value() for line in self.lines) and not self.level


class OwnScoreForm(FarmForm):
    """Take a person's own score by the current rubric, in the same rows as on the trainer's page.

    The studio's page contains it too, where the phone reads it. A line's own mark counts before that of its whole row.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)
    change_one = CleanCharField(
        label=_("下一遍先改哪一处"), max_length=get_max_length(Submission, "change_one"),
        error_messages={"required": _("写一句，下一遍先改哪一处")},
    )  # fmt: skip
    keep = CleanCharField(
        label=_("哪儿讲得好，要保持"), max_length=get_max_length(Submission, "keep"), required=False
    )
    change_two = CleanCharField(
        label=_("还有哪一处要改进"), max_length=get_max_length(Submission, "change_two"), required=False
    )
    for_peers = forms.BooleanField(label=_("同班的人也可以看，练练怎么点评"), required=False)

    def __init__(self, *args, content: dict, **kwargs) -> None:
        kwargs.setdefault("initial", {"key": uuid4()})
        super().__init__(*args, **kwargs)
        self.dimensions = scoring.calculate_dimensions(content, {})
        short = scoring.get_form(content, scoring.SHORT) if scoring.has_short_form(content) else {}
        self.means = {one.get("dimension"): one.get("full", "") for one in scoring.list_criteria(short)}
        for number, dimension in enumerate(self.dimensions):
            self.fields[f"part_{number}"] = build_level_field(dimension.title)
            for one in dimension.criteria:
                self.fields[f"mark_{one['code']}"] = build_level_field(one["title"], one.get("full", ""))

    def rows(self) -> Iterator[RubricRow]:
        for number, dimension in enumerate(self.dimensions):
            lines = [self[f"mark_{one['code']}"] for one in dimension.criteria]
            means = self.means.get(dimension.title, "")
            yield RubricRow(number + 1, dimension.title, self[f"part_{number}"], lines, means)

    def wrong(self) -> list[tuple[str, str]]:
        """Return (html id, error) of each thing to correct, in the order of the page."""
        found = []
        for row in self.rows():
            for field in (row.whole, *row.lines):
                empty = next((line for line in row.lines if not line.value()), field)
                place = empty if field is row.whole and row.is_open else field
                found += [(place.auto_id, str(error)) for error in field.errors]
        words = [self[name] for name in ("change_one", *MORE_WORDS, "for_peers", "key")]
        return found + [(field.auto_id, str(error)) for field in words for error in field.errors]

    def is_wordy(self) -> bool:
        """Return whether the optional texts are shown."""
        return any(self[name].value() or self[name].errors for name in MORE_WORDS)

    def clean(self) -> dict:
        given = super().clean()
        for number, dimension in enumerate(self.dimensions):
            codes = [one["code"] for one in dimension.criteria]
            whole = given.get(f"part_{number}")
            for code in codes:
                given[f"mark_{code}"] = given.get(f"mark_{code}") or whole
            if left := sum(not given[f"mark_{code}"] for code in codes):
                title = {"n": number + 1, "title": dimension.title, "left": left}
                self.add_error(f"part_{number}", describe_unmarked(title, left == len(codes)))
        return given

    def own(self) -> OwnScore:
        data = self.cleaned_data
        words = {name: data[name] for name in ("key", "keep", "change_one", "change_two", "for_peers")}
        codes = [one["code"] for dimension in self.dimensions for one in dimension.criteria]
        return OwnScore(marks={code: data[f"mark_{code}"] for code in codes}, **words)


def build_level_field(title: str, means: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=title, choices=LEVELS, widget=forms.RadioSelect, help_text=means, required=False
    )


def describe_unmarked(title: dict, is_whole: bool) -> str:
    """Return a sentence that names the row (`title` has "n", "title", "left"), so that it can be understood alone in the
    summary of errors.
    """
    if is_whole:
        return gettext("第 %(n)s 项“%(title)s”还没打分") % title
    some = ngettext(
        "第 %(n)s 项“%(title)s”还有 %(left)s 条没打分",
        "第 %(n)s 项“%(title)s”还有 %(left)s 条没打分",
        title["left"],
    )
    return some % title


class FilmForm(FarmForm):
    """Take a film in one piece, for browsers without scripts."""

    film = forms.FileField(
        label=_("录好的视频"),
        widget=forms.ClearableFileInput(attrs={"accept": "video/*"}),
    )

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

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
        external_films.refuse_early(self.user, film.size)
        self.lasts_ms = external_films.measure_film(film)
        return film
