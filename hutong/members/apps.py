"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the tables of members belong."""

    name = "hutong.members"
    label = "members"
    default = True
