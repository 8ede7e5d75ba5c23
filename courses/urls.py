from django.urls import path

from courses import case_views, plan_views, preparation_views, standard_views, views
from courses.crops import views as crops
from courses.voices import views as voices

app_name = "courses"
urlpatterns = [
    path("courses/", views.catalogue, name="catalogue"),
    path("courses/crops/", crops.packs, name="packs"),
    path("courses/crops/<slug:crop>/", crops.pack, name="pack"),
    path("courses/lessons/<int:pk>/preview/", views.preview, name="preview"),
    path("courses/<slug:slug>/", views.course, name="course"),
    path("courses/<slug:slug>/cases/", case_views.cases, name="cases"),
    path("courses/<slug:slug>/cases/<slug:code>/", case_views.case, name="case"),
    path("courses/<slug:slug>/standard/", standard_views.standard, name="standard"),
    path("courses/<slug:slug>/plans/", plan_views.plans, name="plans"),
    path("courses/<slug:slug>/plans/<int:pk>/", plan_views.plan, name="plan"),
    path("courses/<slug:slug>/plans/<int:pk>/voice/", voices.voice, name="voice"),
    path("courses/<slug:slug>/preparation/", preparation_views.preparation, name="preparation"),
    path(
        "courses/<slug:slug>/preparation/<slug:topic>/",
        preparation_views.preparation_page,
        name="preparation_page",
    ),
    path("courses/<slug:slug>/lessons/<int:pk>/", views.lesson, name="lesson"),
]
