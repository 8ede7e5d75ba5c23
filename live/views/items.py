"""To be written."""

from django.http import Http404


def add_item(request, **names):
    raise Http404


def add_typed(request, **names):
    raise Http404


def order(request, **names):
    raise Http404


def item(request, **names):
    raise Http404


def remove_item(request, **names):
    raise Http404
