"""Who a visitor is: by a secret that only their browser knows, or by a JWT (RFC 7519, HS256) that the site signed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from typing import Any

from hutong.channels.contract import Person, Visitor
from hutong.foundation import clock

SECRET = re.compile(r"[0-9a-f]{32,64}", re.ASCII)
TOKEN_LENGTH_MAX = 4_000
USER_ID_LENGTH_MAX = 150
NAME_LENGTH_MAX = 100
LEEWAY_SECONDS = 60
LASTS_SECONDS_MAX = 366 * 86_400


def unnamed(secret: str) -> Visitor | None:
    """A visitor nobody knows. Their id is a digest, so that whoever reads it here cannot speak for them."""
    if SECRET.fullmatch(secret) is None:
        return None
    name = hashlib.sha256(secret.encode()).hexdigest()[:24]
    return Visitor(person=Person(f"v{name}", f"访客 {name[:4]}"))


def signed(token: str, key: str) -> Visitor | None:
    """The user that the site vouches for."""
    said = claims(token, key)
    user_id = said.get("sub") if said else None
    if said is None or not isinstance(user_id, str) or not 0 < len(user_id) <= USER_ID_LENGTH_MAX:
        return None
    name, email = said.get("name"), said.get("email")
    shown = name[:NAME_LENGTH_MAX] if isinstance(name, str) and name else user_id
    return Visitor(person=Person(f"user:{user_id}", shown), user_id=user_id, email=email[:254] if isinstance(email, str) else "")


def claims(token: str, key: str) -> dict[str, Any] | None:
    """What a token claims, if it is signed with that key and not too old; `exp` is needed."""
    parts = token.split(".")
    if len(token) > TOKEN_LENGTH_MAX or len(parts) != 3 or not key or not token.isascii():
        return None
    expected = hmac.new(key.encode(), f"{parts[0]}.{parts[1]}".encode(), hashlib.sha256).digest()
    try:
        given = _decoded(parts[2])
        header, said = json.loads(_decoded(parts[0])), json.loads(_decoded(parts[1]))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not hmac.compare_digest(expected, given) or not isinstance(header, dict) or header.get("alg") != "HS256" or not isinstance(said, dict):
        return None
    until, now = said.get("exp"), clock.now_ms() / 1000
    if isinstance(until, bool) or not isinstance(until, (int, float)) or not now - LEEWAY_SECONDS < until < now + LASTS_SECONDS_MAX:
        return None
    return said


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
