"""Contents of questions of each kind as a trainer would write them, and forms as a browser would send them."""

from django.http import QueryDict

SINGLE = {
    "choices": [
        {"id": "a", "text": "全网最低价", "right": False, "why": "比较级要有凭据"},
        {"id": "b", "text": "产地直发", "right": True, "why": ""},
        {"id": "c", "text": "吃了治病", "right": False, "why": "水果不能说治病"},
    ]
}
MULTIPLE = {"choices": [choice | {"right": choice["id"] != "b"} for choice in SINGLE["choices"]]}
PICTURE = {
    "choices": [
        {"id": "a", "picture": "window", "alt": "窗边的果子", "right": True, "why": ""},
        {"id": "b", "picture": "lamp", "alt": "灯下的果子", "right": False, "why": "颜色发黄"},
    ]
}
TRUTH = {"answer": True}
ORDER = {"steps": [{"id": one, "text": f"第{one}步"} for one in "abcd"]}
NUMBER = {"answer": "5.98", "tolerance": "0.01", "unit": "元/斤"}
SPOT = {
    "script": "乡亲们好，全网最低价，吃了能降血压。坏果包赔。",
    "wrong": [{"text": "全网最低价", "why": "没有凭据"}, {"text": "能降血压", "why": "水果不是药"}],
}
CONTENTS = {
    "single": SINGLE, "multiple": MULTIPLE, "picture": PICTURE, "true_false": TRUTH, "order": ORDER, "number": NUMBER,
    "spot": SPOT,
}  # fmt: skip


def form(**fields: str | list[str]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data
