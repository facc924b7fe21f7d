"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Jobs."""

    name = "hutong.foundation.jobs"
    label = "jobs"
    default = True
