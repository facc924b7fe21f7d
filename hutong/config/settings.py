"""Django settings. Everything an operator may set comes from the environment, named HUTONG_*; `hutong doctor` lists it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

PACKAGE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("HUTONG_DATA", "data")).expanduser().resolve()
HOST = os.environ.get("HUTONG_HOST", "127.0.0.1")
PORT = int(os.environ.get("HUTONG_PORT", "8000"))
PUBLIC_URL = os.environ.get("HUTONG_PUBLIC_URL", f"http://{HOST}:{PORT}").rstrip("/")
_public = urlsplit(PUBLIC_URL)
HTTPS = _public.scheme == "https"


def _secret_key() -> str:
    """The signing key: from the environment, else made once and kept in the data folder for its owner's eyes only."""
    given = os.environ.get("HUTONG_SECRET_KEY")
    if given:
        return given
    path = DATA_DIR / "secret.key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = [
    *{_public.hostname or "localhost", HOST, "127.0.0.1", "localhost", "testserver"},
    *filter(None, os.environ.get("HUTONG_ALLOWED_HOSTS", "").split(",")),
]
EGRESS_LOOPBACK = os.environ.get("HUTONG_EGRESS_LOOPBACK", "") == "1"  # whether connectors may call this machine unasked: for tests
PROXIES_IN_FRONT = int(os.environ.get("HUTONG_PROXIES_IN_FRONT", "0"))  # how many proxies of ours append to X-Forwarded-For

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "hutong.foundation.jobs",
    "hutong.workspaces",
    "hutong.communities",
    "hutong.members",
    "hutong.events",
    "hutong.channels",
    "hutong.segments",
    "hutong.todos",
    "hutong.automations",
    "hutong.imports",
    "hutong.inbox",
    "hutong.replies",
    "hutong.welcomes",
    "hutong.broadcasts",
    "hutong.alerts",
]
MIDDLEWARE = [
    "hutong.config.operations.traffic.Traffic",
    "hutong.config.middleware.RequestContext",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hutong.config.middleware.Idempotency",
]
ROOT_URLCONF = "hutong.config.urls"
TEMPLATES: list[dict[str, object]] = []
WSGI_APPLICATION = "hutong.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SQLITE_TIMEOUT_SECONDS = 30
DATABASES = {
    "default": {
        "ENGINE": "hutong.foundation.sqlite",
        "NAME": str(DATA_DIR / "hutong.db"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_TIMEOUT_SECONDS,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
                "PRAGMA cache_size=-16384; PRAGMA mmap_size=268435456; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864"
            ),
        },
        "TEST": {"NAME": os.environ.get("HUTONG_TEST_DB") or str(DATA_DIR / "test.db")},
    }
}

AUTH_USER_MODEL = "workspaces.User"
PASSWORD_HASHERS = ["hutong.workspaces.passwords.Hasher"]

SESSION_COOKIE_NAME = "__Host-hutong_session" if HTTPS else "hutong_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True

LANGUAGE_CODE = "zh-hans"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

TASKS = {"default": {"BACKEND": "hutong.foundation.jobs.backend.JobBackend", "QUEUES": []}}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
UPLOAD_FILE_BYTES_MAX = int(os.environ.get("HUTONG_UPLOAD_BYTES_MAX", str(20 * 1024**3)))
FILE_UPLOAD_TEMP_DIR = None
FILE_UPLOAD_HANDLERS = ["hutong.imports.uploads.ToDisk"]
DATA_UPLOAD_MAX_NUMBER_FILES = 2_001  # the handler refuses the last one with a message of its own

WAREHOUSE_DIR = DATA_DIR / "warehouse"
WAREHOUSE_MEMORY_BYTES = int(os.environ.get("HUTONG_WAREHOUSE_MEMORY_BYTES", str(2 * 1024**3)))
LOGGING_CONFIG = None
