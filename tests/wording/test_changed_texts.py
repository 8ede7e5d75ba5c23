"""The verdict on a labelled text that is changed in one respect; `bench.proofs.wording` changes all of them."""

from bench.proofs.wording import (
    change_goods,
    change_place,
    change_price,
    change_weight,
    compare,
    make_false,
    turn_clauses,
)
from bench.scenarios.wording import lines

LISTING = {"name": "麻阳冰糖橙", "origin": "湖南省麻阳县", "unit": "box", "net_g": 2500, "price_fen": 2990}


def line(text: str, **also) -> dict:
    return {"text": text, "for": None, "expect": [], "facts": LISTING, **also}


def test_a_change_concerns_the_text_and_the_listing():
    text = "麻阳冰糖橙，5斤一箱，29.9元"
    [priced] = change_price(line(text))
    assert (priced["text"], priced["facts"]["price_fen"]) == ("麻阳冰糖橙，5斤一箱，44.85元", 4485)
    [heavy] = change_weight(line(text))
    assert (heavy["text"], heavy["facts"]["net_g"]) == ("麻阳冰糖橙，10斤一箱，29.9元", 5000)
    [moved] = change_place(line(text))
    assert (moved["text"], moved["facts"]["origin"]) == ("辰溪冰糖橙，5斤一箱，29.9元", "湖南省辰溪县")
    assert [other["text"][:4] for other in change_goods(line(text))] == ["麻阳猕猴", "麻阳玉米"]
    assert [other["text"] for other in turn_clauses(line(text))] == ["5斤一箱，29.9元，麻阳冰糖橙"]
    assert [false["facts"]["price_fen"] for false in make_false(line(text))] == [5980, 2990]


def test_what_a_label_depends_on_is_not_changed():
    assert list(change_goods(line("罗田板栗，国家地理标志", expect=["B3"]))) == []
    assert list(change_place(line("罗田板栗，国家地理标志", expect=["B3"]))) == []
    assert list(turn_clauses(line("我家的橙子，也不敢说最甜"))) == []


def test_verdicts_follow_on_every_ninth_line():
    tally = compare(lines()[::9])
    assert sum(tally.tried.values()) > 300
    assert tally.share("offences") >= 0.96, tally.broken
    assert tally.share("lawful") >= 0.98, tally.broken
