"""People with roles, and their browsers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hutong.workspaces.models import Staff, User, Workspace
from tests.workspaces.browser import PASSWORD, Browser

Hire = Callable[..., User]


@pytest.fixture
def hire(db: None) -> Hire:
    """Give a workspace someone with a role; they sign in as `<name>@example.com`."""

    def make(workspace: Workspace, role: str, name: str | None = None) -> User:
        user = User(email=f"{name or role}@example.com", name=name or role)
        user.set_password(PASSWORD)
        user.save()
        Staff.objects.create(workspace=workspace, user=user, role=role)
        return user

    return make


@pytest.fixture
def console(owner: User) -> Browser:
    """The owner's browser, signed in."""
    browser = Browser()
    assert browser.sign_in(owner.email).status_code == 200
    return browser
