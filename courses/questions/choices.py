"""What single, multiple and picture questions share: choices with an id, some of them right."""

from __future__ import annotations

from random import Random

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.questions.errors import InvalidAnswer, Unanswered, get_text

LEAST, MOST = 2, 8


def list_choices(content: dict) -> list[dict]:
    found = content.get("choices") if isinstance(content, dict) else None
    return [choice for choice in found if isinstance(choice, dict)] if isinstance(found, list) else []


def find_problems(content: dict, words: str) -> list[str]:
    """Return what is wrong with the choices; `words` is the key of a choice's text: text or alt."""
    choices = list_choices(content)
    texts = [get_text(choice, words).strip() for choice in choices]
    found = []
    if len(choices) < LEAST:
        found.append(_("至少要有两个选项"))
    if len(choices) > MOST:
        found.append(ngettext("最多 %(n)d 个选项", "最多 %(n)d 个选项", MOST) % {"n": MOST})
    if not all(texts):
        found.append(_("有一个选项没写字") if words == "text" else _("有一张图没写图上有什么"))
    found += [_("“%(text)s”写了两遍") % {"text": text} for text in find_repeated(texts)]
    ids = [choice.get("id") for choice in choices]
    if not all(isinstance(one, str) and one for one in ids) or len(set(ids)) < len(ids):
        found.append(_("选项的编号缺了或者重了"))
    if not any(choice.get("right") for choice in choices):
        found.append(_("还没有标出哪个是对的"))
    return found


def find_repeated(texts: list[str]) -> list[str]:
    return sorted({text for text in texts if text and texts.count(text) > 1})


def check_one_right(content: dict) -> list[str]:
    rights = sum(1 for choice in list_choices(content) if choice.get("right"))
    return [_("只能有一个是对的，现在标了 %(n)d 个") % {"n": rights}] if rights > 1 else []


def freeze(content: dict, rng: Random, *shown: str) -> tuple[dict, dict]:
    """Return the choices in a new order, each with its id and the keys in `shown`."""
    choices = list_choices(content)
    mixed = rng.sample(choices, len(choices))
    key = {
        "right": [choice["id"] for choice in choices if choice.get("right")],
        "why": {choice["id"]: choice["why"] for choice in choices if choice.get("why")},
    }
    return {"choices": [{name: choice[name] for name in ("id", *shown)} for choice in mixed]}, key


def parse_one(shown: dict, given: object) -> str:
    if given in (None, "", []):
        raise Unanswered(_("选一个再交"))
    if given not in [choice["id"] for choice in shown["choices"]]:
        raise InvalidAnswer(_("没有这个选项，重新选一个"))
    return str(given)


def parse_several(shown: dict, given: object) -> list[str]:
    """Return the chosen ids in the order shown, each once."""
    if not given:
        raise Unanswered(_("一个都没选，选了再交"))
    ids = [choice["id"] for choice in shown["choices"]]
    if not isinstance(given, list) or not all(isinstance(one, str) and one in ids for one in given):
        raise InvalidAnswer(_("没有这个选项，重新选"))
    return [one for one in ids if one in given]


def count_subsets(count: int) -> int:
    """Count the answers to "which of these": at most twenty, because who guesses well marks about half of them."""
    return min(20, 2**count - 1)


def build_feedback(shown: dict, key: dict, picked: list[str]) -> dict:
    return {
        "choices": [
            choice
            | {
                "picked": choice["id"] in picked,
                "right": choice["id"] in key["right"],
                "why": key["why"].get(choice["id"], ""),
            }
            for choice in shown["choices"]
        ]
    }
