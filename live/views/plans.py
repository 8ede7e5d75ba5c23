"""To be written."""

from django.http import Http404


def lives(request, **names):
    raise Http404


def new_plan(request, **names):
    raise Http404


def plan(request, **names):
    raise Http404


def edit_plan(request, **names):
    raise Http404


def again(request, **names):
    raise Http404


def remove_plan(request, **names):
    raise Http404
