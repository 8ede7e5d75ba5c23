"""URLs of scripts."""

from django.urls import URLPattern, path

from live.scripts import views

urlpatterns: list[URLPattern] = [
    path("<int:pk>/items/<int:item>/script/", views.script, name="script"),
    path("<int:pk>/items/<int:item>/script/wording/", views.wording, name="script_wording"),
    path("<int:pk>/items/<int:item>/script/versions/", views.versions, name="script_versions"),
]
