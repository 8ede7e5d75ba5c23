"""The batch form as a seller fills it in."""

import datetime

from django.utils import timezone


def typed(**fields) -> dict:
    day = timezone.localdate() - datetime.timedelta(days=2)
    whole = {
        "name": "冰糖橙",
        "category": "",
        "variety": "锦红",
        "harvested_on": day.isoformat(),
        "grams": "500",
        "plot": "屋后老井边",
        "origin": "柚山县青溪镇石榴冲村",
        "grower_name": "周梅英",
        "brix_tenths": "",
        "brix_on": "",
        "brix_tool": "",
        "note": "",
        "is_public": "on",
    }
    return whole | fields
