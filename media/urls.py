from django.urls import path

from media import views
from media.uploads import tus

app_name = "media"
urlpatterns = [
    path("uploads/photos/", views.upload_photo, name="upload_photo"),
    path("uploads/photos/<slug:key>/", views.photo_status, name="photo_status"),
    path("uploads/photos/<slug:key>/<int:width>.webp", views.own_photo, name="own_photo"),
    path("uploads/documents/", views.upload_document, name="upload_document"),
    path("uploads/video/", tus.upload_list, name="video_uploads"),
    path("uploads/video/<slug:key>/", tus.upload_detail, name="video_upload"),
    path("uploads/voice/", views.upload_voice, name="upload_voice"),
    path("uploads/voice/<slug:key>/", views.voice_status, name="voice_status"),
]
