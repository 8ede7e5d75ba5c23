"""To be written."""

from django.http import Http404


def host(request, **names):
    raise Http404


def consent_file(request, **names):
    raise Http404


def withdraw_consent(request, **names):
    raise Http404
