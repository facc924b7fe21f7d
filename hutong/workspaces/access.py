"""Who calls, in which workspace, with which rights. Every operation declares a permission; without one it does not load.

A request is let in by a session cookie (console; writes prove their origin) or a bearer key `htk_...`. A workspace the
caller has no place in is answered like one that does not exist.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest
from ninja import Router as NinjaRouter

from hutong.foundation import clock
from hutong.foundation.contributions import Permission
from hutong.foundation.errors import NotFound
from hutong.workspaces import errors, sessions
from hutong.workspaces.models import APIKey, Staff, User, Workspace

KEY_CACHE_SECONDS = 5.0
KEY_CACHE_SIZE_MAX = 10_000
LAST_SEEN_STEP_SECONDS = 300

PUBLIC = "public"  # anyone, signed in or not
SIGNED_IN = "signed_in"  # any user with a session, no workspace

_permissions: dict[str, Permission] = {}
_operations: list[tuple[str, str, str]] = []  # method, path within its router, permission

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting person or key, as audit entries and sources name it."""

    kind: str  # user | key | system | visitor
    id: uuid.UUID | None
    name: str
    role: str
    permissions: frozenset[str]
    user: User | None = None

    @property
    def source(self) -> str:
        """How facts and attribute values name this actor: `staff:<id>`, `key:<id>`, `system`."""
        if self.id is None:
            return self.kind
        return f"{'staff' if self.kind == 'user' else self.kind}:{self.id}"

    def allows(self, permission: str) -> bool:
        """Whether this actor holds the permission."""
        return permission in self.permissions


SYSTEM = Actor(kind="system", id=None, name="Hutong", role="owner", permissions=frozenset())
VISITOR = Actor(kind="visitor", id=None, name="", role="", permissions=frozenset())


class Request(HttpRequest):
    """A request after it was let in."""

    workspace: Workspace
    actor: Actor
    language: str
    request_id: str


def install(permissions: list[Permission]) -> None:
    """Called once by the composition root with every module's permissions."""
    for permission in permissions:
        if _permissions.setdefault(permission.name, permission) != permission:
            raise RuntimeError(f"permission declared twice: {permission.name}")


def permissions() -> list[Permission]:
    """Every permission, sorted by name."""
    return sorted(_permissions.values(), key=lambda p: p.name)


def permissions_of_role(role: str) -> frozenset[str]:
    """The names of a role's permissions. The owner holds all."""
    return frozenset(p.name for p in _permissions.values() if role == "owner" or role in p.roles)


def verify_operations(routers: Iterable[NinjaRouter]) -> None:
    """Called by the composition root with every router: an operation without a permission, or with an unknown one, does not load."""
    for router in routers:
        if not isinstance(router, Router):
            raise TypeError(f"operations outside access.Router: {router.tags}")
    for method, path, permission in _operations:
        if permission not in _permissions and permission not in (PUBLIC, SIGNED_IN):
            raise RuntimeError(f"{method} {path} asks for a permission nobody declared: {permission}")


def actor_of(user: User, *, role: str) -> Actor:
    """A person acting with a role."""
    return Actor("user", user.pk, user.name, role, permissions_of_role(role), user)


class Guard:
    """The ninja authenticator of one operation."""

    def __init__(self, permission: str) -> None:
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Actor:
        actor = self._actor(request)
        cast(Request, request).actor = actor
        return actor

    def _actor(self, request: HttpRequest) -> Actor:
        if self.permission == PUBLIC:
            sessions.check_origin(request)
            return VISITOR
        secret = bearer(request)
        actor, workspace = _by_session(request) if secret is None else _by_key(secret, request)
        if self.permission == SIGNED_IN:
            if actor.user is None:
                raise errors.NotSignedIn()
            return actor
        if workspace is None:
            raise NotFound("workspace")
        if not actor.allows(self.permission):
            words = _permissions[self.permission]
            raise errors.NotAllowed(permission=self.permission, zh=words.zh, en=words.en)
        cast(Request, request).workspace = workspace
        return actor


