from django.urls import path

from media import views

app_name = "media"
urlpatterns = [
    path("uploads/photos/", views.upload_photo, name="upload_photo"),
    path("uploads/photos/<slug:key>/", views.photo_status, name="photo_status"),
]
