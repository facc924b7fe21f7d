"""The one renderer of errors: RFC 9457 problem details in the reader's language, with the request id."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse

from hutong.foundation.errors import HutongError


def problem(request: HttpRequest, error: HutongError) -> HttpResponse:
    """An error as `application/problem+json`."""
    language = getattr(request, "language", "zh")
    errors = [
        {**one, "message": one["message"][language] if isinstance(one.get("message"), dict) else one.get("message", "")} for one in error.errors
    ]
    body: dict[str, Any] = {
        "type": f"/problems/{error.code}",
        "title": error.title[language],
        "status": error.status,
        "code": error.code,
        "detail": error.detail(language),
        "params": error.params,
        "errors": errors,
        "request_id": getattr(request, "request_id", ""),
    }
    response = HttpResponse(json.dumps(body, ensure_ascii=False, default=str), status=error.status, content_type="application/problem+json")
    for name, value in error.headers.items():
        response.headers[name] = value
    return response