def bearer(request: HttpRequest) -> str | None:
    """The key that came with the request, if one did."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def key_holder(request: HttpRequest) -> Actor:
    """The key that came with a request outside any workspace; raises NotSignedIn without one."""
    secret = bearer(request)
    if secret is None:
        raise errors.NotSignedIn()
    return _by_key(secret, request)[0]


def credentials_hold(request: HttpRequest) -> bool:
    """Whether what the request was signed with is still good: an old answer is not replayed to a revoked key."""
    secret = bearer(request)
    if secret is None:
        return settings.SESSION_COOKIE_NAME not in request.COOKIES or sessions.user_of(request) is not None
    try:
        _known_key(secret)
    except errors.NotSignedIn:
        return False
    return True


class Router(NinjaRouter):
    """A ninja router whose every operation must say its permission: `@router.get("/x", permission="members.read")`."""

    def api_operation(self, methods: list[str], path: str, *, permission: str, **kwargs: Any) -> Callable[[View], View]:  # type: ignore[override]
        kwargs["auth"] = Guard(permission)
        for method in methods:
            _operations.append((method, path, permission))
        extra = kwargs.setdefault("openapi_extra", {})
        extra["x-permission"] = permission
        return super().api_operation(methods, path, **kwargs)

    def get(self, path: str, *, permission: str, **kwargs: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self.api_operation(["GET"], path, permission=permission, **kwargs)

    def post(self, path: str, *, permission: str, **kwargs: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self.api_operation(["POST"], path, permission=permission, **kwargs)

    def put(self, path: str, *, permission: str, **kwargs: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self.api_operation(["PUT"], path, permission=permission, **kwargs)

    def patch(self, path: str, *, permission: str, **kwargs: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self.api_operation(["PATCH"], path, permission=permission, **kwargs)

    def delete(self, path: str, *, permission: str, **kwargs: Any) -> Callable[[View], View]:  # type: ignore[override]
        return self.api_operation(["DELETE"], path, permission=permission, **kwargs)


def hash_secret(secret: str) -> str:
    """The SHA-256 under which a random secret (key, token) is kept. Not for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _wanted_workspace(request: HttpRequest) -> uuid.UUID | None:
    match = request.resolver_match
    wanted = match.kwargs.get("workspace_id") if match else None
    if wanted is None:
        return None
    return wanted if isinstance(wanted, uuid.UUID) else uuid.UUID(str(wanted))


def _by_session(request: HttpRequest) -> tuple[Actor, Workspace | None]:
    user = sessions.user_of(request)
    if user is None:
        raise errors.NotSignedIn()
    sessions.check_write(request)
    wanted = _wanted_workspace(request)
    if wanted is None:
        return Actor("user", user.pk, user.name, "", frozenset(), user), None
    staff = Staff.objects.in_workspace(wanted).filter(user=user).select_related("workspace").first()
    if staff is None:
        raise NotFound("workspace")
    moment = clock.now()
    if staff.last_seen_at is None or (moment - staff.last_seen_at).total_seconds() > LAST_SEEN_STEP_SECONDS:
        with _unless_disk_full():
            Staff.objects.in_workspace(wanted).filter(pk=staff.pk).update(last_seen_at=moment)
    return actor_of(user, role=staff.role), staff.workspace


def _unless_disk_full() -> contextlib.suppress:
    return contextlib.suppress(OperationalError)  # reading goes on where nothing can be written


@dataclass(slots=True)
class _Known:
    actor: Actor
    workspace: Workspace
    fresh_until: float


_keys: dict[str, _Known] = {}
_keys_lock = threading.Lock()
_keys_generation = 0


def forget_keys() -> None:
    """Drop the cache of keys, so that a change to one counts at once in this process."""
    global _keys_generation
    with _keys_lock:
        _keys_generation += 1
        _keys.clear()


def _by_key(secret: str, request: HttpRequest) -> tuple[Actor, Workspace | None]:
    known = _known_key(secret)
    wanted = _wanted_workspace(request)
    if wanted is not None and wanted != known.workspace.pk:
        raise NotFound("workspace")
    return known.actor, known.workspace if wanted else None


def _known_key(secret: str) -> _Known:
    hashed = hash_secret(secret)
    known = _keys.get(hashed)
    if known is None or known.fresh_until < clock.monotonic_seconds():
        generation = _keys_generation
        known = _load_key(hashed)
        with _keys_lock:
            if generation == _keys_generation:  # else it was read before a change and may be stale
                if len(_keys) >= KEY_CACHE_SIZE_MAX:
                    _keys.clear()
                _keys[hashed] = known
    return known


def _load_key(hashed: str) -> _Known:
    moment = clock.now()
    key = APIKey.objects.across_workspaces().filter(key_hash=hashed, revoked_at=None).select_related("workspace").first()
    if key is None or (key.expires_at is not None and key.expires_at <= moment):
        with _keys_lock:
            _keys.pop(hashed, None)
        raise errors.NotSignedIn()
    if key.last_used_at is None or (moment - key.last_used_at).total_seconds() > LAST_SEEN_STEP_SECONDS:
        with _unless_disk_full():
            APIKey.objects.in_workspace(key.workspace_id).filter(pk=key.pk).update(last_used_at=moment)
    scopes = frozenset(key.scopes) & frozenset(_permissions)
    actor = Actor("key", key.pk, key.name, "", scopes)
    seconds = KEY_CACHE_SECONDS
    if key.expires_at is not None:
        seconds = min(seconds, (key.expires_at - moment).total_seconds())
    return _Known(actor, key.workspace, clock.monotonic_seconds() + seconds)
