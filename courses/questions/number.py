"""A number to be calculated. Decimal, not float: 0.1 + 0.2 is a price here."""

from __future__ import annotations

import re
from decimal import Decimal
from random import Random

from django.http import QueryDict
from django.utils.translation import gettext as _

from courses.questions.errors import InvalidAnswer, Unanswered
from ui.fields import to_ascii

FIGURE = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
LONGEST, LONGEST_RIGHT = 20, 40
# Other spellings of the same unit.
SAME = {"元": ("块钱", "块", "yuan"), "yuan": ("元", "块钱", "块", "rmb"), "%": ("percent",)}


def find_problems(content: dict) -> list[str]:
    content = content if isinstance(content, dict) else {}
    found = []
    if parse_decimal(content.get("answer")) is None:
        found.append(_("答案要是一个数"))
    tolerance = parse_decimal(content.get("tolerance") or "0")
    if tolerance is None:
        found.append(_("误差要是一个数"))
    elif tolerance < 0:
        found.append(_("误差不能是负数"))
    return found


def parse_decimal(text: object) -> Decimal | None:
    """Parse a number written out, as phones compare it digit by digit; None for 1e3 and 1_000."""
    figure = str(text).strip()
    number = Decimal(figure) if FIGURE.fullmatch(figure) and len(figure) <= LONGEST_RIGHT else None
    return number if number is not None and abs(number) < Decimal(10) ** 15 else None


def freeze(content: dict, rng: Random) -> tuple[dict, dict]:
    key = {"right": str(content["answer"]).strip(), "tolerance": str(content.get("tolerance") or "0").strip()}
    return {"unit": str(content.get("unit") or "")}, key


def parse_form(shown: dict, data: QueryDict) -> str:
    return parse_json(shown, data.get("answer"))


def parse_json(shown: dict, given: object) -> str:
    """Normalise a typed number: "５．９８元" → "5.98". A comma before groups of three separates thousands; else it is a
    point.
    """
    typed = (
        to_ascii(str(given)) if isinstance(given, str | int | float) and not isinstance(given, bool) else ""
    )
    if not typed:
        raise Unanswered(_("填个数再交"))
    text = remove_unit(typed, shown["unit"])
    if THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if len(text) > LONGEST or not FIGURE.fullmatch(text):
        if shown["unit"]:
            raise InvalidAnswer(_("只填数字，单位是%(unit)s") % {"unit": shown["unit"]})
        raise InvalidAnswer(_("只填数字，比如 5.98"))
    return f"{Decimal(text):f}"


def remove_unit(typed: str, unit: str) -> str:
    """Remove the unit if it was typed: 5.98元/斤, 5.98元, ￥5.98; another unit stays, so that the answer is refused."""
    text = typed.lower().removeprefix("¥")
    word = next((word for word in list_unit_words(unit) if text.endswith(word)), "")
    return text.removesuffix(word)


def list_unit_words(unit: str) -> list[str]:
    """Return what may follow the number: the unit, its part before the slash, and other spellings of that."""
    whole = to_ascii(unit).lower()
    first = whole.partition("/")[0]
    return list(dict.fromkeys(word for word in (whole, first, *SAME.get(first, ())) if word))


def grade(key: dict, given: str) -> bool:
    return abs(Decimal(given) - Decimal(key["right"])) <= Decimal(key["tolerance"])


def count_guesses(shown: dict) -> int:
    """A typed number is guessed by somebody who sees what size it must have."""
    return 100


def build_feedback(shown: dict, key: dict, given: str) -> dict:
    tolerance = key["tolerance"] if Decimal(key["tolerance"]) else ""
    return {"given": given, "right": key["right"], "tolerance": tolerance, "unit": shown["unit"]}
