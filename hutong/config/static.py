"""The console's files, from memory: hashed assets for ever, the page itself always fresh, under a strict content policy."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope

COMPRESSED_FROM_BYTES = 1024
COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/manifest+json")
KEPT_BACK = (".map", ".sha256")  # these, and what lies in hidden folders, are the build's own
NONCE_MARK = b"__CSP_NONCE__"

Headers = list[tuple[str, str]]

_NOT_BUILT = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>Hutong</title>
<p>控制台尚未构建，请在项目目录运行 <code>make console</code>。<p lang="en">The console is not built. Run <code>make console</code> in the project folder."""


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes | None
    etag: str
    headers: Headers


class Console:
    """Serves the built console; every path that is no file is the page, so that links within it can be opened."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, _File] = {}
        if folder.is_dir():
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(folder).as_posix()
                if path.is_file() and path.suffix not in KEPT_BACK and not name.startswith("."):
                    self._files[f"/{name}"] = _load(path, hashed=path.parent.name == "assets")
        index = self._files.pop("/index.html", None)
        self._index = index.body if index else _NOT_BUILT.encode()

    def __call__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """One GET or HEAD."""
        if scope.method not in ("GET", "HEAD"):
            proto.response_empty(405, [("allow", "GET, HEAD")])
            return
        file = self._files.get(scope.path)
        if file is not None:
            self._file(scope, proto, file)
        elif scope.path.startswith("/assets/"):
            proto.response_str(404, [("content-type", "text/plain")], "not found")
        else:
            self._page(scope, proto)

    def _file(self, scope: Scope, proto: HTTPProtocol, file: _File) -> None:
        if scope.headers.get("if-none-match") == file.etag:
            proto.response_empty(304, [("etag", file.etag)])
            return
        headers, body = file.headers, file.body
        if file.packed is not None and "gzip" in (scope.headers.get("accept-encoding") or ""):
            headers, body = [*headers, ("content-encoding", "gzip")], file.packed
        proto.response_bytes(200, headers, b"" if scope.method == "HEAD" else body)

    def _page(self, scope: Scope, proto: HTTPProtocol) -> None:
        nonce = secrets.token_urlsafe(16)
        headers = [*PAGE_HEADERS, ("content-security-policy", POLICY.format(nonce=nonce))]
        proto.response_bytes(200, headers, b"" if scope.method == "HEAD" else self._index.replace(NONCE_MARK, nonce.encode()))


POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:;"
    " font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
PAGE_HEADERS: Headers = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
]


def _load(path: Path, *, hashed: bool) -> _File:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix == ".js":
        kind = "application/javascript"
    packed = gzip.compress(body, 6) if kind.startswith(COMPRESSIBLE) and len(body) >= COMPRESSED_FROM_BYTES else None
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = [
        ("content-type", kind + ("; charset=utf-8" if kind.startswith(("text/", "application/javascript")) else "")),
        ("cache-control", "public, max-age=31536000, immutable" if hashed else "no-cache"),
        ("etag", etag),
        ("x-content-type-options", "nosniff"),
        ("vary", "accept-encoding"),
    ]
    return _File(body, packed, etag, headers)
