"""Counts and times every request by its route, and logs the slow and the failed ones. Routes, never paths: a path may name someone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from prometheus_client import CollectorRegistry, Histogram

from hutong.foundation import clock, logs

SLOW_SECONDS = 2.0
BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

log = logs.get("hutong.requests")
registry = CollectorRegistry()
requests = Histogram(
    "hutong_request_seconds",
    "Requests by route, method and status, and how long they took.",
    ["route", "method", "status"],
    buckets=BUCKETS_SECONDS,
    registry=registry,
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Traffic:
    """The outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = clock.monotonic_seconds()
        response = self.get_response(request)
        seconds = clock.monotonic_seconds() - started
        route = request.resolver_match.route if request.resolver_match else "unknown"
        method = request.method if request.method in METHODS else "other"
        requests.labels(route, method, str(response.status_code)).observe(seconds)
        level = "error" if response.status_code >= 500 else "info" if seconds >= SLOW_SECONDS else "debug"
        getattr(log, level)("request", **_facts(request, response, route=route, seconds=seconds))
        return response


def _facts(request: HttpRequest, response: HttpResponseBase, *, route: str, seconds: float) -> dict[str, object]:
    return {
        "route": route,
        "method": request.method,
        "status": response.status_code,
        "seconds": round(seconds, 4),
        "request_id": getattr(request, "request_id", ""),
    }
