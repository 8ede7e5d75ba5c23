"""A question of each kind as it is typed into the fields of the admin's form."""

from django.urls import reverse

from tests.courses.questions.kit import CONTENTS

ADD, LIST = reverse("admin:courses_question_add"), reverse("admin:courses_question_changelist")


def rows(*found: dict) -> dict:
    return {f"{name}_{n}": value for n, row in enumerate(found, 1) for name, value in row.items()}


CHOICES = rows(
    {"text": "全网最低价", "why": "比较级要有凭据"},
    {"text": "产地直发", "right": "on"},
    {"text": "吃了治病", "why": "水果不能说治病"},
)
BOXES = {
    "single": CHOICES | {"right": "2"},
    "multiple": CHOICES | {"right_1": "on", "right_3": "on"},
    "true_false": {"answer": "true"},
    "order": rows(*[{"text": f"第{one}步"} for one in "abcd"]),
    "number": {"answer": "５．９８", "tolerance": "0.01", "unit": "元/斤"},
    "spot": {"script": CONTENTS["spot"]["script"]} | rows(*CONTENTS["spot"]["wrong"]),
}


def facts(bank, kind: str, **more) -> dict:
    given = {
        "kind": kind,
        "bank": bank.pk,
        "text": "哪句能说？",
        "explain": "讲解",
        "form": "",
        "code": "",
        "objective": "",
    }
    return given | BOXES.get(kind, {}) | more


def change(question) -> str:
    return reverse("admin:courses_question_change", args=[question.pk])
