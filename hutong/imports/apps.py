"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Registers the tables."""

    name = "hutong.imports"
    label = "imports"
    default = True
