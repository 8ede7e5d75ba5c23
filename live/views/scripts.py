"""To be written."""

from django.http import Http404


def script(request, **names):
    raise Http404


def wording(request, **names):
    raise Http404


def versions(request, **names):
    raise Http404
