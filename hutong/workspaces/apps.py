"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Workspaces, staff, keys and the audit log."""

    name = "hutong.workspaces"
    label = "workspaces"
    default = True
