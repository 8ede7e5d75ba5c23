from django.urls import path

from courses import case_views, plan_views, views

app_name = "courses"
urlpatterns = [
    path("courses/", views.catalogue, name="catalogue"),
    path("courses/lessons/<int:pk>/preview/", views.preview, name="preview"),
    path("courses/<slug:slug>/", views.course, name="course"),
    path("courses/<slug:slug>/cases/", case_views.cases, name="cases"),
    path("courses/<slug:slug>/cases/<slug:code>/", case_views.case, name="case"),
    path("courses/<slug:slug>/plans/", plan_views.plans, name="plans"),
    path("courses/<slug:slug>/plans/<int:pk>/", plan_views.plan, name="plan"),
    path("courses/<slug:slug>/lessons/<int:pk>/", views.lesson, name="lesson"),
]
