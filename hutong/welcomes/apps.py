"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the tables of welcomes belong."""

    name = "hutong.welcomes"
    label = "welcomes"
    default = True
