from django.urls import path

from media import tus, views

app_name = "media"
urlpatterns = [
    path("uploads/photos/", views.upload_photo, name="upload_photo"),
    path("uploads/photos/<slug:key>/", views.photo_status, name="photo_status"),
    path("uploads/video/", tus.videos, name="video_uploads"),
    path("uploads/video/<slug:key>/", tus.video, name="video_upload"),
]
