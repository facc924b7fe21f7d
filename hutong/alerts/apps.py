"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the tables of alerts belong."""

    name = "hutong.alerts"
    label = "alerts"
    default = True
