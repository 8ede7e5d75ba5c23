"""To be written."""

from django.http import Http404


def checklist(request, **names):
    raise Http404
