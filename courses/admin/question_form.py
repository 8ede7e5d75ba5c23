"""The form of a question: rows and fields instead of JSON, one form for each kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses import questions
from courses.authoring.banks import find_bank, find_free_question_code, is_in_use
from courses.models import Bank, Lesson, Question, QuestionPicture
from media.admin_forms import OnePhotoField
from ui.fields import CleanCharField, to_ascii
from ui.forms import FarmModelForm

Kind = Question.Kind
ROWS: dict[str, int] = {Kind.SINGLE: 6, Kind.MULTIPLE: 6, Kind.PICTURE: 6, Kind.ORDER: 8, Kind.SPOT: 6}
# So many rows are shown; the others are folded until they are needed.
OPEN_ROWS: dict[str, int] = {Kind.SINGLE: 4, Kind.MULTIPLE: 4, Kind.PICTURE: 4, Kind.ORDER: 4, Kind.SPOT: 3}
LATER, NOW = "later", "now"
LETTERS = "abcdefgh"
WIDE, LINE = {"class": "vTextField"}, {"size": 32}


def make_text_field(label, most: int = 200, attrs: dict | None = None) -> CleanCharField:
    return CleanCharField(
        label=label, max_length=most, required=False, widget=forms.TextInput(attrs=attrs or WIDE)
    )


def make_script_field() -> CleanCharField:
    box = forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField", "data-script": ""})
    label = gettext_lazy("话术")
    return CleanCharField(label=label, lines=True, max_length=3000, required=False, widget=box)


class OneOfRows(forms.CheckboxInput):
    """One row's radio button of a choice among the rows: all have one name, and each the number of its row."""

    input_type = "radio"
    group = "right"

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = str(n)

    def value_from_datadict(self, data, files, name):
        return data.get(self.group) == self.n

    def value_omitted_from_data(self, data, files, name):
        return False

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"name": self.group, "value": self.n}
        return context


def make_choice_row(n: int, widget: forms.Widget | None = None) -> dict[str, forms.Field]:
    return {
        f"text_{n}": make_text_field(format_lazy(gettext_lazy("选项 {n}"), n=n)),
        f"right_{n}": forms.BooleanField(label=gettext_lazy("对的"), required=False, widget=widget),
        f"why_{n}": make_text_field(format_lazy(gettext_lazy("选项 {n}：为什么"), n=n), 300),
    }


def make_single_row(n: int) -> dict[str, forms.Field]:
    return make_choice_row(n, OneOfRows(n))


def make_picture_row(n: int) -> dict[str, forms.Field]:
    photo = {f"photo_{n}": OnePhotoField(label=gettext_lazy("图"), required=False, help_text="")}
    words = {f"alt_{n}": make_text_field(gettext_lazy("图上有什么（别说出答案）"))}
    return (
        photo
        | words
        | {name: field for name, field in make_single_row(n).items() if not name.startswith("text")}
    )


def step_row(n: int) -> dict[str, forms.Field]:
    return {f"text_{n}": make_text_field(gettext_lazy("步骤"))}


def make_wrong_row(n: int) -> dict[str, forms.Field]:
    return {
        f"text_{n}": make_text_field(gettext_lazy("违规的话")),
        f"why_{n}": make_text_field(gettext_lazy("为什么违规"), 300),
    }


ROW: dict[str, Callable[[int], dict[str, forms.Field]]] = {
    Kind.SINGLE: make_single_row,
    Kind.MULTIPLE: make_choice_row,
    Kind.PICTURE: make_picture_row,
    Kind.ORDER: step_row,
    Kind.SPOT: make_wrong_row,
}


def make_head_fields(kind: str) -> dict[str, forms.Field]:
    """Return the fields that a kind has once."""
    if kind == Kind.TRUE_FALSE:
        answers = [("true", gettext_lazy("对")), ("false", gettext_lazy("错"))]
        return {
            "answer": forms.ChoiceField(
                label=gettext_lazy("这句话"), choices=answers, widget=forms.RadioSelect
            )
        }
    if kind == Kind.NUMBER:
        return {
            "answer": make_text_field(gettext_lazy("答案"), 20, LINE),
            "tolerance": make_text_field(gettext_lazy("上下差多少也算对"), 20, LINE),
            "unit": make_text_field(gettext_lazy("单位"), 20, LINE),
        }
    if kind == Kind.SPOT:
        return {"script": make_script_field()}
    return {}


