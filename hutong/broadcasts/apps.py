"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the tables of broadcasts belong."""

    name = "hutong.broadcasts"
    label = "broadcasts"
    default = True
