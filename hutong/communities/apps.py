"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the tables of communities belong."""

    name = "hutong.communities"
    label = "communities"
    default = True
