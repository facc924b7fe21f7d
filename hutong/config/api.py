"""The HTTP API: every module's router under one OpenAPI document, errors as problem details."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.renderers import BaseRenderer

from hutong import __version__
from hutong.config import features
from hutong.config.problems import problem
from hutong.config.routers import MOUNTS
from hutong.foundation.errors import HutongError, Invalid, NotFound
from hutong.workspaces import access

features.install()
log = logging.getLogger("hutong.api")


class Renderer(BaseRenderer):
    """JSON as UTF-8, Chinese as it is; times in ISO 8601 with Z."""

    media_type = "application/json"
    charset = "utf-8"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """The bytes of an answer."""
        return msgspec.json.encode(data)


class API(NinjaAPI):
    """Ninja with the workspace in the path of scoped operations, written into the document."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        document = super().get_openapi_schema(**kwargs)
        for path, operations in document["paths"].items():
            if "{workspace_id}" not in path:
                continue
            for operation in operations.values():
                parameters = operation.setdefault("parameters", [])
                if not any(p["name"] == "workspace_id" for p in parameters):
                    parameters.insert(0, {"in": "path", "name": "workspace_id", "required": True, "schema": {"type": "string", "format": "uuid"}})
        document["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
        document["components"]["securitySchemes"] = SECURITY_SCHEMES
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = {
                    "description": "Problem details (RFC 9457)",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
                if operation.get("x-permission") != "public":
                    operation["security"] = [{"session": []}, {"key": []}]
        return document


PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "params", "errors", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "params": {"type": "object", "additionalProperties": True},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"field": {"type": "string"}, "message": {"type": "string"}}, "required": ["field", "message"]},
        },
        "request_id": {"type": "string"},
    },
}
SECURITY_SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": "hutong_session"},
    "key": {"type": "http", "scheme": "bearer", "description": "An API key, htk_..."},
}

api = API(
    title="Hutong",
    version=__version__,
    description="Hutong 胡同 HTTP API",
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
    renderer=Renderer(),
)
for prefix, router in MOUNTS:
    api.add_router(prefix, router)
access.verify_operations(router for _, router in MOUNTS)


@api.exception_handler(HutongError)
def _known(request: HttpRequest, error: HutongError) -> HttpResponse:
    return problem(request, error)


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(request, Invalid(errors=[{"field": _field(one["loc"]), "message": _plain(one)} for one in error.errors]))


@api.exception_handler(MultiPartParserError)
@api.exception_handler(SuspiciousOperation)
@api.exception_handler(UnreadablePostError)
def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(request, Invalid.field("body", "请求内容无法读取。", "The body cannot be read."))


@api.exception_handler(HttpError)
def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return problem(request, Invalid.field("body", "请求内容不是有效的 JSON。", "The body is not valid JSON."))
    raise error


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, NotFound())


@api.exception_handler(RequestDataTooBig)
def _too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(request, TooLarge())


@api.exception_handler(Exception)
def _unknown(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error(
        "request failed",
        exc_info=error,
        extra={"request_id": getattr(request, "request_id", ""), "route": request.resolver_match.route if request.resolver_match else ""},
    )
    return problem(request, HutongError())


class TooLarge(HutongError):
    """The body is over the limit."""

    code = "too_large"
    status = 413
    title = {"zh": "内容过大", "en": "Too large"}
    message = {"zh": "请求内容超过 2 MB。", "en": "The body is over 2 MB."}


_TYPES = {
    "missing": {"zh": "必填。", "en": "Required."},
    "string_too_long": {"zh": "太长，最多 {max_length} 个字。", "en": "Too long: at most {max_length} characters."},
    "string_too_short": {"zh": "太短，至少 {min_length} 个字。", "en": "Too short: at least {min_length} characters."},
    "uuid_parsing": {"zh": "不是有效的编号。", "en": "Not a valid id."},
    "extra_forbidden": {"zh": "没有这一项。", "en": "There is no such field."},
    "literal_error": {"zh": "只能是 {expected}。", "en": "Must be one of {expected}."},
    "enum": {"zh": "只能是 {expected}。", "en": "Must be one of {expected}."},
    "int_parsing": {"zh": "应为整数。", "en": "Must be a whole number."},
    "date_from_datetime_parsing": {"zh": "不是有效的日期。", "en": "Not a valid date."},
    "date_parsing": {"zh": "不是有效的日期。", "en": "Not a valid date."},
    "greater_than_equal": {"zh": "不能小于 {ge}。", "en": "Must be at least {ge}."},
    "less_than_equal": {"zh": "不能大于 {le}。", "en": "Must be at most {le}."},
    "string_type": {"zh": "应为文字。", "en": "Must be text."},
    "bool_parsing": {"zh": "应为是或否。", "en": "Must be true or false."},
}


def _field(place: tuple[str | int, ...]) -> str:
    inner = place[1:] or place
    if place[0] == "body" and len(inner) > 1:
        inner = inner[1:]  # the name of the view's parameter says nothing to the caller
    return ".".join(str(part) for part in inner)


def _plain(one: dict[str, Any]) -> dict[str, str]:
    words = _TYPES.get(one["type"], {"zh": "内容无效。", "en": "Not valid."})
    context = {key: str(value) for key, value in one.get("ctx", {}).items()}
    return {language: text.format_map(context) for language, text in words.items()}
