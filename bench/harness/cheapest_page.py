"""The cheapest page: one file, with Django's seven middlewares, one query and 24 rows. No page can be cheaper."""

import os
from pathlib import Path

import dj_database_url
import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from config import sqlite

DATABASE = dj_database_url.config(conn_max_age=None)
if DATABASE["ENGINE"].endswith("sqlite3"):
    DATABASE["OPTIONS"] = {"init_command": sqlite.PRAGMAS}

settings.configure(
    SECRET_KEY=os.environ.get("SECRET_KEY", "cheap" * 12),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": DATABASE},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {}}],
    USE_TZ=True,
    BASE_DIR=Path(__file__).parent,
)
django.setup()

PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>商品</title><ul>
{% for row in rows %}<li><a href="/products/{{ row.id }}/">{{ row.name }}</a> {{ row.price_fen }} {{ row.stock }}</li>
{% endfor %}</ul></html>"""


class Row(models.Model):  # noqa: DJ008 - never shown by name
    name = models.CharField(max_length=30)
    price_fen = models.PositiveIntegerField()
    stock = models.PositiveIntegerField()
    status = models.CharField(max_length=10)
    listed_at = models.DateTimeField()

    class Meta:
        app_label = "cheapest"
        managed = False
        db_table = "shops_product"


template = engines["django"].from_string(PAGE)


def rows(request: HttpRequest) -> HttpResponse:
    newest = Row.objects.filter(status="published").order_by("-listed_at", "-id")[:24]
    return HttpResponse(template.render({"rows": newest}, request))


urlpatterns = [path("", rows)]
application = get_wsgi_application()
