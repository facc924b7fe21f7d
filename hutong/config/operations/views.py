"""What answers beside the API: liveness, figures for Prometheus, and the operator's backup."""

from __future__ import annotations

import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path
from prometheus_client import CONTENT_TYPE_LATEST

from hutong import __version__
from hutong.config.operations import exposition, facts, operator
from hutong.config.problems import problem
from hutong.events import queries as events
from hutong.foundation.errors import HutongError, Invalid, NotFound
from hutong.workspaces import access

LOOPBACK = frozenset({"127.0.0.1", "::1"})
OWN_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while both stores answer, else 503 and which one does not."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    records = facts.records_answer()
    warehouse = events.answers()
    whole = records and warehouse
    body = {"status": "ok" if whole else "failing", "hutong": __version__, "records": records, "warehouse": warehouse}
    return JsonResponse(body, status=200 if whole else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures: for this machine, or for a key that may see the system status."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    if not is_local(request):
        try:
            if not access.key_holder(request).allows("system.read"):
                raise NotFound
        except HutongError as error:
            return problem(request, error)
    return HttpResponse(exposition.text(), content_type=CONTENT_TYPE_LATEST)


def is_local(request: HttpRequest) -> bool:
    """Whether the caller sits on this machine and did not come through a proxy."""
    through_proxy = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"))
    named = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return request.META.get("REMOTE_ADDR") in LOOPBACK and named in OWN_NAMES and not through_proxy


def backup(request: HttpRequest) -> HttpResponse:
    """`POST {"folder": ...}` by the operator: writes a consistent copy of both stores into a new folder of this machine."""
    if request.method != "POST" or not is_local(request) or not operator.is_operator(request.headers.get("Authorization", "")):
        return problem(request, NotFound())
    from hutong.config.operations import snapshot

    try:
        folder = Path(str(json.loads(request.body)["folder"]))
    except (ValueError, KeyError, TypeError):
        return problem(request, Invalid.field("folder", "请给出目录。", "Name a folder."))
    try:
        snapshot.take(folder)
    except HutongError as error:
        return problem(request, error)
    return JsonResponse({"folder": str(folder)})


urlpatterns: list[URLPattern] = [
    path("healthz", healthz),
    path("metrics", metrics),
    path("api/operator/backup", backup),
]
