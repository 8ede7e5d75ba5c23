"""The site as the tests of an outage serve it: orders of two buyers lose the database, once each, in the middle."""

from django.conf import settings

settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

from django.db import connection  # noqa: E402

from config.wsgi import application  # noqa: E402
from shops.orders import placement  # noqa: E402
from shops.orders.buyer import views  # noqa: E402

BEFORE_COMMIT, AFTER_COMMIT = "断在前面", "断在后面"
store_order, finish_order = placement.store_order, views.finish_order
due = {BEFORE_COMMIT, AFTER_COMMIT}


def cut(buyer: str, at: str) -> None:
    """End this connection from the server's side if it is this buyer's first time here."""
    if buyer == at and buyer in due:
        due.discard(buyer)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def store_and_cut(order_request, *args):
    order = store_order(order_request, *args)
    cut(order_request.buyer, BEFORE_COMMIT)
    return order


def cut_and_finish(request, order, *news):
    cut(order.buyer, AFTER_COMMIT)
    return finish_order(request, order, *news)


placement.store_order, views.finish_order = store_and_cut, cut_and_finish

__all__ = ["application"]
