"""Print the lesson plans of a module: a cover, what to bring, and each plan on pages of its own, with a code to its page.

The pages of plans belong to courses; the print is here because the typesetter is an upper app's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.db.models import Sum
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from courses.hours import format_minutes
from courses.models import LessonPlan, Module, State
from courses.plans.parts import STAGES
from courses.rendering import get_parser
from programme.typesetting import draw_code, keep_printable, straighten_marks, typeset
from ui.responses.page_cache import release

KEPT_SECONDS = 3600
Address = Callable[[LessonPlan], str]


def list_plans(module: Module) -> list[LessonPlan]:
    """Return the plans of the module's published lessons, in order. One query."""
    rows = LessonPlan.objects.filter(lesson__module=module, lesson__state=State.PUBLISHED)
    return list(rows.select_related("lesson__module__course").order_by("lesson__position", "lesson"))


def print_booklet(module: Module, plans: list[LessonPlan], address: Address) -> bytes:
    """Return the PDF; the same plans are set once. Raises PdfNotMade."""
    return typeset_once("lesson_plans.typ", fill_booklet(module, plans, address))


def typeset_once(template: str, content: dict[str, Any]) -> bytes:
    """Return the PDF of this content; the same content of the same release is set once in KEPT_SECONDS. Raises PdfNotMade."""
    whole = f"{template}|{release()}|{json.dumps(content, sort_keys=True)}"
    kept, key = caches["posters"], hashlib.sha256(whole.encode()).hexdigest()
    made: bytes | None = kept.get(key)
    if made is None:
        made = typeset(template, content)
        kept.set(key, made, KEPT_SECONDS)
    return made


def fill_booklet(module: Module, plans: list[LessonPlan], address: Address) -> dict[str, Any]:
    """Return what stands in the booklet; `address` gives the URL of a plan's page."""
    tasks = module.assignments.aggregate(n=Sum("minutes"))["n"] or 0
    lessons = sum(plan.lesson.minutes for plan in plans)
    page, is_chinese = _("第 {page} 页，共 {pages} 页"), (get_language() or "").startswith("zh")
    hours = [f"{pgettext('hours', '上课')} {format_minutes(lessons)}"]
    return {
        "title": f"{pgettext('pages', '教案')} · {clean_text(module.title)}",
        "lang": "zh" if is_chinese else "en",
        "course": clean_text(module.course.title),
        "unit": _("第%(number)s单元") % {"number": module.number},
        "module": clean_text(module.title),
        "summary": clean_text(module.summary),
        "hours": [*hours, *([f"{_('课后任务')} {format_minutes(tasks)}"] if tasks else [])],
        "page": page,
        "labels": {
            "plan": pgettext("pages", "教案"),
            "kit": _("要备的东西"),
            "kit_all": _("这个单元要备的东西"),
            "goal": _("下课时做得出什么"),
            "safety": _("安全"),
            "say": pgettext("say", "说"),
            "faults": _("常见的错"),
            "check": _("下课前问一句"),
            "simple": _("不识字的怎么带"),
            "code": _("手机上看这一份教案"),
        },
        "plans": [describe_plan(plan, address(plan)) for plan in plans],
    }


def describe_plan(plan: LessonPlan, address: str) -> dict[str, Any]:
    return {
        "title": clean_text(plan.lesson.title),
        "minutes": format_minutes(plan.lesson.minutes),
        "goal": clean_text(plan.goal),
        "kit": [clean_text(line) for line in plan.list_kit()],
        "safety": clean_text(plan.safety),
        "simple": clean_text(plan.simple),
        "stages": [
            {
                "name": str(STAGES[part["stage"]]),
                "minutes": format_minutes(part["minutes"]),
                "blocks": list_blocks(clean_text(part["do"])),
                "say": clean_text(part["say"]),
            }
            for part in plan.parts
        ],
        "faults": [{name: clean_text(text) for name, text in fault.items()} for fault in plan.faults],
        "ask": clean_text(plan.check_ask),
        "answer": clean_text(plan.check_answer),
        "code": draw_code(address),
        "address": address,
    }


def clean_text(text: str) -> str:
    """Return the text as our fonts can draw it."""
    return straighten_marks(keep_printable(text))


def list_blocks(text: str) -> list[dict[str, Any]]:
    """Return the paragraphs and items of Markdown as plain texts: [{"is_item": False, "text": …}]."""
    parser: Any = get_parser()
    found, depth = [], 0
    for token in parser.parse(text):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "inline":
            words = parser.renderer.renderInlineAsText(token.children or [], parser.options, {})
            found.append({"is_item": depth > 0, "text": words})
        elif token.type in ("fence", "code_block"):
            found.append({"is_item": depth > 0, "text": token.content})
    return found
