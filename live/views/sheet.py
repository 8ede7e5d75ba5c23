"""To be written."""

from django.http import Http404


def sheet(request, **names):
    raise Http404
