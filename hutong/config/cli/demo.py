"""The owner of an installation that starts with the sample: made once, kept beside the data, shown when the server starts."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

FILE_NAME = "demo-login.json"
EMAIL = "demo@hutong.example"
NAME, WORKSPACE = "林小满", "槐序咖啡"
TIME_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Login:
    """What to sign in with."""

    email: str
    password: str


def open_workspace() -> None:
    """Make a workspace with an owner where there is nobody yet."""
    from django.conf import settings

    from hutong.workspaces import queries
    from hutong.workspaces.actions import settings as actions

    if queries.is_set_up():
        return
    login = Login(EMAIL, f"hutong-{secrets.token_hex(5)}")
    # The sample is Chinese, and so is its owner, unless the terminal says outright that its reader is not.
    spoken = "en" if os.environ.get("LANG", "").startswith("en") else "zh"
    actions.set_up(workspace_name=WORKSPACE, time_zone=TIME_ZONE, language=spoken, name=NAME, email=login.email, password=login.password)
    path: Path = settings.DATA_DIR / FILE_NAME
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump({"email": login.email, "password": login.password}, file)


def login() -> Login | None:
    """What to sign in with, as long as that still works."""
    from django.conf import settings

    from hutong.workspaces.models import User

    try:
        kept = json.loads((settings.DATA_DIR / FILE_NAME).read_text())
        found = Login(kept["email"], kept["password"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    user = User.objects.filter(email=found.email, is_active=True).first()
    return found if user is not None and user.check_password(found.password) else None
