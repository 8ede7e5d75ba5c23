"""All URLs of the site."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

from config import pwa, views
from config.county import first_hour, training_duties
from config.health import probes, status
from config.metrics.views import show_metrics

urlpatterns = [
    path("", views.home, name="home"),
    path("", include("outbox.urls")),  # /sync/: asked most often, so looked for first
    path("me/data/", include("config.personal.urls")),
    path("", include("accounts.urls")),  # /accounts/ /me/ /privacy/
    path("", include("courses.urls")),  # /courses/
    path("", include("progress.urls")),  # /learn/ /classes/ /me/outbox/
    path("", include("programme.urls")),
    path("", include("rehearsals.urls")),  # /practise/ /review/
    path("live/", include("live.urls")),
    path("", include("shops.urls")),  # /products/ /shops/ /villages/ /me/shop/
    path("", include("media.urls")),  # /uploads/
    path("admin/", admin.site.urls),
    path("me/site/", status.condition, name="condition"),
    path("me/site/start/", first_hour.first_hour, name="first_hour"),
    path("me/site/duties/", training_duties.training_duties, name="training_duties"),
    path("language/", views.set_language, name="set_language"),
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", show_metrics, name="metrics"),  # config.metrics.requests answers it before any middleware
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    path("sitemap/<slug:section>-<int:number>.xml", views.sitemap_file, name="sitemap_file"),
    path("sw.js", pwa.worker, name="worker"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("offline/", pwa.offline, name="offline"),
    # Pictures for everybody: with DEBUG=1 `manage.py runserver` has no front server that sends them.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
