"""Which object a route's arguments name: own, another county's, or none at all."""

from uuid import UUID

from django.apps import apps

from accounts.models import Membership, User
from courses.models import Cohort, Course, Lesson
from media.models import Photo
from shops.models import Product, Shop, Village
from tests.access.world import Side

NOWHERE = 987_654_321

# route: argument → (model, field)
BY_ROUTE: dict[str, dict[str, tuple[type, str]]] = {
    "courses:course": {"slug": (Course, "slug")},
    "shops:product": {"pk": (Product, "pk")},
    "shops:shop": {"slug": (Shop, "slug")},
    "shops:village": {"slug": (Village, "slug")},
    "progress:lesson": {"pk": (Lesson, "pk")},
    "progress:class": {"pk": (Cohort, "pk")},
    "media:photo": {"key": (Photo, "key")},
    "accounts:grant": {"pk": (Membership, "pk")},
    "accounts:decline": {"pk": (Membership, "pk")},
    "accounts:role_end": {"pk": (Membership, "pk")},
    "accounts:reset": {"pk": (User, "pk")},
}
FIXED = {
    "content_type_id": {"own": 1, "foreign": 1, "unknown": NOWHERE},
    "app_label": "shops",
    "url": "nowhere/",
}


def arguments_for(route: str, names: tuple[str, ...], whose: str, sides: dict[str, Side]) -> dict:
    return {name: value_for(route, name, whose, sides) for name in names}


def value_for(route: str, name: str, whose: str, sides: dict[str, Side]):
    if name in FIXED:
        fixed = FIXED[name]
        return fixed[whose] if isinstance(fixed, dict) else fixed
    model, field = BY_ROUTE[route][name] if route in BY_ROUTE else admin_model(route, name)
    if whose == "unknown":
        return {"slug": "no-such-thing", "key": "f" * 32, "id": str(UUID(int=0))}.get(field, NOWHERE)
    return getattr(sides[whose][model], field)


def admin_model(route: str, name: str) -> tuple[type, str]:
    """admin:shops_product_change → Product, by primary key."""
    _site, _colon, rest = route.partition(":")
    app, _underscore, tail = rest.partition("_")
    for model in apps.get_app_config(app).get_models() if app in apps.app_configs else ():
        if tail.startswith(f"{model._meta.model_name}_"):
            return model, "pk"
    raise KeyError(f"{route} {name}")
