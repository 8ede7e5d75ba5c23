from django.urls import path

from media import document_views, tus, views, voice_views

app_name = "media"
urlpatterns = [
    path("uploads/photos/", views.upload_photo, name="upload_photo"),
    path("uploads/photos/<slug:key>/", views.photo_status, name="photo_status"),
    path("uploads/documents/", document_views.upload_document, name="upload_document"),
    path("uploads/video/", tus.videos, name="video_uploads"),
    path("uploads/video/<slug:key>/", tus.video, name="video_upload"),
    path("uploads/voice/", voice_views.upload_voice, name="upload_voice"),
    path("uploads/voice/<slug:key>/", voice_views.voice_status, name="voice_status"),
]
