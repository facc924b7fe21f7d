"""The URL table of what Django serves; the hot lane and the console's files are served before it (see asgi)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from hutong.broadcasts import public
from hutong.channels import hooks
from hutong.channels.site import views as site
from hutong.config.api import api
from hutong.config.operations import views as operations
from hutong.config.problems import problem
from hutong.foundation.errors import HutongError, NotFound

urlpatterns = [*operations.urlpatterns, *hooks.urlpatterns, *public.urlpatterns, *site.urlpatterns, path("api/", api.urls)]


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such path."""
    return problem(request, NotFound())


def handler500(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    return problem(request, HutongError())
