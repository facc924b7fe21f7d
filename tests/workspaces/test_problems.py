"""Problem details: the same shape for every refusal, in the reader's language."""

from __future__ import annotations

import importlib
import pkgutil
import string

import pytest

import hutong
from hutong.foundation.errors import HutongError
from hutong.workspaces.models import Workspace
from tests.conftest import Api, make_key

FIELDS = {"type", "title", "status", "code", "detail", "params", "errors", "request_id"}


for module in pkgutil.walk_packages(hutong.__path__, "hutong."):  # each may define errors
    if "migrations" not in module.name and not module.name.endswith("__main__"):
        importlib.import_module(module.name)


def every(error: type[HutongError]) -> list[type[HutongError]]:
    return [error, *(one for child in error.__subclasses__() for one in every(child))]


@pytest.mark.parametrize("error", every(HutongError), ids=lambda error: f"{error.__module__}.{error.__name__}")
def test_every_error_speaks_both_languages(error: type[HutongError]) -> None:
    assert set(error.title) == set(error.message) == {"zh", "en"}
    assert all(error.title.values()) and all(error.message.values())
    assert 400 <= error.status <= 599
    assert error.code.replace("_", "").isalnum() and error.code.islower()


def test_one_code_names_one_error() -> None:
    named: dict[str, set[type[HutongError]]] = {}
    for error in every(HutongError):
        named.setdefault(error.code, set()).add(error)
    inherited = {code for code, errors in named.items() if any(not issubclass(a, b) and not issubclass(b, a) for a in errors for b in errors)}
    assert inherited == set()


def test_placeholders_agree_where_they_are_plain() -> None:
    for error in every(HutongError):
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in error.message.values()]
        assert names[0] - {"zh"} == names[1] - {"en"}, error
        assert ("zh" in names[0]) == ("en" in names[1]), error


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "没有权限", "你没有「管理密钥」的权限，请联系工作区所有者。"),
        ("en-GB,en;q=0.9", "Not allowed", "You lack the permission “Manage keys”. Ask the workspace owner."),
        ("fr,en;q=0.5", "Not allowed", "You lack the permission “Manage keys”. Ask the workspace owner."),
        ("fr", "没有权限", "你没有「管理密钥」的权限，请联系工作区所有者。"),
        ("", "没有权限", "你没有「管理密钥」的权限，请联系工作区所有者。"),
    ],
)
def test_in_the_readers_language(workspace: Workspace, language: str, title: str, detail: str) -> None:
    answer = Api(workspace, make_key(workspace, ["staff.read"]), language=language).get("/keys")
    body = answer.json()
    assert (answer.headers["Content-Type"], set(body)) == ("application/problem+json", FIELDS)
    assert (answer.status_code, body["title"], body["detail"], body["type"]) == (403, title, detail, "/problems/not_allowed")
    assert (body["params"]["permission"], body["request_id"]) == ("keys.manage", answer.headers["X-Request-Id"])


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nothing", 404, "not_found"),
        ("/api/nothing", 404, "not_found"),
        ("/api/workspaces/not-an-id/staff", 404, "not_found"),
        ("/api/session", 200, ""),
    ],
)
def test_unknown_paths(workspace: Workspace, path: str, status: int, code: str) -> None:
    answer = Api(workspace, make_key(workspace)).http.get(path)
    assert (answer.status_code, answer.json().get("code", "")) == (status, code)


@pytest.mark.parametrize("body", ["{", "[]", "null", '"x"', "\ud83d", '{"role": {"a": 1}}', '{"role": "\\ud800"}', "{" * 500])
def test_malformed_bodies(api: Api, body: str) -> None:
    answer = api.http.generic("POST", api.url("/invitations"), body.encode("utf-8", "surrogatepass"), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
