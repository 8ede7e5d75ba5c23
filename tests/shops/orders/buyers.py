"""Buyers over real connections to a real server."""

import http.client
import re
import threading
from urllib.parse import urlencode

from tests.shops.orders.order_requests import HUNAN, phones


class Buyer:
    """One browser that has opened the form and waits to submit it."""

    def __init__(self, port: int, slug: str, *numbers: tuple[int, int], prices: dict[int, int], freight: int):
        self.port, self.path = port, f"/shops/{slug}/order/"
        page, self.cookie = self.open()
        self.fields = {
            "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1],
            "key": re.search(r'name="key" value="([^"]+)"', page)[1],
            **{f"q{pk}": number for pk, number in numbers},
            **{f"seen-{pk}": prices[pk] for pk, _number in numbers},
            "seen_total": sum(prices[pk] * number for pk, number in numbers) + freight,
            "province": HUNAN,
            "city": "430100",
            "county": "430104",
            "address": "麓山路 1 号",
            "buyer": "陈小禾",
            "phone": f"137{next(phones):08d}",
            "perishable_ok": "on",
            "do": "send",
        }

    def open(self) -> tuple[str, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request("GET", self.path)
        answer = line.getresponse()
        return answer.read().decode(), answer.headers["Set-Cookie"].split(";")[0]

    def tap(self) -> tuple[int, str]:
        """Submit the form; return the status and where it led, or the page that came back."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        line.request("POST", self.path, urlencode(self.fields), headers)
        answer = line.getresponse()
        return answer.status, answer.headers.get("Location") or answer.read().decode()


def all_at_once(buyers: list[Buyer], taps: int = 1) -> list[tuple[int, str]]:
    """Submit all at the same moment and return all answers."""
    start, answers = threading.Barrier(len(buyers) * taps), []

    def run(buyer: Buyer) -> None:
        start.wait(30)
        answers.append(buyer.tap())

    threads = [threading.Thread(target=run, args=[buyer]) for buyer in buyers for _n in range(taps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return answers
