from django.urls import path

from courses import views
from courses.cases import views as cases
from courses.crops import views as crops
from courses.plans import views as plans
from courses.preparation import views as preparation
from courses.standard import views as standard
from courses.voices import views as voices

app_name = "courses"
urlpatterns = [
    path("courses/", views.catalogue, name="catalogue"),
    path("courses/crops/", crops.packs, name="packs"),
    path("courses/crops/<slug:crop>/", crops.pack, name="pack"),
    path("courses/lessons/<int:pk>/preview/", views.preview, name="preview"),
    path("courses/<slug:slug>/", views.course, name="course"),
    path("courses/<slug:slug>/cases/", cases.cases, name="cases"),
    path("courses/<slug:slug>/cases/<slug:code>/", cases.case, name="case"),
    path("courses/<slug:slug>/standard/", standard.standard, name="standard"),
    path("courses/<slug:slug>/plans/", plans.plans, name="plans"),
    path("courses/<slug:slug>/plans/<int:pk>/", plans.plan, name="plan"),
    path("courses/<slug:slug>/plans/<int:pk>/voice/", voices.voice, name="voice"),
    path("courses/<slug:slug>/preparation/", preparation.preparation, name="preparation"),
    path(
        "courses/<slug:slug>/preparation/<slug:topic>/",
        preparation.preparation_page,
        name="preparation_page",
    ),
    path("courses/<slug:slug>/lessons/<int:pk>/", views.lesson, name="lesson"),
]
