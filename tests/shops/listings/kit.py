"""The listing form as a seller fills it in, and its answers."""

import uuid

NEW = "/me/shop/new/"


def typed(photo=None, **fields) -> dict:
    """Return what the browser sends for a complete form."""
    whole = {
        "key": str(uuid.uuid4()),
        "photos": [photo.key] if photo else [],
        "name": "石榴冲冰糖橙",
        "category": "",
        "unit": "box",
        "box_grams": "5",
        "price_fen": "29.90",
        "stock": "40",
        "harvest_until": "12月30日",
        "harvest_from": "",
        "grower": "own",
        "description": "",
        "variety": "",
        "origin": "柚山县青溪镇石榴冲村",
        "do": "submit",
    }
    return whole | fields


def first(photo, **fields) -> dict:
    """Return the same for a person without a shop."""
    opening = {
        "shop_name": "周梅英家的小店",
        "contact": "139 1234 5678",
        "contact_ok": "on",
        "address": "石榴冲村三组 18 号",
        "sending": "included",
    }
    return typed(photo, **opening | fields)


def errors_of(response) -> dict[str, list[str]]:
    return {name: list(errors) for name, errors in response.context["form"].errors.items()}


# --- the first listing of a new shop ----------------------------------------------------------------------
