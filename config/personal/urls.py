from django.urls import path

from config.personal import views

urlpatterns = [
    path("", views.data, name="own_data"),
    path("copy/", views.ask, name="own_data_ask"),
    path("copy.zip", views.file, name="own_data_file"),
]
