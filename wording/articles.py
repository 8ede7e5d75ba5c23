"""An article as a villager reads it: 第九条第三项, where the rule files write §9(3)."""

import re

DIGITS = "零一二三四五六七八九"
ARTICLE = re.compile(r"§(\d+)(?:–(\d+))?((?:\(\d+\))*)")


def in_words(article: str, lang: str = "zh") -> str:
    """English keeps the sign; so does what is written in no known way."""
    if lang[:2] == "en" or ARTICLE.sub("", article).strip(", "):
        return article
    return "、".join(one_in_words(*found) for found in ARTICLE.findall(article))


def one_in_words(first: str, last: str, items: str) -> str:
    until = f"至第{number(int(last))}条" if last else ""
    said = "、".join(number(int(item)) for item in re.findall(r"\d+", items))
    return f"第{number(int(first))}条{until}" + (f"第{said}项" if said else "")


def number(n: int) -> str:
    """1 to 999, as laws count."""
    hundreds, tens, ones = n // 100, n // 10 % 10, n % 10
    said = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        said += "零"
    return said + (DIGITS[ones] if ones else "")
