"""Complaints: the buyer's page and the organiser's."""

from django.urls import path

from shops.complaints import views

urlpatterns = [
    path("me/complaints/", views.waiting, name="complaints_waiting"),
    path("me/complaints/<int:pk>/", views.answer, name="complaint_answer"),
    path("complaints/", views.new, name="complain"),
    path("complaints/<str:token>/", views.follow, name="complaint"),
]
