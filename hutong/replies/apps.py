"""The Django app of this module."""

from django.apps import AppConfig


class Config(AppConfig):
    """Says where the tables of replies belong."""

    name = "hutong.replies"
    label = "replies"
    default = True
