"""The whole site map on one screen."""

from django.contrib import admin
from django.urls import include, path

from config import condition, phone, sitemap, views

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("outbox.urls")),  # /sync/: asked most often, so looked for first
    path("me/data/", include("config.personal.urls")),
    path("", include("accounts.urls")),  # /accounts/ /me/ /privacy/
    path("", include("courses.urls")),  # /courses/
    path("", include("progress.urls")),  # /learn/ /classes/ /me/outbox/
    path("", include("rehearsals.urls")),  # /practise/ /review/
    path("live/", include("live.urls")),
    path("", include("shops.urls")),  # /products/ /shops/ /villages/ /me/shop/
    path("", include("media.urls")),  # /uploads/
    path("admin/", admin.site.urls),
    path("me/site/", condition.condition, name="condition"),
    path("language/", views.set_language, name="set_language"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.index, name="sitemap"),
    path("sitemap/<slug:section>-<int:number>.xml", sitemap.file, name="sitemap_file"),
    path("sw.js", phone.worker, name="worker"),
    path("manifest.webmanifest", phone.manifest, name="manifest"),
    path("offline/", phone.offline, name="offline"),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
