"""URLs of the checklist and the host."""

from django.urls import URLPattern, path

from live.readiness import views

urlpatterns: list[URLPattern] = [
    path("<int:pk>/checklist/", views.checklist, name="checklist"),
    path("<int:pk>/host/", views.host, name="host"),
    path("<int:pk>/host/<int:consent>/", views.consent_file, name="consent_file"),
    path("<int:pk>/host/<int:consent>/withdraw/", views.withdraw_consent, name="withdraw_consent"),
]
