"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the tables of inbox belong."""

    name = "hutong.inbox"
    label = "inbox"
    default = True