class QuestionForm(FarmModelForm):
    """Take a question; `clean` builds `instance.content` from the rows and describes what is wrong with them.

    An old question may have no explanation; a new one must have one, because it is what a wrong answer teaches.
    """

    kind: str = ""
    # Written for the module of this lesson: then the site may choose the bank.
    lesson: Lesson | None = None
    code = forms.SlugField(
        label=gettext_lazy("编号"), max_length=60, required=False, help_text=gettext_lazy("空着就自动起。")
    )
    # Asked only if the question comes into a quiz that trainees are taking.
    start = forms.ChoiceField(
        label=gettext_lazy("学员正在考这个题库，这道题什么时候考？"),
        choices=[
            (LATER, gettext_lazy("先放着，学员看不到；想好了再点“开始考”")),
            (NOW, gettext_lazy("现在就考，往后考的学员马上答到")),
        ],
        widget=forms.RadioSelect,
        initial=LATER,
        required=False,
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = self.kind
        for name, value in build_typed(self.kind, self.instance.content or {}).items():
            self.initial.setdefault(name, value)
        self.fields["explain"].required = not self.instance.pk or bool(self.instance.explain)
        if self.lesson:
            bank = self.fields["bank"]
            bank.required, bank.help_text = False, _("空着就放进本单元的题库。")
        if self.kind == Kind.PICTURE:
            self.offer_photos()

    def offer_photos(self) -> None:
        rows = self.instance.pictures.select_related("photo") if self.instance.pk else []
        self.photos = {row.name: row.photo for row in rows}
        choices = (self.instance.content or {}).get("choices", [])
        for n in range(1, ROWS[self.kind] + 1):
            name = choices[n - 1]["picture"] if n <= len(choices) else ""
            self.initial[f"photo_{n}"] = [self.photos[name]] if name in self.photos else []
            self.fields[f"photo_{n}"].owner = getattr(self, "asker", None)

    def clean_bank(self) -> Bank | None:
        """Return the bank; None only for the first question of a module, whose bank is made when it is stored."""
        return self.cleaned_data["bank"] or (find_bank(self.lesson) if self.lesson else None)

    def clean_code(self) -> str:
        bank = self.cleaned_data.get("bank") or self.instance.bank_id
        return self.cleaned_data["code"] or self.instance.code or find_free_question_code(bank)

    def clean(self) -> dict:
        cleaned = super().clean()
        bank, objective = cleaned.get("bank"), cleaned.get("objective")
        if bank and objective and objective.course_id != bank.course_id:
            self.add_error("objective", _("这个学习目标是另一门课的。"))
        self.hold_back(cleaned)
        self.instance.content = build_content(self.kind, cleaned)
        problems = questions.find_problems(self.kind, self.instance.content)
        # The message also appears where it can be corrected.
        row = next((row for row in list_filled_rows(self.kind, cleaned)), {"n": 1})
        if self.kind in (Kind.SINGLE, Kind.PICTURE) and not any(
            choice["right"] for choice in self.instance.content["choices"]
        ):
            self.add_error(f"right_{row['n']}", _("哪个是对的，点一下它"))
        for problem in problems:
            self.add_error(None, ValidationError(_("%(problem)s。") % {"problem": problem}, code="content"))
        return cleaned

    def hold_back(self, cleaned: dict) -> None:
        """Require a confirmation for a question that comes into a quiz being taken; without an answer nothing is stored."""
        bank = cleaned.get("bank")
        if not bank or (self.instance.pk and "bank" not in self.changed_data) or not is_in_use(bank.pk):
            return
        if not cleaned.get("start"):
            self.add_error("start", _("选一下：先放着，还是现在就考。"))
        elif cleaned["start"] == LATER:
            cleaned["is_retired"] = True

    def save_pictures(self) -> None:
        """Link the photos that the choices name, once the question is stored; release those no longer named."""
        if self.kind != Kind.PICTURE:
            return
        used = {f"photo-{n}": self.cleaned_data.get(f"photo_{n}") for n in range(1, ROWS[self.kind] + 1)}
        self.instance.pictures.exclude(name__in=[name for name, photo in used.items() if photo]).delete()
        for name, photo in used.items():
            if photo:
                QuestionPicture.objects.update_or_create(
                    question=self.instance, name=name, defaults={"photo": photo}
                )


@cache
def make_form_class(kind: str) -> type[QuestionForm]:
    """Return the form of one kind: its own fields, then its rows."""
    fields = make_head_fields(kind)
    for n in range(1, ROWS.get(kind, 0) + 1):
        fields |= ROW[kind](n)
    return type(f"{kind.title().replace('_', '')}QuestionForm", (QuestionForm,), {"kind": kind, **fields})


def lay_out(kind: str, used: int = 0) -> tuple[list, list, list]:
    """Return the kind's fields as lines of fieldsets: the lines shown (at least `used` rows), the folded rows, and why each
    choice is right or wrong.
    """
    heads = list(make_head_fields(kind))
    lines: list[str | tuple[str, ...]] = [tuple(heads)] if kind == Kind.NUMBER else [*heads]
    rows, whys = [], []
    for n in range(1, ROWS.get(kind, 0) + 1):
        names = tuple(ROW[kind](n))
        if kind != Kind.SPOT:  # there the reason is what the question teaches
            whys += [name for name in names if name.startswith("why_")]
            names = tuple(name for name in names if name not in whys)
        rows.append(names if len(names) > 1 else names[0])
    shown = max(OPEN_ROWS.get(kind, 0), used)
    return lines + rows[:shown], rows[shown:], whys


def list_filled_rows(kind: str, cleaned: dict) -> list[dict]:
    """Return the filled rows, each by its column's name, with its number."""
    found = []
    for n in range(1, ROWS.get(kind, 0) + 1):
        row = {name.rpartition("_")[0]: cleaned.get(name) or "" for name in ROW[kind](n)}
        if any(value for name, value in row.items()):
            found.append(row | {"n": n})
    return found


def build_content(kind: str, cleaned: dict) -> dict:
    rows = list_filled_rows(kind, cleaned)
    if kind in (Kind.SINGLE, Kind.MULTIPLE):
        return {
            "choices": [
                {"id": LETTERS[n], "text": row["text"]} | read_marks(row) for n, row in enumerate(rows)
            ]
        }
    if kind == Kind.PICTURE:
        return {"choices": [read_picture_choice(LETTERS[n], row) for n, row in enumerate(rows)]}
    if kind == Kind.ORDER:
        return {"steps": [{"id": LETTERS[n], "text": row["text"]} for n, row in enumerate(rows)]}
    if kind == Kind.SPOT:
        wrong = [{"text": row["text"], "why": row["why"]} for row in rows]
        return {"script": cleaned.get("script") or "", "wrong": wrong}
    if kind == Kind.NUMBER:
        figures = {name: to_ascii(cleaned.get(name) or "") for name in ("answer", "tolerance")}
        return figures | {"tolerance": figures["tolerance"] or "0", "unit": cleaned.get("unit") or ""}
    return {"answer": {"true": True, "false": False}.get(cleaned.get("answer", ""))}


def read_picture_choice(letter: str, row: dict) -> dict:
    picture = f"photo-{row['n']}" if row["photo"] else ""
    return {"id": letter, "picture": picture, "alt": row["alt"]} | read_marks(row)


def read_marks(row: dict) -> dict:
    return {"right": bool(row["right"]), "why": row["why"]}


def build_typed(kind: str, content: dict) -> dict[str, object]:
    """Return the stored content as values of the form's fields."""
    if kind == Kind.TRUE_FALSE:
        answers: dict[object, str] = {True: "true", False: "false"}
        return {"answer": answers.get(content.get("answer"), "")}
    if kind == Kind.NUMBER:
        return {name: content.get(name, "") for name in ("answer", "tolerance", "unit")}
    names: dict[str, str] = {Kind.ORDER: "steps", Kind.SPOT: "wrong"}
    rows = content.get(names.get(kind, "choices"), [])
    found = {"script": content.get("script", "")} if kind == Kind.SPOT else {}
    for n, row in enumerate(rows, 1):
        found |= {f"{name}_{n}": row.get(name, "") for name in ("text", "alt", "right", "why")}
    return found
