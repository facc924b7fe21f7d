"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the tables of channels belong."""

    name = "hutong.channels"
    label = "channels"
    default = True
