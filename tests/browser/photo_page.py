"""A page with nothing but photos and a name: what the input does, whoever uses it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from config.urls import *  # noqa: F403
from config.urls import urlpatterns as site
from media.models import Photo
from media.photos.forms import PhotosField, PhotosFormMixin
from ui.forms import FarmForm

TEMPLATE = """{% extends "ui/base.html" %}{% load crispy_forms_tags %}{% block title %}照片{% endblock %}
{% block main %}<h1>照片</h1><form class="stack--l" {% form_attrs form %}>{% csrf_token %}{% crispy form %}
<button class="btn btn--main" name="way" value="list">发布</button></form>{% endblock %}"""


class PhotoForm(PhotosFormMixin, FarmForm):
    photos = PhotosField(label="照片", help_text="第一张当封面。位置信息会去掉。")
    name = forms.CharField(label="名称")


def page(request: HttpRequest) -> HttpResponse:
    initial = {"photos": list(Photo.objects.filter(owner=request.user).order_by("id"))}
    form = PhotoForm(
        request.POST or None, request.FILES or None, initial=initial if "old" in request.GET else {}
    )
    form.fields["photos"].owner = request.user
    if form.is_bound and form.is_valid():
        told = [photo.key for photo in form.cleaned_data["photos"]]
        return HttpResponse(
            f"<title>好</title>{request.POST.get('way')} {form.cleaned_data['name']} {' '.join(told)}"
        )
    return HttpResponse(engines["django"].from_string(TEMPLATE).render({"form": form}, request))


urlpatterns = [*site, path("photo-page/", page)]
